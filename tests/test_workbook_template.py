"""The Excel template: what it offers, that words in it stay words, and that it is read back."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from carbonlex.cases.read import case_from, read_case
from carbonlex.cases.workbook.template import template
from carbonlex.model import Facts, Label
from carbonlex.quantities import plain
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary
from test_cli import run
from workbooks import YEARS, beside, blank, cell, fill, filled, opened, parts, saved, sheet

SECTORS = ("power", "steel", "cement", "aluminium")
POWER = Path(__file__).resolve().parents[1] / "examples" / "power-2025.toml"
VOCABULARY = load_rulebook().vocabulary


def sample(term: Term, turn: int) -> object:
    """Return a value that a term takes, as an officer types it; another for another turn."""
    match term.type:
        case "number":
            low, step = term.minimum or Fraction(0), Fraction(turn + 1, 10**term.decimals)
            number = low + step if term.maximum is None else min(low + step, term.maximum)
            return int(number) if number.denominator == 1 else float(number)
        case "date":
            return date(2024, 1 + turn % 12, 28)
        case "boolean":
            return ("是 yes", "否 no", True, "TRUE", "no")[turn % 5]
        case "choice":
            label = [*term.choices.values()][turn % len(term.choices)]
            return f"{label.zh} {label.en}" if turn % 2 else label.zh
    return f"文字 {turn}"


def everything(sector: str) -> dict[str, Any]:
    """Return a case that tells all that a template of a sector asks."""
    told = [t for t in VOCABULARY.terms.values() if t.tellable and t.concerns(sector)]
    kinds = [k for k in VOCABULARY.records.values() if k.concerns(sector)]
    years: dict[str, Any] = {}
    for turn, year in enumerate(YEARS):
        facts: dict[str, Any] = {
            t.name: sample(t, turn + n)
            for n, t in enumerate(told)
            if t.record == "entity" and t.period == "year"
        }
        for kind in kinds:
            own = [t for t in told if t.record == kind.name]
            if kind.name != "entity" and own:
                facts[kind.name] = [{t.name: sample(t, turn + n) for t in own} for n in range(turn)]
        years[str(year)] = facts
    always = [t for t in told if t.record == "entity" and t.period == "always"]
    entity = {t.name: sample(t, 0) for t in always} | {"name": "示例厂", "sector": sector}
    return {"entity": entity, "year": years}


def as_text(tree: Any) -> Any:
    """Return a case as JSON would tell it: exact digits, ISO days, true and false."""
    if isinstance(tree, dict):
        return {key: as_text(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_text(value) for value in tree]
    words = {"是 yes": True, "TRUE": True, "否 no": False, "no": False}
    if isinstance(tree, str):
        return words.get(tree, tree)
    if isinstance(tree, date):
        return tree.isoformat()
    return format(Decimal(repr(tree)), "f") if isinstance(tree, float) else tree


def choices_in_one_language(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a case in which a choice is told by its Chinese name alone, as files do."""
    both = {
        f"{label.zh} {label.en}": label.zh
        for term in VOCABULARY.terms.values()
        for label in term.choices.values()
    }
    found: dict[str, Any] = json.loads(
        json.dumps(tree), object_hook=lambda d: {k: both.get(str(v), v) for k, v in d.items()}
    )
    return found


def read(data: bytes, folder: Path) -> Any:
    path = folder / "case.xlsx"
    path.write_bytes(data)
    return read_case(path, VOCABULARY)


@pytest.mark.parametrize("sector", SECTORS)
def test_a_filled_template_tells_what_the_same_case_tells_in_text(
    sector: str, tmp_path: Path
) -> None:
    tree = everything(sector)
    case = read(filled(tree, blank(sector)), tmp_path)
    twin = case_from(choices_in_one_language(as_text(tree)), VOCABULARY, "twin")
    assert case.digest == twin.digest
    assert (case.name, twin.name) == ("示例厂", "示例厂")
    assert case.years[YEARS[0]].lists["credits"] == ()
    assert len(case.years[YEARS[2]].lists["credits"]) == 2


def test_check_gives_the_same_verdicts_for_both(tmp_path: Path) -> None:
    twin = read_case(POWER, VOCABULARY)

    def typed(value: object) -> object:
        if isinstance(value, bool):
            return "是 yes" if value else "否 no"
        return float(value) if isinstance(value, Fraction) else value

    def typed_all(facts: Facts) -> dict[str, object]:
        return {name: typed(told.value) for name, told in facts.items()}

    tree: dict[str, Any] = {"entity": {"name": twin.name} | typed_all(twin.entity), "year": {}}
    for year, of in twin.years.items():
        lists = {name: [typed_all(row) for row in rows] for name, rows in of.lists.items()}
        tree["year"][str(year)] = typed_all(of.facts) | lists
    path = tmp_path / "power.xlsx"
    path.write_bytes(filled(tree, blank("power")))
    found = [
        json.loads(run("check", str(case), "--on", "2027-01-15", "--json")[1])
        for case in (POWER, path)
    ]
    assert found[0]["digests"]["case"] == found[1]["digests"]["case"]
    assert found[0]["verdicts"] == found[1]["verdicts"]
    memo = run("memo", str(path), "-o", str(tmp_path / "memo.md"), "--on", "2027-01-15")
    assert memo[0] == 0


def test_values_keep_their_cell_and_source(tmp_path: Path) -> None:
    book = opened(blank("power"))
    fill(book, {"year": {"2024": {"verified_emissions": 5, "credits": [{"quantity": 1}]}}})
    told = cell(sheet(book, "years"), "verified_emissions", 2024)
    beside(told).value = "核查报告第 3 页"
    sheet(book, "credits").cell(4, sheet(book, "credits").max_column).value = None
    case = read(saved(book), tmp_path)
    fact = case.years[2024].facts["verified_emissions"]
    assert (fact.where.cell, fact.source) == (f"3 年度 Years!{told.coordinate}", "核查报告第 3 页")
    assert fact.where.file.endswith("case.xlsx")
    (record,) = case.years[2024].lists["credits"]
    assert re.fullmatch(r"\d+ \S.*![A-Z]+4", record["quantity"].where.cell)


def test_a_workbook_may_come_through_standard_input() -> None:
    data = filled({"year": {"2024": {"verified_emissions": 5}}}, blank("power"))
    assert read_case("-", VOCABULARY, stdin=BytesIO(data)).years[2024].facts


def test_every_field_has_a_note_with_its_law_in_both_languages() -> None:
    page = sheet(opened(blank("power")), "years")
    notes = {page.cell(r, 1).value: page.cell(r, 3).comment.text for r in range(4, page.max_row)}
    assert "《办法》第二十九条第一款" in sheet(opened(blank("power")), "credits")["B3"].comment.text
    assert "art. 28" in notes["verified_emissions"]
    assert "第二十八条" in notes["verified_emissions"]
    assert "attested by：省级生态环境主管部门核查结果" in notes["verified_emissions"]
    assert "单位 unit：tCO2e" in notes["verified_emissions"]
    assert "presumed where not told：否 no" in notes["removed"]


def test_drop_downs_and_bounds_come_from_the_vocabulary() -> None:
    book = opened(blank("power"))
    page = sheet(book, "years")

    def rule(key: str) -> Any:
        at = cell(page, key, 2024).coordinate
        return next(v for v in page.data_validations.dataValidation if at in str(v.sqref).split())

    emissions, at = rule("verified_emissions"), cell(page, "verified_emissions", 2024).coordinate
    term = VOCABULARY.terms["verified_emissions"]
    assert emissions.formula1 == (
        f"AND(ISNUMBER({at}),ROUND({at},{term.decimals})={at},"
        f"{at}>={plain(term.minimum or Fraction(0))},{at}<={plain(term.maximum or Fraction(0))})"
    )
    assert (rule("reported_on").type, rule("listed").type) == ("date", "list")
    sheet_, _, area = rule("listed").formula1.partition("!")
    assert [c.value for row in book[sheet_][area.replace("$", "")] for c in row] == [
        "是 yes", "否 no",
    ]  # fmt: skip
    assert book[sheet_].sheet_state == "hidden"


def test_another_reader_sees_the_same_sheets() -> None:
    names = [s.title for s in opened(blank("steel")).worksheets]
    assert CalamineWorkbook.from_filelike(BytesIO(blank("steel"))).sheet_names == names
    assert names[:3] == ["1 说明 Guide", "2 单位 Entity", "3 年度 Years"]
    assert all(len(name) <= 31 for name in names)


def test_the_same_rulebook_gives_the_same_bytes() -> None:
    assert template(load_rulebook(), "power", YEARS) == blank("power")


def with_vocabulary(*terms: Term, records: tuple[RecordType, ...] = ()) -> Any:
    kept = {t.name: t for t in terms} | {"sector": VOCABULARY.terms["sector"]}
    entity = VOCABULARY.records["entity"]
    kinds = {"entity": entity} | {r.name: r for r in records}
    return replace(load_rulebook(), vocabulary=Vocabulary(kinds, kept))


def test_a_sector_is_asked_what_concerns_it() -> None:
    heat = Label("供热", "heat")
    own = Term("heat", "fact", "entity", "year", "boolean", heat, sectors=("power",))
    unit = Term("fuel", "fact", "boilers", "year", "text", Label("燃料", "fuel"))
    boilers = RecordType("boilers", Label("锅炉", "boilers"), sectors=("power",))
    rulebook = with_vocabulary(own, unit, records=(boilers,))
    for sector, asked in (("power", True), ("steel", False)):
        book = opened(template(rulebook, sector, YEARS))
        keys = [sheet(book, "years").cell(r, 1).value for r in range(4, 6)]
        assert ("heat" in keys) is asked
        assert any("锅炉" in s.title for s in book.worksheets) is asked


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_words_are_never_a_formula_or_a_link(start: str, tmp_path: Path) -> None:
    evil = f'{start}HYPERLINK("https://example.com","x")'
    choices = {"a": Label(evil, evil), "b": Label("https://example.com/b", "b")}
    label = Label(evil, "https://example.com/a")
    terms = [
        Term("trap", "fact", "entity", "year", "choice", label, choices=choices, attester=label),
        Term("bait", "fact", "traps", "year", "text", label),
    ]
    rulebook = with_vocabulary(*terms, records=(RecordType("traps", label),))
    held = parts(template(rulebook, "power", YEARS))
    for name, content in held.items():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in content and b"<hyperlink" not in content, name
        assert b'TargetMode="External"' not in content, name
    # Read back, the words of a user that look like a formula are text too.
    book = opened(blank("power"))
    fill(book, {"entity": {"name": evil}, "year": {"2024": {"verified_emissions": 1}}})
    cell(sheet(book, "entity"), "name").data_type = "s"
    if start.isprintable():
        assert read(saved(book), tmp_path).name == evil


# ---- the command


def test_the_command_writes_a_template_that_an_empty_check_refuses(tmp_path: Path) -> None:
    out = tmp_path / "steel.xlsx"
    assert run("template", "钢铁", "-o", str(out), "--years", "2024-2025")[:2] == (0, f"→ {out}\n")
    page = sheet(opened(out.read_bytes()), "years")
    assert [page.cell(3, c).value for c in (6, 8, 10)] == [2024, 2025, None]
    assert cell(sheet(opened(out.read_bytes()), "entity"), "sector").value.startswith("钢铁")
    code, _, complaint = run("check", str(out), "--lang", "en")
    assert code == 2 and "nothing is told of any year" in complaint


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "power.xlsx"
    out.write_bytes(b"filled in")
    code, _, complaint = run("template", "power", "-o", str(out), "--lang", "en")
    assert code == 2 and "choose a name" in complaint
    assert out.read_bytes() == b"filled in"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("coal", "-o", "x.xlsx"), "choose from power, steel"),
        (("power", "-o", "x.xls"), ".xlsx only"),
        (("power", "-o", "x.xlsx", "--years", "24"), "2023-2026"),
        (("power", "-o", "x.xlsx", "--years", "2026-2023"), "2023-2026"),
        (("power", "-o", "no/such/folder/x.xlsx"), "cannot write"),
    ],
)
def test_bad_arguments(args: tuple[str, ...], says: str) -> None:
    code, out, complaint = run("template", *args, "--lang", "en")
    assert code == 2 and says in complaint and not out


def test_without_the_extra_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    out = tmp_path / "power.xlsx"
    code, _, complaint = run("template", "power", "-o", str(out))
    assert code == 2 and 'pip install "carbonlex[excel]"' in complaint
    assert not out.exists()
