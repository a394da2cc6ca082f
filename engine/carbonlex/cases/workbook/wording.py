"""The words of a template, Chinese and English side by side, and the note on each field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from carbonlex.cases.workbook.layout import NO, NOTHING, YES, both
from carbonlex.model import Scalar
from carbonlex.quantities import grouped
from carbonlex.rulebook.mentions import Provision
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import RecordType, Term
from carbonlex.version import ENGINE

MAX_CITES = 6

_TYPES = {
    "boolean": f"{YES} / {NO}",
    "date": "日期 date：2026-12-31",
    "text": "文字 text",
    "choice": "从列表中选 choose from the list",
}


def note(rulebook: Rulebook, term: Term, provisions: Sequence[Provision]) -> str:
    """Return what stands in the note on a field: what it is, who attests it, who asks for it."""
    lines = [term.label.zh, term.label.en, _form(term)]
    if term.attester is not None:
        lines.append(f"证明 attested by：{both(term.attester)}")
    if term.presumption is not None:
        told = value_words(term, term.presumption)
        lines.append(f"未告知时推定 presumed where not told：{told}")
    return "\n".join([*lines, *_law(rulebook, provisions), f"键 key：{term.name}"])


def record_note(rulebook: Rulebook, record: RecordType, provisions: Sequence[Provision]) -> str:
    """Return the note on a sheet of records: how to say that there are none."""
    lines = [
        record.label.zh, record.label.en,
        f"该年没有：写年度，并在“没有”一列选“{NOTHING}”。整表留空即未告知。",
        f"None that year: write the year and choose '{NOTHING}'. Left empty, it is not told.",
    ]  # fmt: skip
    if record.presumed_none:
        lines.append("未告知时推定没有 presumed none where not told")
    return "\n".join([*lines, *_law(rulebook, provisions)])


def value_words(term: Term, value: Scalar) -> str:
    """Return a value as a template shows it."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Fraction):
        return f"{grouped(value)} {term.unit}".strip()
    if isinstance(value, date):
        return value.isoformat()
    return both(term.choices[value]) if value in term.choices else value


def unit_words(term: Term) -> str:
    """Return what stands in the column of units."""
    if term.type == "number":
        return "比例 ratio" if term.unit == "ratio" else term.unit
    return {"boolean": "是/否 yes/no", "date": "日期 date", "choice": "选择 choice"}.get(
        term.type, "文字 text"
    )


def _form(term: Term) -> str:
    if term.type != "number":
        return _TYPES[term.type]
    parts = [f"单位 unit：{term.unit}"]
    if term.minimum is not None or term.maximum is not None:
        low = grouped(term.minimum) if term.minimum is not None else ""
        high = grouped(term.maximum) if term.maximum is not None else ""
        parts.append(f"范围 range：{low} – {high}")
    parts.append(f"小数位 decimals：≤ {term.decimals}")
    return "\n".join(parts)


def _law(rulebook: Rulebook, provisions: Sequence[Provision]) -> list[str]:
    if not provisions:
        return []
    kept = provisions[:MAX_CITES]
    more = len(provisions) - len(kept)
    zh = "、".join(rulebook.cite(key, eid, "zh", short=True) for key, eid in kept)
    en = "; ".join(rulebook.cite(key, eid, "en", short=True) for key, eid in kept)
    rest = (f"等 {len(provisions)} 处", f"; {more} more") if more else ("", "")
    return [f"依据：{zh}{rest[0]}", f"Law: {en}{rest[1]}"]


def guide(rulebook: Rulebook, sector: str, sheets: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the rows of the guide: number (of a section: whole), Chinese, English."""
    label = rulebook.vocabulary.terms["sector"].choices[sector]
    listed = [(f"4.{n}", name, "") for n, name in enumerate(sheets, 1)]
    version = [
        ("5.1", f"行业：{label.zh}", f"Sector: {label.en}"),
        ("5.2", f"规则集摘要：{rulebook.digest}", f"Digest of the rulebook: {rulebook.digest}"),
        ("5.3", f"引擎：carbonlex {ENGINE}", f"Engine: carbonlex {ENGINE}"),
    ]
    return [*_HOW, *listed, ("5", "版本", "Version"), *version, *_SIGNED]


_HOW: tuple[tuple[str, str, str], ...] = (
    ("1", "谁填、填什么", "Who fills in what"),
    (
        "1.1",
        "由单位的碳排放管理人员填写，一个文件只写一个单位。",
        "Filled in by the entity's carbon officer; one entity per file.",
    ),
    (
        "1.2",
        "只填知道的事实。空格即未告知：不是零，也不是“否”。",
        "Tell what is known. An empty cell is not told: it is neither zero nor no.",
    ),
    (
        "1.3",
        "检查：carbonlex check 文件.xlsx；备忘录：carbonlex memo 文件.xlsx -o memo.md",
        "Check: carbonlex check FILE.xlsx; memo: carbonlex memo FILE.xlsx -o memo.md",
    ),
    ("2", "怎样填", "How to fill it in"),
    (
        "2.1",
        "数字写数值，或带单位的文字，如“2.6万吨”。公式不采用，请粘贴为数值。",
        "Write a number, or text with its unit: 100 kt. Formulas are not taken: paste values.",
    ),
    (
        "2.2",
        "每个值右侧的“来源”写文件名称、文号、页码。",
        "Beside each value name its source: document, number, page.",
    ),
    (
        "2.3",
        f"子表每行一条，先写年度。该年没有的，写年度并选“{NOTHING}”；整表留空即未告知。",
        f"Records take a row each, year first. For a year without any choose '{NOTHING}'; "
        "a sheet left empty is not told.",
    ),
    (
        "2.4",
        "年度可改；要加年度，复制“值、来源”两列粘贴在右侧。",
        "Years may be changed; to add one, copy a pair of columns (value, source) to the right.",
    ),
    (
        "2.5",
        "不要隐藏含数据的行列，不要合并单元格。草稿放在名称以“备注”开头的工作表，不会读取。",
        "Hide no row or column with data, merge no cells. Drafts go on a sheet whose name begins "
        "with Notes: it is not read.",
    ),
    ("3", "图例", "Legend"),
    (
        "3.1",
        "浅黄：填写处。灰：说明。红角：批注，列出单位、证明机关、依据的条款。",
        "Yellow: fill in. Grey: explanation. Red corner: a note with unit, attester and law.",
    ),
    (
        "3.2",
        "“证明”一栏有机关的，以其文书所载为准。",
        "Where an attester is named, take the figure from its document.",
    ),
    ("4", "工作表", "Sheets"),
)
_SIGNED: tuple[tuple[str, str, str], ...] = (
    ("6", "签署（不读取）", "Sign-off (not read)"),
    ("6.1", "填报人、日期：", "Prepared by, on:"),
    ("6.2", "复核人、日期：", "Reviewed by, on:"),
    ("6.3", "负责人、日期：", "Approved by, on:"),
)
