"""The calendar of a case: its duties as judged, rights that lapse, time limits of authorities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from carbonlex.calendar import days_between
from carbonlex.model import UNKNOWN, Case, Outcome
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.duties import Duty, Slot, duty_in
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.facts import EMITTER, role_of
from carbonlex.reasoner.grades import grade_of
from carbonlex.reasoner.needs import Sets, days_unpublished, needs, presumed, unissued
from carbonlex.reasoner.proof import Proof, by_presumption
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.timeline.entry import Actor, Entry, Nature, Status, Timeline, Undated
from carbonlex.timeline.horizon import extended, month_in, rows_told
from carbonlex.timeline.local import local_entries
from carbonlex.timeline.overlay import Overlay
from carbonlex.version import ENGINE
from carbonlex.words.sentences import Cite, cites_of

_STATUS: dict[Outcome, Status] = {
    "complied": "done",
    "pending": "due",
    "breached": "overdue",
    "undetermined": "undetermined",
    "conflict": "undetermined",
}
_LAST = date.max


def calendar_of(
    rulebook: Rulebook,
    case: Case,
    on: date,
    readings: Mapping[str, str] | None = None,
    overlays: tuple[Overlay, ...] = (),
    last_year: int = 0,
) -> Timeline:
    """Return the calendar of a case as of a day; raises `ContentError` for a bad reading.

    Compliance years run from the first told to the year of the day asked, or to `last_year`
    where that is later.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> facts = {"listed": True, "report_submitted": False}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> found = calendar_of(rulebook, case, date(2026, 2, 1)).soon
    >>> [(e.answers, str(e.day)) for e in found if e.answers == "report"]
    [('report', '2026-03-31')]
    """
    whole = extended(case, rulebook.vocabulary, max(on.year, last_year))
    report = check_case(rulebook, whole, on, readings=readings, survey=False)
    maker = _Maker(rulebook, case, Evaluation(rulebook, whole, on, None, dict(readings or {})))
    national = [e for v in report.verdicts for e in maker.judged(v)]
    shown = {(e.answers, e.year) for e in national}
    used = {p for v in report.verdicts if (v.duty, v.year) in shown for p in v.presumed}
    national += maker.limits()
    entries = [*national, *local_entries(maker.run, tuple(national), overlays)]
    entries.sort(key=lambda e: (e.day or _LAST, e.actor, e.key))
    added = tuple(y for y in whole.years if y not in case.years)
    return Timeline(
        case.name, on, tuple(sorted((readings or {}).items())), tuple(entries), added,
        tuple(sorted(used | maker.presumed)), rulebook.digest, case.digest, ENGINE,
    )  # fmt: skip


def why_undated(proof: Proof | None, rulebook: Rulebook, norm: str) -> Undated:
    """Return why the proof of a day gave none."""
    if proof is None:
        return Undated("open")
    missing = needs(proof, rulebook.vocabulary, norm)
    if missing:
        return Undated("missing", missing)
    if names := unissued(proof):
        return Undated("unissued", (), names)
    return Undated("unpublished" if days_unpublished(proof) else "open")


@dataclass
class _Maker:
    rulebook: Rulebook
    told: Case
    run: Evaluation

    def __post_init__(self) -> None:
        self.presumed: set[tuple[str, int]] = set()

    def judged(self, verdict: Verdict) -> Iterator[Entry]:
        """Yield the entry of a verdict, and of what is ordered after its breach."""
        norm = self.rulebook.norms[verdict.norm]
        if verdict.outcome == "not_applicable":
            return
        lasting = norm.until is not None or norm.kind == "prohibits"
        status = _STATUS[verdict.outcome]
        assumed = status == "done" and by_presumption(verdict.test)
        if assumed and (verdict.due is None or verdict.due >= self.run.asked_on):
            status = "due"  # what is only presumed is still to be done
        yield self.entry(
            verdict.duty,
            norm,
            Slot(verdict.duty, verdict.year, verdict.index),
            nature="prohibition" if norm.kind == "prohibits" else "duty",
            actor="entity",
            status="open" if status == "due" and lasting else status,
            day=verdict.due,
            due=verdict.due_proof,
            concurring=tuple(self.rulebook.norms[n] for n in verdict.concurring),
            verdict=verdict,
            assumed=assumed and status == "done",
        )
        found = verdict.sanctions if verdict.outcome == "breached" else None
        package = (found.governing or found.at_breach) if found is not None else None
        for further in package.further if package is not None else ():
            yield from self.judged(further)

    def limits(self) -> Iterator[Entry]:
        """Yield the rights that lapse and the time limits of the authority, year by year."""
        role = role_of(self.told)
        groups: dict[tuple[str, str, Nature], list[Norm]] = {}
        for norm in self.rulebook.norms.values():
            nature = _nature(norm, role)
            if nature is not None:
                groups.setdefault((norm.answers, norm.record, nature), []).append(norm)
        for (answers, record, nature), norms in groups.items():
            for year, facts in self.run.case.years.items():
                rows = range(len(facts.lists.get(record, ()))) if record != "entity" else (-1,)
                for index in rows:
                    slot = Slot(answers, year, index)
                    duty = duty_in(self.run, slot, tuple(norms))
                    if duty is not None and duty.basis.binding.value is not False:
                        yield self.limit(duty, slot, nature)

    def limit(self, duty: Duty, slot: Slot, nature: Nature) -> Entry:
        """Return the entry of a right or limit: its day, and whether that has gone by."""
        basis, norm = duty.basis, duty.basis.norm
        asked = norm.test is not None or norm.limbs is not None
        status: Status = "open" if nature == "right" else "due"
        bound = basis.bound
        if duty.conflict or bound is UNKNOWN or basis.day is None:
            status = "undetermined"
        elif asked and duty.met is True:
            status = "done"
        elif self.run.asked_on > basis.day:
            status = "passed"
        self.presumed |= set(presumed([basis.binding, basis.due]))
        return self.entry(
            slot.duty,
            norm,
            slot,
            nature=nature,
            actor="authority" if nature == "limit" else "entity",
            status=status,
            day=None if duty.conflict else basis.day,
            due=None if duty.conflict else basis.due,
            concurring=tuple(i.norm for i in duty.concurring),
            binding=basis.binding,
        )

    def entry(
        self,
        answers: str,
        norm: Norm,
        slot: Slot,
        *,
        nature: Nature,
        actor: Actor,
        status: Status,
        day: date | None,
        due: Proof | None,
        concurring: tuple[Norm, ...],
        verdict: Verdict | None = None,
        binding: Proof | None = None,
        assumed: bool = False,
    ) -> Entry:
        """Return an entry of national law."""
        run, index = self.run, slot.index
        rows = run.case.years[slot.year].lists.get(norm.record, ())
        month = month_in(rows[index]) if 0 <= index < len(rows) else 0
        cites: list[Cite] = [c for n in (norm, *concurring) for c in cites_of(n)]
        known = [p for p in (binding, due) if p is not None and p.value is not UNKNOWN]
        unbound = binding is not None and binding.value is UNKNOWN
        place = f"/{month:02}" if month else f"/{index + 1}" if index >= 0 else ""
        return Entry(
            key=f"{nature}/{answers}/{slot.year}{place}",
            answers=answers,
            what=norm.label,
            year=slot.year,
            nature=nature,
            actor=actor,
            status=status,
            day=day,
            days_left=days_between(run.asked_on, day) if day is not None else None,
            grade=verdict.grade if verdict else grade_of(self.rulebook, norm, known),
            norm=norm.id,
            cites=tuple(dict.fromkeys(cites)),
            month=month,
            index=index,
            until=norm.until is not None,
            undated=None if day is not None else why_undated(due, self.rulebook, norm.id),
            needs=self.settling(verdict, binding if unbound else None, norm),
            presumed=assumed,
            told=slot.year in self.told.years
            and index < max(rows_told(self.told, norm.record, slot.year), 0),
        )

    def settling(self, verdict: Verdict | None, binding: Proof | None, norm: Norm) -> Sets:
        if verdict is not None:
            return verdict.needs
        return needs(binding, self.rulebook.vocabulary, norm.id) if binding is not None else ()


def _nature(norm: Norm, role: str) -> Nature | None:
    """Return what a norm that is not judged puts in the calendar of a role; None: nothing."""
    versions = (norm, *norm.readings.values())
    if not any(v.due is not None or v.until is not None for v in versions) or norm.ordered_by:
        return None
    if norm.kind in ("permits", "empowers") and norm.addresses(role):
        return "right"
    # What an authority must do by a day, it must do towards those who emit.
    timed = norm.kind in ("obliges", "permits", "empowers")
    return "limit" if timed and "authority" in norm.addressees and role == EMITTER else None
