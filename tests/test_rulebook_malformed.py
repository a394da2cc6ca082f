"""Rule files with values of another type, or with parts that say nothing: refused, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from good_corpus import GOOD, RULE_FILE, read_with
from synthetic import Act, read_corpus, write_corpus

SHORT, STOP = 'defines = "short"', "suspension = true"
TRACEBACKS = [
    ("excludes = 5", STOP), ("basis = 5", SHORT), ("parameter = 5", SHORT),
    ("parameter.p = 5", SHORT), ("all = 5", 'label   = {zh = "未清缴量"'), ("orders = 5", STOP),
    ("question = 5", SHORT), ("label = 5", STOP), ("discretion = 5", STOP), ("record = 5", SHORT),
    ("reading.one = 5\nquestion = 'base'", SHORT), ("parameter.p.unit = 5", SHORT),
    ("parameter.p = {unit = 'ratio', 2020-02-01 = 'x'}", SHORT),
    ("parameter.p = {unit = 'ratio', by = 'sector', 2020-02-01 = 1}", SHORT),
]  # fmt: skip


@pytest.mark.parametrize(("line", "beside"), TRACEBACKS, ids=[line for line, _ in TRACEBACKS])
def test_a_value_of_another_type(line: str, beside: str, tmp_path: Path) -> None:
    text = GOOD[RULE_FILE].replace(beside, f"{line}\n{beside}")
    found = read_with(tmp_path, RULE_FILE, text.encode())
    assert {d.code for d in found} & {"norm-malformed", "norm-unknown", "parameter-malformed",
                                      "question-unknown", "duplicate-key"}  # fmt: skip


OTHER = 'obliges = "x"\nbearer = "listed"\ndue = "on"'


@pytest.mark.parametrize(
    "norm",
    [
        'precedence = "rnak"\nhigher = "law"\nlower = ["policy"]',
        'precedence = "rank"\nhigher = "lwa"\nlower = ["policy"]',
        'precedence = "rank"\nhigher = "law"\nlower = "policy"',
        'precedence = "referral"\nbetween = ["law"]',
        'sanctions = "duty"\nfine = "1"\n[all]\npoint_1 = "listed"',
        f'{OTHER}\nrequires = "listed"\n[all]\npoint_1 = "listed"',
        f'{OTHER}\n[all]\npoint_1 = "listed"\n[any]\npoint_1 = "listed"',
        f'{OTHER}\nrequires = "listed"\n[all]',
        'sanctions = "duty"\nsuspension = "yes"',
        'excepts = "a/n"\nwhen = "listed"',
    ],
)
def test_nothing_is_passed_over(norm: str, tmp_path: Path) -> None:
    vocabulary = 'record.entity.label = {zh = "单位", en = "entity"}\n[fact]\n'
    vocabulary += 'listed = {type = "boolean", label = {zh = "列入", en = "listed"}}\n'
    vocabulary += 'on = {type = "date", label = {zh = "日", en = "on"}}\n'
    duty = 'id = "d"\nobliges = "duty"\nbearer = "listed"\nrequires = "listed"\ndue = "on"'
    fine = 'id = "fine"\nsanctions = "duty"\nfine = "1"'
    write_corpus(tmp_path, [Act("a", (duty, fine, f'id = "n"\n{norm}'))], vocabulary)
    assert read_corpus(tmp_path)[1]
