"""Hold the portfolio against the reasoner on made-up rulebooks: `python tests/agree.py`.

Every verdict, day, gap and sum of every case of every world is compared, cell by cell. A duty that
no column can say is refused when the plan is made, never judged otherwise; how many are is
printed. A difference comes with the command that shows it again. Exits 1 on any difference, and
where a world breaks a backend.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import traceback
from collections import Counter
from collections.abc import Iterable
from time import perf_counter
from typing import NamedTuple

from carbonlex.cases.read import case_from
from carbonlex.portfolio.engines import engines
from portfolio_agreement import Agreement, agreement
from portfolio_worlds import asked, cases, worlds

OPEN = ("undetermined", "conflict")
SHOWN = 20


class World(NamedTuple):
    """What is to be compared: so many cases of the world of a seed, on an engine."""

    seed: int
    cases: int
    engine: str

    @property
    def command(self) -> str:
        """The command that compares this world alone."""
        more = "" if self.engine == "polars" else f" --engine {self.engine}"
        return f"python tests/agree.py --first {self.seed} --worlds 1 --cases {self.cases}{more}"


class Result(NamedTuple):
    """A world with what comparing it gave: an agreement, or how it broke."""

    world: World
    found: Agreement | None
    broke: str = ""


def compared(world: World) -> Result:
    """Compare one world."""
    try:
        made = worlds(world.seed)
        on = asked(made, 0)
        vocabulary = made.rulebook.vocabulary
        told = {
            str(one.entity): case_from(one.tree, vocabulary, str(one.entity))
            for one in cases(made, 0, world.cases)
        }
        found = agreement(made.rulebook, told, on.on, on.readings, world.engine)
    except Exception:  # whatever breaks is to be reported with its seed, and the rest compared
        return Result(world, None, traceback.format_exc(limit=-3))
    return Result(world, found)


def report(results: Iterable[Result], total: int) -> bool:
    """Print what came of each world that does not agree, and the sums; return whether all do."""
    start = perf_counter()
    outcomes: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    cases_of = left_out = different = broken = done = 0
    for world, found, broke in results:
        done += 1
        cases_of += world.cases
        if found is None:
            broken += 1
            print(f"\n{world.command}\n{broke}", flush=True)
            continue
        outcomes += found.outcomes
        left_out += found.left_out
        refused.update(found.refused.values())
        different += len(found.differences)
        if found.differences:
            shown = found.differences[:SHOWN]
            print(f"\n{world.command}", *shown, sep="\n  ", flush=True)
        spent = perf_counter() - start
        print(
            f"{done}/{total} worlds, {outcomes.total()} verdicts, {different} differences,"
            f" {spent:.0f} s",
            end="\r" if sys.stdout.isatty() else "\n",
            flush=True,
        )
    print(f"\n{cases_of} cases of {done} worlds, {broken} of which broke")
    print(f"{outcomes.total()} verdicts compared, {different} with a difference")
    for name, count in outcomes.most_common():
        print(f"  {name:16} {count:9} {share(count, outcomes.total())}")
    unsettled = sum(outcomes[o] for o in OPEN)
    print(f"  determined {share(outcomes.total() - unsettled, outcomes.total())}")
    print(f"{left_out} verdicts of duties refused, {share(left_out, left_out + outcomes.total())}")
    for why, count in refused.most_common():
        print(f"  {count:4} duties: {why}")
    return not different and not broken


def share(part: int, whole: int) -> str:
    """Return a share in per cent."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def main(arguments: list[str]) -> int:
    """Compare worlds, several at a time; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000, help="in all, spread over the worlds")
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--engine", choices=engines(), default="polars")
    asked_for = parser.parse_args(arguments)
    count = max(1, asked_for.worlds)
    each = -(-asked_for.cases // count)
    seeds = range(asked_for.first, asked_for.first + count)
    work = [World(seed, each, asked_for.engine) for seed in seeds]
    if asked_for.jobs <= 1:
        return 0 if report(map(compared, work), count) else 1
    # Started afresh: a process that forks with the threads of Polars may stand still.
    with multiprocessing.get_context("spawn").Pool(asked_for.jobs, maxtasksperchild=8) as pool:
        return 0 if report(pool.imap_unordered(compared, work), count) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
