"""A record run again: its own law and files laid out, the same command, byte against byte."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carbonlex.corpus import law_at
from carbonlex.errors import ContentError
from carbonlex.interfaces.records_brief import placeless
from carbonlex.interfaces.records_documents import TEXTS, made_with
from carbonlex.interfaces.records_inputs import data_files, digest_of_file
from carbonlex.interfaces.records_keep import Heard, heard
from carbonlex.records.canonical import Difference, differing_line, first_difference
from carbonlex.records.engine import engine_told
from carbonlex.records.entry import Entry
from carbonlex.records.faults import refuse_altered, refuse_replay
from carbonlex.records.law import law_digest, lay_out
from carbonlex.records.store import Reading

Words = tuple[str, str]
_CHAINER = "CARBONLEX_CHAINER"


@dataclass(frozen=True)
class Compared:
    """One thing compared: the result (an empty name) or a document.

    `difference` is None where it is the same; `skipped` says why it was not compared.
    """

    name: str
    difference: Difference | None = None
    skipped: Words | None = None


@dataclass(frozen=True)
class Replay:
    """What came of running a record again; `elsewhere`: what ran is not what ran then."""

    entry: Entry
    compared: tuple[Compared, ...]
    elsewhere: tuple[tuple[str, str, str], ...]
    own_law: bool

    @property
    def difference(self) -> Compared | None:
        """The first difference, if any."""
        return next((c for c in self.compared if c.difference is not None), None)

    @property
    def exit_code(self) -> int:
        """0 the same; 1 something differs."""
        return 0 if self.difference is None else 1


def replay(
    found: Reading, entry: Entry, data: Path | None = None, fonts: Sequence[Path] = ()
) -> Replay:
    """Run a record again in a folder of its own, and compare what comes out.

    `data` is where data of many entities are that the store holds by digest only, `fonts` where
    those of a PDF are. Raises `ContentError`: the record was changed, or cannot be run.
    """
    told = entry.told
    with tempfile.TemporaryDirectory(prefix="carbonlex-") as temporary:
        folder = Path(temporary)
        lay_out(found, told["law"]["files"], folder / "law")
        given = _files(found, told["inputs"], folder / "in", data)
        stdin = next((i for i in told["inputs"] if i["stdin"]), None)
        piped = found.blob(stdin["digest"]) if stdin is not None else b""
        own_law = law_digest() != told["law"]["rulebook"]
        with _as_then(folder / "law", told["engine"]["chainer"]):
            if law_digest() != told["law"]["rulebook"]:
                words = ("法律文件与其摘要不符", "the files of law do not have the digest told")
                refuse_altered(found.place, words)
            written = _outputs(told["documents"], folder / "out")
            now, lacking = _again(told, given, written, piped, fonts)
            elsewhere = _elsewhere(told["engine"])
        was = found.blob(told["result"]).decode()
        compared = [Compared("", first_difference(was, placeless(now.result)))]
        same = all(what not in ("version", "digest") for what, _, _ in elsewhere)
        compared += [
            _document(found, d, folder / "out", now.fonts, same)
            if lacking is None
            else Compared(d["name"], skipped=lacking)
            for d in told["documents"]
        ]
    return Replay(entry, tuple(compared), elsewhere, own_law)


@contextmanager
def _as_then(law: Path, chainer: str) -> Iterator[None]:
    """Set the law of then in the place of today's, and ask for the chainer of then."""
    before = os.environ.pop(_CHAINER, None)
    if chainer.startswith("plain"):
        os.environ[_CHAINER] = "plain"
    try:
        with law_at(law):
            yield
    finally:
        os.environ.pop(_CHAINER, None)
        if before is not None:
            os.environ[_CHAINER] = before


def _files(
    found: Reading, inputs: Sequence[Mapping[str, Any]], folder: Path, data: Path | None
) -> dict[str, list[str]]:
    """Lay out the files of a record; returns, by parameter, what the command is to be given."""
    given: dict[str, list[str]] = {}
    there = {p.name: p for p in data_files(data)} if data is not None else {}
    for number, one in enumerate(inputs):
        paths = given.setdefault(one["parameter"], [])
        if one["stdin"]:
            paths.append("-")
            continue
        many = one["as"] == "data"
        path = folder / ("data" if many else str(number)) / one["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if one["kept"]:
            path.write_bytes(found.blob(one["digest"]))
        else:
            _linked(there.get(path.name), path, one)
        whole = folder / "data" / one["name"].split("/")[0] if many else path
        if str(whole) not in paths:
            paths.append(str(whole))
    return given


def _linked(there: Path | None, path: Path, one: Mapping[str, Any]) -> None:
    """Put a file of data in its place, where it has the digest that was kept."""
    if there is None:
        words = (
            f"{one['name']} 只存了摘要，不在记录库中",
            f"of {one['name']} the store holds the digest only",
        )
        refuse_replay(one["name"], words)
    if digest_of_file(there) != one["digest"]:
        words = ("与存入时不同", "is not the file of then: its digest differs")
        refuse_replay(str(there), words)
    path.symlink_to(there.resolve())


def _outputs(documents: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, str]:
    folder.mkdir()
    return {d["option"]: str(folder / d["name"].split("/")[0]) for d in documents}


_FLAGS = {"cases": "--case", "style": "--style"}


def _words(
    told: Mapping[str, Any], given: Mapping[str, list[str]], out: Mapping[str, str]
) -> list[str]:
    """Return the words of the command line; no value can be taken for an option."""
    words = told["command"].split()
    positional = [p for k, paths in given.items() if k not in _FLAGS for p in paths]
    for name, value in told["arguments"].items():
        if name == "subject":
            positional.append(value)
            continue
        words += [f"--{name}={one}" for one in (value if isinstance(value, list) else [value])]
    words += [f"{flag}={p}" for k, flag in _FLAGS.items() for p in given.get(k, ())]
    words += [f"--{option}={path}" for option, path in out.items()]
    return [*words, *(["--json"] if told["command"] != "memo" else []), "--", *positional]


def _again(
    told: Mapping[str, Any],
    given: Mapping[str, list[str]],
    out: Mapping[str, str],
    piped: bytes,
    fonts: Sequence[Path],
) -> tuple[Heard, Words | None]:
    """Run the command; without a document that cannot be made here, and why it cannot."""
    words = _words(told, given, out)
    if told["command"] == "memo":
        words[1:1] = [f"--font-path={path}" for path in fonts]
    try:
        return _run(words, piped), None
    except ContentError as error:
        faces = {d["face"] for d in told["documents"]}
        if told["command"] != "memo" or faces <= {*TEXTS}:
            raise
        text = {option: f"{path}.md" for option, path in out.items()}
        zh, en = error.diagnostics[0].message
        return _run(_words(told, given, text), piped), (zh, en)


def _run(words: Sequence[str], piped: bytes) -> Heard:
    """Run a command of ours in this process, and return what it would have kept."""
    from typer.main import get_command

    from carbonlex.interfaces.cli import app

    said = io.StringIO()
    stdin = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(piped), encoding="utf-8")
    try:
        with heard() as found, redirect_stdout(io.StringIO()), redirect_stderr(said):
            code = get_command(app).main([*words], "carbonlex", standalone_mode=False)
    except Exception as error:
        if type(error).__module__.split(".")[0] != "typer":
            raise
        code = str(error)
    finally:
        sys.stdin = stdin
    if code not in (None, 0, 1, 3) or not found.result:
        reason = " ".join(said.getvalue().split())[:500] or str(code)
        refused = (f"此处不能运行：{reason}", f"it cannot be run here: {reason}")
        refuse_replay(" ".join(words[:2]), refused)
    return found


def _document(
    found: Reading, told: Mapping[str, Any], folder: Path, fonts: Mapping[str, str], same: bool
) -> Compared:
    """Compare a document; `same` says whether this is the engine of then."""
    name, path = told["name"], folder / told["name"]
    if not path.is_file():
        return Compared(name, Difference("/", told["digest"], "∅"))
    digest = digest_of_file(path)
    if digest == told["digest"]:
        return Compared(name)
    if told["face"] not in TEXTS:
        then, now = told["made_with"], made_with(told["face"], fonts)
        moved = sorted(k for k in {*then, *now} if then.get(k) != now.get(k))
        if moved or not same:
            said = ", ".join(f"{k} {then.get(k, '–')} → {now.get(k, '–')}" for k in moved)
            words = (f"引擎、程序库或字体不同 {said}", f"other engine, libraries or fonts {said}")
            return Compared(name, skipped=words)
    if told["kept"]:
        texts = (found.blob(told["digest"]), path.read_bytes())
        return Compared(name, differing_line(*(t.decode("utf-8", "replace") for t in texts)))
    return Compared(name, Difference("sha256", told["digest"], digest))


def _elsewhere(then: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    now = engine_told(then.get("libraries", ()))
    keys = ("version", "digest", "chainer", "python", "libraries")
    pairs = [(k, str(then.get(k, "")), str(now[k])) for k in keys]
    return tuple(p for p in pairs if p[1] != p[2])
