"""Made-up duties and prohibitions: imposed by several instruments, of an entity or its records."""

from __future__ import annotations

from dataclasses import replace

from portfolio_drafting import Drafting, Fence, Keys, Tables, quoted
from portfolio_expressions import Writer

CHANGED = ("bearer", "due", "until", "at", "requires", "prohibits")
DAYS = ("due", "until", "at")


def impose(d: Drafting, duty: str, record: str) -> None:
    """Impose a duty in one instrument or more, alike or otherwise, and except from it."""
    shape = d.pick(["due", "due", "due", "until", "prohibits"])
    ids: list[str] = []
    first: Fence | None = None
    for count, act in enumerate(d.some_acts()):
        fence = _duty(d, duty, record, shape) if first is None else _differing(d, first, shape)
        first = first or fence
        keys = {"id": quoted(f"{duty}-{count}"), **d.ranked(act, ids), **d.years()}
        ids.append(d.into(act, replace(fence, keys={**keys, **fence.keys})))
    for one in ids:
        if d.chance(0.25):
            d.excepted(one, record)
    if d.chance(0.1):
        act = d.pick([*d.acts])
        keys = {"id": d.fresh(act, "permits"), "permits": quoted("go on"), "bearer": quoted("True")}
        d.into(act, Fence(keys))


def _differing(d: Drafting, first: Fence, shape: str) -> Fence:
    """Return what another instrument says of the same duty: alike, or otherwise in something."""
    if d.chance(0.4):
        return first
    duty = first.keys.get("obliges") or first.keys["duty"]
    other = _duty(d, duty[1:-1], first.keys["record"][1:-1], shape)
    key = d.pick([k for k in CHANGED if k in first.keys])
    if key not in other.keys or "question" in other.keys:
        return other
    parameters = {**first.parameters, **other.parameters}
    return replace(first, keys={**first.keys, key: other.keys[key]}, parameters=parameters)


def _duty(d: Drafting, duty: str, record: str, shape: str) -> Fence:
    writer = d.writer(record)
    bearer = quoted("True") if d.chance(0.35) else d.short(lambda: writer.truth(1))
    keys = {"record": quoted(record), "bearer": bearer}
    if d.chance(0.05):
        shape = "due" if shape == "prohibits" else "prohibits"
    asked, tables = _asked(d, writer, duty, shape)
    keys |= asked
    if d.chance(0.2):
        keys["when"] = d.short(lambda: writer.truth(1))
    if "gap" not in keys and d.chance(0.4):
        keys["gap"] = d.short(lambda: writer.number("tCO2e").text)
    if "gap" in keys and "lever" in d.terms.toml and d.chance(0.8):
        keys["lever"] = quoted("surrendered")
    if "[fact.role]" in d.terms.toml and d.chance(0.4):
        keys["addressees"] = f'["{d.pick(["agency", "anyone", "authority", "emitter"])}"]'
    fence = Fence(keys, tuple(tables), writer.parameters)

    def otherwise() -> Keys:
        change = d.pick([k for k in CHANGED if k in keys])
        return {change: d.short(writer.day if change in DAYS else writer.truth)}

    return d.asks(fence, writer, otherwise)


def _asked(d: Drafting, writer: Writer, duty: str, shape: str) -> tuple[Keys, Tables]:
    """Return what a duty asks, and by when."""
    if shape == "prohibits":
        keys = {"prohibits": d.short(writer.truth), "duty": quoted(duty)}
        return {**keys, "at": d.short(writer.day)}, []
    keys, tables = d.tested(writer, "requires")
    if writer.record == "entity" and d.chance(0.35):
        keys, tables = _shortfall(d, writer), []
    keys |= {"obliges": quoted(duty), shape: d.short(writer.day)}
    if shape == "until" and d.chance(0.7):
        keys["at"] = d.short(lambda: writer.day(0))
    if "continuing-breach" in d.questions and d.chance(0.6):
        keys["continuing"] = quoted("continuing-breach")
    return keys, tables


def _shortfall(d: Drafting, writer: Writer) -> Keys:
    """Ask for as much as is owed, as the duty to surrender does; the gap is what is short."""
    one, other = writer.number("tCO2e", 1).text, writer.number("tCO2e", 1).text
    if len(one) + len(other) > 400:
        one, other = "100", "200.5"
    return {
        "requires": quoted(f"{one} >= {other}"),
        "gap": quoted(f"max(0, {other} - ({one}))"),
    }
