"""A reform applied to the law on paper: a new expression, and a new rulebook beside the old."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.reform.content import content_digest
from carbonlex.reform.fences import Fallen, restate
from carbonlex.reform.law import Law, Written
from carbonlex.reform.reform import Reform
from carbonlex.rulebook.assemble import duplicates, indexed, order
from carbonlex.rulebook.check import problems
from carbonlex.rulebook.expressed import Expressed
from carbonlex.rulebook.markdown import RuleText
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.akn import instrument_in
from carbonlex.statutes.amend import Act, amended
from carbonlex.statutes.enact import enacted
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.markup import DraftFault, place_of


@dataclass(frozen=True)
class Applied:
    """A reform applied: the law after it, the expression before (None: none) and that after."""

    reform: Reform
    law: Law
    before: Instrument | None
    after: Instrument
    fallen: tuple[Fallen, ...]


def apply(law: Law, reform: Reform, known: date | None = None) -> Applied:
    """Return what a reform makes of the law; raises `ContentError` with every diagnostic.

    The law given is left as it is. `known`: a day by which the draft is taken to be enacted,
    for what-ifs on a day before.

    >>> from carbonlex.reform.law import law_on_paper
    >>> from carbonlex.reform.read import read_reform
    >>> from pathlib import Path
    >>> path = Path("examples/reforms/offset-ten.md")
    >>> applied = apply(law_on_paper(), read_reform(path))
    >>> applied.after.key, applied.after.effective.year
    ('measures-2021@2027-01-01', 2027)
    """
    base = _amended(law.rulebook, reform) if reform.amends else None
    try:
        xml = _expression(law, reform, base, known)
    except DraftFault as fault:
        wrong = Diagnostic("reform-malformed", (fault.zh, fault.en), fault.where, hint=fault.hint)
        raise ContentError((wrong,)) from None
    after, faults = instrument_in(xml, reform.where.file)
    if after is None:
        raise ContentError(tuple(faults))
    _one_each(reform, after)
    texts, fallen = _texts(law, reform, base, after)
    rulebook = _rulebook(law, reform, base, after, texts)
    made = {k: v for k, v in law.made.items() if k in rulebook.instruments}
    written = Written(xml, texts)
    changed = replace(law, rulebook=rulebook, made=made | {after.key: written}, origin=law.corpus)
    return Applied(reform, changed, base, after, fallen)


def _texts(
    law: Law, reform: Reform, base: Instrument | None, after: Instrument
) -> tuple[tuple[RuleText, ...], tuple[Fallen, ...]]:
    if base is None:
        text = replace(reform.text, wrong=[])
        return (text,), ()
    found = restate(law.written(base.key).texts, reform, base, after)
    return found.texts, found.fallen


def _amended(rulebook: Rulebook, reform: Reform) -> Instrument:
    """Return the expression that a reform amends: that in force when it takes effect."""
    named = rulebook.instruments.get(reform.amends)
    if named is None:
        known = "、".join(rulebook.instruments)
        _refuse(
            reform, "amends", "instrument-unknown", f"没有 {reform.amends}",
            f"there is no {reform.amends}", (f"可选：{known}", f"choose from: {known}"),
        )  # fmt: skip
    day = reform.effective
    of_work = [i for i in rulebook.instruments.values() if i.work == named.work]
    found = [i for i in of_work if i.in_force(day)]
    if not found:
        _refuse(
            reform, "effective", "reform-malformed",
            f"{named.key} 在 {day} 不施行，不能自该日起修改",
            f"{named.key} is not in force on {day}: it cannot be amended from then",
            (f"施行期间：{_spans(of_work, '至')}", f"in force: {_spans(of_work, 'to')}"),
        )  # fmt: skip
    return found[0]


def _spans(expressions: list[Instrument], to: str) -> str:
    spans = (f"{i.effective} {to} {i.ended or '…'}" for i in expressions)
    return ", ".join(spans)


def _one_each(reform: Reform, after: Instrument) -> None:
    """Refuse a draft that gives two provisions one identity (`formerly`)."""
    seen: dict[str, str] = {}
    for provision in after.provisions.values():
        other = seen.setdefault(provision.wid, provision.eid)
        if other != provision.eid:
            _refuse(
                reform, "formerly", "reform-malformed",
                f"{other} 与 {provision.eid} 的 wId 都是 {provision.wid}",
                f"{other} and {provision.eid} both have the wId {provision.wid}",
                ("formerly 只写已删去条款的原编号", "formerly is for a number that is repealed"),
            )  # fmt: skip


def _refuse(
    reform: Reform, key: str, code: str, zh: str, en: str, hint: tuple[str, str] = ("", "")
) -> NoReturn:
    text = replace(reform.text, wrong=[])
    text.fail(code, text.front_lines.get(key, 1), zh, en, hint)  # type: ignore[arg-type]
    raise ContentError(tuple(text.wrong))


def _expression(law: Law, reform: Reform, base: Instrument | None, known: date | None) -> bytes:
    if base is not None:
        key = f"{base.key.partition('@')[0]}@{reform.effective}"
        if base.effective == reform.effective:  # it is law from then on in the place of the base
            key = base.key
        act = Act(key, reform.uri, reform.title, reform.effective)
        return amended(law.written(base.key).xml, act, reform.amendments)
    assert reform.maker is not None and reform.form is not None
    promulgated = min(reform.promulgated or reform.effective, known or date.max, reform.effective)
    if reform.key in law.rulebook.instruments:
        _refuse(
            reform, "key", "reform-malformed", f"已有文件 {reform.key}，请另取 key",
            f"there is an instrument {reform.key}: choose another key",
        )  # fmt: skip
    return enacted(
        reform.key, reform.title, reform.form, reform.maker.key, reform.maker.label, promulgated,
        reform.effective, reform.amendments,
    )  # fmt: skip


def _rulebook(
    law: Law,
    reform: Reform,
    base: Instrument | None,
    after: Instrument,
    texts: tuple[RuleText, ...],
) -> Rulebook:
    old = law.rulebook
    instruments = dict(old.instruments)
    gone = ""
    if base is not None:
        if base.effective < reform.effective:
            instruments[base.key] = replace(base, ended=reform.effective)
        else:  # amended from its first day on: it is never in force, another takes its key
            gone = base.key
            del instruments[gone]
    instruments[after.key] = after
    said = Expressed(after)
    for text in reversed(texts):
        said.read(text)
    norms = sorted(said.norms, key=lambda n: place_of(n.provisions[0]))
    others = [n for n in old.norms.values() if n.instrument not in (gone, after.key)]
    kept = [p for p in old.parameters.values() if p.instrument not in (gone, after.key)]
    wrong = [d for t in texts for d in t.wrong] + [*duplicates(norms)]
    rulebook = indexed(
        replace(
            old,
            instruments={k: instruments[k] for k in sorted(instruments, key=order(instruments))},
            norms={n.id: n for n in (*others, *norms)},
            parameters={p.full: p for p in (*kept, *said.parameters)},
            not_encoded=(
                *(n for n in old.not_encoded if n.instrument not in (gone, after.key)),
                *said.not_encoded,
            ),
            coverage=(
                *(c for c in old.coverage if c.instrument not in (gone, after.key)),
                *said.coverage(),
            ),
            successors=_successors(old, base, after, [n.short for n in norms]),
        )
    )
    wrong = wrong or [*problems(rulebook)]
    if gone and any(d.where.file not in {t.file for t in texts} for d in wrong):
        _leaned_on(reform, base, wrong)
    if wrong:
        raise ContentError(tuple(wrong))
    return replace(rulebook, digest=_digest(law.corpus, rulebook))


def _leaned_on(reform: Reform, base: Instrument | None, wrong: list[Diagnostic]) -> NoReturn:
    """Refuse a draft from the first day of an instrument that other instruments' rules lean on.

    From a later day on they would still find what was law before.
    """
    assert base is not None
    first = wrong[0]
    _refuse(
        reform, "effective", "reform-malformed",
        f"{reform.effective} 是 {base.key} 施行的第一天，自该日起修改则原规范从未施行，别处却仍依据"
        f"它（{first.where}：{first.message[0]}）",
        f"{reform.effective} is the first day of {base.key}: amended from then, what it said was "
        f"never law, and rules elsewhere rest on it ({first.where}: {first.message[1]})",
        ("施行日改为以后的一天，或以 as_before 保留该规范",
         "take a later day of effect, or keep the norm with as_before"),
    )  # fmt: skip


def _successors(
    old: Rulebook, base: Instrument | None, after: Instrument, shorts: Iterable[str]
) -> dict[str, str]:
    """Return the norm in whose place another stands, by id, with those of `after` added."""
    if base is None:
        return dict(old.successors)
    now = {short: f"{after.key}/{short}" for short in shorts}
    found = {k: v for k, v in old.successors.items() if not v.startswith((f"{after.key}/",))}
    for norm in old.norms.values():
        if norm.instrument == base.key and norm.short in now and norm.id != now[norm.short]:
            found[norm.id] = now[norm.short]
    if base.effective == after.effective:
        for first, second in old.successors.items():
            short = second.partition("/")[2]
            if second.startswith(f"{base.key}/") and short in now:
                found[first] = now[short]
    return found


def _digest(corpus: Rulebook, new: Rulebook) -> str:
    """Return the digest of a reformed rulebook: that of the corpus where the law is the same."""
    said = content_digest(new)
    if said == content_digest(corpus):
        return corpus.digest
    return hashlib.sha256(f"{corpus.digest} {said}".encode()).hexdigest()


@dataclass(frozen=True)
class Clash:
    """Two reforms that change one provision: the later takes the place of the earlier."""

    eid: str
    first: Location
    second: Location


def apply_all(
    law: Law, reforms: Iterable[Reform], known: date | None = None
) -> tuple[Law, tuple[Applied, ...], tuple[Clash, ...]]:
    """Apply reforms in the order of their effect; returns the law, each step, and the clashes."""
    done: list[Applied] = []
    clashes: list[Clash] = []
    for reform in sorted(reforms, key=lambda r: r.effective):
        for before in done:
            same = reform.amends and before.reform.amends == reform.amends
            if same and reform.after != before.reform.key:
                clashes += _clashes(before.reform, reform)
        done.append(apply(law, reform, known))
        law = done[-1].law
    return law, tuple(done), tuple(clashes)


def _clashes(one: Reform, other: Reform) -> Iterable[Clash]:
    for first in one.amendments:
        for second in other.amendments:
            pair = sorted((first.eid, second.eid), key=len)
            if pair[0] == pair[1] or pair[1].startswith(f"{pair[0]}__"):
                yield Clash(second.eid, first.where, second.where)
