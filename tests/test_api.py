"""The public API: every name is there, typed, said in a docstring, and shown in a doctest."""

from __future__ import annotations

import inspect
import typing

import pytest

import carbonlex

NAMES = [n for n in carbonlex.__all__ if n != "__version__"]


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_has_a_doctest(name: str) -> None:
    value = getattr(carbonlex, name)
    doc = inspect.getdoc(value if callable(value) else type(value)) or ""
    assert ">>>" in doc, f"{name} has no doctest"


@pytest.mark.parametrize("name", [n for n in NAMES if inspect.isfunction(getattr(carbonlex, n))])
def test_every_public_function_is_typed(name: str) -> None:
    signature = inspect.signature(getattr(carbonlex, name))
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError):
        _ = carbonlex.nothing  # type: ignore[attr-defined]


def test_the_lazy_names_are_the_declared_ones() -> None:
    homes: dict[str, str] = vars(carbonlex)["_HOMES"]
    assert set(homes) == set(NAMES)
    assert typing.TYPE_CHECKING is False


def test_values_are_frozen() -> None:
    norm = carbonlex.load_rulebook().norm("offset-cap")
    with pytest.raises(AttributeError):
        norm.id = "other"  # type: ignore[misc]


def test_an_unknown_norm_names_the_near_ones() -> None:
    with pytest.raises(LookupError, match="offset-cap"):
        carbonlex.load_rulebook().norm("offset-cup")
