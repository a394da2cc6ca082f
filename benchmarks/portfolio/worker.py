"""Runs one lane in its own environment: a line of JSON in, a line of JSON out.

    {"do": "prepare", "folder": F, "rows": N}  the set in F, its first N rows; then one warm-up
                                               -> {"seconds": of the warm-up}
    {"do": "run", "for": S, "most": N}         -> {"seconds": of the computation alone, the
                                                   median of runs for S seconds, at most N}
    {"do": "memory"}                           -> {"megabytes": the most this process has held,
                                                   "cpu": seconds of all its threads so far}
    {"do": "check"}                            -> {"wrong": rows with a wrong cell, "false": rows
                                                   with a wrong verdict}; null: nothing to check

An error is {"error": words}. The end of input ends it.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from files import Population
from lanes import LANES, Lane


class Worker:
    """One lane and the population that it was prepared with."""

    def __init__(self, name: str) -> None:
        self.kind = LANES[name].lane()
        self.lane: Lane | None = None
        self.population: Population | None = None

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Do what one line asks."""
        match asked["do"]:
            case "prepare":
                return self.prepare(Path(asked["folder"]), int(asked["rows"]))
            case "run":
                return self.turn(float(asked.get("for", 0)), int(asked.get("most", 1)))
            case "memory":
                return {"megabytes": peak(), "cpu": time.process_time()}
            case "check":
                return self.check()
            case other:
                return {"error": f"cannot {other}"}

    def prepare(self, folder: Path, rows: int) -> dict[str, Any]:
        """Load a set and run it once, so that nothing is done for the first time later."""
        self.lane = None
        gc.collect()
        self.lane = self.kind(Population(folder, rows))
        self.population = Population(folder, rows)
        return self.turn(0, 1)

    def turn(self, seconds: float, most: int) -> dict[str, Any]:
        """Run until a time has passed, at least once; tell the median."""
        times = [self.run()]
        while sum(times) < seconds and len(times) < most:
            times.append(self.run())
        return {"seconds": statistics.median(times)}

    def run(self) -> float:
        """Return the seconds of one run."""
        assert self.lane is not None
        self.lane.reset()
        gc.collect()
        start = time.perf_counter()
        self.lane.run()
        return time.perf_counter() - start

    def check(self) -> dict[str, Any]:
        """Count the rows where the last run differs from the exact answers."""
        assert self.lane is not None and self.population is not None
        found = self.lane.answers()
        if found is None:
            return {"wrong": None, "false": None}
        expected = self.population.expected
        wrong = np.zeros(len(expected["covered"]), dtype=bool)
        for name, column in expected.items():
            if found[name].shape != column.shape:
                return {"error": f"{name} has {found[name].shape} answers for {column.shape}"}
            wrong |= found[name] != column
        false = found["compliant"] != expected["compliant"]
        return {"wrong": int(wrong.sum()), "false": int(false.sum())}


def peak() -> float:
    """Return the peak resident memory of this process, megabytes of 10**6 bytes.

    Linux's own mark starts anew with the program; what `getrusage` tells may be the parent's.
    """
    try:
        with open("/proc/self/status", encoding="utf-8") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    except (OSError, StopIteration):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def main(name: str) -> None:
    """Answer lines until there are none; what a lane prints goes to standard error."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker: Worker | None = None
    for line in sys.stdin:
        try:
            worker = worker or Worker(name)
            said = worker.answer(json.loads(line))
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(said), file=lines, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
