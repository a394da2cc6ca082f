"""JSON-LD: every reference leads somewhere, every term is defined, nothing has to be fetched."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from carbonlex.exports.linked.context import CLASSES, PROPERTIES
from carbonlex.exports.linked.document import faults, linked_data
from carbonlex.exports.scope import scope_of
from carbonlex.rulebook.load import load_rulebook
from carbonlex.statutes.instruments import RANK_LABELS

RULEBOOK = load_rulebook()
WHOLE: dict[str, Any] = json.loads(linked_data(scope_of(RULEBOOK)).text)
CONTEXT: dict[str, Any] = WHOLE["@context"]
GRAPH: list[dict[str, Any]] = WHOLE["@graph"]
NODES = {n["@id"]: n for n in GRAPH}


def values(node: Any) -> list[str]:
    """Return every value that is a reference by the context."""
    found = []
    for name, value in node.items():
        rows = value if isinstance(value, list) else [value]
        kind = CONTEXT.get(name, {})
        if isinstance(kind, dict) and kind.get("@type") == "@id":
            found += [r for r in rows if isinstance(r, str)]
        for row in rows:
            found += values(row) if isinstance(row, dict) else []
    return found


def test_every_reference_leads_to_a_node() -> None:
    assert len(NODES) == len(GRAPH)
    assert not [v for n in GRAPH for v in values(n) if v not in NODES]


def test_nothing_has_to_be_fetched_and_ids_are_absolute() -> None:
    assert all(not isinstance(v, str) or k != "@import" for k, v in CONTEXT.items())
    assert CONTEXT["@base"] == "https://carbonlex.invalid/"
    assert all(i.startswith(("/akn/", "cl:")) for i in NODES)


def test_every_term_of_our_own_is_defined_in_both_languages() -> None:
    for name in (*CLASSES, *PROPERTIES):
        node = NODES[f"cl:{name}"]
        assert node["comment"] and node["unofficialDescription"]
        assert CONTEXT[name]["@id"] == f"cl:{name}"


@pytest.mark.parametrize("key", [*RULEBOOK.instruments])
def test_a_text_has_maker_dates_rank_and_grade(key: str) -> None:
    text = RULEBOOK.instruments[key]
    node = NODES[text.uri]
    assert node["@type"] == ["Legislation", "LegalExpression"]
    assert node["legislationDate"] == text.promulgated.isoformat()
    assert node["legislationDateOfApplicability"] == text.effective.isoformat()
    assert node["legislationType"] == RANK_LABELS[text.rank].zh and node["grade"] == text.grade
    assert NODES[node["legislationPassedBy"]]["name"] == text.maker_label.zh
    assert node["unofficial"] == text.title.en and node["exampleOfWork"] == text.work
    parts = {n["@id"] for n in GRAPH if n["@id"].startswith(f"{text.uri}~")}
    assert len(parts) == len(text.provisions)


def test_the_interval_of_a_text_closes_with_its_last_day() -> None:
    node = NODES[RULEBOOK.instruments["legislation-law-2015"].uri]
    assert node["temporalCoverage"] == "2015-03-15/2023-03-14"
    assert node["date_no_longer_in_force"] == "2023-03-15"
    assert NODES[RULEBOOK.instruments["measures-2021"].uri]["temporalCoverage"].endswith("/..")


def test_force_is_said_of_a_day_only() -> None:
    assert not any("legislationLegalForce" in n for n in GRAPH)
    made = json.loads(linked_data(scope_of(RULEBOOK, (), date(2022, 1, 1))).text)["@graph"]
    texts = [n for n in made if "LegalExpression" in n["@type"]]
    assert texts and all(n["legislationLegalForce"] == "InForce" for n in texts)
    assert all(n["legislationDateVersion"] == "2022-01-01" for n in texts)


def test_words_from_memory_and_summaries_are_no_text_of_the_law() -> None:
    for text in RULEBOOK.instruments.values():
        for provision in text.provisions.values():
            node = NODES[f"{text.uri}~{provision.eid}"]
            assert node["grade"] == provision.grade
            if provision.grade == "recalled" or provision.summary:
                assert "text" not in node
            elif provision.text:
                assert node["text"] == provision.text
            assert ("summary" in node) == bool(provision.summary and provision.text)


def test_a_norm_rests_on_its_provisions_and_says_what_it_says() -> None:
    node = NODES["cl:norm/measures-2021/offset-cap"]
    uri = RULEBOOK.instruments["measures-2021"].uri
    assert node["isBasedOn"] == [f"{uri}~art_29__para_1"]
    assert node["test"] == "offsets_used > offset_limit" and node["kind"] == "prohibits"
    assert node["unofficialDescription"].startswith("the key emitting entity")
    assert "cl:term/offsets_used" in node["uses"]
    assert len([n for n in GRAPH if n["@type"] == "Norm" and "reading" not in n]) == len(
        RULEBOOK.norms
    )


def test_sanctions_exceptions_and_readings_point_at_each_other() -> None:
    penalty = NODES["cl:norm/code-2026/non-surrender"]
    assert "cl:norm/code-2026/surrender" in penalty["sanctionOf"]
    assert any(c.startswith("fine: between(1000000, 5000000)") for c in penalty["consequence"])
    spared = NODES["cl:norm/plan-power-2019-2020/reduced-obligation"]
    assert spared["exceptionTo"] == ["cl:norm/measures-2021/obligation"]
    second = NODES["cl:norm/code-2026/non-surrender-uncured/in-place"]
    assert second["replaces"] == ["cl:norm/code-2026/non-surrender"]
    assert second["reading"] == "cl:reading/two-steps/in-place"
    assert NODES["cl:question/two-steps"]["default"] == "cl:reading/two-steps/cumulative"


def test_figures_are_text_that_nothing_rounds() -> None:
    (value,) = NODES["cl:parameter/measures-2021/offset-cap.offset_cap"]["value"]
    assert (value["figure"], value["from"]) == ("0.05", "2021-02-01")


@pytest.mark.parametrize("key", ["code-2026", "plan-power-2023-2024", "measures-2021"])
def test_a_part_refers_to_nothing_outside(key: str) -> None:
    made = json.loads(linked_data(scope_of(RULEBOOK, [key])).text)
    assert not [*faults(made["@graph"], made["@context"])]


def test_the_checks_find_what_does_not_hold() -> None:
    node = {"@id": "cl:x", "isBasedOn": ["cl:nowhere"], "colour": "red"}
    wrong = [*faults([node, {"@id": "cl:x"}], CONTEXT)]
    assert wrong[0] == "@id cl:x is taken"
    assert "isBasedOn of cl:x leads to cl:nowhere, which is nowhere" in wrong
    assert "colour is in no vocabulary" in wrong
