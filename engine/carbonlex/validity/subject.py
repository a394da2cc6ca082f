"""What is examined: an instrument or a draft, its maker and form, its norms, what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.model import Label, Scalar, Told
from carbonlex.quantities import QuantityError, parse_quantity
from carbonlex.reform.apply import Applied
from carbonlex.reform.makers import MAKERS, Maker
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term
from carbonlex.statutes.instruments import Instrument, Rank

_BY_FORM: dict[Rank, str] = {
    "law": "npc",
    "administrative_regulation": "gwy",
    "local_regulation": "province-congress",
    "departmental_rule": "department",
    "local_government_rule": "province",
}


@dataclass(frozen=True)
class Subject:
    """An instrument or a draft as the rules on who may enact see it.

    `enacted_on` is the day of its making: the law of that day says what its maker could do. A
    draft that is to be made later is examined under the law of the day asked. `facts` are told of
    every clause. `amends` is the rank of the instrument that a draft amends; None: of none.
    `gone` are the rights that it takes away.
    """

    instrument: Instrument
    maker: Maker
    form: Rank
    norms: tuple[Norm, ...]
    enacted_on: date
    draft: bool = False
    amends: Rank | None = None
    gone: tuple[Norm, ...] = ()
    facts: Mapping[str, Told] = field(default_factory=dict)


def held(
    rulebook: Rulebook,
    key: str,
    maker: Maker | None = None,
    form: Rank | None = None,
    facts: Mapping[str, Told] | None = None,
) -> Subject:
    """Return an instrument of the rulebook as a subject; raises `KeyError` for one not held."""
    instrument = rulebook.instruments[key]
    norms = tuple(n for n in rulebook.norms.values() if n.instrument == key)
    own = maker or _maker_of(instrument)
    rank = form or (maker.form if maker else instrument.rank)
    return Subject(instrument, own, rank, norms, instrument.promulgated, facts=facts or {})


def drafted(
    applied: Applied,
    asked_on: date,
    maker: Maker | None = None,
    form: Rank | None = None,
    facts: Mapping[str, Told] | None = None,
) -> Subject:
    """Return what a reform says as a subject: the norms that stand in its file, and no others."""
    reform, after = applied.reform, applied.after
    norms = tuple(
        n for n in applied.law.rulebook.norms.values()
        if n.instrument == after.key and n.where.file == reform.text.file
    )  # fmt: skip
    own = maker or reform.maker or _maker_of(after)
    rank = form or (maker.form if maker else reform.form or after.rank)
    told = told_facts(applied.law.rulebook, reform.facts, reform.where) | dict(facts or {})
    enacted = min(reform.promulgated or reform.effective, asked_on)
    amends = applied.before.rank if applied.before is not None else None
    gone = _taken(applied)
    return Subject(
        after, own, rank, norms, enacted, draft=True, amends=amends, gone=gone, facts=told
    )


def _taken(applied: Applied) -> tuple[Norm, ...]:
    """Return the rights that a reform takes away, as the law before had them."""
    before = applied.before
    fallen = {f.name for f in applied.fallen}
    return tuple(
        n for n in applied.law.rulebook.norms.values()
        if before is not None and n.instrument == before.key
        and n.short in fallen and n.kind == "permits"
    )  # fmt: skip


def _maker_of(instrument: Instrument) -> Maker:
    found = MAKERS.get(instrument.maker) or MAKERS[_BY_FORM.get(instrument.rank, "department")]
    label = Label(instrument.maker_label.zh, instrument.maker_label.en)
    return Maker(instrument.maker, label, found.level, (instrument.rank,))


def told_facts(rulebook: Rulebook, said: Mapping[str, object], where: Location) -> dict[str, Told]:
    """Return facts told of a draft; raises `ContentError` for what is none of a clause's."""
    found: dict[str, Told] = {}
    wrong: list[Diagnostic] = []
    of_clauses = rulebook.vocabulary.of_record("clauses")
    terms = {t.name: t for t in of_clauses if t.attester or t.presumption is not None}
    tellable = ", ".join(terms)
    for name, value in said.items():
        term = terms.get(name)
        scalar = _scalar(term, value) if term is not None else None
        if term is None:
            message = (f"没有可以告知的事实 {name}", f"there is no fact {name} to tell")
            hint = (f"可选：{tellable}", f"choose from: {tellable}")
            wrong.append(Diagnostic("name-unknown", message, where, hint=hint))
        elif scalar is None:
            kind = f"{term.type}{f'（{term.unit}）' if term.unit else ''}"
            message = (f"{name} 应为 {kind}", f"{name} should be a {term.type} {term.unit}".strip())
            wrong.append(Diagnostic("type-mismatch", message, where))
        else:
            found[name] = Told(scalar, where)
    if wrong:
        raise ContentError(tuple(wrong))
    return found


def _scalar(term: Term, value: object) -> Scalar | None:
    """Return a value as the term has it, from TOML or from the text of an option."""
    text = str(value).strip()
    if term.type == "boolean":
        return {"true": True, "false": False, "是": True, "否": False}.get(text.lower())
    if isinstance(value, bool):
        return None
    try:
        return parse_quantity(text, term.unit) if term.type == "number" else None
    except QuantityError:
        return None
