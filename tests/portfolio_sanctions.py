"""Made-up sanctions: what follows a breach, what is ordered, what follows if that is not done."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio_drafting import Drafting, Fence, Keys, Tables, quoted
from portfolio_expressions import Writer
from portfolio_numbers import parameter

KINDS = ("fine", "correction", "confiscation", "deduction", "suspension")
MANAGERS = '{zh = "主管人员", en = "managers"}'


def sanction(d: Drafting, duty: str, record: str) -> None:
    """Attach consequences to the breach of a duty, in one instrument or more."""
    acts = d.some_acts()
    plain = d.chance(0.5)
    ids: list[str] = []
    for act in [*acts, *acts[:1]] if d.chance(0.3) else acts:
        ids.append(_first(d, act, duty, d.writer(record, plain=plain), ids))
        if d.chance(0.2):
            d.excepted(ids[-1], record)


def _first(d: Drafting, act: str, duty: str, writer: Writer, others: Sequence[str]) -> str:
    """Attach consequences in one instrument, and further ones if what it orders is not done."""
    keys = {"id": quoted(f"s-{duty}-{len(others)}"), "sanctions": quoted(duty)}
    keys |= {"record": quoted(writer.record), **_placed(d, act, others), **d.years()}
    more, tables = _consequences(d, writer, duty)
    if d.chance(0.2):
        keys["when"] = d.short(lambda: writer.truth(1))
    fence = Fence({**keys, **more}, tuple(tables), writer.parameters)
    if "fine" in more:
        fence = d.asks(fence, writer, lambda: {"fine": fine(d, writer)})
    norm = d.into(act, fence)
    if any(t.startswith("[orders]") for t in tables) and d.chance(0.9):
        _follow(d, act, duty, writer.record, norm if "fine" in more else "")
    return norm


def general(d: Drafting) -> None:
    """Set the limitation of penalties, and what stays open to discretion in all of them."""
    for act in d.some_acts() if d.chance(0.5) else ():
        keys = {"id": d.fresh(act, "limits"), "sanctions": quoted("*")}
        d.into(act, Fence({**keys, "limits": quoted(d.pick(["1", "2", "5"]))}))
    if d.chance(0.3):
        act = d.pick([*d.acts])
        keys = {"id": d.fresh(act, "open"), "sanctions": quoted("*")}
        d.into(act, Fence({**keys, "discretion": '{zh = "可以从轻", en = "may be lighter"}'}))


def fine(d: Drafting, writer: Writer) -> str:
    """Write a fine: a range, a multiple of a price and tonnes, now and then one figure."""
    writer.signed = False
    low = d.pick([0, 1000, 10_000, 50_000])
    found = f"between({low}, {low + d.pick([0, 5000, 40_000])})"
    forms = ["plain", "plain", "plain", "set", "times", "times", "sum", "if", "figure"]
    match d.pick(forms if writer.most else forms[:5]):
        case "times":
            price, tonnes = writer.measured("CNY/tCO2e", 0, 14), writer.measured("tCO2e", 1, 14)
            if price and tonnes and not price.bare and not tonnes.bare:
                range_ = f"between({d.pick(['1, 3', '5, 10', '0.5, 1'])})"
                found = f"{range_} * ({price.text}) * max(0, {tonnes.text})"
        case "sum":
            found = f"{found} + between(100, 200)"
        case "if":
            found = f"{found} if {writer.truth(0)} else between(1, 2)"
        case "figure":
            found = writer.number("CNY", 1).text
        case "set":
            draft = parameter(writer, "CNY", 0)
            found = f"between(0, {draft.text})"
    writer.signed = True
    return quoted(found if len(found) <= 500 else "between(1, 2)")


def _placed(d: Drafting, act: str, others: Sequence[str]) -> Keys:
    same = [o for o in others if o.partition("/")[0] == act]
    # Of two in one instrument that nothing sets in order, none prevails.
    return {} if same and d.chance(0.3) else d.ranked(act, others)


def _consequences(d: Drafting, writer: Writer, duty: str) -> tuple[Keys, Tables]:
    keys: Keys = {}
    tables: Tables = []
    if d.chance(0.7):
        keys["fine"] = fine(d, writer)
    if d.chance(0.55):
        tables.append(_orders(d, writer, f"cure-{duty}"))
    elif d.chance(0.15):
        keys["correction"] = "true"
    writer.signed = False
    if d.chance(0.2):
        keys["confiscation"] = d.short(lambda: writer.number("CNY", 1).text)
    if d.chance(0.25):
        keys["deduction"] = d.short(lambda: writer.number("tCO2e", 1).text)
    writer.signed = True
    if d.chance(0.15):
        keys["suspension"] = "true"
    if d.chance(0.08):
        keys["ban"] = '{zh = "禁入", en = "barred"}'
    if d.chance(0.1):
        keys["discretion"] = '{zh = "可以通报", en = "may be made public"}'
    if d.chance(0.12):
        keys["liable"] = MANAGERS
    if (not keys and not tables) or d.chance(0.12):
        left = [k for k in KINDS if k not in keys and (k != "correction" or not tables)]
        shut = d.random.sample(left, min(2, len(left)))
        keys["excludes"] = "[" + ", ".join(map(quoted, shut)) + "]"
    return keys, tables


def _orders(d: Drafting, writer: Writer, duty: str) -> str:
    """Order that something be done, by a day that is told or that follows from another."""
    due = quoted("cure_by") if d.named("cure_by") and d.chance(0.5) else d.short(writer.day)
    lines = ["[orders]", f"duty = {quoted(duty)}", f"due = {due}"]
    lines.append(f"requires = {d.short(lambda: writer.truth(d.pick([0, 0, 1])))}")
    if d.chance(0.3):
        lines.append(f"gap = {d.short(lambda: writer.number('tCO2e', 1).text)}")
    return "\n".join(lines)


def _follow(d: Drafting, act: str, duty: str, record: str, first: str) -> None:
    """Sanction the breach of what was ordered; `first` is the fine that another may replace."""
    writer = d.writer(record, plain=d.chance(0.5))
    keys = {"id": d.fresh(act, "further"), "sanctions": quoted(f"cure-{duty}")}
    keys["record"] = quoted(record)
    if d.chance(0.8):
        keys["fine"] = fine(d, writer)
        if first and d.chance(0.7):
            keys["replaces"] = quoted(first)
    if d.chance(0.4) or "fine" not in keys:
        keys["suspension"] = "true"
    if d.chance(0.15):
        keys["when"] = d.short(lambda: writer.truth(1))
    tables = [_orders(d, writer, f"cure-again-{duty}")] if d.chance(0.1) else []
    d.into(act, Fence(keys, tuple(tables), writer.parameters))
