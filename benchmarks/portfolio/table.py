"""The page that is written: how, on what, and a table and ratios for each size."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rounds import Measured

PREFACE = Path(__file__).with_name("preface.md")


@dataclass(frozen=True)
class Result:
    """What one size gave: rows asked for, cores that other work kept busy, and every lane."""

    rows: int
    foreign: float
    lanes: list[Measured]


def page(
    results: Iterable[Result],
    subjects: list[str],
    *,
    command: str,
    machine: str,
    date: str,
    versions: str,
    seconds: str,
) -> str:
    """Return the whole page, Markdown."""
    head = PREFACE.read_text(encoding="utf-8").format(
        command=command, machine=machine, date=date, versions=versions, seconds=seconds
    )
    return "\n".join([head, *(section(result, subjects) for result in results)])


def section(result: Result, subjects: list[str]) -> str:
    """Return heading, table, ratios and what was not run, for one size."""
    lanes = sorted(
        (lane for lane in result.lanes if lane.rounds),
        key=lambda lane: statistics.median(lane.per_million.values()),
    )
    turns = max((len(lane.rounds) for lane in lanes), default=0)
    lines = [
        f"## {result.rows:,} 行 · entity-years",
        "",
        f"{turns} 轮；其间别的程序平均占用 {result.foreign:.2f} 个核。"
        f" {turns} rounds; other work kept {result.foreign:.2f} cores busy meanwhile.",
        "",
        "| 引擎 · lane | 行数 rows | 每百万行秒数 s per 10⁶: 中位 median [最小 min – 最大 max]"
        " | 行/秒 rows/s | 错行 wrong | 半数错行 wrong at halves | 误判 false verdicts"
        " | 内存 peak MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(row(lane) for lane in lanes),
    ]
    for subject in (lane for lane in lanes if lane.lane in subjects):
        lines += ["", *ratios(subject, lanes)]
    lines += [
        f"\n未跑 · not run: {lane.entry.title}: {lane.reason}"
        for lane in result.lanes
        if lane.reason
    ]
    return "\n".join([*lines, ""])


def row(lane: Measured) -> str:
    """Return a lane's line of the table."""
    times = list(lane.per_million.values())
    median = statistics.median(times)
    spread = f"{median:.4g} [{min(times):.4g} – {max(times):.4g}]"
    cells = [
        lane.entry.title,
        f"{lane.rows:,}",
        spread if len(times) > 1 else f"{median:.4g}",
        f"{float(f'{1e6 / median:.3g}'):,.0f}",
        share(lane, "ordinary", 0),
        share(lane, "half", 0),
        share(lane, "exact", 1),
        f"{lane.megabytes:,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def share(lane: Measured, which: str, part: int) -> str:
    """Return how many rows of a set are wrong, as 0 or a share that never reads as 0."""
    told = lane.checked.get(which)
    if told is None or told[part] is None:
        return "–"
    count, rows = int(told[part] or 0), told[2]
    return "0" if not count else f"**{max(100 * count / rows, 0.01):.2f} %**"


def ratios(subject: Measured, lanes: list[Measured]) -> list[str]:
    """Return the speed of one lane over that of each other, by rounds both ran in."""
    lines = [
        f"{subject.entry.title}：速度为其他各家的几倍 · its speed, in multiples of each other's:",
        "",
        "| 引擎 · lane | 中位 median | 最差一轮 worst round |",
        "|---|---:|---:|",
    ]
    own = subject.per_million
    for peer in lanes:
        theirs = peer.per_million
        each = [theirs[n] / own[n] for n in own if n in theirs]
        if peer is not subject and each:
            lines.append(
                f"| {peer.entry.title} | {statistics.median(each):.3g} | {min(each):.3g} |"
            )
    return lines
