"""Where norms come from: texts, provisions, makers, jurisdictions, and when they hold."""

from __future__ import annotations

from datetime import date

from lxml import etree

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.exports.legalruleml.markup import (
    STATUS,
    XSI,
    comment,
    curie,
    key_of,
    lrml,
    own,
    ruleml,
    spoken,
)
from carbonlex.exports.scope import Scope, absolute, provision_uri
from carbonlex.model import Label
from carbonlex.rulebook.norms import Question
from carbonlex.statutes.citation import cite
from carbonlex.statutes.instruments import GRADE_LABELS, RANK_LABELS, SUMMARY, Instrument

Place = tuple[str, str]


class Sources:
    """Collects the provisions, makers and days that statements refer to, each under one key."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.places: dict[Place, None] = {(key, ""): None for key in scope.keys}
        self.years: dict[tuple[int, int], None] = {}
        self.asked: dict[str, tuple[Place, ...]] = {}

    def source(self, key: str, eid: str) -> str:
        """Return the key of a provision, of a text where `eid` is empty, and note it."""
        self.places.setdefault((key, ""))
        self.places.setdefault((key, eid))
        return key_of("source", key, *([eid] if eid else []))

    def limited(self, years: tuple[int, int]) -> str:
        """Return the key of compliance years, empty where they are all, and note them."""
        if years == (FIRST_YEAR, LAST_YEAR):
            return ""
        self.years.setdefault(years)
        return key_of("years", f"{years[0]}-{years[1]}")

    def question(self, question: Question) -> str:
        """Return the key of the provisions that a question is about; empty where it names none."""
        named = tuple((key, eid) for key, _, eid in (p.partition("#") for p in question.provisions))
        for place in named:
            self.source(*place)
        self.asked[question.name] = named
        return key_of("sources.question", question.name) if named else ""

    def elements(self) -> list[etree._Element]:
        """Return what was collected, in the order of the schema: sources, times, makers, places."""
        texts = list(dict.fromkeys(key for key, _ in self.places))
        held = [self.scope.rulebook.instruments[key] for key in texts]
        return [
            *(self._text(i) for i in held),
            *(self._asked(name, places) for name, places in self.asked.items() if places),
            self._times(held),
            *(_force(i) for i in held),
            *(_applicable(y) for y in self.years),
            _makers(held),
            _jurisdictions(held),
        ]

    def _text(self, instrument: Instrument) -> etree._Element:
        eids = [eid for key, eid in self.places if key == instrument.key]
        return lrml(
            "LegalSources", _about(instrument),
            *(self._source(instrument, eid) for eid in eids),
            key=key_of("sources", instrument.key),
        )  # fmt: skip

    def _source(self, instrument: Instrument, eid: str) -> etree._Element:
        grade = instrument.grade_of(eid) if eid else instrument.grade
        name = Label(*(self._cited(instrument, eid, lang) for lang in ("zh", "en")))
        noted = [own("grade", *spoken(GRADE_LABELS[grade]), name=grade)]
        if eid and instrument.is_summary(eid):
            noted.append(own("summary", *spoken(SUMMARY)))
        return lrml(
            "LegalSource", comment(own("citation", *spoken(name)), *noted),
            key=key_of("source", instrument.key, *([eid] if eid else [])),
            type=curie("grade", grade),
            sameAs=absolute(self.scope, provision_uri(instrument, eid)),
        )  # fmt: skip

    def _cited(self, instrument: Instrument, eid: str, lang: str) -> str:
        return cite(instrument, eid, lang) if eid else instrument.title.of(lang)

    def _asked(self, name: str, places: tuple[Place, ...]) -> etree._Element:
        referred = (lrml("LegalSource", keyref=f"#{self.source(*p)}") for p in places)
        return lrml("LegalSources", *referred, key=key_of("sources.question", name))

    def _times(self, held: list[Instrument]) -> etree._Element:
        days = {d for i in held for d in (i.effective, i.ended) if d is not None}
        for first, last in self.years:
            days |= {date(first, 1, 1), date(last + 1, 1, 1)}
        return lrml("Times", *(_time(day) for day in sorted(days)), key="times")


def _time(day: date) -> etree._Element:
    held = ruleml("Data", day.isoformat())
    held.set(f"{{{XSI}}}type", "xs:date")
    return ruleml("Time", held, key=f":{_key_of_day(day)}")


def _key_of_day(day: date) -> str:
    return key_of("day", day.isoformat())


def _about(instrument: Instrument) -> etree._Element:
    """Return what LegalRuleML has no place for: rank, number, the grade of each date."""
    dates = {"promulgated": instrument.promulgated, "effective": instrument.effective}
    if instrument.ended is not None:
        dates["ended"] = instrument.ended
    told = {name: day.isoformat() for name, day in dates.items()}
    for name, grade in instrument.date_grades.items():
        told[f"{name}-grade"] = grade
    if instrument.number:
        told["number"] = instrument.number
    words = [own("rank", *spoken(RANK_LABELS[instrument.rank]))]
    if instrument.note.zh:
        words.append(own("note", *spoken(instrument.note)))
    return comment(
        own("instrument", *words, instrument=instrument.key, rank=instrument.rank, **told)
    )


def _force(instrument: Instrument) -> etree._Element:
    """Return from which day a text is in force, and from which no more."""
    days = [("Starts", instrument.effective), ("Ends", instrument.ended)]
    key = key_of("force", instrument.key)
    return _characteristics(key, "InForce", [(d, day) for d, day in days if day is not None])


def _applicable(years: tuple[int, int]) -> etree._Element:
    first, last = date(years[0], 1, 1), date(years[1] + 1, 1, 1)
    key = key_of("years", f"{years[0]}-{years[1]}")
    return _characteristics(key, "Applicable", [("Starts", first), ("Ends", last)])


def _characteristics(key: str, status: str, days: list[tuple[str, date]]) -> etree._Element:
    return lrml(
        "TemporalCharacteristics",
        *(
            lrml(
                "TemporalCharacteristic",
                lrml("forStatus", iri=STATUS + status),
                lrml("hasStatusDevelopment", iri=STATUS + development),
                lrml("atTime", keyref=f"#{_key_of_day(day)}"),
                key=f"{key}.{development}",
            )
            for development, day in days
        ),
        key=key,
    )


def maker_key(instrument: Instrument) -> str:
    """Return the key of the authority that made a text."""
    return key_of("maker", instrument.maker)


def country_key(instrument: Instrument) -> str:
    """Return the key of the jurisdiction of a text, as its URI names it."""
    return key_of("jurisdiction", instrument.work.split("/")[2])


def _makers(held: list[Instrument]) -> etree._Element:
    makers = {maker_key(i): i for i in reversed(held)}
    return lrml(
        "Authorities",
        *(lrml("Authority", comment(*spoken(makers[key].maker_label)), key=key)
          for key in sorted(makers)),
        key="authorities",
    )  # fmt: skip


def _jurisdictions(held: list[Instrument]) -> etree._Element:
    countries = {country_key(i): i.work.split("/")[2] for i in held}
    return lrml(
        "Jurisdictions",
        *(lrml("Jurisdiction", comment(f"ISO 3166: {code.upper()}"), key=key)
          for key, code in sorted(countries.items())),
        key="jurisdictions",
    )  # fmt: skip
