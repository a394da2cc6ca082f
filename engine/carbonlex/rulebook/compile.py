"""Fences into norms: keys checked, expressions parsed, readings unfolded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from carbonlex.errors import Location
from carbonlex.expressions.parse import ExpressionError, parse
from carbonlex.expressions.tree import Expression
from carbonlex.model import Label
from carbonlex.rulebook.declarations import label
from carbonlex.rulebook.markdown import Fence, RuleText
from carbonlex.rulebook.norms import KINDS, Kind, Limbs, Norm, Parameter, Precedence
from carbonlex.rulebook.parameters import read_parameter
from carbonlex.rulebook.quoting import Quoted
from carbonlex.statutes.instruments import Instrument

_COMMON = {
    "id", "label", "bearer", "when", "question", "reading", "parameter", "basis",
    "special_to", "varies", "record", "note",
}  # fmt: skip
_OWN: dict[str, set[str]] = {
    "defines": {"value", "all", "any", "none"},
    "excepts": {"value", "all", "any", "none"},
    "obliges": {
        "requires", "all", "any", "none", "due", "until", "at", "gap", "lever", "continuing",
    },
    "prohibits": {"duty", "all", "any", "none", "at", "gap", "lever"},
    "permits": {"duty"},
    "empowers": {"duty"},
    "sanctions": {
        "fine", "confiscation", "correction", "deduction", "suspension", "discretion", "orders",
        "excludes", "replaces", "liable", "all", "any", "none",
    },
    "precedence": {"higher", "lower", "between", "one_maker", "decides"},
}  # fmt: skip
_ORDER = {"duty", "requires", "due", "label", "gap", "lever"}


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
        variants = table.get("reading", {})
        if bool(variants) != ("question" in table) or not isinstance(variants, dict):
            self.fail(
                fence, "question", "question 与 reading 须成对", "question and reading go together"
            )
            return
        plain = {k: v for k, v in table.items() if k != "reading"}
        norm = self.build(fence, kind, plain, quoted)
        readings = {
            name: self.build(fence, kind, {**plain, **over}, quoted)
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

    def build(self, fence: Fence, kind: Kind, table: dict[str, Any], quoted: Quoted) -> Norm:
        """Return the norm that a table of one kind says."""
        if unknown := set(table) - _COMMON - _OWN[kind] - {kind}:
            self.fail(
                fence,
                min(unknown),
                f"未知的键 {sorted(unknown)}",
                f"unknown keys {sorted(unknown)}",
            )
        test_key = {"obliges": "requires", "prohibits": "prohibits"}.get(kind, "value")
        limbs = self.limbs(fence, table)
        answers = str(table[kind]) if kind != "prohibits" else str(table.get("duty", table["id"]))
        if kind in ("permits", "empowers"):
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
            bearer=self.expression(fence, table, "bearer"),
            when=self.expression(fence, table, "when"),
            test=None if limbs else self.expression(fence, table, test_key),
            limbs=limbs,
            due=self.expression(fence, table, "due"),
            until=self.expression(fence, table, "until"),
            at=self.expression(fence, table, "at"),
            gap=self.expression(fence, table, "gap"),
            lever=str(table.get("lever", "")),
            continuing=str(table.get("continuing", "")),
            fine=self.expression(fence, table, "fine"),
            correction=table.get("correction", False) is True or "orders" in table,
            confiscation=self.expression(fence, table, "confiscation"),
            deduction=self.expression(fence, table, "deduction"),
            suspension=table.get("suspension", False) is True,
            discretion=label(table.get("discretion")),
            excludes=frozenset(table.get("excludes", ())),
            replaces=str(table.get("replaces", "")),
            liable=label(table.get("liable")),
            precedence=self.precedence(fence, table) if kind == "precedence" else None,
            special_to=str(table.get("special_to", "")),
            varies=str(table.get("varies", "")),
            basis=tuple(table.get("basis", ())),
            question=str(table.get("question", "")),
        )

    def need_label(self, fence: Fence) -> Label:
        self.fail(fence, "id", "缺少 label = {zh, en}", "needs label = {zh, en}")
        return Label("", "")

    def expression(self, fence: Fence, table: Mapping[str, Any], key: str) -> Expression | None:
        """Parse the expression under a key, if there is one."""
        source = table.get(key)
        if source is None:
            return None
        return self.parsed(fence, key, source)

    def parsed(self, fence: Fence, key: str, source: object) -> Expression | None:
        if not isinstance(source, str):
            self.fail(
                fence, key, f"{key} 应为表达式字符串", f"{key} should be an expression in quotes"
            )
            return None
        try:
            return parse(source)
        except ExpressionError as error:
            self.rules.fail(error.code, fence.line_of(key), *error.messages)
            return None

    def limbs(self, fence: Fence, table: Mapping[str, Any]) -> Limbs | None:
        """Compile `[all]`, `[any]` or `[none]`, each limb keyed by its item."""
        modes = [m for m in ("all", "any", "none") if m in table]
        if not modes:
            return None
        items = []
        for key, source in table[modes[0]].items():
            found = self.parsed(fence, key, source)
            if found is not None:
                items.append((key, found))
        return Limbs(modes[0], tuple(items)) if items else None  # type: ignore[arg-type]

    def precedence(self, fence: Fence, table: Mapping[str, Any]) -> Precedence:
        return Precedence(
            table["precedence"],
            str(table.get("higher", "")),
            tuple(table.get("lower", ())),
            tuple(table.get("between", ())),
            table.get("one_maker", False) is True,
            label(table.get("decides")),
        )

    def add_orders(self, fence: Fence, table: Mapping[str, Any], sanction: Norm) -> None:
        """Compile `[orders]`: the new duty that a sanction imposes."""
        orders = table.get("orders")
        if orders is None:
            return
        if not isinstance(orders, dict) or not {"duty", "requires", "due"} <= set(orders) <= _ORDER:
            self.fail(
                fence,
                "orders",
                "orders 须有 duty、requires、due",
                "orders needs duty, requires, due",
            )
            return
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
                test=self.expression(fence, orders, "requires"),
                due=self.expression(fence, orders, "due"),
                gap=self.expression(fence, orders, "gap"),
                lever=str(orders.get("lever", "")),
                ordered_by=sanction.id,
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
