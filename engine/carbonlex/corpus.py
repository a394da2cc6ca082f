"""Where the corpus is: rules, statutes and templates, in a wheel or in a checkout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_LAW: ContextVar[Path | None] = ContextVar("law", default=None)


def corpus(kind: str) -> Path:
    """Return the folder of `rules`, `statutes` or `templates` that came with the package."""
    law = _LAW.get()
    if law is not None and kind != "templates":  # which are run, and come with the engine only
        return law / kind
    here = Path(__file__).resolve().parent
    shipped = here / "_corpus" / kind
    return shipped if shipped.is_dir() else here.parents[1] / kind


@contextmanager
def law_at(folder: Path) -> Iterator[None]:
    """Take `rules` and `statutes` from a folder: how a record is run again under its own law."""
    token = _LAW.set(folder)
    try:
        yield
    finally:
        _LAW.reset(token)
