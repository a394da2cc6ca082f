"""Which provision a citation means on a day: renumbered articles, numbers that now say another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.rulebook.load import load_rulebook
from carbonlex.statutes.citation import chinese_number, cite, pinpoint
from carbonlex.statutes.references import number_read, read_reference
from carbonlex.statutes.resolve import Resolved, UnknownPlace, resolve

HELD = load_rulebook().instruments
IN_2024 = date(2024, 1, 1)


def found(place: str, day: str = "") -> Resolved:
    """Return what a citation means, on a day if one is given."""
    return resolve(HELD, place, date.fromisoformat(day) if day else None)


def where(place: str, day: str = "") -> str:
    """Return what a citation means, as `KEY#EID`."""
    one = found(place, day)
    return f"{one.instrument.key}#{one.eid}".removesuffix("#")


# with a year: the provision is followed


@pytest.mark.parametrize(
    "place",
    [
        "legislation-law-2015#art_80",
        "legislation-law-2015#第八十条",
        "立法法（2015）第八十条",
        "《立法法》（2015）第八十条",
        "《中华人民共和国立法法（2015年修正）》第八十条",
        "2015年立法法第80条",
        "立法法2015年第８０条",
        "Legislation Law (2015), art. 80",
        "legislation law 2015 Article 80",
        "2015 Legislation Law § 80",
    ],
)
def test_article_80_of_2015_asked_for_2024_is_article_91_of_2023(place: str) -> None:
    one = found(place, "2024-01-01")
    assert (one.instrument.key, one.eid) == ("legislation-law-2023", "art_91")
    assert one.moved_from == (HELD["legislation-law-2015"], "art_80")
    zh = [w.zh for w in one.warnings]
    assert zh == [
        "《立法法（2015）》第八十条：2024-01-01 施行的是《立法法（2023）》第九十一条（条号已改）",
        "《立法法（2023）》第八十条是另一条",
    ]
    assert "Legislation Law (2023), art. 91 (renumbered)" in one.warnings[0].en


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ("2023-03-14", "legislation-law-2015#art_80"),
        ("2023-03-15", "legislation-law-2023#art_91"),
    ],
)
def test_the_text_changes_on_the_day_of_the_new_one(day: str, place: str) -> None:
    assert where("legislation-law-2015#art_80", day) == place
    assert where("legislation-law-2023#art_91", day) == place


def test_paragraphs_and_points_move_with_their_article() -> None:
    assert (
        where("立法法（2015）第八十条第二款", "2024-01-01") == "legislation-law-2023#art_91__para_2"
    )
    point = "legislation-law-2023#art_108__para_1__point_3"
    assert where("立法法（2015）第九十七条第（三）项", "2024-01-01") == point


def test_a_paragraph_without_its_equal_leads_to_the_article_and_says_so() -> None:
    one = found("legislation-law-2015#art_72__para_3", "2024-01-01")
    assert (one.instrument.key, one.eid, one.coarser) == ("legislation-law-2023", "art_80", True)
    assert "按条列出" in one.warnings[0].zh


def test_asked_for_no_day_or_in_force_the_text_named_is_shown_without_a_word() -> None:
    for day in ("", "2020-01-01"):
        one = found("legislation-law-2015#art_80", day)
        assert (one.instrument.key, one.eid, one.warnings) == ("legislation-law-2015", "art_80", ())


def test_an_instrument_with_one_text_stays_what_it_is_outside_its_time() -> None:
    assert where("code-2026#art_1037", "2025-01-01") == "code-2026#art_1037"
    assert where("生态环境法典第一千零三十七条", "2025-01-01") == "code-2026#art_1037"
    assert where("legislation-law-2015", "2024-01-01") == "legislation-law-2015"


# without a year: the number in the text in force


@pytest.mark.parametrize(
    "place", ["legislation-law#art_80", "立法法第八十条", "Legislation Law art. 80"]
)
def test_article_80_without_a_year_for_2024_is_of_2023_with_a_warning(place: str) -> None:
    one = found(place, "2024-01-01")
    assert (one.instrument.key, one.eid) == ("legislation-law-2023", "art_80")
    (namesake,) = one.namesakes
    assert (namesake.instrument.key, namesake.eid, namesake.now) == (
        "legislation-law-2015", "art_80", "art_91",
    )  # fmt: skip
    (warning,) = one.warnings
    assert "没有写明年份；《立法法（2015）》第八十条是另一条" in warning.zh
    assert "第九十一条" in warning.zh
    assert warning.en.endswith("in Legislation Law (2023): art. 91")


def test_without_a_year_for_2020_it_is_of_2015_and_the_later_number_is_named() -> None:
    one = found("立法法第八十条", "2020-01-01")
    assert (one.instrument.key, one.eid) == ("legislation-law-2015", "art_80")
    assert [(n.instrument.key, n.now) for n in one.namesakes] == [
        ("legislation-law-2023", "art_72")
    ]


def test_without_a_year_and_a_day_the_newest_text_is_read() -> None:
    assert where("legislation-law#art_91") == "legislation-law-2023#art_91"
    assert where("legislation-law") == "legislation-law-2023"


def test_a_short_name_that_the_newest_text_bears_alone_is_no_year() -> None:
    assert where("行政处罚法第十二条", "2021-07-14") == "penalty-law-1996#art_12"
    assert where("行政处罚法第十二条", "2021-07-15") == "penalty-law-2021#art_12"
    assert where("行政处罚法（2021）第十二条", "2021-07-14") == "penalty-law-1996#art_11"


def test_works_that_share_a_key_are_told_apart_by_the_day_alone() -> None:
    with pytest.raises(UnknownPlace, match="ccer-measures-2012"):
        found("ccer-measures")
    assert where("ccer-measures", "2023-10-18") == "ccer-measures-2012"
    assert where("ccer-measures", "2023-10-19") == "ccer-measures-2023"


# how it may be written


@pytest.mark.parametrize(
    ("place", "means"),
    [
        ("条例第二十四条", "interim-regs-2024#art_24"),
        ("《碳排放权交易管理暂行条例》第24条", "interim-regs-2024#art_24"),
        ("碳排放权交易管理办法第二十九条第一款", "measures-2021#art_29__para_1"),
        ("办法 第 29 条", "measures-2021#art_29"),
        ("法典第1226条第2款", "code-2026#art_1226__para_2"),
        ("Code, art. 1226(2)", "code-2026#art_1226__para_2"),
        ("Penalty Law, art. 9(1)(3)", "penalty-law-2021#art_9__para_1__point_3"),
        ("2021、2022年度方案（编者摘录第2段）", "plan-power-2021-2022#para_2"),
        ("2021-2022 plan, extract 2", "plan-power-2021-2022#para_2"),
        ("国发〔2021〕26号", "guofa-2021-26"),
        ("2023年通知", "notice-2023-07-17"),
    ],
)
def test_a_citation_as_lawyers_write_it(place: str, means: str) -> None:
    assert where(place) == means


def test_a_point_needs_no_paragraph_where_only_one_has_it() -> None:
    assert where("立法法（2023）第八十二条第（二）项") == (
        "legislation-law-2023#art_82__para_1__point_2"
    )


@pytest.mark.parametrize(
    ("place", "day", "said"),
    [
        ("立法罚第八十条", "", "可选：legislation-law-2023"),
        ("立法法（2000）第八十条", "", "legislation-law-2015"),
        ("legislation-law", "1999-01-01", "legislation-law-2015（2015-03-15 起）"),
        ("立法法第八十一条", "2024-01-01", "《立法法（2015）》第八十一条现为 art_92"),
        ("measures-2021#art_29__para_9", "", "相近：art_29__para_1"),
        ("measures-2021#art_999", "", "art_43"),
        ("第八十条", "", "读不懂"),
        ("legislation-law#eighty", "", "读不懂"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is_near(place: str, day: str, said: str) -> None:
    with pytest.raises(UnknownPlace) as refused:
        found(place, day)
    zh, en = refused.value.args
    assert said in zh
    assert en and en != zh


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["legislation-law-2015#art_80"], "第九十一条（条号已改）"),
        (["立法法第八十条"], "没有写明年份"),
        (["Legislation Law art. 80", "--lang", "en"], "no year was given"),
    ],
)
def test_the_warning_comes_first(arguments: list[str], said: str) -> None:
    shown = CliRunner().invoke(app, ["law", "show", *arguments, "--on", "2024-01-01"])
    assert shown.exit_code == 0
    assert said in shown.stdout.splitlines()[0]


def test_the_command_refuses_with_2() -> None:
    refused = CliRunner().invoke(app, ["law", "show", "立法罚第八十条", "--lang", "en"])
    assert refused.exit_code == 2
    assert "choose from: legislation-law-2023" in refused.stderr


# everything held can be cited and found again

PLACES = [(key, eid) for key, i in HELD.items() for eid in i.provisions]


@given(st.sampled_from(PLACES), st.sampled_from(["zh", "en"]), st.booleans())
def test_what_cite_writes_leads_back(place: tuple[str, str], lang: str, short: bool) -> None:
    key, eid = place
    instrument = HELD[key]
    written = cite(instrument, eid, lang, short)
    # A short name may be that of the newest text alone; within the time of this one it is this.
    one = resolve(HELD, written, instrument.effective)
    assert one.instrument.key == key
    # 款 is left out where it is the only one: then the article is what was written.
    assert one.eid == eid or pinpoint(instrument, one.eid, lang) == pinpoint(instrument, eid, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_pinpoint_leads_back(lang: str) -> None:
    for key, eid in PLACES:
        text = pinpoint(HELD[key], eid, lang)
        one = resolve(HELD, f"{key}#{text}", None)
        assert pinpoint(HELD[key], one.eid, lang) == text, (key, eid)


@given(st.integers(1, 9999))
def test_numbers_are_read_as_they_are_written(number: int) -> None:
    assert number_read(chinese_number(number)) == number_read(str(number)) == number


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    reference = read_reference(text)
    assert reference is None or isinstance(reference.name, str)
    try:
        resolve(HELD, text, IN_2024)
    except UnknownPlace as refused:
        assert len(refused.args) == 2
