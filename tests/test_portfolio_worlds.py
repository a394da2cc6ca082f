"""The made-up rulebooks and populations: valid, exact, and of everything that there is some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from carbonlex.cases.read import case_from
from carbonlex.expressions.tree import AGGREGATES, FUNCTIONS, Aggregate, Call, walk
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.steps import STEPS
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.norms import CONSEQUENCES
from carbonlex.rulebook.typecheck import every_version, expressions_of
from portfolio_rules import LEGISLATION
from portfolio_worlds import CaseData, World, asked, cases, tables, worlds, write_dataset

WORLDS, CASES = 200, 10
OUTCOMES = {"complied", "breached", "pending", "not_applicable", "undetermined", "conflict"}
STATUSES = {"applies", "contingent", "undetermined", "barred", "replaced", "excluded"}
DEFEATS = {"rank", "variation", "special", "new", "higher_fine"}
CLASHES = {"referral", "nobody"}
LIGHTER = {"formal", "lighter", "not-lighter", "equal", "unknown", "continuing", "lawful"}
PROOFS = {
    "told", "presumed", "before", "missing", "unissued", "undefined", "builtin", "literal",
    "parameter", "concept", "definition", "exception", "compare", "logic", "not",
    "arithmetic", "conditional", "member", "call", "aggregate", "limbs", "limb", "record",
    "conflict",
}  # fmt: skip


def checked(world: World, data: CaseData, seed: int) -> Report:
    case = case_from(data.tree, world.rulebook.vocabulary, str(data.entity))
    on = asked(world, seed)
    return check_case(
        world.rulebook, case, on.on, on.decided, on.readings, survey=False, chain_with="plain"
    )


@cache
def occurrences() -> Counter[tuple[str, str]]:
    """Count what occurs in all worlds and in what the reasoner says of their cases."""
    found: Counter[tuple[str, str]] = Counter()
    for seed in range(WORLDS):
        world = worlds(seed)
        found.update(written(world))
        for at, data in enumerate(cases(world, 0, CASES)):
            for verdict in checked(world, data, at).verdicts:
                found.update(judged(verdict))
    return found


def written(world: World) -> Iterator[tuple[str, str]]:
    """Yield what the rules of a world are written with."""
    for norm in world.rulebook.norms.values():
        if norm.instrument in LEGISLATION:
            continue
        yield "kind", norm.kind
        for version in every_version(norm):
            for _, expression, _ in expressions_of(version):
                for node in walk(expression):
                    yield "node", type(node).__name__
                    if isinstance(node, Call | Aggregate):
                        yield type(node).__name__, node.function


def judged(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Yield what occurs in a verdict."""
    yield "outcome", verdict.outcome
    yield "record", "entity" if verdict.index < 0 else "child"
    yield from (("defeat", d.step) for d in verdict.defeats)
    yield from (("clash", "referral" if c.by else "nobody") for c in verdict.clashes)
    if verdict.concurring:
        yield "said", "concurring"
    if verdict.losing:
        yield "said", "losing"
    if verdict.cost is not None:
        yield "said", "cost"
    for proof in (verdict.binding, verdict.test, verdict.due_proof):
        yield from (("proof", p.step) for p in proof.walk()) if proof else ()
    sanctions = verdict.sanctions
    if sanctions is None:
        return
    if sanctions.lighter is not None:
        yield "lighter", sanctions.lighter.reason
    for package in (sanctions.at_breach, sanctions.at_decision):
        for one in package.consequences if package else ():
            yield "consequence", one.kind
            yield "status", "replaced" if one.replaced_by else one.status
            yield from [("status", "excluded")] * one.excluded
            yield from (("defeat", d.step) for d in one.defeats)
            yield from (("clash", "referral" if c.by else "nobody") for c in one.clashes)
            if one.liable:
                yield "said", "liable"
        for further in package.further if package else ():
            yield "ordered", further.outcome
        if package and package.limitation:
            yield "limitation", str(package.limitation.barred)


GROUPS: dict[str, set[str]] = {
    "outcome": OUTCOMES,
    "record": {"entity", "child"},
    "kind": {"defines", "excepts", "obliges", "prohibits", "sanctions"},
    "node": {node.__name__ for node in STEPS},
    "Call": set(FUNCTIONS),
    "Aggregate": set(AGGREGATES),
    "proof": PROOFS,
    "consequence": set(CONSEQUENCES),
    "status": STATUSES,
    "ordered": OUTCOMES,
    "limitation": {"True", "False", "UNKNOWN"},
    "defeat": DEFEATS,
    "clash": CLASHES,
    "lighter": LIGHTER,
    "said": {"concurring", "losing", "cost", "liable"},
}


def test_no_world_is_refused_and_no_case() -> None:
    outcomes = [count for (of, _), count in occurrences().items() if of == "outcome"]
    assert sum(outcomes) > 2 * WORLDS * CASES


@pytest.mark.parametrize("group", GROUPS)
def test_of_everything_that_there_is_some_occurs(group: str) -> None:
    found = {name for (of, name) in occurrences() if of == group}
    assert not GROUPS[group] - found


def test_a_seed_gives_one_world_and_one_population() -> None:
    one, other = worlds(7), worlds(7)
    assert one == other
    assert cases(one, 3, 20) == cases(other, 3, 20) != cases(one, 4, 20)
    assert worlds(8) != one and asked(one, 1) == asked(other, 1)


def test_rows_say_what_the_case_says() -> None:
    for seed in range(20):
        world = worlds(seed)
        told = cases(world, 0, 20)
        found = tables(told, world.rulebook.vocabulary)
        for data in told:
            assert from_rows(world, found, data.entity) == data.tree


def from_rows(world: World, rows: dict[str, list[Any]], entity: object) -> dict[str, Any]:
    """Return the case that the rows of an entity tell, in the shape of a case file."""
    terms = world.rulebook.vocabulary.terms
    always: dict[str, Any] = {}
    years: dict[str, Any] = {}
    for row in (r for r in rows["entities"] if r["entity"] == entity):
        facts = {k: v for k, v in row.items() if v is not None and k in terms}
        always |= {k: v for k, v in facts.items() if terms[k].period == "always"}
        year = {k: v for k, v in facts.items() if terms[k].period == "year"}
        years[str(row["year"])] = year
        for column, count in row.items():
            if column.endswith(".count") and count == 0:
                year[column.removesuffix(".count")] = []
    for record in rows.keys() - {"entities"}:
        for row in (r for r in rows[record] if r["entity"] == entity):
            facts = {k: v for k, v in row.items() if v is not None and k in terms}
            years[str(row["year"])].setdefault(record, []).append(facts)
    return {"entity": always, "year": years}


def test_what_is_written_is_what_is_told(tmp_path: Path) -> None:
    for seed, wide in enumerate([(), ("parts",), ("parts", "deals")]):
        world = next(
            w for s in range(99) if {*wide} <= {*(w := worlds(s)).rulebook.vocabulary.records}
        )
        told = cases(world, seed, 30)
        folder = tmp_path / str(seed)
        write_dataset(folder, told, world.rulebook.vocabulary, wide=wide)
        rows = tables(told, world.rulebook.vocabulary, wide=wide)
        assert {p.stem for p in folder.glob("*.parquet")} == set(rows) and not {*wide} & set(rows)
        for name, expected in rows.items():
            table = parquet.read_table(folder / f"{name}.parquet")
            assert table.to_pylist() == expected
            assert not any(
                "float" in str(kind) or "double" in str(kind) for kind in table.schema.types
            )


def test_numbers_meet_what_the_rules_turn_on() -> None:
    near: Counter[str] = Counter()
    for seed in range(30):
        world = worlds(seed)
        for data in cases(world, 0, 30):
            for row in data.tables["entities"]:
                for name, value in row.items():
                    assert not isinstance(value, float)
                    if isinstance(value, Decimal):
                        step = Decimal(1).scaleb(-world.rulebook.vocabulary.terms[name].decimals)
                        near.update(
                            k
                            for k, d in {"on": 0, "over": 1, "under": -1}.items()
                            if value - d * step in set(map(decimal, world.turning.numbers))
                        )
                    elif isinstance(value, date):
                        near.update(["day"] * (value in world.turning.days))
    assert min(near[k] for k in ("on", "over", "under", "day")) > 100


def decimal(number: Any) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


if __name__ == "__main__":  # the table of what occurs how often
    for (of, name), count in sorted(occurrences().items()):
        print(f"{of:12} {name:24} {count:8}")
