"""The two sides of `statutes diff`: a key of the corpus, a statute in XML, or a text as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.errors import ContentError
from carbonlex.interfaces.arguments import refuse_word
from carbonlex.interfaces.redline_wire import UNTOLD

if TYPE_CHECKING:
    from carbonlex.rulebook.rulebook import Rulebook
    from carbonlex.statutes.instruments import Instrument


def sides(rulebook: Rulebook, old: str, new: str, lang: str) -> tuple[Instrument, Instrument]:
    """Return both texts, the provisions of the new one with the wIds of the old where it has none.

    Raises `ContentError` for a file that does not hold; refuses what are not two texts of one work.
    """
    from carbonlex.statutes.matching import carried, states_wids

    held = rulebook.instruments
    known = [_known(held, place, lang) for place in (old, new)]
    before = known[0] or text_side(Path(old), known[1], held)
    after = known[1] or text_side(Path(new), before, held)
    if before.work != after.work:
        refuse_word(
            lang,
            f"{old} 与 {new} 不是同一文件的两个文本（{before.work}，{after.work}）",
            f"{old} and {new} are not two texts of one work ({before.work}, {after.work})",
        )
    return before, after if states_wids(after) else carried(before, after)


def xml_side(path: Path) -> Instrument:
    """Return the expression that a file of Akoma Ntoso holds; raises `ContentError`."""
    from carbonlex.statutes.akn import instrument_in
    from carbonlex.statutes.importing.read import bytes_of

    made, wrong = instrument_in(bytes_of(path), str(path))
    if made is None or wrong:
        raise ContentError(tuple(wrong))
    return made


def text_side(path: Path, like: Instrument | None, held: Mapping[str, Instrument]) -> Instrument:
    """Return a text as it came, as a text of the work that it is compared with.

    Where that is not known, it is that of the corpus which has its title; raises `ContentError`.
    """
    from carbonlex.model import Label
    from carbonlex.statutes.importing.importer import as_it_is
    from carbonlex.statutes.importing.read import read_source
    from carbonlex.statutes.pairing import folded

    source = read_source(path)
    title, effective, made = as_it_is(source)
    named = [i for i in held.values() if folded(i.title.zh).startswith(folded(title))]
    # A text may change its title with its words; one that has the title of another work is that.
    if like is None or (named and all(i.work != like.work for i in named)):
        like = named[0] if named else None
    label = Label(f"{title}（{path.name}）", f"{title} ({path.name})")
    return replace(
        made,
        key=path.name,
        uri=f"{like.work}/zho@{effective}" if like and effective else "",
        work=like.work if like else made.work,
        rank=like.rank if like else made.rank,
        title=label,
        short=label,
        effective=effective or UNTOLD,
        ended=None,
    )


def _known(held: Mapping[str, Instrument], place: str, lang: str) -> Instrument | None:
    """Return the instrument of a key or of an XML file; None for a text still to be read."""
    if place in held:
        return held[place]
    path = Path(place)
    if path.suffix.lower() == ".xml":
        return xml_side(path)
    if not path.suffix and not path.exists():
        from difflib import get_close_matches

        near = "、".join(get_close_matches(place, held, n=5, cutoff=0.6) or held)
        refuse_word(
            lang, f"没有文件键或文件 {place}；文件键可选：{near}",
            f"no key and no file {place}; keys: {near}",
        )  # fmt: skip
    return None
