"""What a case may tell, on a terminal and as JSON: every record and fact, by place in the file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rich.console import Console
from rich.text import Text

from carbonlex.cases.models import NAME
from carbonlex.interfaces.typesetting import folded
from carbonlex.model import Label, Scalar
from carbonlex.quantities import plain
from carbonlex.rulebook.mentions import provisions_naming
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import RecordType, Term
from carbonlex.words.phrases import joined
from carbonlex.words.values import say

_FORMS = {
    "boolean": Label("true 或 false", "true or false"),
    "date": Label("日期 2026-12-31", "day, 2026-12-31"),
    "text": Label("文字", "text"),
}


@dataclass(frozen=True)
class Place:
    """A table of a case file and the facts that may stand in it."""

    table: str
    record: RecordType
    terms: tuple[Term, ...]

    @property
    def is_list(self) -> bool:
        """Whether it is a list of records, told per compliance year."""
        return self.record.name != "entity"


def places(rulebook: Rulebook, sector: str = "") -> list[Place]:
    """Return every table of a case file with the facts that may be told there.

    With a sector, only those that concern it. Concepts that nobody attests are left out: they are
    derived, and may not be told.
    """
    vocabulary = rulebook.vocabulary
    told = [
        t
        for t in (NAME, *vocabulary.terms.values())
        if t.tellable and (not sector or t.concerns(sector))
    ]
    root = vocabulary.records["entity"]
    of_root = [t for t in told if t.record == "entity"]
    found = [
        Place("entity", root, tuple(t for t in of_root if t.period == "always")),
        Place("year.Y", root, tuple(t for t in of_root if t.period == "year")),
    ]
    for record in (r for r in vocabulary.records.values() if not r.enactment):
        if record.name != "entity" and (not sector or record.concerns(sector)):
            terms = tuple(t for t in told if t.record == record.name)
            found.append(Place(f"year.Y.{record.name}", record, terms))
    return found


def heading(place: Place, lang: str) -> str:
    """Return the heading of a table: how it is written in TOML, and what it is."""
    if place.is_list:
        none = (
            (" · 未告知视为没有", " · none where not told")
            if place.record.presumed_none
            else ("", "")
        )
        label = place.record.label.of(lang)
        return f"[[{place.table}]]　{label}{none[lang == 'en']}"
    always = Label("单位，各年度相同", "the entity, the same in every year")
    yearly = Label("单位，履约年度 Y", "the entity, compliance year Y")
    return f"[{place.table}]　{(always if place.table == 'entity' else yearly).of(lang)}"


def form(term: Term, lang: str) -> str:
    """Return how a fact is written: its unit and decimals, or the choices."""
    if term.type == "choice":
        return joined([_choice(name, label, lang) for name, label in term.choices.items()], lang)
    if term.type != "number":
        return _FORMS[term.type].of(lang)
    ratio = Label("比例，0.05 即 5%", "ratio, 0.05 is 5%")
    return ratio.of(lang) if term.unit == "ratio" else term.unit


def _choice(name: str, label: Label, lang: str) -> str:
    said = label.of(lang)
    if said == name:
        return name
    return f"{name}（{said}）" if lang == "zh" else f"{name} ({said})"


def untold(term: Term, lang: str) -> str:
    """Return what holds where nobody told a fact; nothing where it is then simply not known."""
    said = []
    if term.kind == "concept":
        said.append(Label("由规则推得", "derived").of(lang))
    if term.presumption is not None:
        value = say(term.presumption, term.unit, lang)
        said.append(Label(f"推定 {value}", f"presumed {value}").of(lang))
    if term.before is not None and term.before != term.presumption:
        value = say(term.before, term.unit, lang)
        said.append(Label(f"首年之前 {value}", f"before the first year {value}").of(lang))
    return joined(said, lang)


def said_of(term: Term, lang: str) -> str:
    """Return all there is to say of a fact on one line: what it is, its form, who attests it."""
    attester = Label("", "")
    if term.attester is not None:
        attester = Label(f"证明：{term.attester.zh}", f"attested by {term.attester.en}")
    said = (term.label.of(lang), form(term, lang), attester.of(lang), untold(term, lang))
    return " · ".join(s for s in said if s)


def print_facts(console: Console, rulebook: Rulebook, sector: str, lang: str) -> None:
    """Print every table of a case file with its facts."""
    for number, place in enumerate(places(rulebook, sector)):
        if number:
            console.print()
        console.print(Text(heading(place, lang), style="bold"), soft_wrap=True)
        margin = 4 + max(len(t.name) for t in place.terms)
        for term in place.terms:
            first, *rest = folded(Text(said_of(term, lang)), console.width - margin)
            name = Text(f"  {term.name}".ljust(margin), style="cyan")
            console.print(name + first, soft_wrap=True)
            for line in rest:
                console.print(Text(" " * margin) + line, soft_wrap=True)


def facts_json(rulebook: Rulebook, sector: str = "") -> str:
    """Return every table of a case file with its facts, and the provisions that ask, as JSON."""
    asking = provisions_naming(rulebook)
    tables = [
        {
            "table": place.table,
            "list": place.is_list,
            "label": _both(place.record.label),
            "sectors": list(place.record.sectors),
            "presumed_none": place.record.presumed_none,
            "facts": [_fact(t, asking.get(t.name, ())) for t in place.terms],
        }
        for place in places(rulebook, sector)
    ]
    return json.dumps({"tables": tables}, ensure_ascii=False, indent=2)


def _fact(term: Term, asking: tuple[tuple[str, str], ...]) -> dict[str, object]:
    return {
        "name": term.name,
        "label": _both(term.label),
        "type": term.type,
        "unit": term.unit or None,
        "decimals": term.decimals if term.type == "number" else None,
        "minimum": _plain(term.minimum),
        "maximum": _plain(term.maximum),
        "choices": {name: _both(label) for name, label in term.choices.items()},
        "attester": _both(term.attester) if term.attester is not None else None,
        "derived": term.kind == "concept",
        "presumption": _plain(term.presumption),
        "before": _plain(term.before),
        "sectors": list(term.sectors),
        "asked_by": [f"{key}#{eid}" for key, eid in asking],
    }


def _both(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def _plain(value: Scalar | None) -> str | bool | None:
    """Return a value for machines; numbers and days as text, so that none is read as a float."""
    if isinstance(value, Fraction):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value
