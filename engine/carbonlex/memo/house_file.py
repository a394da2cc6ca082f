"""A house style read from its TOML file: checked whole, every mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from carbonlex.cases.formats import RawCase, parse
from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.memo.document import Numerals
from carbonlex.memo.house import Fonts, House, Layout, Spoken

MAX_BYTES, MAX_WORDS, MAX_LINES = 65_536, 200, 12
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "numerals": get_args(Numerals), "lang": get_args(Spoken), "layout": get_args(Layout),
}  # fmt: skip
_WORDS, _LISTS = ("name", "footer"), ("letterhead",)
# A family of type is named in style sheets too: nothing there may end the name.
_FAMILY = re.compile(r"\w[\w .\-]{0,63}")
_FONTS = tuple(f.name for f in fields(Fonts))


def read_house(path: Path) -> House:
    """Return the house style of a file; raises `ContentError` for anything that is wrong in it.

    Keys: `name`, `letterhead` (lines), `footer`, `numerals` (han, arabic), `lang` (zh, en, both),
    `layout` (memo, official), and a table `fonts` of lists: `body`, `heading`, `quote`, `latin`.
    """
    where = Location(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise _refused(
            where, "file-unreadable", f"不能读取：{said}", f"cannot read: {said}"
        ) from None
    if len(data) > MAX_BYTES:
        raise _refused(
            where, "file-too-large", "版式文件超过 64 KiB", "a house style of more than 64 KiB"
        )
    raw = parse(data, ".toml", str(path))
    if problems := (*raw.problems, *_problems(raw)):
        raise ContentError(problems)
    told: dict[str, Any] = dict(raw.tree)
    fonts = {k: tuple(v) for k, v in told.pop("fonts", {}).items()}
    told = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
    return House(**told, fonts=Fonts(**fonts))


def _refused(where: Location, code: Any, zh: str, en: str) -> ContentError:
    return ContentError((Diagnostic(code, (zh, en), where),))


def _problems(raw: RawCase) -> Iterator[Diagnostic]:
    known = (*_WORDS, *_LISTS, *_CHOICES, "fonts")
    for key, value in raw.tree.items():
        if key not in known:
            yield _unknown(raw, (key,), known)
        elif key in _CHOICES:
            if value not in _CHOICES[key]:
                yield _wrong(raw, (key,), " / ".join(_CHOICES[key]), " / ".join(_CHOICES[key]))
        elif key in _WORDS:
            if not _short(value):
                yield _wrong(
                    raw, (key,), f"不超过{MAX_WORDS}字的文字", f"words, {MAX_WORDS} at most"
                )
        elif key in _LISTS:
            if not _lines(value):
                yield _wrong(
                    raw,
                    (key,),
                    f"不超过{MAX_LINES}行文字的列表",
                    f"a list of {MAX_LINES} lines at most",
                )
        elif not isinstance(value, dict):
            yield _wrong(raw, (key,), "一个表 [fonts]", "a table [fonts]")
        else:
            yield from _font_problems(raw, value)


def _font_problems(raw: RawCase, told: Mapping[str, object]) -> Iterator[Diagnostic]:
    for key, value in told.items():
        path = ("fonts", key)
        if key not in _FONTS:
            yield _unknown(raw, path, _FONTS)
        elif not (_lines(value) and _named(value)):
            yield _wrong(raw, path, "字体名称的列表", "a list of names of families of type")


def _named(value: Any) -> bool:
    return bool(value) and all(_FAMILY.fullmatch(v) for v in value)


def _short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_WORDS


def _lines(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MAX_LINES and all(_short(v) for v in value)


def _unknown(raw: RawCase, path: tuple[str, ...], known: tuple[str, ...]) -> Diagnostic:
    listed = ", ".join(known)
    said = ("没有这个键", "there is no such key")
    hint = (f"可用的键：{listed}", f"the keys are: {listed}")
    return Diagnostic("house-malformed", said, raw.where(path), hint=hint)


def _wrong(raw: RawCase, path: tuple[str, ...], zh: str, en: str) -> Diagnostic:
    return Diagnostic("house-malformed", (f"应为{zh}", f"{en} is wanted"), raw.where(path))
