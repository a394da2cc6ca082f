"""Reform files: what a draft may do to the law on paper, and how one is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from carbonlex.errors import ContentError
from carbonlex.reform.apply import apply, apply_all
from carbonlex.reform.inverse import inverse
from carbonlex.reform.makers import MAKERS
from carbonlex.reform.read import _FRONT, FORMS, read_reform
from carbonlex.statutes.akn import instrument_in
from carbonlex.statutes.amend import body_of
from drafted import MEASURES, REASON, ROOT, applied, draft, later, law, norm, refused, undone

NEW = 'key = "new-one"\nmaker = "mee"'
SECOND = "用于抵销的国家核证自愿减排量，不得来自纳入全国碳排放权交易市场配额管理的减排项目。"
INSERTED = "## 增加 第二十九条之一 {#art_29-1}\n\n> 交易机构应当按月公布成交均价。\n" + REASON
LIMIT = {"label": '{zh = "甲", en = "a"}', "value": '"surrender_obligation"'}


def test_identity_changes_nothing(tmp_path: Path) -> None:
    body = f"## 修改 第二十九条第二款 {{#art_29__para_2}}\n\n> {SECOND}\n"
    step = applied(tmp_path, body + norm(id='"offset-exclusion"', as_before="true"))
    key = step.after.key
    assert step.law.rulebook.digest == law().rulebook.digest
    assert body_of(step.law.written(key).xml) == body_of(law().written("measures-2021").xml)


def test_the_law_given_is_left_as_it_was(tmp_path: Path) -> None:
    before = law().rulebook
    kept = (before.digest, tuple(before.norms), tuple(before.instruments))
    applied(tmp_path, "## 删去 第十九条 {#art_19}\n")
    assert (before.digest, tuple(before.norms), tuple(before.instruments)) == kept
    assert before.instruments["measures-2021"].ended is None


def test_other_words_other_law(tmp_path: Path) -> None:
    step = applied(tmp_path, INSERTED)
    assert step.law.rulebook.digest != law().rulebook.digest


def test_the_old_text_ends_where_the_new_begins(tmp_path: Path) -> None:
    step = applied(tmp_path, INSERTED)
    old = step.law.rulebook.instruments["measures-2021"]
    assert (old.ended, step.after.effective) == (date(2026, 12, 1), date(2026, 12, 1))
    assert step.after.work == old.work


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (INSERTED, "insertion"),
        ("## 删去 第十九条 {#art_19}\n", "repeal"),
        (
            f"## replace art. 29(2) {{#art_29__para_2}}\n\n> {SECOND}\n"
            + norm(id='"offset-exclusion"', as_before="true"),
            "substitution",
        ),
    ],
)
def test_the_new_text_is_akoma_ntoso_and_says_what_changed(
    tmp_path: Path, body: str, kind: str
) -> None:
    step = applied(tmp_path, body)
    xml = step.law.written(step.after.key).xml
    instrument, wrong = instrument_in(xml, "draft.xml")
    assert instrument is not None
    assert not wrong
    text = xml.decode()
    assert f'<textualMod type="{kind}"' in text
    assert 'type="amendment"' in text
    assert 'passiveRef eId="amending_1" href="/akn/cn/bill/draft"' in text


def test_a_norm_whose_words_are_gone_is_named_with_the_remedy(tmp_path: Path) -> None:
    body = "## 修改 {#art_29__para_2}\n\n> 抵销不得来自覆盖项目。\n"
    (found,) = refused(tmp_path, body + REASON)
    assert (found.code, found.where.line) == ("reform-malformed", 6)
    assert "offset-exclusion" in found.message[1]
    assert 'id = "offset-exclusion" and as_before = true' in found.hint[1]
    kept = applied(tmp_path, body + norm(id='"offset-exclusion"', as_before="true"))
    norms = kept.law.rulebook.norms
    assert norms[f"{kept.after.key}/offset-exclusion"].quotes == ("抵销不得来自覆盖项目。",)
    dropped = applied(tmp_path, body + REASON, f'falls = ["offset-exclusion"]\n{MEASURES}')
    assert [f.name for f in dropped.fallen] == ["offset-exclusion"]
    assert f"{dropped.after.key}/offset-exclusion" not in dropped.law.rulebook.norms


def test_two_norms_that_would_clash_are_refused_with_both_places(tmp_path: Path) -> None:
    body = "## 增加 {#art_29-1}\n\n> 甲。\n" + norm(id='"x"', defines='"offset_limit"', **LIMIT)
    (found,) = refused(tmp_path, body)
    assert found.code == "norm-overlap"
    assert (found.where.file, found.where.line) == ("draft.md", 12)
    assert "(rules/cn/measures-2021.md:" in found.message[1]


def test_reasons_stay_with_the_paragraphs_that_stay(tmp_path: Path) -> None:
    body = "## 修改 {#art_26__para_2}\n\n> 核查结果应当作为清缴依据。\n" + REASON
    step = applied(tmp_path, body)
    kept = [n for n in step.law.rulebook.not_encoded if n.instrument == step.after.key]
    assert {n.article for n in kept} >= {"art_26", "art_26__para_2"}
    whole = [c for c in step.law.rulebook.coverage if c.instrument == step.after.key]
    assert not any(c.rest for c in whole)


def test_an_article_between_two_articles(tmp_path: Path) -> None:
    step = applied(tmp_path, INSERTED, f'formerly = {{art_29-1 = "art_91"}}\n{MEASURES}')
    provision = step.after.provisions["art_29-1"]
    assert (provision.num, provision.wid) == ("第二十九条之一", "art_91")
    order = [e for e, p in step.after.provisions.items() if not p.parent]
    assert order.index("art_29-1") == order.index("art_29") + 1


def test_points_are_numbered_and_quoted(tmp_path: Path) -> None:
    words = "> 有下列情形之一的，不予登记：\n>\n> （一）材料不实；\n>\n> （二）项目不符。\n"
    step = applied(tmp_path, f"## 增加 {{#art_29-1}}\n\n{words}{REASON}")
    points = [p for p in step.after.provisions.values() if p.eid.startswith("art_29-1__para_1__p")]
    assert [(p.num, p.text) for p in points] == [("（一）", "材料不实；"), ("（二）", "项目不符。")]


def test_repealed_then_brought_back(tmp_path: Path) -> None:
    first = draft(tmp_path, "## 删去 第十九条 {#art_19}\n", name="first")
    words = law().rulebook.instruments["measures-2021"].words("art_19").split("\n")
    quoted = "\n>\n> ".join(words)
    again = draft(tmp_path, f"## 增加 第十九条 {{#art_19}}\n\n> {quoted}\n{REASON}", name="again")
    changed, steps, clashes = apply_all(law(), [first, later(again, "2027-06-01")])
    assert [f.name for f in steps[0].fallen] == ["cancel-voluntarily"]
    assert "art_19" not in steps[0].after.provisions
    assert steps[1].after.words("art_19").split("\n") == words
    assert [c.eid for c in clashes] == ["art_19"]
    assert [k for k in changed.rulebook.instruments if k.startswith("measures-2021")] == [
        "measures-2021", "measures-2021@2026-12-01", "measures-2021@2027-06-01",
    ]  # fmt: skip


def test_reforms_stack_and_a_clash_names_both_places(tmp_path: Path) -> None:
    first = draft(tmp_path, INSERTED, name="first")
    other = "## 修改 {#art_29-1}\n\n> 交易机构应当按日公布成交均价。\n" + REASON
    second = draft(tmp_path, other, name="second")
    changed, _, clashes = apply_all(law(), [first, later(second, "2027-01-01")])
    assert (
        changed.rulebook.instruments["measures-2021@2027-01-01"]
        .words("art_29-1")
        .startswith("交易机构应当按日")
    )
    assert [(c.first.file, c.second.file) for c in clashes] == [("first.md", "second.md")]
    told = replace(second, after="first")
    assert not apply_all(law(), [first, later(told, "2027-01-01")])[2]


def test_two_reforms_of_one_day(tmp_path: Path) -> None:
    first = draft(tmp_path, INSERTED, name="first")
    second = draft(tmp_path, "## 删去 {#art_19}\n", name="second")
    changed, steps, clashes = apply_all(law(), [first, second])
    last = changed.rulebook.instruments[steps[-1].after.key]
    assert "art_29-1" in last.provisions
    assert "art_19" not in last.provisions
    assert not clashes
    assert [i.key for i in changed.rulebook.instruments.values() if i.work == last.work] == [
        "measures-2021", last.key,
    ]  # fmt: skip


def test_law_not_in_force_cannot_be_amended_from_then(tmp_path: Path) -> None:
    early = later(draft(tmp_path, INSERTED), "2020-06-01")
    with pytest.raises(ContentError) as caught:
        apply(law(), early)
    (found,) = caught.value.diagnostics
    assert (found.where.file, found.where.line) == ("draft.md", 3)
    assert "2021-02-01 to …" in found.hint[1]


def test_a_new_instrument_carries_its_maker_and_days(tmp_path: Path) -> None:
    front = f'{NEW}\nform = "departmental_rule"\npromulgated = 2026-11-01'
    step = applied(tmp_path, "## 增加 第一条 {#art_1}\n\n> 甲。\n" + REASON, front)
    after = step.law.rulebook.instruments["new-one"]
    assert (after.rank, after.maker, after.promulgated) == (
        "departmental_rule", "mee", date(2026, 11, 1),
    )  # fmt: skip
    with pytest.raises(ValueError, match="no words before"):
        inverse(law(), step)


@pytest.mark.parametrize("body", [INSERTED, "## 删去 第十九条 {#art_19}\n"])
def test_taken_back(tmp_path: Path, body: str) -> None:
    back = undone(applied(tmp_path, body))
    xml, first = back.law.written(back.after.key).xml, law().written("measures-2021").xml
    assert body_of(xml) == body_of(first)
    assert back.law.rulebook.digest == law().rulebook.digest
    assert xml.count(b"<eventRef") == first.count(b"<eventRef") + 2


def test_the_page_on_drafting_shows_a_draft_that_applies(tmp_path: Path) -> None:
    page = (ROOT / "docs/drafting.md").read_text("utf-8")
    path = tmp_path / "cap.md"
    path.write_text(page.partition("````markdown\n")[2].partition("````")[0], "utf-8")
    step = apply(law(), read_reform(path))
    parameter = step.law.rulebook.parameters[f"{step.after.key}/offset-cap.offset_cap"]
    assert [(s.start, s.entry.value) for s in parameter.spans if s.entry] == [
        (date(2021, 2, 1), Fraction(1, 20)),
        (date(2027, 1, 1), Fraction(1, 10)),
    ]


def test_the_page_on_drafting_names_every_key_and_maker() -> None:
    page = (ROOT / "docs/drafting.md").read_text("utf-8")
    assert not [key for key in (*_FRONT, *MAKERS, *FORMS) if f"`{key}`" not in page]


@pytest.mark.parametrize(
    ("key", "eid"),
    [
        ("code-2026", "art_1226"),  # the first of its section
        ("coercion-law-2011", "art_9"),  # the first that is held
        ("measures-2021", "art_29"),
    ],
)
def test_an_article_comes_back_into_its_own_chapter(tmp_path: Path, key: str, eid: str) -> None:
    back = undone(applied(tmp_path, f"## 删去 {{#{eid}}}\n", f'amends = "{key}"'))
    assert body_of(back.law.written(back.after.key).xml) == body_of(law().written(key).xml)


def test_an_article_before_the_first(tmp_path: Path) -> None:
    body = "## 增加 第一条 {#art_1}\n\n> 为了落实强制措施法定，制定本法。\n" + REASON
    step = applied(tmp_path, body, 'amends = "coercion-law-2011"')
    assert next(iter(step.after.provisions)) == "art_1"


@pytest.mark.parametrize("key", ["code-2026", "measures-2021", "legislation-law-2023"])
def test_any_article_said_again_changes_nothing(tmp_path: Path, key: str) -> None:
    instrument = law().rulebook.instruments[key]
    held = [p.eid for p in instrument.provisions.values() if not p.parent and p.held]
    for eid in held[::9]:
        words = "\n>\n> ".join(instrument.words(eid).split("\n"))
        body = f"## 修改 {{#{eid}}}\n\n> {words}\n"
        step = applied(tmp_path, body, f'amends = "{key}"')
        assert step.law.rulebook.digest == law().rulebook.digest, eid
