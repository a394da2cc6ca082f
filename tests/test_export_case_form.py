"""The JSON Schema of a case: what is written in cases fits, what is not a case does not."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from carbonlex.cases.models import Refusal, value_of
from carbonlex.exports.case_form import case_form
from carbonlex.exports.scope import scope_of
from carbonlex.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
RULEBOOK = load_rulebook()
SCHEMA: dict[str, Any] = json.loads(case_form(scope_of(RULEBOOK)).text)
ENTITY = RULEBOOK.vocabulary.of_record("entity")
VALIDATOR = Draft202012Validator(SCHEMA)
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
CASES = sorted((ROOT / "tests/cases").rglob("*.toml"))


def as_json(path: Path) -> Any:
    """Return a case as JSON has it: days are text."""
    told = tomllib.loads(path.read_text("utf-8"))
    return json.loads(json.dumps(told.get("case", told), default=str))


def fits(case: Any) -> bool:
    return VALIDATOR.is_valid(case)


def year(**facts: Any) -> dict[str, Any]:
    return {"year": {"2024": facts}}


def test_it_is_a_schema_that_names_its_rulebook() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert RULEBOOK.digest in SCHEMA["$comment"] and SCHEMA["$id"] == "urn:carbonlex:1:case"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_example_fits(path: Path) -> None:
    assert not [e.message for e in VALIDATOR.iter_errors(as_json(path))]


def test_every_case_of_the_tests_fits() -> None:
    assert len(CASES) > 100
    assert not [p.name for p in CASES if not fits(as_json(p))]


@pytest.mark.parametrize(
    "case",
    [
        year(verified_emissions=100_000.5),
        year(verified_emissions="100 kt"),
        year(verified_emissions="2.6万吨"),
        year(verified_emissions={"value": "26,000 tCO2e", "source": "核查报告"}),
        year(credits=[]),
        year(listed="是", reported_on="2025-03-20"),
    ],
)
def test_what_people_may_write_fits(case: dict[str, Any]) -> None:
    assert fits(case)


@pytest.mark.parametrize(
    "case",
    [
        {},
        [],
        {"year": {}},
        {"year": {"24": {}}},
        {"year": {"2024": []}},
        {"year": {"2024": {}}, "password": "x"},
        {"entity": {"sector": "powr"}, **year()},
        {"entity": {"sector": "power", "verified_emissions": 1}, **year()},
        year(emisions=1),
        year(verified_emissions=-1),
        year(verified_emissions=10**30),
        year(verified_emissions=None),
        year(verified_emissions="1; DROP TABLE"),
        year(verified_emissions="1e5"),
        year(verified_emissions="=1+1"),
        year(verified_emissions="1" * 101),
        year(verified_emissions=[1]),
        year(verified_emissions={"value": 1, "sauce": "x"}),
        year(listed=1),
        year(reported_on="20 March 2025"),
        year(credits=[{"quantity": 1, "colour": "red"}]),
        year(credits=[[1]]),
        year(credits={"quantity": 1}),
    ],
)
def test_what_is_no_case_does_not_fit(case: Any) -> None:
    assert not fits(case)


def test_every_fact_has_both_languages_unit_and_bounds() -> None:
    told = {
        name: schema
        for record in SCHEMA["$defs"].values()
        for name, schema in record.get("properties", {}).items()
    }
    for term in RULEBOOK.vocabulary.terms.values():
        record = RULEBOOK.vocabulary.records[term.record]
        if not term.tellable or record.enactment:
            continue
        schema = told[term.name]
        assert schema["title"] == term.label.zh and term.label.en in schema["description"]
        assert schema["x-carbonlex"]["kind"] == term.kind
        if term.type == "number":
            assert schema["x-carbonlex"]["unit"] == term.unit
            number = schema["anyOf"][0]
            assert ("minimum" in number) == (term.minimum is not None)


@settings(deadline=None)
@given(
    st.sampled_from([t for t in ENTITY if t.tellable and t.period == "year"]),
    st.integers(-(10**12), 10**12) | st.booleans() | st.text(max_size=12) | st.dates().map(str),
)  # fmt: skip
def test_what_a_case_may_tell_as_a_number_or_truth_fits(term: Any, raw: Any) -> None:
    try:
        value_of(term, raw)
    except Refusal:
        return
    if isinstance(raw, str) and term.type != "text":
        return  # full-width digits, blanks and capitals are read, and better not written
    assert fits(year(**{term.name: raw}))
