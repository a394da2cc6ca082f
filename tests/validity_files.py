"""Engine-neutral cases of validity: an instrument, a draft or one clause in; what holds comes out.

Every file under `tests/validity/` is a table of cases. An `[[examined]]` names an instrument by
its key or a draft under `tests/drafts/`, and expects findings on its clauses. A `[[clause]]` tells
the facts of one clause by itself, as they would be read off an instrument; where a key has a list,
every member of it, with every member of the others, is a clause of its own with the same answer.
Such a clause is enacted on the day of whose law it is examined, unless `clause_enacted_on` is told.
An `[[examined]]` without a subject writes its draft itself: `norm` is the one norm that it adds, or
`repeals` the provision of the instrument `amends` that it deletes.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from carbonlex.corpus import corpus
from carbonlex.model import Told
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reform.apply import apply
from carbonlex.reform.law import Law
from carbonlex.reform.makers import MAKERS
from carbonlex.reform.read import read_reform
from carbonlex.reform.reform import Reform
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.clauses import Clause
from carbonlex.validity.conclude import finding_of
from carbonlex.validity.examine import Examination, examine
from carbonlex.validity.finding import Finding
from carbonlex.validity.records import WHERE, Record, case_of
from carbonlex.validity.subject import Subject, drafted, held, told_facts

FOLDER = Path(__file__).parent / "validity"
DRAFTS = Path(__file__).parent / "drafts"
ASKED = date(2026, 12, 31)  # after every day on which a clause told by itself is examined
MAKER_OF = {
    "law": "npcsc",
    "administrative_regulation": "gwy",
    "local_regulation": "province-congress",
    "departmental_rule": "mee",
    "local_government_rule": "province",
    "normative_document": "city",
}
_FACTS = ("form", "level", "effect", "matter", "coercion")
_CLAUSE = {"title", "day", *_FACTS, "facts"}
_EXAMINED = {
    "title", "subject", "replace", "on", "maker", "form", "readings", "facts", "expect", "exit",
    "norm", "repeals", "amends", "promulgated", "effective",
}  # fmt: skip
_EXPECT = {"clause", "effect", "day"}
Table = Mapping[str, Any]


@dataclass(frozen=True)
class ValidityCase:
    """One case, or all clauses told by themselves in one file, which are checked together."""

    name: str
    tables: tuple[Table, ...]
    text: str
    surveyed: bool = False

    def wrong(self, rulebook: Rulebook, chain_with: str = "") -> Iterator[str]:
        """Yield what came out otherwise than the file says."""
        if "expect" in self.tables[0]:
            return _examined_wrong(self.tables[0], rulebook, chain_with)
        return _clauses_wrong(self.tables, rulebook, chain_with)


def validity_cases(folder: Path = FOLDER) -> list[ValidityCase]:
    """Return every case, in the order of files and of what they say."""
    found: list[ValidityCase] = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text("utf-8")
        tree = tomllib.loads(text, parse_float=Decimal)
        for one in tree.get("examined", ()):
            found.append(ValidityCase(f"validity/{path.stem}/{one['title']}", (one,), str(one)))
        if clauses := tuple(tree.get("clause", ())):
            found.append(ValidityCase(f"validity/{path.stem}", clauses, text))
    return found


# an instrument or a draft


def examination(told: Table, rulebook: Rulebook, chain_with: str = "") -> Examination:
    """Return what is found of the instrument or draft that a case names."""
    maker = MAKERS[told["maker"]] if "maker" in told else None
    facts = told_facts(rulebook, told.get("facts", {}), WHERE)
    if "subject" not in told or told["subject"].endswith(".md"):
        law = Law(rulebook, corpus("rules"), corpus("statutes"))
        applied = apply(law, _reform(told))
        rulebook = applied.law.rulebook
        subject = drafted(applied, told["on"], maker, told.get("form"), facts)
    else:
        subject = held(rulebook, told["subject"], maker, told.get("form"), facts)
    return examine(rulebook, subject, told["on"], told.get("readings"), chain_with)


def _reform(told: Table) -> Reform:
    """Return the draft of a case, its words replaced where the case says so."""
    path = DRAFTS / told.get("subject", "draft.md")
    text = path.read_text("utf-8") if "subject" in told else _written(told)
    for old, new in told.get("replace", {}).items():
        assert old in text, f"{path.name} does not say {old}"
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / path.name
        changed.write_text(text, "utf-8")
        return read_reform(changed)


def _written(told: Table) -> str:
    """Return the draft that a case writes itself; it is made by the maker of the case."""
    front = ['title = {zh = "草案", en = "draft"}', f'maker = "{told["maker"]}"']
    front += [f"{key} = {told[key]}" for key in ("promulgated", "effective") if key in told]
    if "repeals" in told:
        front.append(f'amends = "{told["amends"]}"')
        body = f"## 删去 本条 {{#{told['repeals']}}}"
    else:
        label = 'id = "clause"\nlabel = {zh = "本条", en = "this clause"}'
        body = f"## 增加 第一条 {{#art_1}}\n\n> 草案。\n\n```norm\n{label}\n{told['norm']}\n```"
    return "\n".join(["+++", *front, "+++", "", body, ""])


def _examined_wrong(told: Table, rulebook: Rulebook, chain_with: str) -> Iterator[str]:
    if misspelt := set(told) - _EXAMINED:
        yield f"{told['title']}: {sorted(misspelt)} mean nothing here"
    found = examination(told, rulebook, chain_with)
    if "exit" in told and told["exit"] != found.exit_code:
        yield f"{told['title']}: exit {found.exit_code}"
    for one in told["expect"]:
        at = f"{told['title']}: {one['clause']} {one.get('effect', '')} {one.get('day', 'asked')}"
        named = [f for f in found.findings if _is_named(f, one, told["on"])]
        if len(named) != 1:
            yield f"{at}: {len(named)} findings of this name"
            continue
        wanted = {k: v for k, v in one.items() if k not in _EXPECT}
        yield from _compared(at, wanted, named[0])


def _is_named(finding: Finding, one: Table, on: date) -> bool:
    if (finding.clause.norm.short, finding.clause.effect) != (
        one["clause"], one.get("effect", finding.clause.effect),
    ):  # fmt: skip
        return False
    return finding.enactment if one.get("day") == "enactment" else finding.day == on


# clauses told by themselves


def clauses_found(
    tables: tuple[Table, ...], rulebook: Rulebook, chain_with: str = ""
) -> Iterator[tuple[Table, Table, Finding]]:
    """Yield each clause told by itself: its table, the choices made from it, what is found."""
    told = [(one, each) for one in tables for each in _each(one)]
    records = [_record(rulebook, each) for _, each in told]
    instrument = rulebook.instruments["guofa-2021-26"]  # any: only the title is read off it
    subject = Subject(instrument, MAKERS["mee"], "departmental_rule", (), ASKED)
    case = case_of(subject, records, ASKED)
    report = check_case(rulebook, case, ASKED, survey=False, chain_with=chain_with)
    run = Evaluation(rulebook, case, ASKED, None, {})
    for at, ((one, each), record) in enumerate(zip(told, records, strict=True)):
        form = each["form"]
        own = Subject(instrument, MAKERS[MAKER_OF[form]], form, (), record.day)
        verdicts = tuple(v for v in report.verdicts if v.index == at)
        yield one, each, finding_of(run, own, record, at, verdicts, None)


def _clauses_wrong(tables: tuple[Table, ...], rulebook: Rulebook, chain_with: str) -> Iterator[str]:
    for one in tables:
        if misspelt := set(one) - _CLAUSE - set(_FINDING):
            yield f"{one['title']}: {sorted(misspelt)} mean nothing here"
    for one, each, finding in clauses_found(tables, rulebook, chain_with):
        keys = {k: v for k, v in one.items() if k in _FINDING}
        which = " ".join(str(each[k]) for k in ("day", *_FACTS) if k in each)
        wanted = {"limits": [], "powers": []} | keys
        if wanted["powers"] == "*":  # those of several forms: each is said elsewhere
            del wanted["powers"]
        yield from _compared(f"{one['title']} ({which})", wanted, finding)


def _each(one: Table) -> Iterator[dict[str, Any]]:
    """Yield one table for each choice from the keys that have lists."""
    keys = [k for k in ("day", *_FACTS) if k in one]
    choices = [one[k] if isinstance(one[k], list) else [one[k]] for k in keys]
    for chosen in product(*choices):
        yield dict(zip(keys, chosen, strict=True)) | {"facts": one.get("facts", {})}


def _record(rulebook: Rulebook, told: Table) -> Record:
    facts = {
        "examined_on": told["day"],
        "clause_enacted_on": told["day"],
        "clause_form": told["form"],
        "clause_level": told.get("level", MAKERS[MAKER_OF[told["form"]]].level),
        "clause_effect": told["effect"],
        "clause_matter": told.get("matter", "ordinary"),
        "clause_coercion": told.get("coercion", "none"),
    } | {k: _value(v) for k, v in told["facts"].items()}
    norm = rulebook.norms["guofa-2021-26/recalled-ceiling"]  # any: what it says is not looked at
    clause = Clause(norm, told["effect"], told.get("matter", "ordinary"))
    said = {k: Told(v, WHERE) for k, v in facts.items()}
    return Record(clause, told["day"], said, (), (), (), ())


def _value(value: Any) -> Any:
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Fraction(value) if number else value


# comparing


def _needed(finding: Finding) -> list[list[str]]:
    return [sorted(n.fact for n in one) for limit in finding.needs for one in limit]


def _alternatives(finding: Finding) -> list[Any]:
    return [
        {"readings": dict(a.readings), "result": a.finding.result, "limits": [*a.finding.limits]}
        for a in finding.alternatives
    ]


_FINDING: dict[str, Any] = {
    "result": lambda f: f.result,
    "limits": lambda f: sorted(f.limits),
    "against": lambda f: sorted(f.against),
    "bases": lambda f: sorted(f.bases),
    "powers": lambda f: sorted(f.powers),
    "hierarchy": lambda f: sorted(f.hierarchy),
    "annulment": lambda f: sorted(f.annulment),
    "doubts": lambda f: sorted(f.doubts),
    "penal": lambda f: sorted(f.penal),
    "claimed": lambda f: sorted(f.claimed),
    "unfounded": lambda f: sorted(f.unfounded),
    "presumed": lambda f: sorted(f.presumed),
    "unregulated": lambda f: f.unregulated,
    "ceiling": lambda f: None if f.ceiling is None else f.ceiling.value,
    "needs": lambda f: sorted(_needed(f)),
    "alternatives": _alternatives,
}


def _compared(at: str, wanted: Table, finding: Finding) -> Iterator[str]:
    for key, value in wanted.items():
        if key not in _FINDING:
            yield f"{at}: {key} means nothing here"
            continue
        right = sorted(value) if isinstance(value, list) and key != "alternatives" else value
        got = _FINDING[key](finding)
        if got != right:
            yield f"{at}: {key}: {right!r} is right, {got!r} came out"
