"""The keys of a norm fence: what each must hold, and which of them go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from carbonlex.rulebook.norms import Kind, Mode, Step
from carbonlex.rulebook.shapes import FLAG, LABEL, LIMBS, STRINGS, TABLE, TABLES, TEXT, Shape
from carbonlex.rulebook.shapes import misfits as misfits_of
from carbonlex.statutes.instruments import Rank

Misfit = tuple[str, str, str]
MODES: tuple[Mode, ...] = ("all", "any", "none")
_COMMON = {
    "id": TEXT, "label": LABEL, "bearer": TEXT, "when": TEXT, "question": TEXT,
    "reading": TABLES, "parameter": TABLES, "basis": STRINGS, "special_to": TEXT,
    "varies": TEXT, "matter": TEXT, "record": TEXT, "note": LABEL, "years": TEXT,
}  # fmt: skip
_LIMBS: dict[str, Shape] = dict.fromkeys(MODES, LIMBS)
_OWN: dict[str, dict[str, Shape]] = {
    "defines": {"value": TEXT, **_LIMBS},
    "excepts": {"value": TEXT, **_LIMBS},
    "obliges": {
        "addressees": STRINGS, "requires": TEXT, **_LIMBS, "due": TEXT, "until": TEXT,
        "at": TEXT, "gap": TEXT, "lever": TEXT, "continuing": TEXT,
    },
    "prohibits": {
        "ground": TEXT, "duty": TEXT, "addressees": STRINGS, "at": TEXT, "gap": TEXT, "lever": TEXT,
    },
    "permits": {
        "licence": FLAG, "duty": TEXT, "addressees": STRINGS, "due": TEXT, "until": TEXT,
        "at": TEXT,
    },
    "empowers": {
        "coercion": TEXT, "duty": TEXT, "addressees": STRINGS, "due": TEXT, "until": TEXT,
        "at": TEXT,
    },
    "sanctions": {
        "fine": TEXT, "confiscation": TEXT, "correction": FLAG, "deduction": TEXT,
        "suspension": FLAG, "ban": LABEL, "measure": LABEL, "limits": TEXT,
        "discretion": LABEL, "orders": TABLE, "excludes": STRINGS,
        "replaces": TEXT, "liable": LABEL,
    },
    "precedence": {
        "ground": TEXT, "higher": TEXT, "lower": STRINGS, "between": STRINGS, "one_maker": FLAG,
        "decides": LABEL,
    },
}  # fmt: skip
_ORDERS = {
    "duty": TEXT, "requires": TEXT, "due": TEXT, "label": LABEL, "gap": TEXT, "lever": TEXT,
}  # fmt: skip
_OUTSIDE_READINGS = {"id", "question", "reading", "parameter", "orders", "note"}
# The keys of each step of precedence: those it needs, and those it may have besides.
_STEPS: dict[str, tuple[set[str], set[str]]] = {
    "rank": ({"higher", "lower"}, set()),
    "referral": ({"between", "decides"}, {"one_maker"}),
    "higher_fine": (set(), {"higher", "lower"}),
    "ground": ({"ground"}, set()),
    "annulment": ({"between", "decides"}, set()),
}


def test_key(kind: str) -> str:
    """Return the key under which a kind of norm has its test."""
    return {"obliges": "requires", "prohibits": "prohibits"}.get(kind, "value")


def misfits(kind: Kind, table: Mapping[str, Any]) -> Iterator[Misfit]:
    """Yield what is wrong with the keys of a norm: path, and why in Chinese and English."""
    shapes = {**_COMMON, **_OWN[kind], kind: TEXT}
    yield from misfits_of(table, shapes)
    yield from _tests(kind, table, "")
    within = {k: s for k, s in shapes.items() if k not in _OUTSIDE_READINGS}
    if kind != "prohibits":
        del within[kind]
    readings = table.get("reading")
    for name, over in readings.items() if isinstance(readings, dict) else ():
        if isinstance(over, dict):
            for key, zh, en in misfits_of(over, within):
                yield f"reading.{name}.{key}", zh, en
            yield from _tests(kind, over, f"reading.{name}.")
    orders = table.get("orders")
    if isinstance(orders, dict):
        for key, zh, en in misfits_of(orders, _ORDERS):
            yield f"orders.{key}", zh, en
        if not {"duty", "requires", "due"} <= set(orders):
            yield "orders", "orders 须有 duty、requires、due", "orders needs duty, requires, due"
    if kind == "precedence":
        yield from _precedence(table)


def under_reading(kind: Kind, plain: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of a norm under a reading: a test of the reading's own replaces the test."""
    tests = {test_key(kind), *MODES} - {kind}
    replaced = tests if tests & set(over) else set()
    return {**{k: v for k, v in plain.items() if k not in replaced}, **over}


def _tests(kind: Kind, table: Mapping[str, Any], prefix: str) -> Iterator[Misfit]:
    found = [k for k in (test_key(kind), *MODES) if k in table and k in _OWN[kind]]
    if len(found) > 1:
        joined = "、".join(found)
        yield (
            prefix + found[-1], f"{joined} 只能有其一", f"only one of {', '.join(found)} is read",
        )  # fmt: skip


def _precedence(table: Mapping[str, Any]) -> Iterator[Misfit]:
    step, ranks = table["precedence"], get_args(Rank)
    if step not in get_args(Step):
        steps = get_args(Step)
        yield "precedence", f"应为其一：{'、'.join(steps)}", f"is one of {', '.join(steps)}"
        return
    needed, possible = _STEPS.get(step, (set(), set()))
    for key in sorted(needed - set(table)):
        yield "precedence", f"{step} 须有 {key}", f"{step} needs {key}"
    for key in sorted(set(_OWN["precedence"]) & set(table) - needed - possible):
        yield key, f"{step} 不用 {key}", f"{step} makes no use of {key}"
    for key in ("higher", "lower", "between"):
        named = table.get(key, [])
        for rank in [named] if isinstance(named, str) else named if isinstance(named, list) else ():
            if rank not in ranks:
                yield key, f"没有位阶 {rank}", f"no rank {rank}"
