"""Which face of type serves which part of a document, and whether every character has a glyph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.memo.fonts_found import Shelf, shelves
from carbonlex.memo.fonts_read import BrokenFont, FoundFace, stamp
from carbonlex.memo.house import House

PROBE = "中华人民共和国碳排放权交易条例，。《》（）、；：“”"
"""What a face must have to count as Chinese."""
REMEDY = (
    "安装中文字体（Debian、Ubuntu：apt install fonts-noto-cjk），或 carbonlex fonts build，"
    "或以 --font-path 指定字体文件",
    "install a Chinese font (Debian, Ubuntu: apt install fonts-noto-cjk), or run "
    "carbonlex fonts build, or name a font file with --font-path",
)
OTHER = (
    "更正该字，或以 --font-path 加一个有此字的字体；HTML、Word 不受影响",
    "correct the character, or add a font that has it with --font-path; HTML and Word do not mind",
)
_TITLE = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "STZhongsong", "华文中宋")
_HEI, _KAI = ("黑", "hei", "sans", "gothic"), ("楷", "kai")
_FOREIGN = (" jp", " kr", " tc", " hk")
_BOLD = 600
_MOST_SPARE, _MOST_NAMED = 8, 12
_IGNORED = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x200B])


class NoFont(ContentError):
    """No font that can set Chinese, or one given by name that cannot be used."""

    @property
    def zh(self) -> str:
        """What is wrong and what to do, in Chinese."""
        return "\n".join(d.render("zh") for d in self.diagnostics)

    @property
    def en(self) -> str:
        """What is wrong and what to do, in English."""
        return "\n".join(d.render("en") for d in self.diagnostics)


class MissingGlyphs(NoFont):
    """Characters that no face chosen can set; the first places where they stand are named."""


@dataclass(frozen=True)
class Face:
    """A face chosen: `family` by its own name, `digest` the SHA-256 of its file."""

    family: str
    path: Path
    index: int
    weights: tuple[int, int]
    digest: str

    def characters(self) -> frozenset[int]:
        """The code points that it has glyphs for."""
        return FoundFace(self.path, self.index, (self.family,), self.weights, True).characters()


Family: TypeAlias = tuple[Face, ...]
"""The faces of one family that are used: a regular one, and a bold one where there is one."""
Pair: TypeAlias = tuple[FoundFace, ...]
"""The same, as they were found."""


@dataclass(frozen=True)
class FontSet:
    """The families that a document is set in; `latin` is empty where the body sets Western words.

    `spare` are families for characters that the others lack, in the order in which they are asked.
    """

    body: Family
    heading: Family
    quote: Family
    title: Family
    latin: Family = ()
    spare: tuple[Family, ...] = ()

    def roles(self) -> Iterator[tuple[str, Family]]:
        """Yield every family with what it serves."""
        yield from (
            ("body", self.body),
            ("heading", self.heading),
            ("quote", self.quote),
            ("title", self.title),
        )
        if self.latin:
            yield "latin", self.latin
        yield from (("spare", family) for family in self.spare)

    @property
    def faces(self) -> tuple[Face, ...]:
        """Every face, once."""
        return tuple(dict.fromkeys(f for _, family in self.roles() for f in family))

    @property
    def digest(self) -> str:
        """The digest of what serves which role: equal sets give equal documents, anywhere."""
        import hashlib

        told = (
            f"{role} {f.family} {f.weights} {f.index} {f.digest}\n"
            for role, family in self.roles()
            for f in family
        )
        return hashlib.sha256("".join(told).encode()).hexdigest()

    def missing(self, text: str) -> str:
        """Return the characters of a text that no family has, each once, in order.

        Variation selectors and the mark where a long word may break need no glyph.
        """
        families = [f for f in (self.body, self.latin, *self.spare) if f]
        has = frozenset[int]().union(*(_coverage(f) for f in families))
        return "".join(c for c in dict.fromkeys(text) if ord(c) not in has | _IGNORED)


def find_fonts(house: House, paths: Sequence[Path] = (), text: str = "") -> FontSet:
    """Return the families for a house style, and spare ones for what they lack of a text.

    Families are asked for in the order of the house style, first in the files and folders
    given, then in those of `CARBONLEX_FONTS`, of the system, and in the user's cache; a Chinese
    font given or told serves though the house style does not name it. Characters of the text that
    no font has are not refused here: see `FontSet.missing`. Raises `NoFont`.
    """
    found = shelves(paths)
    _refuse_given(found[0], paths)
    wanted = house.fonts
    body = _first(found, wanted.body, ())
    if body is None:
        words = ("没有能排中文的字体", "no font sets Chinese")
        raise NoFont((Diagnostic("font-missing", words, Location("PDF"), hint=REMEDY),))
    chosen = FontSet(
        _kept(body),
        _kept(_first(found, wanted.heading, _HEI) or body),
        _kept(_first(found, wanted.quote, _KAI) or body),
        _kept(_first(found, _TITLE, _TITLE) or body),
        _kept(next((f for shelf in found for f in _named(shelf, wanted.latin)), ())),
    )
    return _with_spares(chosen, found, text)


def setting_chinese(shelf: Shelf) -> tuple[FoundFace, ...]:
    """Return the regular face of each family of a place that sets Chinese, by name."""
    pairs = (_pair(group) for _, group in sorted(_families(shelf.faces).items()))
    return tuple(pair[0] for pair in pairs if _chinese(pair))


def lacking(face: FoundFace) -> str:
    """Return what a face lacks of what a Chinese font must have; raises `BrokenFont`."""
    has = face.characters()
    return "".join(c for c in PROBE if ord(c) not in has)


def missing_glyphs(characters: str, where: Callable[[str], Location]) -> MissingGlyphs:
    """Return the exception for characters that no font has, each with where it first stands."""
    found: list[Diagnostic] = []
    for character in characters[:_MOST_NAMED]:
        code = f"“{character}” U+{ord(character):04X}"
        words = (f"没有字体能排 {code}", f"no font has {code}")
        found.append(Diagnostic("glyph-missing", words, where(character), hint=OTHER))
    if len(characters) > _MOST_NAMED:
        more = len(characters) - _MOST_NAMED
        words = (f"另有 {more} 个字符没有字体能排", f"{more} more characters that no font has")
        found.append(Diagnostic("glyph-missing", words, Location("PDF"), hint=OTHER))
    return MissingGlyphs(tuple(found))


def refused(paths: Iterable[tuple[Path, str, str]]) -> NoFont:
    """Return the exception for files that were named and cannot be used."""
    return NoFont(
        tuple(
            Diagnostic("font-broken", (zh, en), Location(str(path)), hint=REMEDY)
            for path, zh, en in paths
        )
    )


def _refuse_given(shelf: Shelf, paths: Sequence[Path]) -> None:
    """A file that was named must be of use; of a folder some must be."""
    named = [r for r in shelf.refused if r.path in paths]
    if named:
        raise refused((r.path, r.zh, r.en) for r in named)
    for path in paths:
        real = path.resolve()
        if not any(f.path == real or real in f.path.parents for f in shelf.faces):
            raise refused([(path, "目录里没有字体", "no font in this folder")])


def _first(found: Sequence[Shelf], names: Sequence[str], kind: Sequence[str]) -> Pair | None:
    """Return the first family that sets Chinese: by name, or of a kind; None if there is none.

    A family that was given or told comes before one of the system with the name wanted.
    """
    for shelf in found[:2]:
        for family in (*_named(shelf, names), *_alike(shelf, kind)):
            if _chinese(family):
                return family
    others = [f for shelf in found[2:] for f in _named(shelf, names)]
    others += [f for shelf in found[2:] for f in _alike(shelf, kind)]
    return next((f for f in others if _chinese(f)), None)


def _named(shelf: Shelf, names: Sequence[str]) -> Iterator[Pair]:
    for name in names:
        faces = [f for f in shelf.faces if f.named(name)]
        if faces:
            yield _pair(faces)


def _alike(shelf: Shelf, kind: Sequence[str]) -> Iterator[Pair]:
    """Yield families of a kind, told by their names; for the body any, those of a kind last."""
    marks = kind or (*_HEI, *_KAI, "mono")
    grouped = _families(shelf.faces)

    def order(name: str) -> tuple[bool, bool, str]:
        simplified = name.endswith((" sc", " cn", " gb")) or "简" in name
        return not kind and any(m in name for m in marks), not simplified, name

    for name in sorted(grouped, key=order):
        if not kind or any(m in name for m in marks):
            yield _pair(grouped[name])


def _families(faces: Iterable[FoundFace]) -> dict[str, list[FoundFace]]:
    grouped: dict[str, list[FoundFace]] = {}
    for face in faces:
        grouped.setdefault(face.family.casefold(), []).append(face)
    return grouped


def _pair(faces: Sequence[FoundFace]) -> Pair:
    """Return a regular face and, where there is one, a bold face of a family."""
    upright = [f for f in faces if f.upright] or list(faces)
    regular = min(upright, key=lambda f: _distance(f, 400))
    bold = min(upright, key=lambda f: _distance(f, 700))
    heavier = bold is not regular and bold.weights[1] >= _BOLD
    return (regular, bold) if heavier else (regular,)


def _kept(pair: Pair) -> Family:
    return tuple(
        Face(f.family, f.path, f.index, f.weights, _digest(f.path, stamp(f.path))) for f in pair
    )


def _distance(face: FoundFace, weight: int) -> int:
    lightest, boldest = face.weights
    return max(lightest - weight, weight - boldest, 0)


def _chinese(family: Pair) -> bool:
    return _coverage(family) >= {ord(c) for c in PROBE}


def _coverage(family: Pair | Family) -> frozenset[int]:
    """Return what every face of a family has; a face whose table is damaged has nothing."""
    try:
        return frozenset.intersection(*(f.characters() for f in family))
    except (BrokenFont, OSError):
        return frozenset()


def _with_spares(chosen: FontSet, found: Sequence[Shelf], text: str) -> FontSet:
    """Return a set with families for what it lacks of a text, the first found that have some."""
    wanting = {ord(c) for c in chosen.missing(text)}
    spare: list[Family] = []
    for shelf in found if wanting else ():
        for pair in sorted(map(_pair, _families(shelf.faces).values()), key=_ease):
            if wanting & _coverage(pair) and len(spare) < _MOST_SPARE:
                spare.append(_kept(pair))
                wanting -= _coverage(pair)
            if not wanting:
                break
    return replace(chosen, spare=tuple(spare))


def _ease(pair: Pair) -> tuple[bool, int, str]:
    """Order families by what they cost to read, those for other countries' characters last."""
    foreign = pair[0].family.casefold().endswith(_FOREIGN)
    return foreign, stamp(pair[0].path)[0], pair[0].family


@lru_cache(maxsize=256)
def _digest(path: Path, _: tuple[int, int]) -> str:
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
