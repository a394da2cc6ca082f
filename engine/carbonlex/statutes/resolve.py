"""Which provision a citation means on a day: versions, renumbering, numbers reused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from carbonlex.model import Label
from carbonlex.statutes.citation import cite, pinpoint
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.references import Reference, Step, eids, plain, read_reference, year_split

_KEY_YEARS = re.compile(r"(-\d{4})+$")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)$")
_NEAR = 6


class UnknownPlace(LookupError):
    """A citation that names nothing held, or several things; `args` is `(zh, en)`."""


@dataclass(frozen=True)
class Namesake:
    """A provision with the same number in another text of the work, and another in law.

    `now` is where it stands in the text resolved to; empty where that does not have it.
    """

    instrument: Instrument
    eid: str
    now: str


@dataclass(frozen=True)
class Resolved:
    """The provision that a citation means; `eid` is empty for a whole instrument.

    Attributes:
        day: the day asked; None where there is none.
        moved_from: the text and provision asked for, where another text is in force that day.
        coarser: whether only the article of what was asked for could be found again.
        namesakes: what the same number means in other texts, where the citation gave no year.
    """

    instrument: Instrument
    eid: str
    day: date | None = None
    moved_from: tuple[Instrument, str] | None = None
    coarser: bool = False
    namesakes: tuple[Namesake, ...] = ()

    @property
    def warnings(self) -> tuple[Label, ...]:
        """What whoever cites it should be told, in the order in which it matters."""
        return (*self._moved(), *self._namesakes())

    def _moved(self) -> Iterable[Label]:
        if self.moved_from is None:
            return
        (asked, was), now = self.moved_from, self.instrument
        zh = f"{self.day} 施行的是{cite(now, self.eid, short=True)}"
        en = f"in force on {self.day}: {cite(now, self.eid, 'en', short=True)}"
        same = pinpoint(asked, was) == pinpoint(now, self.eid)
        said = ("条号未变", "same number") if same else ("条号已改", "renumbered")
        if self.coarser:
            said = (
                "该款项在其中没有对应，按条列出",
                "no such paragraph or point in it: the article",
            )
        yield Label(
            f"{cite(asked, was, short=True)}：{zh}（{said[0]}）",
            f"{cite(asked, was, 'en', short=True)}: {en} ({said[1]})",
        )
        other = now.provisions.get(was)
        if other is not None and other.wid != now.provisions[self.eid].wid and not self.coarser:
            yield Label(
                f"{cite(now, was, short=True)}是另一条",
                f"{cite(now, was, 'en', short=True)} is another provision",
            )

    def _namesakes(self) -> Iterable[Label]:
        for one in self.namesakes:
            here = cite(one.instrument, one.eid, short=True)
            here_en = cite(one.instrument, one.eid, "en", short=True)
            zh, en = "没有收录", "not held there"
            if one.now:
                zh = pinpoint(self.instrument, one.now)
                en = pinpoint(self.instrument, one.now, "en")
            text, text_en = self.instrument.short.zh, self.instrument.short.en
            yield Label(
                f"没有写明年份；{here}是另一条，在《{text}》中为：{zh}",
                f"no year was given; {here_en} is another provision, in {text_en}: {en}",
            )


def resolve(instruments: Mapping[str, Instrument], place: str, day: date | None) -> Resolved:
    """Return what a citation means on a day; raises `UnknownPlace` with near names.

    A place is `KEY#EID`, a key without its year (`legislation-law#art_80`), or a citation by
    title or short title in Chinese or English. With a year, the provision is followed to the
    text in force on the day; without, the number is read in that text (in the newest if no day
    is given).

    >>> import carbonlex
    >>> held = carbonlex.load_rulebook().instruments
    >>> found = resolve(held, "立法法（2015）第八十条", date(2024, 1, 1))
    >>> (found.instrument.key, found.eid)
    ('legislation-law-2023', 'art_91')
    >>> found = resolve(held, "Legislation Law art. 80", date(2024, 1, 1))
    >>> (found.instrument.key, found.eid, found.namesakes[0].now)
    ('legislation-law-2023', 'art_80', 'art_91')
    """
    reference = read_reference(place)
    if reference is None or not reference.name:
        raise UnknownPlace(
            f"读不懂“{place}”（写法如 legislation-law#art_80、立法法第八十条第二款）",
            f"cannot read '{place}' (write legislation-law#art_80 or Legislation Law art. 80(2))",
        )
    found, dated = _named(instruments, reference.name)
    works = {i.work for i in found}
    if len(works) > 1 and day is not None:
        found = [i for i in found if i.in_force(day)] or found
        works = {i.work for i in found}
    if len(works) > 1:
        raise _several(reference.name, found)
    if dated or len(found) == 1:
        texts = [i for i in instruments.values() if i.work in works]
        return _followed(found, texts, reference, day)
    return _read_in_force(found, reference, day)


def _named(instruments: Mapping[str, Instrument], name: str) -> tuple[list[Instrument], bool]:
    """Return the texts that a name may mean, and whether it says which one."""
    if name in instruments:
        return [instruments[name]], True
    said = name.lower()
    exact = [i for i in instruments.values() if said in _full_names(i)]
    short = [i for i in instruments.values() if said in _bare_names(i)]
    if short and {i.key for i in exact} <= {i.key for i in short}:
        return short, False
    if exact:
        return exact, True
    bare, year = year_split(said)
    of_year = [i for i in instruments.values() if year in _years(i)]
    if dated := [i for i in of_year if bare in _bare_names(i)]:
        return dated, True
    raise _unknown(instruments, name)


def _full_names(instrument: Instrument) -> set[str]:
    labels = (instrument.title, instrument.short)
    names = {plain(text).lower() for label in labels for text in (label.zh, label.en)}
    return names | {n.removeprefix("中华人民共和国") for n in names}


def _bare_names(instrument: Instrument) -> set[str]:
    """Return the names that say no year: key, title and short title without what is behind."""
    names = {_PARENTHESIS.sub("", n) for n in _full_names(instrument)}
    return {*names, _KEY_YEARS.sub("", instrument.key)} - {""}


def _years(instrument: Instrument) -> set[int]:
    said = f"{instrument.key} {instrument.title.zh} {instrument.short.zh}"
    years = {int(y) for y in re.findall(r"(?<!\d)\d{4}(?!\d)", said)}
    return years | {instrument.promulgated.year, instrument.effective.year}


def _followed(
    found: list[Instrument], texts: list[Instrument], reference: Reference, day: date | None
) -> Resolved:
    """Resolve a citation of one text, following the provision to the text in force on a day."""
    asked = max(found, key=lambda i: i.effective)
    eid = _provision(asked, reference)
    now = next((i for i in texts if day is not None and i.in_force(day)), asked)
    if not eid or now is asked:
        return Resolved(asked, eid, day)
    there = now.by_wid(asked.provisions[eid].wid)
    if there is not None:
        return Resolved(now, there, day, (asked, eid))
    article = now.by_wid(asked.article(eid).wid)
    if article is None:
        return Resolved(asked, eid, day)
    return Resolved(now, article, day, (asked, eid), coarser=True)


def _read_in_force(found: list[Instrument], reference: Reference, day: date | None) -> Resolved:
    """Resolve a citation without a year: the number as it stands in the text in force."""
    now = max(found, key=lambda i: i.effective)
    if day is not None:
        in_force = [i for i in found if i.in_force(day)]
        if not in_force:
            zh = "、".join(f"{i.key}（{i.effective} 起）" for i in found)
            en = ", ".join(f"{i.key} (from {i.effective})" for i in found)
            raise UnknownPlace(
                f"{day} 没有施行中的 {reference.name}；收录的有：{zh}",
                f"no {reference.name} held in force on {day}; held: {en}",
            )
        (now,) = in_force
    others = [i for i in found if i is not now]
    eid = _provision(now, reference, others)
    namesakes = (n for other in others if eid and (n := _namesake(now, eid, other)))
    return Resolved(now, eid, day, namesakes=tuple(namesakes))


def _namesake(now: Instrument, eid: str, other: Instrument) -> Namesake | None:
    """Return the provision of the same number in another text, if it is another in law."""
    if eid not in other.provisions:
        eid = now.article(eid).eid
    there = other.provisions.get(eid)
    if there is None or there.wid == now.provisions[eid].wid:
        return None
    return Namesake(other, eid, now.by_wid(there.wid) or "")


def _provision(
    instrument: Instrument, reference: Reference, others: Iterable[Instrument] = ()
) -> str:
    """Return the one provision that a reference names in a text, or raise `UnknownPlace`."""
    if not reference.steps:
        return ""
    found = eids(instrument, reference.steps)
    if len(found) == 1:
        return found[0]
    key = instrument.key
    said = "__".join(f"{k}_{n}" for k, n in reference.steps)
    if found:
        raise UnknownPlace(
            f"{key} 的 {said} 可指：{'、'.join(found)}",
            f"{said} of {key} may be {', '.join(found)}",
        )
    zh, en = f"{key} 没有条款 {said}", f"{key} has no {said}"
    for other in others:
        for eid in eids(other, reference.steps):
            now = instrument.by_wid(other.provisions[eid].wid)
            zh += f"；{cite(other, eid, short=True)}" + (f"现为 {now}" if now else "没有对应")
            en += f"; {cite(other, eid, 'en', short=True)} " + (
                f"is {now}" if now else "has no equal"
            )
    near = _beside(instrument, reference.steps)
    raise UnknownPlace(
        zh + (f"；相近：{'、'.join(near)}" if near else "（写法如 art_29 或 art_29__para_1）"),
        en + (f"; near: {', '.join(near)}" if near else " (write art_29 or art_29__para_1)"),
    )


def _beside(instrument: Instrument, steps: tuple[Step, ...]) -> list[str]:
    """Return what there is near a provision that is not: its siblings, or articles around it."""
    parents = [e for n in range(1, len(steps)) for e in eids(instrument, steps[:n])]
    if parents:
        return list(instrument.provisions[parents[-1]].children) or [parents[-1]]
    wanted = int(steps[0][1].partition("-")[0])
    top = [p.eid for p in instrument.provisions.values() if not p.parent]
    closest = sorted(top, key=lambda e: abs(int(re.findall(r"\d+", e)[0]) - wanted))[:_NEAR]
    return [e for e in top if e in closest]


def _several(name: str, found: list[Instrument]) -> UnknownPlace:
    zh = "、".join(f"{i.key}（{i.title.zh}）" for i in found)
    en = ", ".join(f"{i.key} ({i.title.en})" for i in found)
    return UnknownPlace(f"{name} 可指几份文件：{zh}", f"{name} may be several: {en}")


def _unknown(instruments: Mapping[str, Instrument], name: str) -> UnknownPlace:
    """Return the error for a name that nothing held has: near keys, or all of them."""
    owner = {n: i.key for i in instruments.values() for n in (*_full_names(i), *_bare_names(i))}
    owner |= {key: key for key in instruments}
    bare, _ = year_split(name.lower())
    near = [*_near(name.lower(), list(owner)), *_near(bare, list(owner))]
    keys = list(dict.fromkeys(owner[n] for n in near))[:_NEAR] or list(instruments)
    zh, en = "、".join(keys), ", ".join(keys)
    return UnknownPlace(f"没有文件 {name}；可选：{zh}", f"no instrument {name}; choose from: {en}")


def _near(name: str, names: list[str]) -> list[str]:
    return get_close_matches(name, names, _NEAR, 0.6)
