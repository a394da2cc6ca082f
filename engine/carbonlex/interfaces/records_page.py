"""Records for people: lists, one record, what differs, what verifying and replaying found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import starmap
from typing import TYPE_CHECKING, TextIO

from carbonlex.interfaces.arguments import console
from carbonlex.memo import escape
from carbonlex.records.compare import Change
from carbonlex.records.entry import Entry
from carbonlex.records.facts import CaseFacts
from carbonlex.records.signing import LABELS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from carbonlex.interfaces.records_replay import Replay
    from carbonlex.interfaces.records_words import RecordWords
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
_ROLES: Mapping[str, tuple[str, str]] = {
    "case": ("案情", "case"),
    "reform": ("修法方案", "reform"),
    "data": ("数据", "data"),
    "style": ("版式", "house style"),
}
_NAMES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("arguments", "command"): ("命令", "command"),
    ("law", "rulebook"): ("规则库", "rulebook"),
    ("engine", "version"): ("版本", "version"),
    ("engine", "digest"): ("模块摘要", "digest of modules"),
    ("engine", "chainer"): ("推理链", "chainer"),
}
_FACTS = (
    ("年度", "事实", "值", "证明人", "来源"), ("year", "fact", "value", "attested by", "source"),
)  # fmt: skip
_VERDICTS = (("事项", "结论", "依据", "来源等级"), ("of", "verdict", "basis", "grade"))
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
    from carbonlex.interfaces.records_words import RecordWords

    words = RecordWords((), lang)
    zh = ("编号", "时间", "命令", "文件", "询问日", "结论", "签署")
    en = ("id", "made", "command", "files", "asked", "verdicts", "signed")
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
            str(told["arguments"].get("on", "")), visible(words.summary(told["verdicts"])), signed,
        )  # fmt: skip
    console().print(table)


def print_record(
    entry: Entry, about: Sequence[Entry], facts: Sequence[CaseFacts], words: RecordWords
) -> None:
    """Print one run: what it read, under which law and engine, what came out, who signed."""
    told, page, at = entry.told, console(), words.lang == "en"

    def line(zh: str, en: str, text: str) -> None:
        if text:
            page.print(f"{(zh, en)[at]}: {visible(text)}" if at else f"{zh}：{visible(text)}")

    line("记录", "record", entry.id)
    line("时间", "made", _at(told["made"]))
    line("命令", "command", " ".join((told["command"], *_options(told["arguments"]))))
    for one in told["inputs"]:
        only = "" if one["kept"] else ("（只存摘要）", " (digest only)")[at]
        role = _ROLES[one["as"]]
        line(*role, f"{one['name']} {one['size']:,} B {one['digest'][:12]}{only}")
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
    for one in facts:
        if len(facts) > 1:
            line("案情", "case", one["case"])
        _print_rows(page, _FACTS[at], words.facts(one))
    _print_rows(page, _VERDICTS[at], starmap(words.verdict, told["verdicts"].items()))


def _print_rows(page: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, without the columns that are empty in every row."""
    listed = [*rows]
    used = [at for at in range(len(headings)) if any(row[at] for row in listed)]
    table = _table(*(headings[at] for at in used))
    for row in listed:
        table.add_row(*(visible(row[at]) for at in used))
    if listed:
        page.print(table)


def _options(arguments: Mapping[str, str | list[str]]) -> Iterator[str]:
    for name, value in arguments.items():
        for one in [value] if isinstance(value, str) else value:
            yield one if name == "subject" else f"--{name} {one}"


def print_changes(changes: Sequence[Change], words: RecordWords, out: TextIO | None = None) -> None:
    """Print what differs between two runs, part by part."""
    at = words.lang == "en"
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
        name, *sides = _said(one, words)
        table.add_row(shown, visible(name), *map(visible, sides))
    page.print(table)


def _said(one: Change, words: RecordWords) -> tuple[str, str, str]:
    """Return what differs, and both sides of it, in words."""
    was, now = (one.was, one.now)
    if one.part == "facts":
        was, now = (v and words.sourced(one.name, v) for v in (was, now))
        return words.place(one.name), was or "–", now or "–"
    if one.part == "verdicts":
        key = one.name.rpartition(" · ")[2]
        was, now = (v and words.said(key, v) for v in (was, now))
        return words.change(one.name), was or "–", now or "–"
    name = one.name
    if one.part == "files":
        role, _, file = name.partition(" ")
        name = f"{_ROLES[role][words.lang == 'en']} {file}"
    elif (one.part, name) in _NAMES:
        name = _NAMES[one.part, name][words.lang == "en"]
    return name, was or "–", now or "–"


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
