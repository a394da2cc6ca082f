"""Measure carbonlex and its peers on one rule set; write docs/portfolio-benchmark.md.

python benchmarks/portfolio/run.py
python benchmarks/portfolio/run.py --rows 1000 1000000 --lanes polars_int64 duckdb_bigint
python benchmarks/portfolio/run.py --of small.json large.json    # a page of what --json kept
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
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
    add("--json", type=Path, help="keep the figures, for --of or another program")
    add("--of", type=Path, nargs="+", help="measure nothing: write the page of figures kept")
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


def measured(asked: argparse.Namespace) -> list[Result]:
    """Run every size."""
    results = []
    for rows in asked.rows:
        say(f"{rows} entity-years")
        settings = Settings(drawn(rows, asked.here), rows, asked.rounds, asked.seconds, asked.here)
        runner = Runner(asked.lanes, settings)
        lanes = runner.run()
        results.append(Result(rows, runner.foreign, lanes))
    return results


def kept(path: Path) -> dict[str, Any]:
    """Return what an earlier run kept: its command, seconds, and results as they were."""
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    told["results"] = [restored(result) for result in told["results"]]
    return told


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
    if asked.of:
        runs = [kept(path) for path in asked.of]
    else:
        command = "python benchmarks/portfolio/run.py " + " ".join(sys.argv[1:])
        runs = [{"command": command, "seconds": asked.seconds, "results": measured(asked)}]
    if asked.json:
        told = [run | {"results": [asdict(each) for each in run["results"]]} for run in runs]
        asked.json.write_text(json.dumps(told[0]), encoding="utf-8")
    results = [result for run in runs for result in run["results"]]
    lanes = list(dict.fromkeys(lane.lane for result in results for lane in result.lanes))
    words = page(
        results,
        asked.subjects or [name for name in lanes if name.startswith("carbonlex")] or [NO_SUBJECT],
        command="\n    ".join(run["command"] for run in runs),
        machine=machine.described(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        versions="as installed" if asked.here else versions(lanes),
        seconds=" / ".join(f"{each:g}" for each in sorted({run["seconds"] for run in runs})),
    )
    if str(asked.out) == "-":
        print(words)
    else:
        asked.out.write_text(words, encoding="utf-8")
        say(f"wrote {asked.out}")


if __name__ == "__main__":
    main()
