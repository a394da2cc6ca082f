"""Every small change of the rules that could be a mistake: the mutants that cases must catch.

A mutant is the text of one rule file with one thing in one fence changed: a number, a date, a
comparison, a limb, a branch, a reading. Prose and quotes are left alone; that the quotes are
the words of the law is checked at load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from carbonlex.model import GRADES
from expression_mutants import expression_mutants, numbers_near

EXPRESSIONS = re.compile(
    r"value|requires|prohibits|when|bearer|due|until|at|gap|fine|deduction|(point|indent)_\d+"
)
BOOLEANS = re.compile(r"requires|prohibits|when|bearer|(point|indent)_\d+")
# What a norm can do without, as far as its form goes; the rest is refused at load in any case.
OPTIONAL = re.compile(
    r"when|gap|lever|continuing|suspension|correction|deduction|fine|discretion|liable|excludes"
    r"|replaces|at|record|one_maker"
)
UNITS = {
    "tCO2e": "CNY",
    "CNY": "tCO2e",
    "ratio": "tCO2e",
    "year": "day",
    "working_day": "day",
    "date": "ratio",
}
_KEY = re.compile(r'^(\s*)("?[\w-]+"?)(\s*=\s*)(.*)$')
_TABLE = re.compile(r"^\[([\w.-]+)\]\s*$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"(?<![\w.-])\d[\d_]*(?:\.\d+)?(?![\w.-])")
_GRADES: list[str] = [*GRADES]
_TEXT = re.compile(r'"([^"]*)"')


@dataclass(frozen=True)
class Mutant:
    """One changed rule file: where, what kind of change, from what to what."""

    file: str
    line: int
    norm: str
    operator: str
    change: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What names a mutant while lines move: its norm, the operator, the change."""
        return (self.norm, self.operator, self.change)


@dataclass(frozen=True)
class _Edit:
    """New text for some lines of a file (None: the line goes)."""

    operator: str
    change: str
    lines: dict[int, str | None]


def mutants(rules: Path) -> list[Mutant]:
    """Return every mutant of a folder of rules, in the order of files and lines."""
    found: list[Mutant] = []
    for path in sorted(rules.rglob("*.md")):
        found += _of_file(path, path.relative_to(rules).as_posix(), _fences)
    for path in sorted(rules.glob("vocabulary/*.toml")):
        found += _of_file(path, path.relative_to(rules).as_posix(), _declarations)
    found += _of_file(rules / "questions.toml", "questions.toml", _declarations)
    return found


def _of_file(path: Path, name: str, blocks: Any) -> list[Mutant]:
    lines = path.read_text("utf-8").split("\n")
    found, seen = [], set()
    for norm, start, end, edits in blocks(lines):
        for edit in edits(lines, start, end):
            new = [edit.lines.get(n, line) for n, line in enumerate(lines)]
            text = "\n".join(line for line in new if line is not None)
            if text not in seen:
                seen.add(text)
                line = min(edit.lines) + 1
                found.append(Mutant(name, line, norm, edit.operator, edit.change, text))
    return found


# Rights, powers and what authorities must do are dates of a calendar: no verdict, and so no case,
# turns on them. test_authority_dates.py and the tests of the calendar hold them. What makers of
# law may do is judged: the cases of validity turn on it.
_UNJUDGED = re.compile(r'^(?:permits|empowers)\b|^addressees\s*=\s*\["authority"\]', re.MULTILINE)
_OF_MAKERS = re.compile(r'^addressees\s*=\s*\["maker"\]', re.MULTILINE)


def _fences(lines: list[str]) -> Iterator[tuple[str, int, int, Any]]:
    """Yield each norm fence: the id of its norm, the lines between its ticks."""
    key = next(m[1] for line in lines if (m := re.match(r'key\s*=\s*"(.+)"', line)))
    start = -1
    for number, line in enumerate(lines):
        if line.startswith("```") and start < 0:
            start = number + 1
        elif line.startswith("```"):
            if lines[start - 1] in ("```norm", "```parameter"):
                inner = "\n".join(lines[start:number])
                short = re.search(r'^(?:id|name)\s*=\s*"(.+)"', inner, re.MULTILINE)
                if _OF_MAKERS.search(inner) or not _UNJUDGED.search(inner):
                    yield f"{key}/{short[1] if short else '?'}", start, number, _of_fence
            start = -1


def _of_fence(lines: list[str], start: int, end: int) -> Iterator[_Edit]:
    table = ""
    for number in range(start, end):
        if header := _TABLE.match(lines[number]):
            table = header[1]
            if table == "orders":
                gone = _until_next_table(lines, number, end)
                yield _Edit("orders dropped", "[orders]", dict.fromkeys(gone, None))
        elif table.startswith("parameter."):
            yield from _of_parameter(lines, number)
        elif match := _KEY.match(lines[number]):
            yield from _of_key(number, match, table)
    yield from _readings_swapped(lines, start, end)
    yield from _ranks_swapped(lines, start, end)


def _until_next_table(lines: list[str], number: int, end: int) -> list[int]:
    after = (n for n in range(number + 1, end) if _TABLE.match(lines[n]))
    return [*range(number, next(after, end))]


def _of_key(number: int, match: re.Match[str], table: str) -> Iterator[_Edit]:
    indent, key, equals, raw = match.groups()

    def line(value: str) -> dict[int, str | None]:
        return {number: f"{indent}{key}{equals}{value}"}

    if OPTIONAL.fullmatch(key) or (key == "duty" and not table):
        yield _Edit(f"{key} dropped", f"{table}.{key}".strip("."), {number: None})
    if EXPRESSIONS.fullmatch(key) and raw.startswith('"'):
        for operator, change, new in expression_mutants(
            raw[1:-1],
            key,
            bool(BOOLEANS.fullmatch(key)),  # a quoted choice may end it
        ):
            yield _Edit(operator, change, line(f"'{new}'" if '"' in new else f'"{new}"'))
    if _limb(key, table):
        yield _Edit("limb dropped", f"{table}.{key}", {number: None})
    if key in ("excludes", "lower", "between"):
        for inner, shorter in _one_dropped(raw):
            yield _Edit("element dropped", f"{key} without {inner}", line(shorter))
    if raw == "true" and key not in ("suspension", "correction"):
        yield _Edit("truth flipped", key, line("false"))


def _limb(key: str, table: str) -> bool:
    return table.rsplit(".", maxsplit=1)[-1] in ("all", "any", "none") and bool(
        EXPRESSIONS.fullmatch(key)
    )


def _one_dropped(raw: str) -> Iterator[tuple[str, str]]:
    items = _TEXT.findall(raw)
    for gone in items:
        left = ", ".join(f'"{i}"' for i in items if i != gone)
        yield gone, f"[{left}]"


def _readings_swapped(lines: list[str], start: int, end: int) -> Iterator[_Edit]:
    heads = {
        n: m[1] for n in range(start, end) if (m := re.match(r"\[reading\.([\w-]+)", lines[n]))
    }
    names = [*dict.fromkeys(heads.values())]
    for one, other in zip(names, [*names[1:], *names[:1]], strict=True):
        if one != other:
            swap = {one: other, other: one}
            new = {
                n: lines[n].replace(name, swap[name]) for n, name in heads.items() if name in swap
            }
            yield _Edit("readings swapped", f"{one} ↔ {other}", {**new})


def _ranks_swapped(lines: list[str], start: int, end: int) -> Iterator[_Edit]:
    at = {m[2]: n for n in range(start, end) if (m := _KEY.match(lines[n]))}
    if "higher" in at and "lower" in at:
        higher, lower = (_TEXT.findall(lines[at[k]]) for k in ("higher", "lower"))
        yield _Edit(
            "ranks swapped",
            f"{higher[0]} ↔ {lower[0]}",
            {at["higher"]: f'higher = "{lower[0]}"', at["lower"]: f'lower = ["{higher[0]}"]'},
        )


# parameters


def _of_parameter(lines: list[str], number: int) -> Iterator[_Edit]:
    line = lines[number]
    match = _KEY.match(line)
    key, value = (match[2], match[4]) if match else ("", line)
    head = line[: len(line) - len(value)]
    if key == "label":
        return
    if key == "unit":
        old = value.strip('"')
        if old in UNITS:
            yield _Edit("unit changed", f"{old} → {UNITS[old]}", {number: f'{head}"{UNITS[old]}"'})
        return
    for new in _keys_moved(key):
        yield _Edit("key moved", f"{key} → {new}", {number: line.replace(key, new, 1)})
    for operator, old, new, place in _values_moved(value):
        changed = head + value[: place.start()] + new + value[place.end() :]
        yield _Edit(operator, f"{key} {old} → {new}".strip(), {number: changed})
    for listed in re.finditer(r"\[[^\[\]{}]*\]", value):
        for gone, shorter in _one_dropped(listed[0]):
            changed = head + value[: listed.start()] + shorter + value[listed.end() :]
            yield _Edit("element dropped", f"{key} without {gone}".strip(), {number: changed})
    if "{value" in value and not match:
        yield _Edit("entry dropped", value.strip()[:40], {number: None})
    if issued := re.search(r", issued = [\d-]+", value):
        changed = head + value.replace(issued[0], "")
        yield _Edit("issued dropped", issued[0][2:], {number: changed})


def _keys_moved(key: str) -> Iterator[str]:
    if _DAY.fullmatch(key):
        yield from (_moved(key, 1), _moved(key, -1))
    elif years := re.fullmatch(r"(\d{4})(-?)(\d{4})?", key):
        first, dash, last = int(years[1]), years[2], years[3] or ""
        yield from (f"{first + d}{dash}{last}" for d in (1, -1))
        if last:
            yield from (f"{first}-{int(last) + d}" for d in (1, -1))


def _values_moved(value: str) -> Iterator[tuple[str, str, str, re.Match[str]]]:
    for day in _DAY.finditer(value):
        for step in (1, -1):
            yield "date moved", day[0], _moved(day[0], step), day
    for number in _NUMBER.finditer(_DAY.sub(lambda m: "x" * len(m[0]), value)):
        for new in numbers_near(number[0]):
            yield "number changed", number[0], new, number
    for grade in re.finditer(r'(?<=grade = ")[\w-]+', value):
        at = _GRADES.index(grade[0])
        for near in _GRADES[max(0, at - 1) : at + 2]:
            if near != grade[0]:
                yield "grade changed", grade[0], near, grade


def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


# vocabulary and questions


def _declarations(lines: list[str]) -> Iterator[tuple[str, int, int, Any]]:
    heads = [n for n, line in enumerate(lines) if _TABLE.match(line)]
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        yield lines[start].strip("[]"), start, end, _of_declaration


def _of_declaration(lines: list[str], start: int, end: int) -> Iterator[_Edit]:
    flipped = {"true": "false", "false": "true"}
    for number in range(start, end):
        match = _KEY.match(lines[number])
        key, value = (match[2], match[4]) if match else ("", "")
        if key in ("presumption", "before", "presumed_none"):
            yield _Edit("presumption dropped", key, {number: None})
            if value in flipped:
                new = f"{key} = {flipped[value]}"
                yield _Edit("presumption flipped", key, {number: new})
        elif key == "default":
            for name in _other_readings(lines, lines[start].strip("[]"), value.strip('"')):
                change = f"{value} → {name}"
                yield _Edit("default changed", change, {number: f'default = "{name}"'})
        elif key == "from_year":
            for step in (1, -1):
                new = str(int(value) + step)
                yield _Edit("key moved", f"{value} → {new}", {number: f"from_year = {new}"})


def _other_readings(lines: list[str], question: str, default: str) -> list[str]:
    pattern = re.compile(rf"\[{re.escape(question)}\.reading\.([\w-]+)\]")
    return [m[1] for line in lines if (m := pattern.match(line)) and m[1] != default]
