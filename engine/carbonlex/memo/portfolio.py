"""The portfolio report (组合报告): totals, groups, reasons and method, read off a survey."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from carbonlex.memo import closing, opening
from carbonlex.memo.compose import SHARED, compose
from carbonlex.memo.document import Block, Bullets, Document, Item, Table
from carbonlex.memo.draft import Addressing
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.paths import slot_name
from carbonlex.memo.pen import Pen
from carbonlex.memo.tallies import Tallies
from carbonlex.model import Label, weakest
from carbonlex.version import ENGINE
from carbonlex.words.sentences import cites_of, grade_words

if TYPE_CHECKING:
    from carbonlex.portfolio.survey import Survey

HEADINGS: dict[str, Label] = {
    "conclusion": Label("结论", "In Brief"),
    "data": Label("数据", "The Data"),
    "totals": Label("各项义务的判断", "Verdicts, Duty by Duty"),
    "amounts": Label("数额", "Amounts"),
    "findings": Label("认定", "Findings"),
    "groups": Label("分组", "By Sector, Region and Year"),
    "reasons": Label("未定的原因", "Why Rows Are Undetermined"),
    "law": Label("所依规范", "Norms Relied On"),
    "method": Label("方法与假定", "Method and Assumptions"),
    "not-encoded": SHARED["not-encoded"],
    "authorities": SHARED["authorities"],
    "run": SHARED["run"],
}
"""The sections of the report, by id, in order."""

TITLE = Label("组合合规报告", "Portfolio Compliance Report")


def portfolio_report(
    found: Survey,
    lang: str = "zh",
    addressing: Addressing | None = None,
    house: House = PLAIN,
) -> Document:
    """Return the report on a portfolio that was judged.

    Nothing is computed here: totals, groups and reasons stand as the survey added them up.
    Raises `CitationError` for a citation that does not resolve.
    """
    from carbonlex.portfolio.synth import NOTICE

    pen = Pen(found.rulebook, lang, house)
    told = Tallies(pen, found)
    subject = pen.pick(
        f"{found.totals.whole.entity_years:,} 个单位年度在全国碳排放权交易市场中的义务与后果",
        f"Obligations of {found.totals.whole.entity_years:,} entity-years in the national carbon "
        "market, and what follows",
    )
    header = opening.addressed(
        pen,
        addressing or Addressing(),
        pen.pick("（未指明）", "(not named)"),
        found.asked.on,
        subject,
    )
    return compose(
        pen, "portfolio", TITLE, HEADINGS,
        {
            "conclusion": told.brief,
            "data": told.data,
            "totals": told.duties,
            "amounts": told.amounts,
            "findings": told.findings,
            "groups": told.groups,
            "reasons": told.reasons,
            "law": lambda: _norms(pen, found, told),
            "method": lambda: _method(pen, found, told),
            "not-encoded": lambda: closing.unencoded(pen, _places(found)),
            "run": lambda: _run(pen, found),
        },
        header, found.asked.on, digest(found), NOTICE if found.synthetic else None,
    )  # fmt: skip


def digest(found: Survey) -> str:
    """Return the digest of a run over many entities: data, rulebook, day, readings, duties."""
    said = {
        "data": found.digest,
        "rulebook": found.rulebook.digest,
        "on": found.asked.on.isoformat(),
        "readings": dict(found.asked.readings),
        "only": list(found.asked.only),
        "engine": ENGINE,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _used(found: Survey) -> Iterator[tuple[str, str, int]]:
    """Yield duty, norm and rows: on which norms how many verdicts rest, the most first."""
    for slot in found.subjects:
        counted = found.totals.norms.get(slot, Counter[str]())
        for name, rows in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
            yield slot_name(slot), name, rows


def _norms(pen: Pen, found: Survey, told: Tallies) -> tuple[Block, ...]:
    items, last = list[Item](), ""
    labels = {slot_name(s): told.words.duty(found, s) for s in found.subjects}
    lead = pen.said("判断所依的规范，及其行数：", "Norms that verdicts rest on, with rows:")
    for duty, name, rows in _used(found):
        if duty != last:
            items.append(Item(0, pen.sentence(labels[duty] + pen.pick("：", ":"), proof=duty)))
            last = duty
        norm = pen.rulebook.norms[name]
        grade = grade_words(norm.grade, pen.lang)
        said = pen.pick(f"：{rows:,} 行（{grade}）", f": {rows:,} rows ({grade})")
        items.append(Item(1, pen.sentence(cites_of(norm), said, proof=duty, grade=norm.grade)))
    return (lead, Bullets(tuple(items))) if items else (pen.nothing(),)


def _places(found: Survey) -> list[str]:
    """Return the articles of the norms relied on that say something no norm holds."""
    left = {f"{n.instrument}#{n.article}" for n in found.rulebook.not_encoded}
    places = dict.fromkeys(
        f"{norm.instrument}#{found.rulebook.instruments[norm.instrument].article(eid).eid}"
        for _, name, _ in _used(found)
        for norm in (found.rulebook.norms[name],)
        for eid in norm.provisions
    )
    return [p for p in places if p in left]


def _method(pen: Pen, found: Survey, told: Tallies) -> tuple[Block, ...]:
    engine = pen.pick(f"carbonlex {ENGINE}，{found.engine}", f"carbonlex {ENGINE}, {found.engine}")
    lowest = weakest([pen.rulebook.norms[n].grade for _, n, _ in _used(found)])
    blocks: list[Block] = [
        pen.said(
            f"规则编译成列，逐批计算（{engine}）：数值精确，不用浮点；"
            "每一行的判断与 carbonlex check 相同，证明见 portfolio check --explain",
            f"The rules are compiled to columns and computed batch by batch ({engine}): exact, "
            "without floating point; each row has the verdict of carbonlex check, and portfolio "
            "check --explain gives its proof",
        ),
        pen.said(
            "未告知不是零，也不是否：未定的行另计，合计只含已知的行，未知的行数写在旁边",
            "Not told is neither zero nor no: undetermined rows are counted apart, sums hold the "
            "rows that are known, and the number of the others stands beside them",
        ),
        pen.said(
            "各项义务的罚款不要相加：一个行为只罚一次的规则不在汇总之中",
            "Fines of several duties are not to be added up: that one act is fined once is not in "
            "the totals",
        ),
    ]
    blocks += [pen.paragraph(pen.sentence(line)) for line in told.assumed()]
    words = grade_words(lowest, pen.lang)
    text = pen.pick(
        f"所依规范的最弱来源等级：{words}；证明中可能有更弱的",
        f"Weakest source grade of these norms: {words}; a proof may rest on something weaker",
    )
    blocks.append(pen.paragraph(pen.sentence(text, grade=lowest)))
    return tuple(blocks)


def _run(pen: Pen, found: Survey) -> tuple[Block, ...]:
    pick = pen.pick
    command = f"carbonlex portfolio check DATA --on {found.asked.on}"
    command += "".join(f" --reading {q}={r}" for q, r in sorted(found.asked.readings.items()))
    command += "".join(f" --only {d}" for d in found.asked.only)
    table: Table = closing.digest_table(pen, (
        (pick("运行", "Run"), digest(found)),
        (pick("规则库", "Rulebook"), found.rulebook.digest),
        (pick("数据", "Data"), found.digest.partition(":")[2]),
        (pick("引擎", "Engine"), f"carbonlex {ENGINE} · {found.engine}"),
        (pick("复算命令（DATA 为数据）", "To repeat it (DATA: the data)"), command),
    ))  # fmt: skip
    return (*closing.reservation(pen), table)
