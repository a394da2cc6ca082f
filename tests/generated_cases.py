"""Cases made up from the vocabulary: any facts, for a few years, round the numbers that matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from carbonlex.cases.read import case_from
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term

Tree = dict[str, Any]
YEARS = range(2018, 2028)
# Deadlines and changes of law, with the day after each.
TURNS = [
    date(2021, 2, 1), date(2021, 12, 31), date(2022, 3, 31), date(2023, 3, 15), date(2023, 12, 31),
    date(2024, 5, 1), date(2024, 12, 31), date(2025, 3, 31), date(2025, 12, 31),
    date(2026, 8, 14), date(2026, 12, 31), date(2027, 3, 31), date(2030, 1, 1),
]  # fmt: skip
TURNING = st.sampled_from(TURNS).flatmap(lambda d: st.sampled_from([d, d + timedelta(days=1)]))
DAYS = TURNING | st.dates(date(2019, 1, 1), date(2032, 12, 31))
AMOUNTS = st.sampled_from(
    [Decimal(x) for x in ("0", "0.0001", "25999.99", "26000", "5000", "5001", "94999", "95000")]
    + [Decimal(x) for x in ("100000", "499999.99", "500000", "60", "70")]
)


@cache
def rulebook() -> Rulebook:
    """Return the rulebook that comes with the package."""
    return load_rulebook()


LISTS = tuple(
    name
    for name, kind in rulebook().vocabulary.records.items()
    if name != "entity" and not kind.enactment
)


def valid(term: Term) -> st.SearchStrategy[Any]:
    """Return values that a fact can have."""
    match term.type:
        case "boolean":
            return st.booleans()
        case "date":
            return DAYS
        case "choice":
            more = ["power"] if "power" in term.choices else []
            return st.sampled_from([*more, *term.choices])
        case "number":
            places = Decimal(1).scaleb(-term.decimals)
            if term.maximum is not None and term.maximum < 1_000:
                low, high = int(term.minimum or 0), int(term.maximum)
                return st.integers(low, high).map(Decimal)
            return AMOUNTS.map(lambda x: x.quantize(places)).filter(
                lambda x: term.maximum is None or x <= term.maximum
            )
    return st.just("surrender, report" if term.name == "breaches" else "1")


def told(record: str, period: str = "", some: bool = True) -> st.SearchStrategy[Tree]:
    """Return facts of one record: some of them, or every one."""
    vocabulary = rulebook().vocabulary
    terms = [t for t in vocabulary.of_record(record) if t.tellable and period in ("", t.period)]
    each = {t.name: valid(t) for t in terms}
    return st.fixed_dictionaries({} if some else each, optional=each if some else {})


def rows(record: str, some: bool = True) -> st.SearchStrategy[list[Tree]]:
    """Return a list of child records; a ledger that holds by chance is made in test_ledger.py."""
    if record == "movements":
        return st.just([])
    return st.lists(told(record, some=some), max_size=2)


@cache
def years() -> st.SearchStrategy[Tree]:
    """Return what may be told of one year; mostly of an entity that is listed and reported."""
    lists = {r: rows(r) for r in LISTS if r != "movements"}
    plain = {"listed": True, "report_submitted": True, "reported_on": date(2020, 1, 1)}
    return st.tuples(
        st.sampled_from([{}, plain, plain]),
        told("entity", "year"),
        st.fixed_dictionaries({}, optional=lists),
    ).map(lambda parts: parts[1] | parts[0] | parts[2])


@cache
def trees() -> st.SearchStrategy[Tree]:
    """Return whole cases, in the shape of a case file."""
    return st.fixed_dictionaries(
        {
            "entity": told("entity", "always"),
            "year": st.dictionaries(
                st.sampled_from([str(y) for y in YEARS]), years(), min_size=1, max_size=2
            ),
        }
    )


READINGS = st.deferred(
    lambda: st.fixed_dictionaries(
        {},
        optional={
            name: st.sampled_from([r.name for r in q.readings])
            for name, q in rulebook().questions.items()
        },
    )
)


def report_on(tree: Tree, on: date, decided: date | None = None, **options: Any) -> Report:
    """Check a case against the rulebook, without other readings unless `survey` is asked."""
    case = case_from(tree, rulebook().vocabulary, "case")
    return check_case(rulebook(), case, on, decided, **{"survey": False, **options})


def parts(value: object) -> Iterator[object]:
    """Yield everything that a value of ours holds, itself first."""
    yield value
    inner: list[Any] = []
    if is_dataclass(value) and not isinstance(value, type):
        inner = [getattr(value, f.name) for f in fields(value)]
    elif isinstance(value, Mapping):
        inner = [*value, *value.values()]
    elif isinstance(value, (tuple, list, set, frozenset)):
        inner = [*value]
    for one in inner:
        yield from parts(one)


def facts_used(report: Report) -> set[tuple[str, int, int]]:
    """Return every told fact that any proof of a report rests on: name, year (0: any), record."""
    proofs = (p for p in parts(report) if isinstance(p, Proof))
    return {(p.label, p.year, p.index) for p in proofs if p.step == "told"}
