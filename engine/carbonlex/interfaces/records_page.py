"""Records for people: lists, one record, what differs, what verifying and replaying found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, TextIO

from carbonlex.interfaces.arguments import console
from carbonlex.memo import escape
from carbonlex.records.compare import Change
from carbonlex.records.entry import Entry
from carbonlex.records.facts import CaseFacts, flat
from carbonlex.records.signing import LABELS

if TYPE_CHECKING:
    from rich.table import Table

    from carbonlex.interfaces.records_replay import Replay
    from carbonlex.records.verify import Verified

_SHANGHAI = timezone(timedelta(hours=8))
_PARTS: Mapping[str, tuple[str, str]] = {
    "arguments": ("参数", "arguments"),
    "facts": ("事实", "facts"),
    "files": ("文件", "files"),
    "law": ("法律", "law"),
    "engine": ("引擎", "engine"),
    "verdicts": ("结论", "verdicts"),
    "documents": ("文书", "documents"),
}
Row = tuple[Entry, Sequence[Entry]]


def visible(text: object) -> str:
    """Return user text with control and direction marks shown."""
    return str(escape.visible(str(text)))


def _brief(text: str) -> str:
    """Return a digest cut short, and other words as they are."""
    return text[:12] if len(text) == 64 and text.isalnum() else text


def _at(text: str) -> str:
    """Return a time as it was in Shanghai."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (
        (told if told.tzinfo else told.replace(tzinfo=UTC))
        .astimezone(_SHANGHAI)
        .strftime("%Y-%m-%d %H:%M")
    )


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _signed(about: Sequence[Entry], lang: str) -> str:
    signed = [e.told for e in about if e.told["kind"] == "signature"]
    at = lang == "en"
    return "; ".join(f"{LABELS[s['role']][at]} {visible(s['name'])}" for s in signed)


def print_list(rows: Sequence[Row], lang: str) -> None:
    """Print the runs of a store, oldest first."""
    zh = ("编号", "时间", "命令", "文件", "询问日", "码", "签署")
    en = ("id", "made", "command", "files", "asked", "exit", "signed")
    table = _table(*(en if lang == "en" else zh))
    for column in (0, 1, 4):
        table.columns[column].no_wrap = True
    for entry, about in rows:
        told = entry.told
        files = dict.fromkeys(i["name"].split("/")[0] for i in told["inputs"])
        names = ", ".join(files) or str(told["arguments"].get("subject", ""))
        later = next((e.short for e in about if e.told["kind"] == "run"), "")
        signed = _signed(about, lang)
        if later:
            by = f"superseded by {later}" if lang == "en" else f"已被 {later} 取代"
            signed = "; ".join(filter(None, (signed, by)))
        table.add_row(
            entry.short, _at(told["made"]), told["command"], visible(names),
            str(told["arguments"].get("on", "")), str(told["exit"]), signed,
        )  # fmt: skip
    console().print(table)


def print_record(
    entry: Entry, about: Sequence[Entry], facts: Sequence[CaseFacts], lang: str
) -> None:
    """Print one run: what it read, under which law and engine, what came out, who signed."""
    told, page, at = entry.told, console(), lang == "en"

    def line(zh: str, en: str, text: str) -> None:
        if text:
            page.print(f"{(zh, en)[at]}: {visible(text)}" if at else f"{zh}：{visible(text)}")

    line("记录", "record", entry.id)
    line("时间", "made", _at(told["made"]))
    line("命令", "command", " ".join((told["command"], *_options(told["arguments"]))))
    for one in told["inputs"]:
        only = "" if one["kept"] else ("（只存摘要）", " (digest only)")[at]
        line(*_PARTS["files"], f"{one['name']} {one['size']:,} B {one['digest'][:12]}{only}")
    line(*_PARTS["law"], told["law"]["rulebook"])
    engine = told["engine"]
    line(*_PARTS["engine"], f"{engine['version']} {engine['digest'][:12]} · {engine['chainer']}")
    for one in told["documents"]:
        made = ", ".join(f"{k} {v[:20]}" for k, v in one["made_with"].items())
        line(*_PARTS["documents"], f"{one['name']} {one['digest'][:12]} {made}".rstrip())
    line("取代", "supersedes", (told["supersedes"] or "")[:12])
    line("被取代", "superseded by", next((e.short for e in about if e.told["kind"] == "run"), ""))
    for signed in (e.told for e in about if e.told["kind"] == "signature"):
        line(*LABELS[signed["role"]], f"{signed['name']} {_at(signed['at'])}")
    line("链", "chain", f"{entry.seq}:{entry.hash}")
    table = _table(*(("fact", "value") if at else ("事实", "值")))
    for name, value in flat(facts).items():
        table.add_row(visible(name), visible(value))
    if table.rows:
        page.print(table)
    table = _table(*(("verdict", "") if at else ("结论", "")))
    for name, values in told["verdicts"].items():
        table.add_row(visible(name), visible(", ".join(f"{k} {v}" for k, v in values.items())))
    if table.rows:
        page.print(table)


def _options(arguments: Mapping[str, str | list[str]]) -> Iterator[str]:
    for name, value in arguments.items():
        for one in [value] if isinstance(value, str) else value:
            yield one if name == "subject" else f"--{name} {one}"


def print_changes(changes: Sequence[Change], lang: str, out: TextIO | None = None) -> None:
    """Print what differs between two runs, part by part."""
    at = lang == "en"
    page = console()
    if out is not None:
        page.file = out
    if not changes:
        page.print(("两次运行没有差别", "the two runs do not differ")[at])
        return
    table = _table(*(("", "", "was", "now") if at else ("", "", "原为", "现为")))
    part = ""
    for one in changes:
        shown = "" if one.part == part else _PARTS[one.part][at]
        part = one.part
        sides = ["–" if v is None else visible(v) for v in (one.was, one.now)]
        table.add_row(shown, visible(one.name), *sides)
    page.print(table)


def print_replay(found: Replay, lang: str) -> None:
    """Print whether a record gave the same again, or where it first differs."""
    at, page = lang == "en", console()
    if found.own_law:
        said = ("按当时的法律重放（与现用的不同）", "ran under its own law, which is not today's")
        page.print(said[at])
    for what, was, now in found.elsewhere:
        page.print(("引擎不同", "another engine")[at] + f": {what} {_brief(was)} → {_brief(now)}")
    for one in found.compared:
        name = visible(one.name) or ("结果", "result")[at]
        if one.skipped is not None:
            page.print(f"? {name}: " + ("未比较，", "not compared, ")[at] + one.skipped[at])
        elif one.difference is None:
            page.print(f"✓ {name}: " + ("逐字节相同", "the same, byte for byte")[at])
        else:
            where = one.difference
            page.print(f"✗ {name}: " + ("首个差别在", "first differs at")[at] + f" {where.place}")
            page.print("    " + ("原为", "was")[at] + f" {visible(where.was)}")
            page.print("    " + ("现为", "is")[at] + f" {visible(where.now)}")


def print_verified(found: Verified, place: str, lang: str) -> None:
    """Print whether a store holds, or the first value that was changed."""
    at, page = lang == "en", console()
    zh = f"{place}：{found.entries} 条，{found.files} 个文件"
    page.print(visible(f"{place}: {found.entries} entries, {found.files} files" if at else zh))
    if found.fault is None:
        page.print(("✓ 链、文件、签署均相符", "✓ chain, files and signatures hold")[at])
        page.print(f"{found.head.seq}:{found.head.hash}")
        return
    fault = found.fault
    page.print(visible(f"✗ {fault.table} {fault.row}: {fault.message[at]}"))


def print_signed(entry: Entry, about: Sequence[Entry], lang: str) -> None:
    """Print who has signed a record so far."""
    at = lang == "en"
    said = (
        f"{entry.short}: {_signed(about, lang)}" if at else f"{entry.short}：{_signed(about, lang)}"
    )
    console().print(visible(said))
