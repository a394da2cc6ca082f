"""The compiled rulebook on disk: the same again, or made anew; never a program."""

from __future__ import annotations

import os
import pickle
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from carbonlex.corpus import corpus
from carbonlex.rulebook import cache, load
from carbonlex.rulebook.assemble import read_rulebook
from carbonlex.rulebook.load import corpus_digest, load_rulebook


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the rulebook in it."""
    start = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARBONLEX_CACHE", str(start))
        load_rulebook()
    return start


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of this test's own."""
    monkeypatch.setenv("CARBONLEX_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "carbonlex"


@pytest.fixture
def warm(folder: Path, filled: Path) -> Path:
    """A cache of this test's own that has the rulebook."""
    shutil.copytree(filled, folder.parent)
    return folder


def cache_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def build_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("built anew")

    monkeypatch.setattr(load, "_checked", fail)


def test_what_comes_back_is_what_was_built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules, statutes = corpus("rules"), corpus("statutes")
    fresh, wrong = read_rulebook(rules, statutes)
    assert not wrong
    built = load_rulebook()
    assert built == replace(fresh, digest=corpus_digest(rules, statutes))
    build_no_more(monkeypatch)
    again = load_rulebook()
    assert again == built and again is not built
    assert [*again.norms] == [*built.norms] and repr(again.vocabulary) == repr(built.vocabulary)


def test_off_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARBONLEX_CACHE", "off")
    assert load_rulebook().norms and not folder.exists()


def test_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("CARBONLEX_CACHE", str(tmp_path / "file"))
    assert load_rulebook().norms


def test_a_changed_rule_is_read_anew(folder: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(corpus("rules"), rules)
    before = load_rulebook(rules)
    path = rules / "cn" / "measures-2021.md"
    path.write_text(path.read_text("utf-8").replace("= 26_000", "= 27_000"), "utf-8")
    after = load_rulebook(rules)
    assert before.digest != after.digest and len([*folder.iterdir()]) == 2
    (threshold,) = after.parameter_names["listing_threshold"]
    assert threshold.spans[0].entry is not None and threshold.spans[0].entry.value == 27_000


class Calls:
    """What a pickle may be made to call."""

    def __init__(self, function: Any, *args: object) -> None:
        self.call = function, args

    def __reduce__(self) -> tuple[Any, tuple[object, ...]]:
        return self.call


@pytest.mark.parametrize("way", ["system", "eval", "unlink", "partial", "nested"])
def test_a_program_in_its_place_is_not_run(way: str, warm: Path, tmp_path: Path) -> None:
    built, mark = load_rulebook(), tmp_path / "mark"
    mark.touch()
    programs: dict[str, Any] = {
        "system": Calls(os.system, f"rm {mark}"),
        "eval": Calls(eval, f"__import__('os').unlink({str(mark)!r})"),
        "unlink": Calls(os.unlink, str(mark)),
        "partial": Calls(getattr, os, "unlink"),
        "nested": [built.digest, {"norms": (Calls(os.unlink, str(mark)),)}],
    }
    cache_file(warm).write_bytes(_pickled(programs[way]))
    assert load_rulebook() == built and mark.exists()
    assert cache._read(cache_file(warm), built.digest) == built  # and it is put right


def _pickled(what: Any) -> bytes:
    try:
        return pickle.dumps(what)
    except (TypeError, pickle.PicklingError):  # a module
        return b"cos\nunlink\n."


def opcodes(*calls: tuple[str, str, str]) -> bytes:
    """Return a pickle that calls what it finds under a name: `(module, name, argument)`."""
    out = b"\x80\x04"
    for module, name, argument in calls:
        for text in (module, name):
            out += b"\x8c" + bytes([len(text)]) + text.encode()
        out += b"\x93\x8c" + bytes([len(argument)]) + argument.encode() + b"\x85R"
    return out + b"."


DOTTED = [
    opcodes(("carbonlex.model", "Label.of.__globals__.get", "__builtins__")),
    opcodes(("carbonlex.model", "Label.__subclasses__.__self__.__name__.__class__", "x")),
    opcodes(("carbonlex.rulebook.rulebook", "Rulebook.norm.__globals__.__class__", "")),
]


@pytest.mark.parametrize("data", DOTTED, ids=range(len(DOTTED)))
def test_a_name_with_dots_is_no_class(data: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        cache._Reader(BytesIO(data)).load()


@pytest.mark.parametrize("data", [b"", b"\x80", b"junk", pickle.dumps(5), pickle.dumps([1] * 99)])
def test_junk_in_its_place(data: bytes, warm: Path) -> None:
    built = load_rulebook()
    cache_file(warm).write_bytes(data)
    assert load_rulebook() == built


def test_half_a_file(warm: Path) -> None:
    built = load_rulebook()
    data = cache_file(warm).read_bytes()
    cache_file(warm).write_bytes(data[: len(data) // 2])
    assert load_rulebook() == built


def test_the_rulebook_of_another_corpus(warm: Path) -> None:
    built = load_rulebook()
    other = replace(built, norms={}, digest="0" * 64)
    cache_file(warm).write_bytes(pickle.dumps(other))
    assert load_rulebook() == built


@pytest.mark.parametrize(
    "module",
    [
        "rulebook/norms.py",
        "statutes/instruments.py",
        "model.py",
        "quantities.py",
        "reasoner/chaining/plain.py",
    ],
)
def test_a_changed_engine_reads_no_old_cache(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "carbonlex" / "rulebook" / "cache.py"))
    path = tmp_path / "carbonlex" / module
    path.parent.mkdir(parents=True)
    path.write_text("before")
    stamp = cache._engine()
    path.write_text("after, and longer")
    assert cache._engine() != stamp
