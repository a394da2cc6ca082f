"""Redlines: what was changed, inserted, repealed, renumbered, and what cannot be said."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.interfaces.redline_page import RedlinePage
from carbonlex.interfaces.redline_wire import redline_json, redline_schema
from carbonlex.model import Grade, Label
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.stranded import stranded
from carbonlex.statutes.instruments import Instrument, Provision
from carbonlex.statutes.redline import Redline, Row, redline
from carbonlex.statutes.stretches import Stretches, stretches
from carbonlex.words.redlines import amendment

ROOT = Path(__file__).resolve().parents[1]
RULEBOOK = load_rulebook()
OLD, NEW = "legislation-law-2015", "legislation-law-2023"
Lines = Sequence[str]


def provision(
    eid: str, text: str, wid: str, children: Sequence[str], held: bool = True
) -> Provision:
    """Return a provision by its eId; a point takes its number from it."""
    over, _, last = eid.rpartition("__")
    kind, number = last.split("_")
    level = {"art": "article", "para": "paragraph", "point": "point"}[kind]
    num = f"（{'一二三四五六七八九'[int(number) - 1]}）" if level == "point" else ""
    return Provision(
        eid,
        wid or eid,
        level,
        num,
        text,
        "official",
        held,
        over,
        tuple(children),  # type: ignore[arg-type]
    )


def instrument(
    articles: dict[str, Lines | str | None],
    wids: dict[str, str] | None = None,
    key: str = "act",
    grade: Grade = "official",
    count: int | None = None,
) -> Instrument:
    """Return an instrument of articles by eId: paragraphs, each with points after `|`; None is an
    article of which no words are held. It lists all of its articles unless `count` is larger."""
    wids = wids or {}
    found: dict[str, Provision] = {}
    for eid, paragraphs in articles.items():
        said = [paragraphs] if isinstance(paragraphs, str) else paragraphs or ("",)
        paras = [f"{eid}__para_{n}" for n in range(1, len(said) + 1)]
        found[eid] = provision(eid, "", wids.get(eid, ""), paras, paragraphs is not None)
        for para, text in zip(paras, said, strict=True):
            lead, *points = text.split("|")
            below = [f"{para}__point_{n}" for n in range(1, len(points) + 1)]
            found[para] = provision(para, lead, wids.get(para, ""), below)
            for point, words in zip(below, points, strict=True):
                found[point] = provision(point, words, wids.get(point, ""), ())
    return Instrument(
        key=key, uri=f"/akn/{key}", work="/akn/act", rank="law", maker="npc",
        maker_label=Label("", ""), title=Label("某法", "An Act"), short=Label("某法", "An Act"),
        number="", promulgated=date(2020, 1, 1), effective=date(2020, 1, 1), ended=None,
        grade=grade, date_grades={}, articles=len(articles) if count is None else count,
        provisions={e: replace(p, grade=grade) for e, p in found.items()}, file="act.xml",
        digest="", note=Label("", ""),
    )  # fmt: skip


def one(old: Lines | str, new: Lines | str) -> Row:
    """Return the row of the only article of two texts."""
    (row,) = redline(instrument({"art_1": old}), instrument({"art_1": new})).rows
    return row


def said(old: Lines | str, new: Lines | str, lang: str = "zh") -> str:
    """Return what an amending decision would say of the only article of two texts."""
    found = redline(instrument({"art_1": old}), instrument({"art_1": new}))
    return amendment(found, found.rows[0], lang)


def kinds(found: Redline) -> list[tuple[str, str, str]]:
    return [(row.kind, row.old, row.new) for row in found.rows]


def joined(found: Stretches, left_out: str) -> str:
    return "".join(text for op, text in found if op != left_out)


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["law", "diff", *args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def page(found: Redline, lang: str = "zh", whole: bool = False) -> str:
    out = io.StringIO()
    RedlinePage(Console(file=out, width=100), RULEBOOK, found, lang, whole).print(())
    return out.getvalue()


# ---- the real Legislation Law


LAW = redline(RULEBOOK.instruments[OLD], RULEBOOK.instruments[NEW])


def test_article_80_of_2015_is_article_91_of_2023() -> None:
    row = LAW.row("art_80")
    assert row is not None
    assert (row.kind, row.new, row.renumbered) == ("changed", "art_91", True)
    assert [s for s in row.stretches if s[0] != "same"] == [("inserted", "以及法律规定的机构")]


def test_the_article_80_of_2023_is_not_the_article_80_of_2015() -> None:
    assert all(row.old != "art_80" for row in LAW.rows if row.new == "art_80")


def test_a_colon_typed_otherwise_is_no_amendment() -> None:
    row = LAW.row("art_95")
    assert row is not None
    assert (row.kind, row.new) == ("renumbered", "art_106")
    assert ":" in row.old_words
    assert "：" in row.new_words


def test_references_that_follow_the_numbers_are_amendments() -> None:
    row = LAW.row("art_96")
    assert row is not None
    assert amendment(LAW, row) == (
        "将第九十六条改为第一百零七条，将“第九十七条”修改为“第一百零八条”。"
    )


def test_articles_without_words_are_compared_with_nothing() -> None:
    row = LAW.row("art_84")
    assert row is not None
    assert (row.kind, row.new, row.stretches) == ("not-held", "art_95", ())
    assert amendment(LAW, row) == ""


# ---- units


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("3月31日前", "3月30日前", ["31", "30"]),
        ("不得超过5%。", "不得超过10%。", ["5%", "10%"]),
        ("0.5元", "0.75元", ["0.5", "0.75"]),
        ("三十一万元", "三十万元", ["三十一万", "三十万"]),
        ("百分之五以下", "百分之五十以下", ["百分之五", "百分之五十"]),
        ("依照第二十九条", "依照第二十九条之一", ["第二十九条", "第二十九条之一"]),
        ("按 tCO2 计", "按 tCO2e 计", ["tCO2", "tCO2e"]),
        ("第（十一）项", "第（十）项", ["第（十一）项", "第（十）项"]),
    ],
)
def test_numbers_and_references_are_never_cut(old: str, new: str, changes: list[str]) -> None:
    assert [text for op, text in stretches(old, new) if op != "same"] == changes


def test_a_comma_kept_between_two_rewritten_clauses_is_rewritten_with_them() -> None:
    found = stretches("甲乙丙丁，戊己庚辛。", "子丑寅卯，辰巳午未。")
    assert found == (
        ("deleted", "甲乙丙丁，戊己庚辛"), ("inserted", "子丑寅卯，辰巳午未"), ("same", "。")
    )  # fmt: skip


_WORDS = st.text(alphabet="的配额清缴三十一5%0.条第，。；：:　 aB", max_size=60)


@given(_WORDS, _WORDS)
@example("3月31日", "")
@example("", "新")
@settings(max_examples=200, deadline=None)
def test_the_stretches_of_words_give_back_both_wordings(old: str, new: str) -> None:
    found = stretches(old, new)
    assert joined(found, "inserted") == old
    assert joined(found, "deleted") == new


_PARAGRAPH = st.lists(st.text(alphabet="甲乙丙三5条。", min_size=1, max_size=8), max_size=4).map(
    "|".join
)
_ARTICLE = st.lists(_PARAGRAPH, min_size=1, max_size=5)


@given(_ARTICLE, _ARTICLE)
@example(["甲", "乙", "丙"], ["丙", "甲", "乙"])
@example(["甲", "甲"], ["甲"])
@settings(max_examples=200, deadline=None)
def test_the_stretches_of_an_article_give_back_both_articles(old: Lines, new: Lines) -> None:
    row = one(old, new)
    if row.kind != "not-held":
        assert joined(row.stretches, "inserted") == row.old_words
        assert joined(row.stretches, "deleted") == row.new_words


def test_hostile_words_cost_seconds_and_no_more() -> None:
    """Each second character the same: the matcher alone would compare some 10^13 pairs."""
    old = "".join("的" + chr(0x4E00 + n % 9000) for n in range(30_000))
    new = "".join("的" + chr(0x7200 + n % 9001) for n in range(30_000))
    start = process_time()
    found = stretches(old, new)
    assert process_time() - start < 20
    assert joined(found, "inserted") == old
    assert joined(found, "deleted") == new


def test_a_long_text_is_still_read_number_by_number() -> None:
    clauses = [f"第{n}类设施的配额按{n}计，应当清缴，不得转让；" for n in range(400)]
    new = [*clauses]
    new[0], new[200], new[-1] = (c.replace("不得", "可以") for c in (new[0], new[200], new[-1]))
    found = stretches("".join(clauses), "".join(new))
    assert [s for s in found if s[0] != "same"] == [("deleted", "不得"), ("inserted", "可以")] * 3


# ---- articles


def test_a_renumbered_article_is_found_by_its_wid() -> None:
    old = instrument({"art_1": "甲。", "art_2": "乙。"})
    new = instrument({"art_1": "甲。", "art_2": "新。", "art_3": "乙。"}, {"art_3": "art_2"})
    assert kinds(redline(old, new)) == [
        ("unchanged", "art_1", "art_1"), ("inserted", "", "art_2"), ("renumbered", "art_2", "art_3")
    ]  # fmt: skip


def test_a_repealed_article_stands_at_its_old_place() -> None:
    old = instrument({f"art_{n}": f"{n}。" for n in (1, 2, 3)})
    new = instrument({"art_1": "1。", "art_2": "3。"}, {"art_2": "art_3"})
    assert kinds(redline(old, new)) == [
        ("unchanged", "art_1", "art_1"), ("repealed", "art_2", ""), ("renumbered", "art_3", "art_2")
    ]  # fmt: skip


def test_what_a_text_not_listed_whole_lacks_is_neither_repealed_nor_inserted() -> None:
    old = instrument({"art_1": "甲。", "art_2": "乙。"}, count=9)
    new = instrument({"art_1": "甲。", "art_3": "丙。"}, count=9)
    rows = kinds(redline(old, new))
    assert rows[1:] == [("not-held", "art_2", ""), ("not-held", "", "art_3")]
    assert [k for k, _, _ in kinds(redline(old, new, whole=True))[1:]] == ["repealed", "inserted"]


def test_words_not_held_on_either_side_are_not_a_change() -> None:
    held, bare = instrument({"art_1": "甲。"}), instrument({"art_1": None})
    for old, new in ((held, bare), (bare, held), (bare, bare)):
        (row,) = redline(old, new).rows
        assert (row.kind, row.lines) == ("not-held", ())


def test_the_same_text_has_no_amendments() -> None:
    for held in RULEBOOK.instruments.values():
        assert not redline(held, held).amendments


# ---- paragraphs and points


def test_an_inserted_paragraph_is_inserted_though_the_wids_only_count() -> None:
    row = one(["甲。", "乙。"], ["甲。", "新。", "乙。"])
    assert [line.kind for line in row.lines] == ["unchanged", "inserted", "renumbered"]
    assert [s for s in row.stretches if s[0] != "same"] == [
        ("inserted", "\n"),
        ("inserted", "新。"),
    ]


def test_a_paragraph_changed_and_moved_is_found_by_its_wid() -> None:
    old = instrument({"art_1": ["应当报告。", "三日内。"]})
    wids = {"art_1__para_2": "art_1__para_1", "art_1__para_3": "art_1__para_2"}
    new = instrument({"art_1": ["新。", "应当书面报告。", "五日内。"]}, wids)
    (row,) = redline(old, new).rows
    assert [(li.kind, li.old[-1:], li.new[-1:]) for li in row.lines] == [
        ("inserted", "", "1"), ("changed", "1", "2"), ("changed", "2", "3")
    ]  # fmt: skip


def test_a_repealed_point_leaves_the_others_with_other_numbers() -> None:
    row = one("有下列情形之一的：|甲；|乙；|丙。", "有下列情形之一的：|甲；|丙。")
    assert [line.kind for line in row.lines] == ["unchanged", "unchanged", "repealed", "renumbered"]
    assert row.lines[-1].stretches == (
        ("deleted", "（三）"), ("inserted", "（二）"), ("same", "丙。")
    )  # fmt: skip


def test_a_paragraph_moved_to_another_article_is_said_to_be() -> None:
    old = instrument({"art_1": ["甲。", "乙。"]})
    wids = {"art_2": "art_2", "art_2__para_1": "art_1__para_2"}
    found = redline(old, instrument({"art_1": "甲。", "art_2": "乙。"}, wids))
    assert found.rows[0].lines[1].elsewhere == "art_2__para_1"
    assert amendment(found, found.rows[0]) == "第一条第二款移作第二条。"


# ---- the words of amending decisions


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        (
            "罚款三万元。", "罚款五万元。",
            "将第一条中的“三万”修改为“五万”。", "In art. 1, for “三万” read “五万”.",
        ),
        (
            ["甲应当报告。", "乙。"], ["甲应当书面报告。", "乙。"],
            "在第一条第一款“甲应当”后增加“书面”。", "In art. 1(1), after “甲应当” insert “书面”.",
        ),
        (
            ["应当报告。", "乙。"], ["单位应当报告。", "乙。"],
            "在第一条第一款开头增加“单位”。", "In art. 1(1), at the beginning insert “单位”.",
        ),
        ("甲或者乙。", "甲。", "删去第一条中的“或者乙”。", "In art. 1, delete “或者乙”."),
        (
            ["甲。"], ["甲。", "乙。"],
            "在第一条增加一款，作为第二款：“乙。”。", "Insert art. 1(2): “乙。”.",
        ),
        (["甲。", "乙。"], ["甲。"], "删去第一条第二款。", "Repeal art. 1(2)."),
        (
            "下列情形：|甲；|乙。", "下列情形：|新；|甲；|乙。",
            "在第一条增加一项，作为第（一）项：“（一）新；”，款项序号作相应调整。",
            "Insert art. 1(1)(1): “（一）新；”; renumber the rest accordingly.",
        ),
        (
            "甲乙丙丁戊己庚辛。", "甲子丙丑戊寅庚卯。",
            "将第一条修改为：“甲子丙丑戊寅庚卯。”。", "Art. 1 reads: “甲子丙丑戊寅庚卯。”.",
        ),
    ],
)  # fmt: skip
def test_amendments_are_said_as_decisions_say_them(
    old: Lines, new: Lines, zh: str, en: str
) -> None:
    assert said(old, new) == zh
    assert said(old, new, "en") == en


def test_articles_inserted_repealed_and_renumbered_are_said() -> None:
    old = instrument({"art_1": "甲。", "art_2": "乙。", "art_3": "丙。"})
    new = instrument({"art_1": "甲。", "art_1-1": "新。", "art_2": "丙。"}, {"art_2": "art_3"})
    found = redline(old, new, whole=True)
    assert [amendment(found, row) for row in found.amendments] == [
        "删去第二条。", "增加一条，作为第一条之一：“新。”。", "第三条改为第二条。"
    ]  # fmt: skip
    assert amendment(found, found.of("inserted")[0], quoting=False) == "增加一条，作为第一条之一。"


def test_an_article_lost_to_a_text_not_listed_whole_is_said_with_the_doubt() -> None:
    old = instrument({"art_1": ["甲。", "乙。"]}, count=9)
    found = redline(old, instrument({"art_1": "甲。"}, count=9))
    assert "可能已移至他条" in amendment(found, found.rows[0])
    assert "may have been moved" in amendment(found, found.rows[0], "en")


def test_recalled_words_are_never_quoted() -> None:
    old = instrument({"art_1": "罚款三万元。"}, grade="recalled")
    found = redline(old, instrument({"art_1": "罚款五万元。"}))
    assert amendment(found, found.rows[0]) == "修改第一条。"
    assert "不作引文" in page(found)


# ---- quotes


def test_norms_whose_words_are_gone_are_named() -> None:
    measures = RULEBOOK.instruments["measures-2021"]
    cap, twice = (RULEBOOK.norm(n) for n in ("offset-cap", "offset-exclusion"))
    eid = cap.provisions[0]
    words = replace(measures.provisions[eid], text="重点排放单位不得抵销。")
    draft = replace(measures, key="draft", provisions={**measures.provisions, eid: words})
    lost = stranded(RULEBOOK, redline(measures, draft, whole=True))
    assert {s.norm for s in lost} >= {cap.id}
    assert twice.id not in {s.norm for s in lost}
    assert all(s.missing for s in lost)


def test_norms_of_an_article_that_is_gone_or_not_held_are_told_apart() -> None:
    measures = RULEBOOK.instruments["measures-2021"]
    article = measures.article(RULEBOOK.norm("offset-cap").provisions[0]).eid
    left = {e: p for e, p in measures.provisions.items() if not e.startswith(article)}
    gone = stranded(RULEBOOK, redline(measures, replace(measures, provisions=left), whole=True))
    assert {s.new for s in gone} == {""}
    assert all(s.missing for s in gone)
    bare = replace(measures.provisions[article], held=False)
    draft = replace(measures, provisions={**measures.provisions, article: bare})
    assert not any(s.missing for s in stranded(RULEBOOK, redline(measures, draft)))


# ---- the command


def test_the_command_prints_both_texts_marked() -> None:
    code, out, _ = run(OLD, NEW)
    assert code == 0
    assert "修改前　第八十条" in out
    assert "修改后　第九十一条" in out
    assert "〔以及法律规定的机构〕" in out
    assert "图例：【删去】，〔新增〕" in out
    assert "第八十七条改为第九十八条。" in out
    assert "修改后　第九十八条" not in out


def test_all_shows_the_articles_that_did_not_change() -> None:
    assert "修改后　第九十八条" in run(OLD, NEW, "--all")[1]
    assert "第八条" not in run(NEW, NEW)[1].partition("未收录")[0]
    assert "修改前　第十一条" in run(NEW, NEW, "--all")[1]


def test_english_is_english_around_the_words_of_law() -> None:
    out = run(OLD, NEW, "--lang", "en")[1]
    assert "before: art. 80" in out
    assert "Art. 88 becomes art. 99." in out
    assert "Not held, not compared" in out
    assert not any(word in out for word in ("修改前", "图例", "仅改条号", "未收录"))


def test_nothing_changed_is_said_of_what_can_be_compared_only() -> None:
    whole, bare = instrument({"art_1": "甲。"}), instrument({"art_1": None})
    part = instrument({"art_1": "甲。", "art_2": None})
    assert "  没有变化。" in page(redline(whole, whole))
    assert "可以对照的条文没有变化。" in page(redline(part, part))
    assert "没有可以对照的条文。" in page(redline(bare, whole))
    assert "There is no article that can be compared." in page(redline(bare, whole), "en")


def test_an_article_that_one_side_does_not_list_is_not_said_to_be_missing() -> None:
    found = redline(instrument({"art_1": "甲。"}, count=2), instrument({"art_2": "乙。"}, count=2))
    assert "第一条 → （未列）、（未列） → 第二条" in page(found)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("legislation-law-2016", NEW), "legislation-law-2015"),
        ((OLD, "nothing"), "measures-2021"),
        (("measures-2021", "interim-regs-2024"), "没有其他文本"),
        ((OLD, "interim-regs-2024"), NEW),
    ],
)
def test_what_cannot_be_compared_is_two_with_a_remedy(args: tuple[str, ...], says: str) -> None:
    for lang in ("zh", "en"):
        code, out, complaint = run(*args, "--lang", lang)
        assert (code, out) == (2, "")
        assert says in complaint or lang == "en"
        assert complaint.strip()


def test_json_follows_its_schema_and_is_the_same_twice() -> None:
    schema = json.loads((ROOT / "docs" / "redline.schema.json").read_text("utf-8"))
    assert schema == json.loads(redline_schema())
    first, second = (run(OLD, NEW, "--json")[1] for _ in range(2))
    assert first == second
    answer = json.loads(first)
    jsonschema.validate(answer, schema)
    assert answer["old"]["whole"] is False
    row = next(r for r in answer["rows"] if r["old"]["provision"] == f"{OLD}#art_80")
    assert row["new"]["cite"]["zh"].endswith("第九十一条")
    assert row["amendment"]["en"].startswith("Art. 80 becomes art. 91;")
    assert sum(answer["counts"].values()) == len(answer["rows"])


def test_json_names_stranded_norms() -> None:
    measures = RULEBOOK.instruments["measures-2021"]
    bare = {e: replace(p, held=False) for e, p in measures.provisions.items()}
    found = redline(measures, replace(measures, provisions=bare))
    answer = json.loads(redline_json(found, stranded(RULEBOOK, found)))
    assert {s["norm"] for s in answer["stranded"]} >= {"measures-2021/offset-cap"}
