"""What a case file may say, and how it is refused: each test is one file and one answer."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonlex.cases.models import case_model, case_schema, held
from carbonlex.cases.read import case_from, read_case
from carbonlex.errors import ContentError, Diagnostic
from carbonlex.model import Case, Label
from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary


def term(name: str, place: str, type_: Any, zh: str, unit: str = "", **more: Any) -> Term:
    record, _, period = place.partition(" ")
    kind, label = more.pop("kind", "fact"), Label(zh, name.replace("_", " "))
    when: Any = period or "year"
    return Term(name, kind, record, when, type_, label, unit, **more)


SECTORS = {"power": Label("发电", "power"), "steel": Label("钢铁", "iron and steel")}
TONNES = {"decimals": 2, "minimum": Fraction(0), "maximum": Fraction(10**9)}
TERMS = (
    term("sector", "entity always", "choice", "行业", choices=SECTORS),
    term("founded", "entity always", "date", "成立日期"),
    term("remark", "entity always", "text", "说明"),
    term("verified_emissions", "entity year", "number", "经核查排放量", "tCO2e", **TONNES),
    term("on_list", "entity year", "boolean", "列入名录"),
    term("copy", "entity year", "boolean", "副本"),
    term("share", "entity year", "number", "比例", "ratio", decimals=4),
    term("covered", "entity year", "boolean", "纳管", kind="concept"),
    term("due", "entity year", "number", "应缴", kind="concept", attester=Label("机关", "office")),
    term("quantity", "credits", "number", "数量", "tCO2e"),
    term("used", "credits", "boolean", "已使用"),
)
VOCABULARY = Vocabulary(
    {
        "entity": RecordType("entity", Label("单位", "entity")),
        "credits": RecordType("credits", Label("减排量", "credits"), max_count=3),
    },
    {t.name: t for t in TERMS},
)

YEAR = "[year.2024]\nverified_emissions = 100_000\n"
TOML = """
title = "an example"
entity = {name = "示例电厂", sector = "发电", founded = 2001-02-03}
[year.2024]
verified_emissions = {value = "2.6万吨", source = "核查报告"}
on_list = true
share = "5%"
[[year.2024.credits]]
quantity = 5_000
used = true
[[year.2024.credits]]
used = "否"
[year.2023]
verified_emissions = 99999.99
credits = []
"""
JSON = """{"entity": {"name": "示例电厂", "sector": "power", "founded": "2001-02-03"},
 "year": {"2023": {"verified_emissions": 99999.99, "credits": []},
  "2024": {"verified_emissions": 26000, "on_list": "是", "share": 0.05,
   "credits": [{"quantity": "5 kt", "used": true}, {"used": false}]}}}"""
CSV = """record,year,fact,value,source
entity,,name,示例电厂,
entity,,sector,Power,
entity,,founded,2001-02-03,
entity,2024,verified_emissions,"26,000",核查报告
entity,2024,on_list,TRUE,
entity,2024,share,0.0500,
credits#9,2024,used,否,
credits#2,2024,quantity,5000 t,
credits#2,2024,used,true,
entity,2023,verified_emissions,99999.99,
credits,2023,,[],
"""


def read(text: str | bytes, form: str = "toml", folder: Path = Path()) -> Case:
    """Read text through standard input, or through a file where its format must be told."""
    data = text.encode() if isinstance(text, str) else text
    if folder == Path():
        return read_case("-", VOCABULARY, stdin=io.BytesIO(data))
    (folder / f"case.{form}").write_bytes(data)
    return read_case(folder / f"case.{form}", VOCABULARY)


def refused(text: str | bytes) -> tuple[Diagnostic, ...]:
    with pytest.raises(ContentError) as caught:
        read(text)
    for found in caught.value.diagnostics:
        assert found.message[0] and found.message[1]
        found.render("zh").encode(), found.render("en").encode()
    return caught.value.diagnostics


def only(text: str | bytes) -> Diagnostic:
    found = refused(text)
    assert len(found) == 1, found
    return found[0]


# ---- what is read


def test_three_formats_tell_one_case(tmp_path: Path) -> None:
    cases = [read(t, f, tmp_path) for t, f in ((TOML, "toml"), (JSON, "json"), (CSV, "csv"))]
    assert len({case.digest for case in cases}) == 1
    assert {case.name for case in cases} == {"示例电厂"}
    assert [read(text).digest for text in (TOML, JSON, CSV)] == [cases[0].digest] * 3


def test_values_are_typed_and_keep_their_place_and_source() -> None:
    case = read(TOML)
    assert list(case.years) == [2023, 2024]
    told = case.years[2024].facts["verified_emissions"]
    assert (told.value, told.source, told.where.line) == (Fraction(26000), "核查报告", 5)
    assert told.where.cell == "year.2024.verified_emissions"
    assert case.entity["founded"].value == date(2001, 2, 3)
    assert case.entity["sector"].value == "power"
    second = case.years[2024].lists["credits"][1]["used"]
    assert (second.value, second.where.line) == (False, 12)
    assert "name" not in case.entity


def test_an_empty_list_is_none_and_an_absent_one_is_not_told() -> None:
    assert read(TOML).years[2023].lists["credits"] == ()
    assert "credits" not in read(YEAR).years[2024].lists


def test_places_in_json_and_csv() -> None:
    assert read(JSON).years[2024].lists["credits"][1]["used"].where.line == 4
    where = read(CSV).years[2024].lists["credits"][0]["quantity"].where
    assert (where.line, where.cell) == (9, "value")


def test_a_case_without_name_bears_that_of_its_file(tmp_path: Path) -> None:
    assert read(YEAR, "toml", tmp_path).name == "case"
    assert read(YEAR).name == "stdin"


def test_told_concepts_need_an_attester() -> None:
    assert read("[year.2024]\ndue = 5").years[2024].facts["due"].value == 5
    found = only("[year.2024]\ncovered = true")
    assert found.code == "name-unknown" and "derived, not told" in found.message[1]


def test_from_python() -> None:
    tree = {"year": {2024: {"verified_emissions": Decimal("1E+5"), "credits": ({"quantity": 1},)}}}
    case = case_from(tree, VOCABULARY, "mine")
    assert case.name == "mine" and case.years[2024].facts["verified_emissions"].value == 100_000
    with pytest.raises(ContentError, match="float"):
        case_from({"year": {"2024": {"share": 0.1}}}, VOCABULARY, "mine")


def test_the_digest_sees_facts_only() -> None:
    plain = TOML.replace(', source = "核查报告"', "").replace("an example", "another")
    assert read(plain).digest == read(TOML).digest
    assert read(TOML.replace("5_000", "5_001")).digest != read(TOML).digest


def test_byte_order_marks_and_gb18030_are_read(tmp_path: Path) -> None:
    digest = read(CSV).digest
    assert read(b"\xef\xbb\xbf" + CSV.encode(), "csv", tmp_path).digest == digest
    assert read(CSV.encode("gb18030"), "csv", tmp_path).digest == digest


# ---- what is refused

REFUSED = [
    # names
    ("[year.2024]\nverified_emision = 1", "name-unknown", 2),
    ("[year.2024]\nsector = 'power'", "name-unknown", 2),
    ("[entity]\non_list = true\n" + YEAR, "name-unknown", 2),
    ("[year.2024]\nquantity = 5", "name-unknown", 2),
    ("[[year.2024.credits]]\non_list = true", "name-unknown", 2),
    ("colour = 1\n" + YEAR, "name-unknown", 1),
    # types
    ("[year.2024]\non_list = 1", "type-mismatch", 2),
    ("[year.2024]\nverified_emissions = true", "type-mismatch", 2),
    ("[year.2024]\nverified_emissions = 'many'", "type-mismatch", 2),
    ("[year.2024]\nverified_emissions = [1]", "type-mismatch", 2),
    ("[year.2024]\nverified_emissions = ''", "type-mismatch", 2),
    ("[entity]\nsector = 'coal'\n" + YEAR, "type-mismatch", 2),
    ("[entity]\nfounded = 2001-02-03T00:00:00\n" + YEAR, "type-mismatch", 2),
    ("[entity]\nfounded = '2001/02/03'\n" + YEAR, "type-mismatch", 2),
    ("[entity]\nremark = 5\n" + YEAR, "type-mismatch", 2),
    ('[entity]\nremark = "a\\u0007b"\n' + YEAR, "type-mismatch", 2),
    ('[entity]\nremark = "a\\u202eb"\n' + YEAR, "type-mismatch", 2),
    (f"[entity]\nname = '{'长' * 501}'\n" + YEAR, "range-exceeded", 2),
    ('{"year": {"2024": {\n"on_list": null}}}', "type-mismatch", 2),
    ('{"year": null}', "type-mismatch", 1),
    # numbers
    ("[year.2024]\nverified_emissions = '5 MWh'", "unit-mismatch", 2),
    ("[year.2024]\nverified_emissions = '5%'", "unit-mismatch", 2),
    ("[year.2024]\nverified_emissions = -1", "range-exceeded", 2),
    ("[year.2024]\nverified_emissions = '2 Mt'\nshare = '1001 Mt'", "unit-mismatch", 3),
    ("[year.2024]\nverified_emissions = '1001 Mt'", "range-exceeded", 2),
    ("[year.2024]\nverified_emissions = 1.005", "number-inexact", 2),
    ("[year.2024]\nverified_emissions = 1e5", "number-inexact", 2),
    ("[year.2024]\nverified_emissions = '1e5'", "number-inexact", 2),
    ("[year.2024]\nverified_emissions = nan", "number-inexact", 2),
    ("[year.2024]\nverified_emissions = -inf", "number-inexact", 2),
    ("[year.2024]\nverified_emissions = '1/3'", "number-inexact", 2),
    ("[year.2024]\nverified_emissions = '1,5'", "number-inexact", 2),
    (f"[year.2024]\nverified_emissions = 0x{'f' * 9999}", "number-inexact", 2),
    (f"[year.2024]\nverified_emissions = {'9' * 9999}", "number-inexact", 0),
    ('{"year": {"2024": {"share":\n NaN}}}', "number-inexact", 1),
    (f'{{"year": {{"2024": {{"share": {"9" * 9999}}}}}}}', "number-inexact", 1),
    # dates and years
    ("[entity]\nfounded = 2026-02-30\n" + YEAR, "date-impossible", 2),
    ("[entity]\nfounded = '2026-02-30'\n" + YEAR, "date-impossible", 2),
    ("[entity]\nfounded = 9999-12-31\n" + YEAR, "date-impossible", 2),
    ("[year.1989]", "date-impossible", 1),
    ("[year.y2024]", "date-impossible", 1),
    # shapes
    ("", "record-malformed", 0),
    ("[entity]\nsector = 'power'", "record-malformed", 0),
    ("year = 2024", "record-malformed", 1),
    ("[[year]]", "record-malformed", 1),
    ("[year]\n2024 = 5", "record-malformed", 2),
    ("[year.2024]\ncredits = 5", "record-malformed", 2),
    ("[year.2024]\ncredits = [5]", "record-malformed", 2),
    ("[year.2024.credits]\nquantity = 5", "record-malformed", 1),
    ("[year.2024]\nshare = {source = 'x'}", "record-malformed", 2),
    ("[[year.2024.credits]]\n" * 4, "range-exceeded", 4),
    # writing
    ("[year.2024]\nshare = 1\nshare = 2", "duplicate-key", 3),
    ("[year.2024]\n[year.2024]", "duplicate-key", 2),
    ('{"year": {"2024": {"share": 1,\n "share": 1}}}', "duplicate-key", 2),
    ("[year.2024\n", "syntax", 1),
    ('{"year": \n{', "syntax", 2),
    ("[year.2024]\nshare = " + "[" * 5000, "file-too-large", 0),
    ("[year.2024]\nx" + ".a" * 500_000 + " = 1", "file-too-large", 0),
    ('{"a":' * 100_000, "file-too-large", 1),
    ('{"year": ' + "[" * 2_000_000, "file-too-large", 1),
    ('{"a": [' + "1," * 300_000 + "1]}", "file-too-large", 0),
    ("a = [" + "1," * 300_000 + "1]", "file-too-large", 0),
    (b"\xff\xfe[\x00", "file-unreadable", 0),
    (b"[year.2024]\n# \xe9", "file-unreadable", 2),
]


@pytest.mark.parametrize(("text", "code", "line"), REFUSED, ids=lambda v: str(v)[:40])
def test_refused(text: str | bytes, code: str, line: int) -> None:
    found = only(text)
    assert (found.code, found.where.line) == (code, line)
    assert found.hint[0] and found.hint[1]
