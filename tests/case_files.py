"""Engine-neutral case files: facts, dates and readings in; verdicts and citations out.

Every file under `tests/cases/` is one scenario. `[case]` is a case as a user writes it; the rest
says what must come out. Only the keys that a file gives are compared, save three that always
are: the exit code, the differences between told and derived, and that no key is misspelt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from carbonlex.cases.read import case_from
from carbonlex.model import Case
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.consequence import Consequence
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from reported import (
    CONCURRENCE,
    CONSEQUENCE,
    FINDING,
    LIGHTER,
    LIMITATION,
    VERDICT,
    Shown,
    acts_named,
    facts_needed,
    package_of,
    shown,
    written,
)

FOLDER = Path(__file__).parent / "cases"
_SURVEYED = frozenset({"stable", "changing", "questions"})
_TOP = frozenset({
    "title", "note", "on", "decided", "readings", "case", "outcomes", "expect", "finding",
    "concurrence", "difference", "exit", "known",
})  # fmt: skip
_IN_EXPECT = frozenset({"duty", "year", "index", "sanction", "further", "lighter", "limitation"})
_IN_SANCTION = frozenset({"law", "kind", "norm", "breach", "liable", "absent"})
Table = Mapping[str, Any]


@dataclass(frozen=True)
class CaseFile:
    """One file: its name under `tests/cases/`, what it says, and the text it was read from."""

    name: str
    tree: Table
    text: str

    @property
    def surveyed(self) -> bool:
        """Whether the file asserts which readings change the result."""
        return any(_SURVEYED & set(e) for e in self.tree.get("expect", ()))

    @property
    def known(self) -> str:
        """Why the engine is known not to give the answer of the law; empty if it does."""
        return str(self.tree.get("known", ""))

    def case(self, rulebook: Rulebook) -> Case:
        """Return the facts of the file under the vocabulary of a rulebook."""
        return case_from(self.tree["case"], rulebook.vocabulary, self.name)

    def check(self, rulebook: Rulebook, chain_with: str = "") -> Report:
        """Check the case as the file asks; other readings are tried only where it says so."""
        told = self.tree
        return check_case(
            rulebook, self.case(rulebook), told["on"], told.get("decided"),
            told.get("readings"), survey=self.surveyed, chain_with=chain_with,
        )  # fmt: skip


def case_files(folder: Path = FOLDER) -> list[CaseFile]:
    """Return every case file, in the order of their names."""
    found = []
    for path in sorted(folder.rglob("*.toml")):
        text = path.read_text("utf-8")
        name = path.relative_to(folder).with_suffix("").as_posix()
        found.append(CaseFile(name, tomllib.loads(text, parse_float=Decimal), text))
    return found


def mismatches(file: CaseFile, rulebook: Rulebook, report: Report) -> Iterator[str]:
    """Yield what came out otherwise than the file says, in the order of the file."""
    tree = file.tree
    yield from _misspelt("file", tree, _TOP)
    yield from _same("exit", tree["exit"], report.exit_code)
    for year, told in tree.get("outcomes", {}).items():
        found = {_slot(v): v.outcome for v in report.verdicts if v.year == int(year)}
        yield from _same(f"outcomes.{year}", told, found)
    for one in tree.get("finding", ()):
        yield from _finding(one, report)
    differences = [_difference(d) for d in report.differences]
    yield from _same("difference", _tables(tree.get("difference", ())), _tables(differences))
    for one in tree.get("expect", ()):
        yield from _expect(one, rulebook, report)
    for one in tree.get("concurrence", ()):
        yield from _concurrence(one, report)


def _slot(verdict: Verdict) -> str:
    return verdict.duty if verdict.index < 0 else f"{verdict.duty}#{verdict.index + 1}"


def _difference(one: Any) -> dict[str, Shown]:
    told, derived = shown(one.told), shown(one.derived)
    return {"concept": one.concept, "year": one.year, "told": told, "derived": derived}


def _tables(tables: Any) -> list[list[tuple[str, Shown]]]:
    return sorted(sorted((k, written(v)) for k, v in t.items()) for t in tables)


def _finding(told: Table, report: Report) -> Iterator[str]:
    at = f"finding {told['concept']} {told['year']}"
    named = (told["concept"], told["year"])
    found = [f for f in report.findings if (f.concept, f.year) == named]
    if told.get("absent") or not found:
        if bool(told.get("absent")) == bool(found):
            yield f"{at}: {'is there' if found else 'is not there'}"
        return
    rest = {k: v for k, v in told.items() if k not in ("concept", "year", "absent")}
    yield from _compared(at, rest, FINDING, found[0])


def _expect(told: Table, rulebook: Rulebook, report: Report) -> Iterator[str]:
    index = told.get("index", -1)
    at = f"{told['duty']} {told['year']}" + ("" if index < 0 else f"#{index + 1}")
    place = (told["duty"], told["year"], index)
    found = next((v for v in report.verdicts if (v.duty, v.year, v.index) == place), None)
    if found is None or told.get("absent"):
        if (found is None) != bool(told.get("absent")):
            yield f"{at}: {'is not there' if found is None else 'is there'}"
        return
    rest = {k: v for k, v in told.items() if k not in _IN_EXPECT | {"provisions"}}
    yield from _compared(at, rest, VERDICT, found)
    if "provisions" in told:
        norm = rulebook.norms[found.norm]
        places = [f"{norm.instrument}#{eid}" for eid in norm.provisions]
        yield from _same(f"{at}: provisions", told["provisions"], places)
    for one in told.get("sanction", ()):
        yield from _sanction(f"{at}: ", one, found)
    for one in told.get("further", ()):
        yield from _further(f"{at}: ", one, found)
    if "lighter" in told:
        lighter = found.sanctions.lighter if found.sanctions else None
        if lighter is None:
            yield f"{at}: lighter: no two laws were compared"
        else:
            yield from _compared(f"{at}: lighter", told["lighter"], LIGHTER, lighter)
    if "limitation" in told:
        yield from _limitation(at, told["limitation"], found)


def _limitation(at: str, told: Table, verdict: Verdict) -> Iterator[str]:
    law = told.get("law", "governing")
    package, at = package_of(verdict, law), f"{at}: limitation {law}"
    found = package.limitation if package else None
    if told.get("absent") or found is None:
        if bool(told.get("absent")) == (found is not None):
            yield f"{at}: {'is not there' if found is None else 'is there'}"
        return
    rest = {k: v for k, v in told.items() if k not in ("law", "absent")}
    yield from _compared(at, rest, LIMITATION, found)


def _concurrence(told: Table, report: Report) -> Iterator[str]:
    """Compare the act of a year in which the breaches named concur; `absent`: in none do they."""
    at = f"concurrence {told['year']} {'+'.join(told['breaches'])}"
    named = (told["year"], sorted(told["breaches"]))
    found = [c for c in report.concurrences if (c.year, sorted(acts_named(c))) == named]
    if told.get("absent") or not found:
        if bool(told.get("absent")) == bool(found):
            yield f"{at}: {'is there' if found else 'is not there'}"
        return
    rest = {k: v for k, v in told.items() if k not in ("year", "breaches", "absent")}
    yield from _compared(at, rest, CONCURRENCE, found[0])


def _sanction(at: str, told: Table, verdict: Verdict) -> Iterator[str]:
    law = told.get("law", "governing")
    package = package_of(verdict, law)
    at += " ".join(("sanction", law, told["kind"], told.get("norm", "")))
    listed = package.consequences if package else ()
    found = [c for c in listed if _named(c, told, verdict)]
    if told.get("absent"):
        if found:
            yield f"{at}: is there"
        return
    if len(found) != 1:
        others = [f"{c.kind} {c.norm} {c.breach}" for c in listed if c.kind != "discretion"]
        yield f"{at}: {len(found)} of this kind; there are {others}"
        return
    rest = {k: v for k, v in told.items() if k not in _IN_SANCTION | {"needs"}}
    yield from _compared(at, rest, CONSEQUENCE, found[0])
    if "needs" in told:
        yield from _same(f"{at}: needs", told["needs"], facts_needed(found[0].needs, verdict.year))


def _named(one: Consequence, told: Table, verdict: Verdict) -> bool:
    wanted = (told["kind"], told.get("norm", one.norm), told.get("breach", verdict.duty))
    on_others = bool(told.get("liable", False))
    return (one.kind, one.norm, one.breach) == wanted and (one.liable is not None) == on_others


def _further(at: str, told: Table, verdict: Verdict) -> Iterator[str]:
    package = package_of(verdict, told.get("law", "governing"))
    at += f"further {told['duty']}"
    found = [v for v in (package.further if package else ()) if v.duty == told["duty"]]
    if told.get("absent") or not found:
        if bool(told.get("absent")) == bool(found):
            yield f"{at}: {'is there' if found else 'is not there'}"
        return
    rest = {k: v for k, v in told.items() if k not in ("law", "duty", "absent")}
    yield from _compared(at, rest, VERDICT, found[0])


def _misspelt(at: str, told: Table, known: Any) -> Iterator[str]:
    for key in sorted(set(told) - set(known)):
        yield f"{at}: the key {key!r} means nothing here"


def _compared(
    at: str, told: Table, known: Mapping[str, Callable[[Any], Shown]], found: object
) -> Iterator[str]:
    yield from _misspelt(at, told, known)
    for key in told.keys() & known.keys():
        yield from _same(f"{at}: {key}", told[key], known[key](found))


def _same(at: str, told: Shown, found: Shown) -> Iterator[str]:
    wanted, got = written(told), written(found)
    if wanted != got:
        yield f"{at}: {wanted!r} is right, {got!r} came out"
