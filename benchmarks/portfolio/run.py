"""Measure carbonlex and its peers on one rule set; write docs/portfolio-benchmark.md.

python benchmarks/portfolio/run.py
python benchmarks/portfolio/run.py --rows 1000 1000000 --lanes polars_int64 duckdb_bigint
python benchmarks/portfolio/run.py --of small.json large.json    # a page of what --json kept
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import machine
from environments import NotInstalled, versions_of
from lanes import LANES
from peers import drawn
from rounds import Measured, Runner, Settings, say
from table import Result, page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "portfolio-benchmark.md"
NO_SUBJECT = "polars_int64"


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=[1_000_000], help="entity-years, several in turn")
    add("--rounds", type=int, default=5)
    add("--lanes", nargs="+", default=list(LANES), choices=list(LANES), metavar="LANE")
    add("--subjects", nargs="+", choices=list(LANES), metavar="LANE", help="lanes to compare")
    add("--seconds", type=float, default=60, help="of a lane, over all its rounds")
    add("--out", type=Path, default=PAGE, help="the page; - for standard output")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--json", type=Path, help="keep the figures, for --of or other programs")
    source.add_argument("--of", type=Path, nargs="+", help="write the page of figures kept")
    add("--here", action="store_true", help="every lane in this Python, no environments")
    return parser.parse_args()


def versions(lanes: list[str]) -> str:
    """Return the pinned packages of the environments that were used."""
    found: dict[str, str] = {}
    for environment in dict.fromkeys(LANES[name].environment for name in lanes):
        try:
            found |= versions_of(environment)
        except NotInstalled:
            continue
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items()))


@dataclass(frozen=True)
class Run:
    """One run of this program: its command, where and when it was, and what it gave."""

    command: str
    machine: str
    date: str
    versions: str
    seconds: float
    results: list[Result]


def measured(asked: argparse.Namespace) -> Run:
    """Run every size."""
    results = []
    for rows in asked.rows:
        say(f"{rows} entity-years")
        settings = Settings(drawn(rows, asked.here), rows, asked.rounds, asked.seconds, asked.here)
        runner = Runner(asked.lanes, settings)
        lanes = runner.run()
        results.append(Result(rows, runner.foreign, lanes))
    return Run(
        command="python benchmarks/portfolio/run.py " + " ".join(sys.argv[1:]),
        machine=machine.described(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        versions="as installed" if asked.here else versions(asked.lanes),
        seconds=asked.seconds,
        results=results,
    )


def kept(path: Path) -> Run:
    """Return what an earlier run kept by --json."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return Run(**told | {"results": [restored(result) for result in told["results"]]})


def restored(result: dict[str, Any]) -> Result:
    """Return one size from JSON, where keys are text and there are no tuples."""
    lanes = [
        Measured(**lane | {"rounds": {int(n): each for n, each in lane["rounds"].items()}})
        for lane in result["lanes"]
    ]
    return Result(result["rows"], result["foreign"], lanes)


def main() -> None:
    """Run every size, or read what was kept, and write the page."""
    asked = options()
    runs = [kept(path) for path in asked.of] if asked.of else [measured(asked)]
    if asked.json:
        asked.json.write_text(json.dumps(asdict(runs[0])), encoding="utf-8")
    results = [result for run in runs for result in run.results]
    lanes = list(dict.fromkeys(lane.lane for result in results for lane in result.lanes))
    words = page(
        results,
        asked.subjects or [name for name in lanes if name.startswith("carbonlex")] or [NO_SUBJECT],
        command="\n    ".join(run.command for run in runs),
        machine=" / ".join(dict.fromkeys(run.machine for run in runs)),
        date=" / ".join(dict.fromkeys(run.date for run in runs)),
        versions=_joined(run.versions for run in runs),
        seconds=" / ".join(f"{each:g}" for each in sorted({run.seconds for run in runs})),
    )
    if str(asked.out) == "-":
        print(words)
    else:
        asked.out.write_text(words, encoding="utf-8")
        say(f"wrote {asked.out}")


def _joined(lists: Iterable[str]) -> str:
    """Return lists of packages as one, each package once, in order."""
    return ", ".join(sorted({one for told in lists for one in told.split(", ")}))


if __name__ == "__main__":
    main()
