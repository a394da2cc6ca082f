"""A corpus with which nothing is wrong, to break one thing of at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from carbonlex.errors import Diagnostic
from synthetic import Act, article, read_corpus

ACT = Act(
    "act",
    effective="2020-02-01",
    body="\n".join(
        [
            article(1, "单位排放达到一百吨的，应当清缴。", "清缴期限为次年三月三十一日。"),
            article(2, "未清缴的，处三万元以下的罚款，并责令限期改正；逾期不改正的，停产。"),
            article(3, "本办法自2020年2月1日起施行。"),
        ]
    ),
)

RULES = f"""+++
key        = "act"
expression = "{ACT.uri}"
+++

# 办法

## 第一条 {{#art_1}}

> 单位排放达到一百吨的，

```norm
id       = "bound"
defines  = "bound"
label    = {{zh = "受约束", en = "bound"}}
question = "base"
[all]
point_1 = "sector == 'power'"
point_2 = "emissions >= threshold"
[reading.total]
[reading.direct.all]
point_1 = "sector == 'power'"
point_2 = "direct >= threshold"
[parameter.threshold]
unit = "tCO2e"
2020-02-01 = 100
2022-01-01 = 90.5
```

> 应当清缴。

```norm
id       = "surrender"
obliges  = "surrender"
label    = {{zh = "清缴", en = "surrender"}}
bearer   = "bound"
requires = "short == 0"
due      = "date(year + 1, 3, 31)"
gap      = "short"
```

> 清缴期限为次年三月三十一日。

```norm
id      = "short"
defines = "short"
label   = {{zh = "未清缴量", en = "shortfall"}}
value   = "max(0, emissions - surrendered)"
```

## 第二条 {{#art_2}}

> 未清缴的，处三万元以下的罚款，
>
> 并责令限期改正；

```norm
id        = "fine"
sanctions = "surrender"
label     = {{zh = "罚款", en = "fine"}}
fine      = "between(0, 30_000)"
[orders]
duty     = "cure"
requires = "short == 0"
due      = "cured_by"
```

> 逾期不改正的，停产。

```norm
id         = "stop"
sanctions  = "cure"
label      = {{zh = "停产", en = "stop"}}
suspension = true
```

## 第三条 {{#art_3}}

> 本办法自2020年2月1日起施行。

```not-encoded
reason = "commencement"
```
"""

VOCABULARY = """[record.entity]
label = {zh = "单位", en = "entity"}

[record.credits]
label = {zh = "减排量", en = "credits"}

[fact.emissions]
type = "number"
unit = "tCO2e"
label = {zh = "排放量", en = "emissions"}

[fact.direct]
type = "number"
unit = "tCO2e"
label = {zh = "直接排放量", en = "direct emissions"}

[fact.surrendered]
type = "number"
unit = "tCO2e"
label = {zh = "已清缴量", en = "surrendered"}

[fact.cured_by]
type = "date"
label = {zh = "改正期限", en = "time to cure"}

[fact.sector]
period = "always"
type = "choice"
label = {zh = "行业", en = "sector"}
choices = {power = {zh = "发电", en = "power"}, steel = {zh = "钢铁", en = "steel"}}

[concept.bound]
type = "boolean"
label = {zh = "受约束", en = "bound"}

[concept.short]
type = "number"
unit = "tCO2e"
label = {zh = "未清缴量", en = "shortfall"}

[concept.before]
type = "boolean"
label = {zh = "此前", en = "before"}
"""

QUESTIONS = """[question.base]
label = {zh = "以何计", en = "of what"}
provisions = ["act#art_1__para_1"]
default = "total"
[question.base.reading.total]
label = {zh = "总量", en = "total"}
source = "文义"
[question.base.reading.direct]
label = {zh = "直接", en = "direct"}
source = "通知"
"""

RULE_FILE, VOCABULARY_FILE, QUESTION_FILE = (
    "rules/cn/act.md",
    "rules/vocabulary.toml",
    "rules/questions.toml",
)
STATUTE_FILE = f"statutes/{ACT.path}"
GOOD = {
    RULE_FILE: RULES,
    VOCABULARY_FILE: VOCABULARY,
    QUESTION_FILE: QUESTIONS,
    STATUTE_FILE: ACT.xml(),
}


class Fault(NamedTuple):
    """Words of a good file replaced by others, and the code of what is then wrong.

    `at` are words of the line that a person would look at: those put in, if it says nothing.
    """

    code: str
    old: str
    new: str
    at: str = ""
    file: str = RULE_FILE

    @property
    def text(self) -> str:
        """The file with the fault in it."""
        assert GOOD[self.file].count(self.old) >= 1, self.old
        return GOOD[self.file].replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        """The line that a person would look at."""
        words = self.at or self.new.strip()
        assert self.text.count(words) == 1, words
        return self.text[: self.text.index(words)].count("\n") + 1

    def found(self, folder: Path) -> tuple[Diagnostic, ...]:
        """Read the corpus with the fault in it; return everything that is wrong."""
        return read_with(folder, self.file, self.text.encode())


def read_with(folder: Path, file: str, data: bytes) -> tuple[Diagnostic, ...]:
    """Read the good corpus with other bytes in one of its files."""
    for name, content in (GOOD | {file: ""}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data if name == file else content.encode())
    _, wrong = read_corpus(folder)
    for one in wrong:
        assert one.render("zh") and one.render("en") and all(one.message)
    return wrong


def params(faults: Iterable[Fault]) -> list[Any]:
    """Return faults as parameters of a test, each named after the words put in."""
    return [pytest.param(f, id=f"{f.code} {(f.at or f.new)[:40]!a}") for f in faults]
