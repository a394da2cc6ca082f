"""What stops a rulebook that reads well: types, units, cycles, overlaps, parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from good_corpus import QUESTION_FILE, VOCABULARY_FILE, Fault, params
from synthetic import Act, checked, read_corpus, sound, write_corpus

VALUE = '"max(0, emissions - surrendered)"'
THRESHOLD = "2020-02-01 = 100"
DIRECT = "[fact.direct]"
EMISSIONS_AGAIN = '[fact.emissions]\ntype = "number"\nunit = "tCO2e"\nlabel = {zh = "直'


def value(code: str, text: str) -> Fault:
    """Put another expression where tonnes are wanted."""
    return Fault(code, VALUE, f'"{text}"')


def threshold(code: str, text: str) -> Fault:
    """Put another value of the threshold, which is a number of tonnes from a day on."""
    return Fault(code, THRESHOLD, text)


RIGHT = [
    value("expression-forbidden", "__import__('os').system('true')"),
    value("expression-forbidden", "__import__('os')"),
    value("expression-forbidden", "(lambda: 1)()"),
    value("expression-forbidden", "emissions.__class__"),
    value("expression-forbidden", "1e5"),
    value("expression-forbidden", "0x10"),
    value("syntax", "emissions >"),
    value("expression-too-large", "emissions" + " + emissions" * 100),
    value("expression-too-large", "-" * 40 + "emissions"),
    value("number-inexact", "9" * 50),
    threshold("parameter-malformed", "2020-02-30 = 100"),
    threshold("parameter-malformed", "next = 100"),
    threshold("parameter-malformed", "2030-2020 = 100"),
    threshold("syntax", "2020-02-01 = 2020-02-30"),
    threshold("syntax", "2020-02-01 = 0100"),
    Fault("duplicate-key", THRESHOLD, "2022-01-01 = 100", "2022-01-01 = 90.5"),
    Fault("norm-duplicate", "[concept.before]", "[concept.direct]", file=VOCABULARY_FILE),
    Fault("duplicate-key", "[fact.direct]", "[fact.emissions]", EMISSIONS_AGAIN, VOCABULARY_FILE),
    Fault("syntax", "[fact.direct]", "[fact.direct", file=VOCABULARY_FILE),
]  # fmt: skip
WITHIN = [
    value("type-mismatch", "emissions > surrendered"),
    value("type-mismatch", "emissions if sector == 'forestry' else 0"),
    value("type-mismatch", "emissions if sector[-1] == 'power' else 0"),
    value("unit-mismatch", "emissions * surrendered"),
    value("unit-mismatch", "emissions - emissions * surrendered"),
    value("unit-mismatch", "emissions if emissions > 2 / 3 else 0"),
    value("quotient-unrounded", "emissions * (emissions / surrendered)"),
    value("name-unknown", "emission"),
    value("name-unknown", "inf"),
    value("name-unknown", "credits.quantity"),
    Fault("type-mismatch", "sector == 'power'", "emissions", 'point_1 = "emissions"'),
    Fault("name-unknown", "direct >=", "indirect >="),
    Fault("unit-mismatch", "between(0, 30_000)", "between(0, 1) * emissions"),
    Fault("type-mismatch", '"date(year + 1, 3, 31)"', '"year"'),
    Fault("type-mismatch", '"short == 0"', '"short"', 'requires = "short"'),
    threshold("parameter-missing", "2020-02-02 = 100"),
    Fault("expression-forbidden", "direct >=", "direct ** 2 >="),
    threshold("number-inexact", "2020-02-01 = 1e2"),
    threshold("number-inexact", "2020-02-01 = inf"),
    threshold("number-inexact", "2020-02-01 = nan"),
    Fault("number-inexact", DIRECT, f"{DIRECT}\nmax = 1e9", "max =", VOCABULARY_FILE),
    threshold("parameter-malformed", "2020 = 100"),
    threshold("instrument-unknown", "2020-02-01 = {value = 100, source = 'notice'}"),
    Fault("parameter-malformed", 'unit = "tCO2e"', 'unit = "tons"'),
    Fault("unit-mismatch", '"tCO2e"', '"tons"', file=VOCABULARY_FILE),
    Fault("norm-malformed", '"boolean"', '"truth"', file=VOCABULARY_FILE),
    Fault("norm-malformed", DIRECT, f"{DIRECT}\ncolour = 1", "colour", VOCABULARY_FILE),
    Fault("norm-malformed", '"total"', '"half"', file=QUESTION_FILE),
    Fault("norm-malformed", 'source = "通知"', "", "reading.direct", QUESTION_FILE),
    Fault("provision-unknown", "act#art_1__para_1", "act#art_9", file=QUESTION_FILE),
]
EVERY = [*RIGHT, *WITHIN]


@pytest.mark.parametrize("fault", params(EVERY))
def test_stopped(fault: Fault, tmp_path: Path) -> None:
    found = fault.found(tmp_path)
    assert fault.line and found
    assert {(d.code, d.where.file) for d in found} == {(fault.code, fault.file)}


@pytest.mark.parametrize("fault", params(EVERY))
def test_the_line_to_look_at(fault: Fault, tmp_path: Path) -> None:
    assert (fault.code, fault.line) in {(d.code, d.where.line) for d in fault.found(tmp_path)}


# ---- what only two norms together do wrong

VOCABULARY = """
record.entity.label = {zh = "单位", en = "entity"}
[fact]
told = {type = "boolean", label = {zh = "甲", en = "told"}}
amount = {type = "number", unit = "ratio", decimals = 2, label = {zh = "额", en = "amount"}}
[concept]
one = {type = "boolean", label = {zh = "一", en = "one"}}
two = {type = "boolean", label = {zh = "二", en = "two"}}
"""


def defines(concept: str, text: str, more: str = "", id_: str = "") -> str:
    return f'id = "{id_ or concept}"\ndefines = "{concept}"\nvalue = "{text}"\n{more}'


def codes(folder: Path, *acts: Act) -> list[str]:
    write_corpus(folder, acts, VOCABULARY)
    _, wrong = read_corpus(folder)
    for one in wrong:
        line = (folder / one.where.file).read_text("utf-8").split("\n")[one.where.line - 1]
        # The key that is wrong, or the value beside the days without one: never the fence.
        assert line.startswith(("defines", "obliges", "value", "20", "[parameter"))
    return [d.code for d in wrong]


TOLD, EXCEPTS = defines("one", "told"), 'id = "e"\nexcepts = "act/one"'
TURNS = [
    ("one",), ("not one",), ("told and (two or one)",), ("two", "one"), ("two", "told or one"),
    ("told if one else told",), ("two if one else told", "told"),
]  # fmt: skip


@pytest.mark.parametrize("texts", TURNS, ids=str)
def test_a_circle(texts: tuple[str, ...], tmp_path: Path) -> None:
    norms = tuple(defines(c, t) for c, t in zip(("one", "two"), texts, strict=False))
    norms += () if len(texts) > 1 else (defines("two", "told"),)
    assert codes(tmp_path, Act("act", norms)) == ["norm-cycle"]


def test_a_circle_through_two_instruments(tmp_path: Path) -> None:
    acts = (
        Act("act", (defines("one", "two"),)),
        Act("law", (defines("two", "one"),), "law", "npc"),
    )
    assert codes(tmp_path, *acts) == ["norm-cycle"]


@pytest.mark.parametrize("text", ["one[-1]", "told or one[-1]", "two[-1]", "told and two[-2]"])
def test_a_year_step_breaks_the_circle(text: str, tmp_path: Path) -> None:
    duty = 'id = "d"\nobliges = "d"\nbearer = "told"\nrequires = "one"\ndue = "date(year, 1, 1)"'
    norms = (defines("one", text), defines("two", "one"), duty)
    assert codes(tmp_path, Act("act", norms)) == []
    (verdict,) = checked(sound(tmp_path), {"told": True}, "2026-01-01").verdicts
    assert verdict.outcome in ("undetermined", "complied")


@pytest.mark.parametrize(
    "norms",
    [
        (defines("one", "one or one[-1]"),),
        (defines("one", "two and two[-1]"), defines("two", "one")),
        (TOLD, f'{EXCEPTS}\nwhen = "one"'),
        (TOLD, f'{EXCEPTS}\nwhen = "told"\nvalue = "not one"'),
        (TOLD, f'{EXCEPTS}\nwhen = "two"', defines("two", "one")),
    ],
)  # fmt: skip
def test_a_circle_that_hides(norms: tuple[str, ...], tmp_path: Path) -> None:
    assert codes(tmp_path, Act("act", norms)) == ["norm-cycle"]


def test_one_concept_twice_in_one_expression(tmp_path: Path) -> None:
    other = defines("one", "not told", id_="other")
    assert codes(tmp_path / "a", Act("act", (defines("one", "told"), other))) == ["norm-overlap"]
    ranked = defines("one", "not told", 'special_to = "act/one"', "other")
    assert codes(tmp_path / "b", Act("act", (defines("one", "told"), ranked))) == []
    acts = (Act("act", (defines("one", "told"),)), Act("law", (other,), "law", "npc"))
    assert codes(tmp_path / "c", *acts) == []


def test_one_duty_twice_in_one_expression(tmp_path: Path) -> None:
    duty = '\nobliges = "d"\nbearer = "told"\nrequires = "told"\ndue = "date(year, 1, 1)"'
    assert codes(tmp_path, Act("act", (f'id = "a"{duty}', f'id = "b"{duty}'))) == ["norm-overlap"]


def test_one_concept_thrice(tmp_path: Path) -> None:
    norms = (
        defines("one", "told", id_="a"),
        defines("one", "told", 'special_to = "act/a"', "b"),
        defines("one", "told", 'special_to = "act/b"', "c"),
    )
    assert codes(tmp_path, Act("act", norms)) == ["norm-overlap"]


def parameter(days: str, name: str = "p") -> str:
    return f'[parameter.{name}]\nunit = "ratio"\n{days}'


def test_a_name_of_two_parameters(tmp_path: Path) -> None:
    day = parameter("2020-01-01 = 1")
    acts = [Act(k, (defines(c, "told", day),)) for k, c in (("a", "one"), ("b", "two"))]
    assert codes(tmp_path / "unused", *acts) == []
    use = Act("c", (defines("one", "amount > p"),))
    assert "name-unknown" in codes(tmp_path / "used", *acts, use)


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ("2020-01-01 = 1", False),
        ("2019-01-01 = 1\n2021-01-01 = 2", False),
        ("2020-01-02 = 1", True),
        ("2020-01-01 = 1\n2024-12-31 = 'ended'", True),
        ("2020-01-01 = 1\n2025-01-01 = 'ended'", False),
        ("2019-01-01 = 'ended'", True),
        ("2020-01-01 = 1\n2022-01-01 = 'ended'\n2023-01-01 = 2", True),
    ],
)
def test_a_parameter_for_part_of_the_time(days: str, missing: bool, tmp_path: Path) -> None:
    # The act is in force from 2020-01-01 until 2024-12-31.
    norm = defines("one", "amount > p", parameter(days))
    found = codes(tmp_path, Act("act", (norm,), ended="2025-01-01"))
    assert found == (["parameter-missing"] if missing else [])
