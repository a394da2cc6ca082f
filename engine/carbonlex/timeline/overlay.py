"""Local overlays: TOML files that order earlier days for national duties, each with its source.

They come with the package (rules/overlays) or from a user, who is not trusted: bounded in
size, closed in keys, every fault named with its line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from carbonlex.corpus import corpus
from carbonlex.errors import ContentError, Location
from carbonlex.expressions.parse import ExpressionError, parse
from carbonlex.expressions.tree import Expression
from carbonlex.expressions.types import BOOLEAN, DATE, Type, check, fits
from carbonlex.model import GRADES, Grade, Label
from carbonlex.rulebook.markdown import RuleText, read_source, toml
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.places import key_lines, line_at
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.scope import NormScope
from carbonlex.rulebook.shapes import COUNT, LABEL, STRINGS, TABLES, TEXT, label, misfits

MAX_BYTES, MAX_DEADLINES, MAX_TEXT, MAX_DAYS = 64 * 1024, 100, 300, 366
_FILE = {
    "region": LABEL, "applies_to": STRINGS, "source": TEXT, "grade": TEXT, "note": LABEL,
    "deadline": TABLES,
}  # fmt: skip
_DEADLINE = {
    "duty": TEXT, "label": LABEL, "bearer": TEXT, "due": TEXT, "day": TEXT, "after_month": COUNT,
}  # fmt: skip
_WHEN = ("due", "day", "after_month")


@dataclass(frozen=True)
class LocalDeadline:
    """One local day: on a national duty, or on its own with a label and a bearer.

    Attributes:
        due: an expression that is a date, in the words of the national norm.
        month_day: a month and day of the year after the compliance year.
        after_month: natural days after the end of each month of the compliance year.
        norm: the norm in whose scope the expressions stand.
    """

    name: str
    duty: str
    what: Label | None
    bearer: Expression | None
    due: Expression | None
    month_day: tuple[int, int] | None
    after_month: int | None
    norm: Norm


@dataclass(frozen=True)
class Overlay:
    """The local days of one region. `applies_to` are the values of `region` that call for it."""

    name: str
    region: Label
    applies_to: tuple[str, ...]
    source: str
    grade: Grade
    note: Label
    deadlines: tuple[LocalDeadline, ...]


def shipped() -> dict[str, Path]:
    """Return the overlays that came with the package, by name."""
    return {p.stem: p for p in sorted((corpus("rules") / "overlays").glob("*.toml"))}


def overlays_for(rulebook: Rulebook, region: str, asked: str = "") -> tuple[Overlay, ...]:
    """Return the overlays of a region, and the one asked for by file or by shipped name.

    Raises `ContentError` where a file does not hold.
    """
    paths = shipped()
    found = {name: read_overlay(path, rulebook) for name, path in paths.items()}
    chosen = [o for o in found.values() if region and region in o.applies_to]
    if asked in found and not os.path.isfile(asked):
        chosen.append(found[asked])
    elif asked:
        chosen.append(read_overlay(Path(asked), rulebook))
    return tuple({o.name: o for o in chosen}.values())


def read_overlay(path: Path, rulebook: Rulebook) -> Overlay:
    """Return the overlay of a file; raises `ContentError` with everything that is wrong."""
    reader = _Reader(RuleText(str(path)), rulebook)
    found = reader.overlay(path)
    if found is None or reader.text.wrong:
        raise ContentError(tuple(reader.text.wrong))
    return found


class _Reader:
    def __init__(self, text: RuleText, rulebook: Rulebook) -> None:
        self.text, self.rulebook = text, rulebook
        self.lines: Mapping[str, int] = {}

    def fail(self, path: str, zh: str, en: str, hint: tuple[str, str] = ("", "")) -> None:
        self.text.fail("overlay-malformed", line_at(self.lines, path, 0), zh, en, hint)

    def overlay(self, path: Path) -> Overlay | None:
        if not os.path.isfile(path):  # which a name too long does not stop
            known = ", ".join(shipped()) or "-"
            hint = (f"随附的叠加文件：{known}", f"those that are shipped: {known}")
            self.text.fail("file-unreadable", 0, "没有这个文件", "there is no such file", hint)
            return None
        if path.stat().st_size > MAX_BYTES:
            self.text.fail("file-too-large", 0, "文件超过 64 KiB", "larger than 64 KiB")
            return None
        source = read_source(path, self.text)
        if source is None:
            return None
        self.lines = key_lines(source.split("\n"), 1)
        table = toml(source, self.text, 0)
        if table is None or not self.shaped(table):
            return None
        deadlines = [self.deadline(n, t) for n, t in table["deadline"].items()]
        return Overlay(
            path.stem[:60],
            label(table["region"]) or Label("", ""),
            tuple(table.get("applies_to", ())),
            table["source"],
            table["grade"],
            label(table.get("note")) or Label("", ""),
            tuple(d for d in deadlines if d is not None),
        )

    def shaped(self, table: Mapping[str, Any]) -> bool:
        wrong = list(misfits(table, _FILE))
        for key, zh, en in wrong:
            self.fail(key, zh, en)
        for key in ("region", "source", "grade", "deadline"):
            if not table.get(key):
                self.fail(key, f"缺少 {key}", f"{key} is missing")
                wrong.append((key, "", ""))
        if not wrong and table["grade"] not in GRADES:
            self.fail(
                "grade",
                f"grade 应为其一：{'、'.join(GRADES)}",
                f"grade is one of {', '.join(GRADES)}",
            )
        if not wrong and len(table["deadline"]) > MAX_DEADLINES:
            self.fail(
                "deadline", f"多于 {MAX_DEADLINES} 项期限", f"more than {MAX_DEADLINES} deadlines"
            )
        texts = [*_texts(table)]
        if any(len(t) > MAX_TEXT or not t.isprintable() for t in texts):
            zh = f"文字应为一行，不超过 {MAX_TEXT} 字，不含控制字符"
            self.fail("", zh, f"text is one line of at most {MAX_TEXT} printable characters")
        return not wrong and not self.text.wrong

    def deadline(self, name: str, table: Mapping[str, Any]) -> LocalDeadline | None:
        at = f"deadline.{name}"
        wrong = list(misfits(table, _DEADLINE))
        for key, zh, en in wrong:
            self.fail(f"{at}.{key}", f"{name}：{zh}", f"{name}: {en}")
        if wrong:
            return None
        if sum(k in table for k in _WHEN) != 1:
            self.fail(
                at, f"{name}：{'、'.join(_WHEN)} 恰好一个", f"{name}: one of {', '.join(_WHEN)}"
            )
            return None
        duty = table.get("duty", "")
        if duty and duty not in self.rulebook.duties:
            known = ", ".join(sorted(self.rulebook.duties))
            self.fail(
                f"{at}.duty", f"没有义务 {duty}", f"there is no duty {duty}",
                (f"可选：{known}", f"choose from: {known}"),
            )  # fmt: skip
            return None
        if not duty and ("label" not in table or "bearer" not in table):
            self.fail(
                at, f"{name}：没有 duty 时须有 label 与 bearer",
                f"{name}: without a duty it needs label and bearer",
            )  # fmt: skip
            return None
        norm = self.rulebook.duties[duty][-1] if duty else self.own_norm(name, at)
        month_day = self.month_day(table.get("day"), at, name)
        after = table.get("after_month")
        if after is not None and after > MAX_DAYS:
            zh, en = f"after_month 不超过 {MAX_DAYS}", f"after_month is at most {MAX_DAYS}"
            self.fail(f"{at}.after_month", f"{name}：{zh}", f"{name}: {en}")
        bearer = self.expression(table.get("bearer"), BOOLEAN, norm, f"{at}.bearer")
        due = self.expression(table.get("due"), DATE, norm, f"{at}.due")
        return LocalDeadline(
            name, duty, label(table.get("label")), bearer, due, month_day, after, norm
        )

    def own_norm(self, name: str, at: str) -> Norm:
        where = Location(self.text.file, line_at(self.lines, at, 0))
        blank = Label(name, name)
        return Norm(f"overlay/{name}", "obliges", "", (), (), blank, "recalled", where, name)

    def month_day(self, told: str | None, at: str, name: str) -> tuple[int, int] | None:
        if told is None:
            return None
        try:
            found = date.fromisoformat(f"2025-{told}")  # a common year: 29 February is not in each
        except ValueError:
            zh, en = "day 应如 02-01（每年都有的月日）", "day is a month and day like 02-01"
            self.fail(f"{at}.day", f"{name}：{zh}", f"{name}: {en}")
            return None
        return found.month, found.day

    def expression(self, told: str | None, wanted: Type, norm: Norm, at: str) -> Expression | None:
        if told is None:
            return None
        line = line_at(self.lines, at, 0)
        try:
            node = parse(told)
        except ExpressionError as error:
            self.text.fail(error.code, line, *error.messages)
            return None
        found, problems = check(node, NormScope(self.rulebook, norm))
        for problem in problems:
            self.text.fail(problem.code, line, problem.zh, problem.en)
        if not problems and not fits(found, wanted):
            self.text.fail(
                "type-mismatch", line, f"是 {found}，应为 {wanted}", f"is {found}, not {wanted}"
            )
        return node


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [t for k, v in value.items() for t in (str(k), *_texts(v))]
    return [t for v in value for t in _texts(v)] if isinstance(value, list) else []
