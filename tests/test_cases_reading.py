"""What a case file may say, and how it is refused: each test is one file and one answer."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
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

YEARS_FACTS = """
name-unknown     verified_emision = 1; sector = 'power'; quantity = 5; name = 'x'; entity = 1
type-mismatch    on_list = 1; on_list = 'yes'; verified_emissions = true; verified_emissions = ''
type-mismatch    verified_emissions = 'many'; verified_emissions = [1]; share = 2024-01-01
unit-mismatch    verified_emissions = '5 MWh'; verified_emissions = '5%'; share = '5 t'
range-exceeded   verified_emissions = -1; verified_emissions = '1001 Mt'
number-inexact   verified_emissions = 1.005; verified_emissions = 1e5; share = '1e5'
number-inexact   share = nan; share = -inf; share = 'NaN'; share = '1/3'; share = '1,5'
number-inexact   share = '0.123 456'; share = 0x{hex}; share = {nines}; share = 0.{nines}
record-malformed credits = 5; credits = [5]; credits = {{}}; share = {{source = 'x'}}
record-malformed share = {{value = 1, by = 'x'}}
duplicate-key    share = {{value = 1, value = 2}}
date-impossible  share = 2026-02-30
syntax           share = ; share
""".format(hex="f" * 9999, nines="9" * 9999)
ENTITYS_FACTS = """
name-unknown     on_list = true; colour = 'red'; credits = []
type-mismatch    sector = 'coal'; founded = 2001-02-03T00:00:00; founded = '2001/02/03'
type-mismatch    founded = 07:30:00; founded = '2001-W01-1'; remark = 5; name = 5
type-mismatch    remark = "a\\u0007b"; remark = "a\\u202eb"
range-exceeded   name = '{long}'
date-impossible  founded = 2026-02-30; founded = '2026-02-30'; founded = 9999-12-31
""".format(long="长" * 501)


def lines_of(head: str, table: str, tail: str = "") -> Iterator[tuple[str, str, int]]:
    for row in table.strip().splitlines():
        code, _, facts = row.partition(" ")
        yield from ((f"{head}\n{fact.strip()}\n{tail}", code, 2) for fact in facts.split(";"))


REFUSED: list[tuple[str | bytes, str, int]] = [
    *lines_of("[year.2024]", YEARS_FACTS),
    *lines_of("[entity]", ENTITYS_FACTS, YEAR),
    ("colour = 1\n" + YEAR, "name-unknown", 1),
    ("title = 1\n" + YEAR, "type-mismatch", 1),
    ("[[year.2024.credits]]\non_list = true", "name-unknown", 2),
    ("[[year.2024.credits]]\n" * 4, "range-exceeded", 4),
    ("[year.1989]", "date-impossible", 1),
    ("[year.y2024]", "date-impossible", 1),
    ("", "record-malformed", 0),
    ("[entity]\nsector = 'power'", "record-malformed", 0),
    ("year = 2024", "record-malformed", 1),
    ("[[year]]", "record-malformed", 1),
    ("[year]\n2024 = 5", "record-malformed", 2),
    ("[year.2024.credits]\nquantity = 5", "record-malformed", 1),
    ("[year.2024]\nshare = 1\nshare = 2", "duplicate-key", 3),
    ("[year.2024]\n[year.2024]", "duplicate-key", 2),
    ("share = " + "[" * 5000, "file-too-large", 0),
    ("x" + ".a" * 500_000 + " = 1", "file-too-large", 0),
    ("a = [" + "1," * 300_000 + "1]", "file-too-large", 0),
    ("[x]\n" * 210_000, "file-too-large", 0),
    ('{"year": {"2024": {\n"on_list": null}}}', "type-mismatch", 2),
    ('{"year": null}', "type-mismatch", 1),
    ('{"year": {"2024": {\n"share": NaN}}}', "number-inexact", 2),
    (f'{{"year": {{"2024": {{"share": {"9" * 9999}}}}}}}', "number-inexact", 1),
    ('{"year": {"2024": {"share": 1,\n "share": 1}}}', "duplicate-key", 2),
    ('{"year": \n{', "syntax", 2),
    ('{"a\\"a' + '\\"a' * 1_000_000, "syntax", 1),
    ('{"a":' * 100_000, "file-too-large", 1),
    ('{"year": ' + "[" * 2_000_000, "file-too-large", 1),
    ('{"a": [' + "1," * 300_000 + "1]}", "file-too-large", 1),
    (b"\xff\xfe[\x00", "file-unreadable", 0),
    (b"[year.2024]\n# \xe9", "file-unreadable", 2),
]


@pytest.mark.parametrize(("text", "code", "line"), REFUSED, ids=lambda v: str(v)[:40])
def test_refused(text: str | bytes, code: str, line: int) -> None:
    found = only(text)
    assert (found.code, found.where.line) == (code, line)
    assert found.hint[0] and found.hint[1]


ROWS = [
    ("entity,2024,share,=A1+1", "type-mismatch", "value"),
    ("entity,2024,share,-1+cmd|' /C calc'!A0", "type-mismatch", "value"),
    ("entity,2024,share,＝A1", "type-mismatch", "value"),
    ("entity,2024,share,0.1,@SUM(A1)", "type-mismatch", "source"),
    ("entity,2024,verified_emissions,-5 tCO2e", "range-exceeded", "value"),
    ("entity,2024,verified_emissions,1E+05", "number-inexact", "value"),
    ("entity,2024,verified_emissions,", "type-mismatch", "value"),
    ("entity,24,share,1", "date-impossible", "year"),
    ("entity,2024,sharp,1", "name-unknown", "fact"),
    ("entity,2024,on_list,false", "duplicate-key", "record"),
    ("creditz#1,2024,used,true", "name-unknown", "record"),
    ("credits,2024,used,true", "record-malformed", "record"),
    ("credits#0,2024,used,true", "record-malformed", "record"),
    ("credits#1,,used,true", "record-malformed", "record"),
    ("entity,2024,,1", "record-malformed", "record"),
    ("entity,2024,share,1,,,more", "record-malformed", "record"),
    ("credits#1,2024,used,true\ncredits,2024,,[]", "duplicate-key", "record"),
    ("credits,2024,,[]\ncredits#1,2024,used,true", "duplicate-key", "record"),
    ('entity,2024,share,"1', "syntax", ""),
]


@pytest.mark.parametrize(("rows", "code", "column"), ROWS)
def test_refused_rows(rows: str, code: str, column: str) -> None:
    found = only(f"record,year,fact,value,source\nentity,2024,on_list,true\n{rows}\n")
    line = 3 + rows.count("\n")
    assert (found.code, found.where.line, found.where.cell) == (code, line, column)


def test_a_table_needs_its_header(tmp_path: Path) -> None:
    for text in ("", "a,b\n1,2", "record,,year,fact,value\nentity,,2024,share,1"):
        with pytest.raises(ContentError) as caught:
            read(text, "csv", tmp_path)
        assert caught.value.diagnostics[0].code == "record-malformed"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("verifed_emissions", "verified_emissions"),
        ("经核查排放", "verified_emissions"),
        ("Due", "due"),
        ("credit", "credits"),
    ],
)
def test_the_nearest_name_is_proposed(wrong: str, meant: str) -> None:
    assert f"did you mean {meant} " in only(f"[year.2024]\n'{wrong}' = 1").hint[1]


@pytest.mark.parametrize(
    ("text", "place"),
    [("[year.2024]\nsector = 'power'", "[entity]"), ("[year.2024]\nused = true", "credits"),
     ("[entity]\nshare = 1\n[year.2024]", "[year.2024]")],
)  # fmt: skip
def test_a_misplaced_fact_is_shown_its_place(text: str, place: str) -> None:
    assert place in only(text).hint[0] and place in only(text).hint[1]


def test_all_is_reported_at_once_up_to_fifty() -> None:
    found = refused("[year.2024]\nshare = 'x'\non_list = 3\n[year.1]\n")
    assert [d.code for d in found] == ["type-mismatch", "type-mismatch", "date-impossible"]
    many = refused("[year.2024]\n" + "".join(f"x{n} = 1\n" for n in range(63)))
    assert len(many) == 51 and "13 more" in many[-1].message[1] and "13" in many[-1].message[0]


def test_words_of_the_file_cannot_act_on_a_terminal() -> None:
    for told in ('"\\u001b[31m\\ud800": 1', '"share": "5 \\u001b[31m"', '"on_list": "\\u001b"'):
        found = only('{"year": {"2024": {' + told + "}}}")
        assert "\x1b" not in found.render() and "\\u001b" in found.render()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "case.xlsx").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.json")
    for name in ("missing.toml", "folder.toml", "case.xlsx", "pipe.json", "nul\0.csv", "case"):
        with pytest.raises(ContentError) as caught:
            read_case(tmp_path / name, VOCABULARY)
        assert [d.code for d in caught.value.diagnostics] == ["file-unreadable"]


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    with open(tmp_path / "case.toml", "wb") as file:
        file.truncate(100 * 1024 * 1024)
    started = time.perf_counter()
    with pytest.raises(ContentError, match="file-too-large"):
        read_case(tmp_path / "case.toml", VOCABULARY)
    with open("/dev/zero", "rb") as endless, pytest.raises(ContentError, match="file-too-large"):
        read_case("-", VOCABULARY, stdin=endless)
    assert time.perf_counter() - started < 1


# ---- models and schema


def test_a_case_is_held_frozen_by_its_model() -> None:
    model = held(read(TOML), VOCABULARY)
    year = model.year["2024"]  # type: ignore[attr-defined]
    assert (year.verified_emissions, year.credits[0].used) == (Fraction(26000), True)
    with pytest.raises(ValueError, match="frozen"):
        model.entity = None  # type: ignore[attr-defined]
    assert case_model(VOCABULARY) is case_model(VOCABULARY)


def test_a_case_that_does_not_fit_is_refused_as_content() -> None:
    wrong = Vocabulary(VOCABULARY.records, {t.name: t for t in TERMS if t.name != "share"})
    with pytest.raises(ContentError, match="Extra inputs"):
        held(read(TOML), wrong)


def test_the_schema_describes_the_file() -> None:
    schema = json.loads(json.dumps(case_schema(VOCABULARY)))
    assert schema["$schema"].endswith("2020-12/schema") and schema["required"] == ["year"]
    year = schema["$defs"]["year"]["properties"]
    assert year["verified_emissions"]["title"] == "经核查排放量"
    assert "tCO2e" in year["verified_emissions"]["description"]
    assert year["verified_emissions"]["anyOf"][0] == {
        "type": "number", "minimum": 0, "maximum": 10**9
    }  # fmt: skip
    assert year["credits"]["maxItems"] == 3
    assert "covered" not in year and "due" in year and "copy" in year


# ---- anything at all

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates()
NAMES = st.sampled_from(["entity", "year", "2024", "credits", "name", *VOCABULARY.terms])
TREES = st.recursive(
    SCALARS | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner),
)


def answered(act: Callable[[], Case]) -> None:
    try:
        assert len(act().digest) == 64
    except ContentError as refusal:
        assert 0 < len(refusal.diagnostics) <= 51
        for found in refusal.diagnostics:
            found.render("zh").encode(), found.render("en").encode()


@settings(deadline=None)
@given(st.binary() | st.text().map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_answered(data: bytes) -> None:
    for head in (b"", b"{", b"record,year,fact,value\n", b"[year.2024]\n"):
        answered(lambda head=head: read(head + data))  # type: ignore[misc]


@settings(deadline=None)
@given(TREES)
def test_any_tree_is_answered(tree: object) -> None:
    answered(lambda: read(json.dumps(tree, default=str)))
    shaped = {"year": {"2024": tree}, "entity": tree}
    answered(lambda: read(json.dumps(shaped, default=str)))
    answered(lambda: case_from(shaped, VOCABULARY, "any"))
    answered(lambda: case_from(tree, VOCABULARY, "any"))  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.sampled_from([t.name for t in TERMS]), SCALARS | st.decimals())
def test_whatever_is_read_fits_the_model(name: str, value: object) -> None:
    place = {"year": {2024: {name: value, "credits": [{name: value}]}}, "entity": {name: value}}
    for part in (place, {**place, "entity": {}}, {"year": {2024: {"credits": [{name: value}]}}}):
        try:
            held(case_from(part, VOCABULARY, "any"), VOCABULARY)
        except ContentError as refusal:
            assert "词汇表：" not in refusal.diagnostics[0].message[0]
