"""Interleaved rounds: every lane once in each, in a new order, so that all share the weather."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lanes import LANES, Entry
from machine import Clock
from peers import NotRun, Process, interpreter

KEPT = 2_000_000
"""Up to this many rows all workers live at once; beyond, a turn starts and ends its own."""
TRIAL = 1_000
TURN_SECONDS, TURN_RUNS = 0.3, 30
"""A turn repeats a short run and keeps the median: a few milliseconds alone say little."""


@dataclass
class Measured:
    """What one lane gave: seconds by round, and what was wrong. `reason` where it gave nothing."""

    lane: str
    rows: int = 0
    rounds: dict[int, float] = field(default_factory=dict)
    megabytes: float = 0.0
    checked: dict[str, tuple[int | None, int | None, int]] = field(default_factory=dict)
    """By set: rows with a wrong cell, rows with a wrong verdict, rows looked at."""
    reason: str = ""

    @property
    def entry(self) -> Entry:
        """Return where the lane is and what it is called."""
        return LANES[self.lane]

    @property
    def per_million(self) -> dict[int, float]:
        """Return the seconds for a million rows, by round."""
        return {n: seconds / self.rows * 1e6 for n, seconds in self.rounds.items()}


@dataclass(frozen=True)
class Settings:
    """How to measure: the sets, rows, rounds, seconds of a lane over all rounds, and where."""

    folders: dict[str, Path]
    rows: int
    rounds: int
    seconds: float
    here: bool = False


class Runner:
    """Runs lanes in rounds, and keeps or restarts their workers."""

    def __init__(self, lanes: list[str], settings: Settings) -> None:
        self.settings = settings
        self.measured = {name: Measured(name) for name in lanes}
        self.turns = dict.fromkeys(lanes, settings.rounds)
        self.alive: dict[str, Process] = {}
        self.foreign = 0.0

    def run(self) -> list[Measured]:
        """Return what every lane gave."""
        try:
            for name in self.measured:
                self._try(name, self._size)
            before = Clock.read(self._workers())
            order = random.Random(self.settings.rows)
            for number in range(self.settings.rounds):
                lanes = [name for name, found in self.measured.items() if not found.reason]
                order.shuffle(lanes)
                for name in lanes:
                    if number < self.turns[name]:
                        self._try(name, self._turn, number)
                say(f"round {number + 1} of {self.settings.rounds}")
            self.foreign = before.foreign(Clock.read(self._workers()))
            for name, found in self.measured.items():
                if not found.reason:
                    self._try(name, self._check)
        finally:
            for process in self.alive.values():
                process.close()
        return list(self.measured.values())

    def _try(self, name: str, step: Any, *words: Any) -> None:
        found = self.measured[name]
        try:
            step(found, *words)
        except NotRun as error:
            found.reason = str(error)
            say(f"{name}: {error}")
            self._close(name)

    def _worker(self, name: str) -> Process:
        if name not in self.alive:
            python = interpreter(LANES[name].environment, self.settings.here)
            self.alive[name] = Process(name, python)
        return self.alive[name]

    def _close(self, name: str) -> None:
        if name in self.alive:
            self.alive.pop(name).close()

    def _prepare(self, found: Measured, which: str, rows: int) -> float:
        folder = str(self.settings.folders[which])
        worker = self._worker(found.lane)
        return float(worker.ask("prepare", folder=folder, rows=rows)["seconds"])

    def _size(self, found: Measured) -> None:
        """Warm up; give a lane as many rows, or turns, as its time allows."""
        found.rows = self.settings.rows
        each = self.settings.seconds / self.settings.rounds
        most = found.entry.most_rows
        if most:
            rows = min(TRIAL, self.settings.rows)
            rate = rows / self._prepare(found, "ordinary", rows)
            found.rows = min(self.settings.rows, most, max(TRIAL, leading(rate * each * 0.8)))
        seconds = self._prepare(found, "ordinary", found.rows)
        if seconds > each and not most:
            self.turns[found.lane] = max(1, int(self.settings.seconds / seconds))
        say(f"{found.lane}: {found.rows} rows, {seconds:.4f} s at first")
        if not self._stays(found):
            self._close(found.lane)

    def _stays(self, found: Measured) -> bool:
        return found.rows <= KEPT

    def _turn(self, found: Measured, number: int) -> None:
        if not self._stays(found):
            self._prepare(found, "ordinary", found.rows)
        worker = self._worker(found.lane)
        answer = worker.ask("run", **{"for": TURN_SECONDS, "most": TURN_RUNS})
        found.rounds[number] = float(answer["seconds"])
        memory = float(worker.ask("memory")["megabytes"])
        found.megabytes = max(found.megabytes, memory)
        if not self._stays(found):
            if number == self.turns[found.lane] - 1:
                self._compare(found, "ordinary", found.rows)
            self._close(found.lane)

    def _check(self, found: Measured) -> None:
        """Compare the last run with the exact answers, then a run of each special set."""
        if self._stays(found):
            self._compare(found, "ordinary", found.rows)
        for which in ("exact", "half"):
            rows = min(found.rows, int(self.settings.folders[which].name.split("-")[-1]))
            self._prepare(found, which, rows)
            self._compare(found, which, rows)
        self._close(found.lane)

    def _compare(self, found: Measured, which: str, rows: int) -> None:
        answer = self._worker(found.lane).ask("check")
        found.checked[which] = (answer["wrong"], answer["false"], rows)

    def _workers(self) -> float:
        return sum(float(each.ask("memory")["cpu"]) for each in self.alive.values())


def leading(value: float) -> int:
    """Return a number cut down to its first digit: 47 812 becomes 40 000."""
    unit: int = 10 ** (len(str(int(value))) - 1)
    return int(value) // unit * unit


def say(words: str) -> None:
    """Tell the one who waits."""
    print(words, file=sys.stderr, flush=True)
