"""Measure carbonlex and its peers on one rule set; write docs/portfolio-benchmark.md.

python benchmarks/portfolio/run.py
python benchmarks/portfolio/run.py --rows 1000 1000000 --lanes polars_int64 duckdb_bigint
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import machine
from environments import NotInstalled, versions_of
from lanes import LANES
from peers import drawn
from rounds import Runner, Settings, say
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
    add("--json", type=Path, help="the same figures for another program")
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


def main() -> None:
    """Run every size and write the page."""
    asked = options()
    results = []
    for rows in asked.rows:
        say(f"{rows} entity-years")
        settings = Settings(drawn(rows, asked.here), rows, asked.rounds, asked.seconds, asked.here)
        runner = Runner(asked.lanes, settings)
        lanes = runner.run()
        results.append(Result(rows, runner.foreign, lanes))
    carbonlex = [name for name in asked.lanes if name.startswith("carbonlex")]
    words = page(
        results,
        asked.subjects or carbonlex or [NO_SUBJECT],
        command="python benchmarks/portfolio/run.py " + " ".join(sys.argv[1:]),
        machine=machine.described(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        versions="as installed" if asked.here else versions(asked.lanes),
        seconds=asked.seconds,
    )
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) for each in results]), encoding="utf-8")
    if str(asked.out) == "-":
        print(words)
    else:
        asked.out.write_text(words, encoding="utf-8")
        say(f"wrote {asked.out}")


if __name__ == "__main__":
    main()
