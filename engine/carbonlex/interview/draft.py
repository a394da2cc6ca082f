"""The case file while it is being asked for: its text, and what of it stands on disk."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from carbonlex.cases.formats import parse
from carbonlex.cases.read import read_case
from carbonlex.errors import CarbonlexError
from carbonlex.interview.question import Place
from carbonlex.interview.toml_text import (
    Uninsertable,
    with_value,
    with_year,
    written_case,
    written_rows,
    written_told,
    written_value,
)
from carbonlex.model import Case, Scalar
from carbonlex.rulebook.vocabulary import Vocabulary

_START = "[entity]\n"


class Unsaved(CarbonlexError):
    """An answer that was not written, and why; `args` is `(zh, en)`."""


@dataclass(frozen=True)
class Draft:
    """A case as TOML text, and the file it goes to.

    `saved` is what stood in that file when it was last read or written; None: there is no file.
    """

    path: Path
    text: str
    saved: bytes | None

    def case(self, vocabulary: Vocabulary) -> Case:
        """Return the case that the text tells; raises `ContentError` as `read_case` does."""
        case = read_case("-", vocabulary, stdin=io.BytesIO(self.text.encode()))
        return case if case.name != "stdin" else replace(case, name=self.path.stem)

    def with_year(self, year: int) -> Draft:
        """Return the draft with a compliance year of which nothing is told yet."""
        return replace(self, text=with_year(self.text, year))

    def with_name(self, name: str) -> Draft:
        """Return the draft with the name of the entity."""
        return self._with(("entity", "name"), written_told(name, ""))

    def with_fact(self, vocabulary: Vocabulary, place: Place, value: Scalar, source: str) -> Draft:
        """Return the draft with a fact more; raises `Unsaved` where the text takes none."""
        table: tuple[str | int, ...] = ("entity",)
        if place.year:
            table = ("year", str(place.year))
        if place.index >= 0:
            table = (*table, vocabulary.terms[place.fact].record, place.index)
        return self._with((*table, place.fact), written_told(value, source))

    def with_rows(self, place: Place, count: int) -> Draft:
        """Return the draft with a list of so many child records, of which nothing is told yet."""
        ending = "\r\n" if "\r\n" in self.text else "\n"
        return self._with(("year", str(place.year), place.fact), written_rows(count, ending))

    def _with(self, path: tuple[str | int, ...], value: str) -> Draft:
        try:
            return replace(self, text=with_value(self.text, path, value))
        except Uninsertable as error:
            raise Unsaved(
                f"{self.path}：不能在原文中加入 {error}；请手工写入这一项",
                f"{self.path}: {error} cannot be added to this text; add it by hand",
            ) from None

    def save(self) -> Draft:
        """Write the text where anything in it is new, whole or not at all, and return what stands.

        Raises `Unsaved` where the file cannot be written, or was changed by someone else.
        """
        data = self.text.encode()
        if data == self.saved:
            return self
        # A link stays a link, and what it leads to is what changes.
        target = Path(os.path.realpath(self.path))
        try:
            if _standing(target) != self.saved:
                raise Unsaved(
                    f"{self.path}：询问期间被别处改动，未覆盖；核对后重新运行",
                    f"{self.path}: changed by someone else meanwhile, so not written; "
                    "look at it and run the command again",
                )
            _replace(target, data)
        except OSError as error:
            raise Unsaved(
                f"不能写入 {self.path}：{error.strerror}；可用 -o 另存",
                f"cannot write {self.path}: {error.strerror}; -o saves elsewhere",
            ) from error
        return replace(self, saved=data)


def new_draft(path: Path) -> Draft:
    """Return the draft of a case of which nothing is told."""
    return Draft(path, _START, None)


def draft_of(case_path: Path, out: Path, vocabulary: Vocabulary) -> Draft:
    """Return the draft of a case file: a TOML's own text; other formats are written as TOML.

    Raises `ContentError` with what is wrong with the case.
    """
    case = read_case(case_path, vocabulary)
    if case_path.suffix.lower() != ".toml":
        return Draft(out, _heading(case_path) + written_case(case), None)
    data = case_path.read_bytes()
    return Draft(out, data.decode("utf-8"), data if _same(case_path, out) else None)


def _heading(path: Path) -> str:
    """Return what a JSON case says of itself, which is no fact: its title and note."""
    if path.suffix.lower() != ".json":
        return ""
    tree = parse(path.read_bytes(), ".json", str(path)).tree
    keys = [key for key in ("title", "note") if key in tree]
    return "".join(f"{key} = {written_value(str(tree[key]))}\n" for key in keys)


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _standing(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _replace(path: Path, data: bytes) -> None:
    """Put a whole new file in the place of the old one, which keeps its permissions."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
