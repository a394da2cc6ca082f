"""Vocabulary and questions that do not hold: named with their place, and never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from good_corpus import GOOD, QUESTION_FILE, QUESTIONS, VOCABULARY_FILE, read_with

LABEL = 'label = {zh = "甲", en = "a"}'
MALFORMED = {"norm-malformed", "unit-mismatch", "name-unknown", "syntax", "number-inexact"}


def bad(text: str) -> Any:
    return pytest.param(text, id=text[:60])


TERMS = [
    bad('[fact.new]\ntype = "truth"\n' + LABEL),
    bad('[fact.new]\nrecord = "trade"\ntype = "boolean"\n' + LABEL),
    bad('[fact.new]\ntype = "number"\nunit = "tons"\n' + LABEL),
    bad('[fact.new]\ntype = "number"\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"'),
    bad('[fact.new]\ntype = "boolean"\nlabel = "甲"'),
    bad('[fact.new]\ntype = "boolean"\ncolour = "red"\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nlever = {unit_cost = "price"}\n' + LABEL),
    bad('[fact.new]\ntype = "number"\nunit = "ratio"\nmin = 1e3\n' + LABEL),
    bad("[fact.new]"),
    bad("[record.new]"),
    bad("[fact.new]\ntype = "),
    bad("[fact]\nnew = 5"),
    bad("[record]\nnew = 5"),
    bad('[fact.new]\ntype = "number"\nunit = 5\n' + LABEL),
    bad('[fact.new]\ntype = "choice"\nchoices = 5\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nlever = 5\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nlever = {cost = 5}\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nrecord = ["a"]\n' + LABEL),
    bad('[record.new]\nmax_count = "many"\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nperiod = "monthly"\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\npresumption = 5\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nattester = 5\n' + LABEL),
    bad('[fact.new]\ntype = "number"\nunit = "ratio"\ndecimals = "two"\n' + LABEL),
    bad('[fact.new]\ntype = "number"\nunit = "ratio"\nmin = "low"\n' + LABEL),
    bad('[fact.new]\ntype = "number"\nunit = "ratio"\nmin = 5\nmax = 1\n' + LABEL),
    bad('[fact.new]\ntype = "choice"\n' + LABEL),
    bad('[fact.new]\ntype = "choice"\nchoices = {a = "b"}\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nsectors = "power"\n' + LABEL),
    bad('[fact.new]\ntype = "boolean"\nsectors = ["coal"]\n' + LABEL),
    bad('[record.new]\nsectors = ["coal"]\n' + LABEL),
    # Names that an expression could not write, or that already mean something there.
    bad('[fact.__import__]\ntype = "boolean"\n' + LABEL),
    bad('[fact.New]\ntype = "boolean"\n' + LABEL),
    bad('[fact.year]\ntype = "boolean"\n' + LABEL),
    bad('[fact.name]\ntype = "text"\n' + LABEL),
    bad("[facts.new]\n" + LABEL),
]


@pytest.mark.parametrize("text", TERMS)
def test_vocabulary(text: str, tmp_path: Path) -> None:
    data = f"{GOOD[VOCABULARY_FILE]}\n{text}\n".encode()
    found = read_with(tmp_path, VOCABULARY_FILE, data)
    assert found and {d.code for d in found} <= MALFORMED
    assert {d.where.file for d in found} == {VOCABULARY_FILE}


def test_a_sector_is_a_choice_of_the_fact_sector(tmp_path: Path) -> None:
    new = '[fact.new]\ntype = "boolean"\nsectors = ["power"]\n' + LABEL
    text = f"{GOOD[VOCABULARY_FILE]}\n{new}\n"
    assert read_with(tmp_path, VOCABULARY_FILE, text.encode()) == ()
    wrong = text.replace('["power"]', '["power", "coal"]').encode()
    (found,) = read_with(tmp_path, VOCABULARY_FILE, wrong)
    assert (found.code, found.message[1]) == ("name-unknown", "fact.new: no sector coal")
    assert text.splitlines()[found.where.line - 1].startswith("sectors")


QUESTION = """[question.new]
label = {zh = "问", en = "new"}
default = "one"
[question.new.reading.one]
label = {zh = "一", en = "one"}
source = "甲"
[question.new.reading.two]
label = {zh = "二", en = "two"}
source = "乙"
"""


def question(old: str, new: str) -> Any:
    assert old in QUESTION
    return pytest.param(QUESTION.replace(old, new, 1), id=new or old)


ASKED = [
    question('default = "one"', 'default = "three"'),
    question('default = "one"\n', ""),
    question('source = "乙"', ""),
    question('label = {zh = "问", en = "new"}', ""),
    question("[question.new.reading.two]", "[question.new.unread.two]"),
    question('default = "one"', 'default = "one"\nprovisions = ["act#art_9"]'),
    question('default = "one"', 'default = "one"\nprovisions = ["acts#art_1"]'),
    question('default = "one"', 'default = "one"\nprovisions = 5'),
    question('default = "one"', 'default = "one"\nfrom_year = "new"'),
    question('default = "one"', 'default = ["one"]'),
    question('default = "one"', 'default = "one"\ncolour = "red"'),
    question('source = "乙"', "source = 5"),
    question('[question.new.reading.one]\nlabel = {zh = "一", en = "one"}\nsource = "甲"\n',
             "[question.new.reading]\none = 5\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_questions(text: str, tmp_path: Path) -> None:
    found = read_with(tmp_path, QUESTION_FILE, f"{QUESTIONS}\n{text}".encode())
    assert found and {d.code for d in found} <= {"norm-malformed", "provision-unknown"}
    assert {d.where.file for d in found} == {QUESTION_FILE}


def test_the_question_is_good_as_it_stands(tmp_path: Path) -> None:
    assert read_with(tmp_path, QUESTION_FILE, f"{QUESTIONS}\n{QUESTION}".encode()) == ()


@pytest.mark.parametrize("file", [VOCABULARY_FILE, QUESTION_FILE])
@pytest.mark.parametrize(
    "data",
    [
        b"[",
        b"x" * 100,
        b"\x00",
        b"a = [" + b"[" * 20_000,
        b"\xff\xfe\x00",
        GOOD[VOCABULARY_FILE].encode("gb18030"),
    ],
    ids=lambda data: str(data[:8]),
)
def test_a_file_that_is_none(data: bytes, file: str, tmp_path: Path) -> None:
    found = read_with(tmp_path, file, data)
    assert file in {d.where.file for d in found}
    assert {d.code for d in found if d.where.file == file} <= {"syntax", "file-unreadable"}


@pytest.mark.parametrize("file", [VOCABULARY_FILE, QUESTION_FILE])
def test_a_file_of_three_megabytes(file: str, tmp_path: Path) -> None:
    found = read_with(tmp_path, file, GOOD[file].encode() + b"#" * 3_000_000)
    assert [d.code for d in found] == ["file-too-large"]


@pytest.mark.parametrize("line", ['key = ["act"]', "key = {a = 1}"])
def test_front_matter_of_another_type(line: str, tmp_path: Path) -> None:
    found = read_with(tmp_path, "rules/cn/other.md", f"+++\n{line}\n+++\n".encode())
    assert [d.code for d in found] == ["instrument-unknown"]
