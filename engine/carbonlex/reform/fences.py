"""Which fences give an amended expression its meaning: those that still hold, and the reform's.

A norm stays while the words that it quotes stay. One whose words are gone must be restated under
its id (`as_before = true` takes over what it said, with what the fence changes in it), or given up
by name (`falls` in the front matter); with a provision that is repealed its norms fall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from carbonlex.errors import Location
from carbonlex.reform.reform import Reform
from carbonlex.rulebook.markdown import Fence, RuleText
from carbonlex.rulebook.quoting import locate
from carbonlex.statutes.instruments import Instrument

_REFERENCES = ("special_to", "replaces", "excepts", "varies", "basis")


@dataclass(frozen=True)
class Fallen:
    """A norm or parameter that the reform takes away with its words, or gives up by name."""

    name: str
    article: str
    where: Location


@dataclass(frozen=True)
class Restated:
    """The texts of an amended expression, and what fell."""

    texts: tuple[RuleText, ...]
    fallen: tuple[Fallen, ...]


def restate(
    texts: Iterable[RuleText], reform: Reform, base: Instrument, amended: Instrument
) -> Restated:
    """Return the texts that give an amended expression its meaning.

    What is wrong with the reform's own fences is noted in the text of the reform, which is last.
    """
    before = {name_of(f): (f, t) for t in texts for f in t.fences if name_of(f)}
    own = _copy(reform.text, [])
    own.fences = [_merged(f, before, own) for f in reform.text.fences]
    for name in sorted(reform.falls - set(before)):
        own.fail(
            "reform-malformed", own.front_lines.get("falls", 1),
            f"falls：被修改的文件没有 {name}", f"falls: what is amended has no {name}",
            ("写规范名，不带文件键", "name the norm, without the instrument's key"),
        )  # fmt: skip
    for text in texts:
        if "years" in text.front:
            own.front = {"years": text.front["years"]} | own.front
            own.front_lines = {"years": 1} | dict(own.front_lines)
    said = {name_of(f) for f in own.fences}
    touched = {a.eid for a in reform.amendments}
    kept: list[RuleText] = []
    fallen: list[Fallen] = []
    for text in texts:
        staying = []
        for fence in text.fences:
            name = name_of(fence)
            if (name and name in said) or _declared_anew(fence, touched, own):
                continue
            if name not in reform.falls and _holds(fence, amended):
                staying.append(fence)
            elif fence.kind == "not-encoded":
                staying += _still_said(fence, amended)
            elif name:
                fallen.append(Fallen(name, fence.article, Location(text.file, fence.line)))
                if name not in reform.falls and fence.article in amended.provisions:
                    _restate(own, reform, fence)
        kept.append(_copy(text, staying))
    known = {n for t in (own, *kept) for f in t.fences for n in _ids(f)}
    for text in (own, *kept):
        text.fences = [_rekeyed(f, base.key, amended.key, known) for f in text.fences]
    return Restated((*kept, own), tuple(fallen))


def _restate(own: RuleText, reform: Reform, fence: Fence) -> None:
    """Note that a norm has lost its words, and how to give it others."""
    of = (a for a in reform.amendments if fence.article.startswith(a.eid.partition("__")[0]))
    at = next(of, reform.amendments[0]).where.line
    name = name_of(fence)
    own.fail(
        "reform-malformed",
        at,
        f"规范 {name} 的引文已不在新的文字中",
        f"the words that the norm {name} quotes are gone",
        (
            f'在该标题下写 norm 围栏 id = "{name}"、as_before = true，'
            f'或在开头写 falls = ["{name}"]',
            f'put a norm fence with id = "{name}" and as_before = true under the heading,'
            f' or falls = ["{name}"] into the front matter',
        ),
    )


def name_of(fence: Fence) -> str:
    """Return the id of a norm or the name of a parameter; empty for a reason not to encode."""
    key = {"norm": "id", "parameter": "name"}.get(fence.kind, "")
    found = fence.table.get(key, "") if key else ""
    return found if isinstance(found, str) else ""


def _ids(fence: Fence) -> Iterable[str]:
    """Yield the short ids of the norms that a fence makes."""
    if fence.kind == "norm" and (name := name_of(fence)):
        yield name
        orders = fence.table.get("orders")
        if isinstance(orders, dict):
            yield f"{name}.{orders.get('duty')}"


def _declared_anew(fence: Fence, touched: set[str], own: RuleText) -> bool:
    """Return whether a reason not to encode gives way to what the reform says of its words."""
    return fence.kind == "not-encoded" and any(
        f.article in touched and fence.article == f.article and f.quotes == fence.quotes
        for f in own.fences
    )


def _holds(fence: Fence, amended: Instrument) -> bool:
    if fence.article not in amended.provisions:
        return False
    _, missing = locate(amended, fence.article, [q for q, _ in fence.quotes])
    return not missing


def _still_said(fence: Fence, amended: Instrument) -> Iterable[Fence]:
    """Yield a reason not to encode with the paragraphs of its quotes that are still there."""
    if fence.article in amended.provisions:
        held = [q for q in fence.quotes if not locate(amended, fence.article, [q[0]])[1]]
        if held:
            yield replace(fence, quotes=tuple(held))


def _merged(fence: Fence, before: dict[str, tuple[Fence, RuleText]], own: RuleText) -> Fence:
    """Return a fence that says `as_before` with what it takes over from the norm before."""
    if "as_before" not in fence.table:
        return fence
    table = {k: v for k, v in fence.table.items() if k != "as_before"}
    found = before.get(name_of(fence))
    if found is None or fence.table["as_before"] is not True:
        own.fail(
            "reform-malformed",
            fence.line_of("as_before"),
            f"as_before：被修改的文件没有 {name_of(fence) or '（缺 id）'}",
            f"as_before: what is amended has no {name_of(fence) or '(no id)'}",
            (
                "as_before 用于被修改文件已有的规范，id 照写；新的规范不写 as_before",
                "as_before is for a norm of what is amended, under its id; a new norm has none",
            ),
        )
        return replace(fence, table=table)
    old, _ = found
    heading = next((h for h in own.outline if h.eid == fence.article), None)
    unsaid = not fence.quotes and (heading is None or not heading.words)
    quotes = old.quotes if unsaid and old.article.startswith(fence.article) else fence.quotes
    return replace(fence, table=_over(old.table, table), quotes=quotes)


def _over(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return a table with what another says in its place; tables within are merged alike."""
    merged = dict(old)
    for key, value in new.items():
        both = isinstance(value, dict) and isinstance(old.get(key), dict)
        merged[key] = _over(old[key], value) if both else value
    return merged


def _rekeyed(fence: Fence, old: str, new: str, known: set[str]) -> Fence:
    """Return a fence whose references to norms of the expression before mean the amended one."""

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(v) for v in value]
        key, _, short = str(value).partition("/")
        same = key.partition("@")[0] == old.partition("@")[0]
        return f"{new}/{short}" if same and short in known else value

    def walked(table: dict[str, Any]) -> dict[str, Any]:
        return {
            k: renamed(v) if k in _REFERENCES else walked(v) if isinstance(v, dict) else v
            for k, v in table.items()
        }

    return replace(fence, table=walked(fence.table))


def _copy(text: RuleText, fences: list[Fence]) -> RuleText:
    return RuleText(
        text.file, dict(text.front), text.front_lines, fences, dict(text.headings),
        list(text.outline), [],
    )  # fmt: skip
