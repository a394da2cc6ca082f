"""What stops a rule file: quotes, fences, TOML, names. One fault at a time, its code and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from good_corpus import ACT, GOOD, RULE_FILE, Fault, params, read_with
from synthetic import sound

SHORT, STOP = 'defines = "short"', "suspension = true"
LAST = """## 第三条 {#art_3}

> 本办法自2020年2月1日起施行。

```not-encoded
reason = "commencement"
```
"""


def fence(id_: str) -> str:
    """Return words of the line at which a norm begins."""
    return "```norm\n" + id_


NAMED = 'id      = "short"'
SURRENDER = fence('id       = "surrender"')


def key(code: str, line: str, beside: str = SHORT) -> Fault:
    """Put one more line into a norm."""
    return Fault(code, beside, f"{beside}\n{line}", line)


RIGHT = [
    # quotes
    Fault("quote-mismatch", "> 应当清缴。", "> 应该清缴。"),
    Fault("quote-mismatch", "> 应当清缴。", "> 应当清缴"[:-1] + "。"),
    Fault("quote-mismatch", "三月三十一日。\n", "三月三十一日。未清缴的，\n", "日。未清缴的，"),
    Fault("quote-mismatch", "> 单位排放达到一百吨的，", "> 应当清缴……单位排放达到"),
    Fault("coverage-gap", "## 第三条", "> 停产。\n\n## 第三条", "> 停产。\n\n##"),
    Fault("coverage-gap", '```not-encoded\nreason = "commencement"\n```', "", "> 本办法"),
    # structure
    Fault("syntax", "```not-encoded", "```python"),
    Fault("syntax", " {#art_3}", "", "## 第三条"),
    Fault("syntax", "+++\nkey", "key", "key    "),
    Fault("provision-unknown", "## 第一条 {#art_1}", "", fence('id       = "bound"')),
    Fault("norm-malformed", SHORT, "", "```norm\n" + NAMED),
    Fault("norm-malformed", SHORT, f'{SHORT}\nobliges = "x"', "```norm\n" + NAMED),
    Fault("norm-malformed", 'id      = "short"', "id      = 5", "```norm\nid      = 5"),
    # TOML
    Fault("syntax", 'id      = "short"', "id      = ", "id      = \ndefines"),
    Fault("syntax", 'id      = "short"', 'id      = "short'),
    Fault("duplicate-key", SHORT, f'{SHORT}\ndefines = "x"', 'defines = "x"'),
    Fault("duplicate-key", "2022-01-01", "[parameter.threshold]\n2022-01-01"),
    # keys
    key("norm-malformed", "values = 1"),
    key("norm-malformed", 'fine = "1"'),
    key("norm-malformed", "when = 1"),
    Fault("norm-malformed", 'label   = {zh = "未清缴量", en = "shortfall"}', "", NAMED),
    Fault("norm-malformed", 'due      = "cured_by"', "", "[orders]"),
    Fault("norm-malformed", 'question = "base"\n', "", fence('id       = "bound"')),
    Fault("norm-malformed", 'bearer   = "bound"', "", SURRENDER),
    Fault("norm-malformed", 'due      = "date(year + 1, 3, 31)"\n', "", SURRENDER),
    key("norm-malformed", 'question = "basis"'),
    # names
    Fault("norm-duplicate", NAMED, 'id = "surrender"', fence('id = "surrender"')),
]  # fmt: skip
KEYS = [
    Fault("norm-malformed", '"commencement"', '"because"'),
    Fault("norm-unknown", SHORT, 'defines = "emissions"'),
    Fault("norm-unknown", SHORT, 'excepts = "act/shorter"'),
    Fault("norm-unknown", 'sanctions  = "cure"', 'sanctions  = "care"'),
    Fault("norm-unknown", 'gap      = "short"', 'lever    = "emissions"'),
    key("norm-unknown", 'special_to = "act/shorter"'),
    key("norm-unknown", 'basis = ["act/nothing"]'),
    key("norm-unknown", 'varies = "act/nothing"'),
    key("norm-unknown", 'record = "trades"'),
    key("norm-unknown", 'replaces = "fine"', STOP),
    key("norm-unknown", 'excludes = ["prison"]', STOP),
    key("question-unknown", 'continuing = "lasting"', 'gap      = "short"'),
    Fault("question-unknown", 'question = "base"', 'question = "bases"'),
    Fault("question-unknown", "[reading.total]\n", "", 'question = "base"'),
    Fault("question-unknown", "[reading.total]", "[reading.all]\n[reading.total]", "[reading.all]"),
]
OTHERS = [
    Fault("provision-unknown", "{#art_2}", "{#art_4}"),
    Fault("quote-mismatch", "> 并责令限期改正；", "> 责令改正；"),
    Fault("instrument-unknown", '= "act"', '= "acts"'),
    Fault("instrument-unknown", ACT.uri, f"{ACT.uri}x", "expression ="),
]
EVERY = [*RIGHT, *KEYS, *OTHERS]


def test_the_corpus_is_good(tmp_path: Path) -> None:
    assert read_with(tmp_path, RULE_FILE, GOOD[RULE_FILE].encode()) == ()
    assert sound(tmp_path).coverage


@pytest.mark.parametrize("fault", params(EVERY))
def test_stopped(fault: Fault, tmp_path: Path) -> None:
    found = fault.found(tmp_path)
    assert (fault.code, fault.file) in {(d.code, d.where.file) for d in found}
    assert fault.line and all(d.where.line for d in found)


@pytest.mark.parametrize("fault", params(EVERY))
def test_the_line_to_look_at(fault: Fault, tmp_path: Path) -> None:
    assert (fault.code, fault.line) in {(d.code, d.where.line) for d in fault.found(tmp_path)}


UNCOVERED = [
    Fault("coverage-gap", "> 逾期不改正的，停产。", "> 逾期不改正的，", "{#art_2}"),
    Fault("coverage-gap", "> 单位排放达到一百吨的，", "> 单位排放", "{#art_1}"),
    Fault("coverage-gap", LAST, "", "+++\nkey    "),
]


@pytest.mark.parametrize("fault", params(UNCOVERED))
def test_words_that_nothing_reaches(fault: Fault, tmp_path: Path) -> None:
    (found,) = fault.found(tmp_path)
    assert found.code == "coverage-gap" and found.provisions


@pytest.mark.parametrize("fault", params(UNCOVERED))
def test_where_words_are_left_over(fault: Fault, tmp_path: Path) -> None:
    (found,) = fault.found(tmp_path)
    # Of an article that the file leaves out altogether there is no line.
    assert (found.where.file, found.where.line or 1) == (fault.file, fault.line)


def test_punctuation_need_not_be_quoted(tmp_path: Path) -> None:
    text = GOOD[RULE_FILE].replace("停产。\n", "停产\n").replace("应当清缴。", "应当清缴")
    assert read_with(tmp_path, RULE_FILE, text.encode()) == ()


def test_quotes_compare_without_white_space_and_width(tmp_path: Path) -> None:
    text = GOOD[RULE_FILE].replace("2020年2月1日起", "２０２０ 年 2 月\n> 1日起")
    assert read_with(tmp_path, RULE_FILE, text.encode()) == ()


@pytest.mark.parametrize("heading", ["art_2__para_1"])
def test_a_heading_may_be_a_paragraph(heading: str, tmp_path: Path) -> None:
    text = GOOD[RULE_FILE].replace("{#art_2}", f"{{#{heading}}}")
    assert read_with(tmp_path, RULE_FILE, text.encode()) == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "syntax"),
        (b"x" * 3_000_000, "file-too-large"),
        (GOOD[RULE_FILE].encode() + b"\n" * 3_000_000, "file-too-large"),
        (GOOD[RULE_FILE].encode("gb18030"), "file-unreadable"),
        (GOOD[RULE_FILE].encode("utf-16"), "file-unreadable"),
        (b"\xff\xfe\x00", "file-unreadable"),
        (b"+++\n", "syntax"),
        (b"+++\n+++\n", "instrument-unknown"),
        (b"+++\n" + b"[" * 20_000 + b"\n+++\n", "syntax"),
        (b'+++\nkey = "act"\n+++\n' + b"> " * 5_000 + b"x\n", "instrument-unknown"),
        (b'+++\nkey = "act"\n+++\n' + b"```norm\n```\n" * 100, "instrument-unknown"),
    ],
    ids=lambda x: str(x[:12]) if isinstance(x, bytes) else x,
)
def test_a_file_that_is_none(data: bytes, code: str, tmp_path: Path) -> None:
    assert code in {d.code for d in read_with(tmp_path, RULE_FILE, data)}


def test_too_many_fences(tmp_path: Path) -> None:
    fences = '```not-encoded\nreason = "commencement"\n```\n' * 2_001
    data = (GOOD[RULE_FILE] + fences).encode()
    assert "file-too-large" in {d.code for d in read_with(tmp_path, RULE_FILE, data)}
