"""Fences into norms: keys checked, expressions parsed, readings unfolded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.errors import Diagnostic, Location
from carbonlex.expressions.parse import ExpressionError, parse
from carbonlex.expressions.tree import Expression
from carbonlex.model import Label
from carbonlex.rulebook.keys import MODES, misfits, test_key, under_reading
from carbonlex.rulebook.markdown import Fence, RuleText
from carbonlex.rulebook.norms import KINDS, Kind, Limbs, Norm, Parameter, Precedence
from carbonlex.rulebook.parameters import read_parameter, years_of
from carbonlex.rulebook.places import line_at
from carbonlex.rulebook.quoting import Quoted
from carbonlex.rulebook.shapes import label
from carbonlex.statutes.instruments import Instrument


@dataclass(frozen=True)
class _Source:
    """The table of a norm, or of what a sanction orders, with the line of each of its keys."""

    table: Mapping[str, Any]
    lines: Mapping[str, int]
    line: int

    def text(self, key: str) -> str:
        return str(self.table.get(key, ""))

    def line_of(self, path: str) -> int:
        return line_at(self.lines, path, self.line)


class Compiler:
    """Compiles the fences of one rule file, noting every fault with its line."""

    def __init__(self, rules: RuleText, instrument: Instrument) -> None:
        self.rules, self.instrument = rules, instrument
        self.norms: list[Norm] = []
        self.parameters: list[Parameter] = []

    def norm(self, fence: Fence, quoted: Quoted) -> None:
        """Compile one norm fence with the words that it gives meaning to."""
        table = fence.table
        kinds = [k for k in KINDS if k in table]
        if len(kinds) != 1 or not isinstance(table.get("id"), str):
            self.fail(
                fence, "", "须有 id 与恰好一种规范类型", "needs an id and exactly one kind of norm"
            )
            return
        kind = kinds[0]
        if wrong := list(misfits(kind, table)):
            for path, zh, en in wrong:
                self.fail(fence, path, zh, en)
            return
        variants = table.get("reading", {})
        if bool(variants) != ("question" in table):
            self.fail(
                fence, "question", "question 与 reading 须成对", "question and reading go together"
            )
            return
        plain = {k: v for k, v in table.items() if k != "reading"}
        lines = _lines(kind, fence, "")
        norm = self.build(fence, kind, _Source(plain, lines, fence.line), quoted)
        readings = {
            name: self.build(
                fence,
                kind,
                _Source(
                    under_reading(kind, plain, over),
                    lines | _lines(kind, fence, f"reading.{name}."),
                    fence.line,
                ),
                quoted,
            )
            for name, over in variants.items()
        }
        if readings:
            norm = replace(norm, readings=readings)
        self.norms.append(norm)
        self.add_orders(fence, table, norm)
        for name, entry in table.get("parameter", {}).items():
            self.parameter(fence, name, entry, norm.id, quoted)

    def parameter(
        self, fence: Fence, name: str, entry: Mapping[str, Any], owner: str, quoted: Quoted
    ) -> None:
        """Compile one parameter table of a norm or of a parameter fence."""
        found = read_parameter(self.rules, fence, name, entry, owner, self.instrument, quoted)
        if found is not None:
            self.parameters.append(found)

    def build(self, fence: Fence, kind: Kind, source: _Source, quoted: Quoted) -> Norm:
        """Return the norm that a table of one kind says."""
        table = source.table
        limbs = self.limbs(source)
        answers = source.text(kind)
        if kind in ("prohibits", "permits", "empowers"):
            answers = str(table.get("duty", table["id"]))
        return Norm(
            id=f"{self.instrument.key}/{table['id']}",
            kind=kind,
            instrument=self.instrument.key,
            provisions=quoted.provisions,
            quotes=quoted.texts,
            label=label(table.get("label")) or self.need_label(fence),
            grade=quoted.grade,
            where=Location(self.rules.file, fence.line),
            answers=answers,
            record=str(table.get("record", "entity")),
            bearer=self.expression(source, "bearer"),
            when=self.expression(source, "when"),
            test=None if limbs else self.expression(source, test_key(kind)),
            limbs=limbs,
            due=self.expression(source, "due"),
            until=self.expression(source, "until"),
            at=self.expression(source, "at"),
            gap=self.expression(source, "gap"),
            lever=source.text("lever"),
            continuing=source.text("continuing"),
            fine=self.expression(source, "fine"),
            correction=table.get("correction", False) is True or "orders" in table,
            confiscation=self.expression(source, "confiscation"),
            deduction=self.expression(source, "deduction"),
            suspension=table.get("suspension", False) is True,
            ban=label(table.get("ban")),
            measure=label(table.get("measure")),
            limits=self.expression(source, "limits"),
            discretion=label(table.get("discretion")),
            excludes=frozenset(table.get("excludes", ())),
            replaces=source.text("replaces"),
            liable=label(table.get("liable")),
            addressees=tuple(table.get("addressees", ("emitter",))),
            precedence=self.precedence(table) if kind == "precedence" else None,
            special_to=source.text("special_to"),
            varies=source.text("varies"),
            basis=tuple(table.get("basis", ())),
            matter=source.text("matter"),
            licence=table.get("licence", False) is True,
            coercion=source.text("coercion"),
            ground=source.text("ground"),
            question=source.text("question"),
            years=self.years(source),
            lines=source.lines,
        )

    def years(self, source: _Source) -> tuple[int, int]:
        """Return the compliance years of a norm: its own, those of its file, or all."""
        own = source.table.get("years")
        found = years_of(str(own if own is not None else self.rules.front.get("years", "1990-")))
        if found is None:
            line = source.line_of("years") if own is not None else self.rules.front_lines["years"]
            self.rules.fail(
                "norm-malformed", line, "years 应如 2019-2020、2023 或 2024-",
                "years is like 2019-2020, 2023 or 2024-",
            )  # fmt: skip
        return found or (FIRST_YEAR, LAST_YEAR)

    def need_label(self, fence: Fence) -> Label:
        self.fail(fence, "id", "缺少 label = {zh, en}", "needs label = {zh, en}")
        return Label("", "")

    def expression(self, source: _Source, key: str) -> Expression | None:
        """Parse the expression under a key, if there is one."""
        text = source.table.get(key)
        return None if text is None else self.parsed(text, source.line_of(key))

    def parsed(self, text: str, line: int) -> Expression | None:
        """Parse an expression; what is wrong with it is noted once, whatever the reading."""
        try:
            return parse(text)
        except ExpressionError as error:
            where = Location(self.rules.file, line)
            if Diagnostic(error.code, error.messages, where) not in self.rules.wrong:
                self.rules.fail(error.code, line, *error.messages)
            return None

    def limbs(self, source: _Source) -> Limbs | None:
        """Compile `[all]`, `[any]` or `[none]`, each limb keyed by its item."""
        for mode in MODES:
            if mode in source.table:
                parsed = (
                    (key, self.parsed(text, source.line_of(f"{mode}.{key}")))
                    for key, text in source.table[mode].items()
                )
                items = tuple((key, node) for key, node in parsed if node is not None)
                return Limbs(mode, items) if items else None
        return None

    def precedence(self, table: Mapping[str, Any]) -> Precedence:
        return Precedence(
            table["precedence"],
            str(table.get("higher", "")),
            tuple(table.get("lower", ())),
            tuple(table.get("between", ())),
            table.get("one_maker", False) is True,
            label(table.get("decides")),
            str(table.get("ground", "")),
        )

    def add_orders(self, fence: Fence, table: Mapping[str, Any], sanction: Norm) -> None:
        """Compile `[orders]`: the new duty that a sanction imposes."""
        orders = table.get("orders")
        if orders is None:
            return
        lines = {p.removeprefix("orders."): n for p, n in fence.lines.items() if p[:7] == "orders."}
        lines["test"] = lines.get("requires", fence.line_of("orders"))
        source = _Source(orders, lines, fence.line_of("orders"))
        self.norms.append(
            Norm(
                id=f"{sanction.id}.{orders['duty']}",
                kind="obliges",
                instrument=sanction.instrument,
                provisions=sanction.provisions,
                quotes=sanction.quotes,
                label=label(orders.get("label")) or sanction.label,
                grade=sanction.grade,
                where=sanction.where,
                answers=str(orders["duty"]),
                record=sanction.record,
                test=self.expression(source, "requires"),
                due=self.expression(source, "due"),
                gap=self.expression(source, "gap"),
                lever=str(orders.get("lever", "")),
                ordered_by=sanction.id,
                years=sanction.years,
                lines=lines,
            )
        )

    def fail(self, fence: Fence, key: str, zh: str, en: str) -> None:
        """Note a malformed norm at the line of a key."""
        name = fence.table.get("id", "?")
        self.rules.fail(
            "norm-malformed",
            fence.line_of(key) if key else fence.line,
            f"{name}：{zh}",
            f"{name}: {en}",
        )


def _lines(kind: Kind, fence: Fence, prefix: str) -> dict[str, int]:
    """Return the line of each key under a prefix, and as `test` that of the test."""
    own = {p[len(prefix) :]: n for p, n in fence.lines.items() if p.startswith(prefix)}
    if test_key(kind) in own:
        own["test"] = own[test_key(kind)]
    return own
