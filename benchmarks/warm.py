"""How fast it is: a warm check, a cold command, a load. `make bench`.

Times are the best and the median of repeated runs, on cases that differ from run to run, so
that nothing is answered from what an earlier run left behind.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 30
BASELINE = "import pydantic, lxml.etree"


def measured(run: Callable[[int], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return best and median milliseconds of a function over rounds."""
    times = []
    for n in range(rounds):
        start = time.perf_counter()
        run(n)
        times.append(1e3 * (time.perf_counter() - start))
    return min(times), statistics.median(times)


def case_of(kind: str, n: int, vocabulary: Any) -> Any:
    """Return one case of a kind; the figures differ with `n`."""
    import carbonlex

    facts: dict[str, object] = {
        "listed": True,
        "report_submitted": True,
        "reported_on": "2026-03-20",
        "verified_emissions": 100_000 + n,
        "allowances_surrendered": 100_000 + n if kind == "complied" else 80_000 + n,
        "allowance_price": 60,
        "price_before_deadline": 60 + n,
        "credits": [{"quantity": 1_000 + n, "used": True, "from_covered_project": False}],
    }
    tree = {"entity": {"name": f"plant {n}", "sector": "power"}, "year": {"2025": facts}}
    return carbonlex.case_from(tree, vocabulary, f"plant {n}")


def warm() -> None:
    """Print warm checks: with and without the survey of readings."""
    import carbonlex
    from carbonlex.reasoner.check import check_case

    rulebook = carbonlex.load_rulebook()
    cases = (
        ("complied", date(2027, 1, 15)),
        ("pending", date(2026, 11, 22)),
        ("breached", date(2027, 1, 15)),
    )
    for kind, on in cases:
        built = [case_of(kind, n, rulebook.vocabulary) for n in range(ROUNDS + 1)]
        check_case(rulebook, built[ROUNDS], on)
        for survey in (False, True):
            best, median = measured(lambda n: check_case(rulebook, built[n], on, survey=survey))  # noqa: B023
            words = "with every reading tried" if survey else "one reading, full proof"
            print(f"warm check, {kind:9} {words:26} best {best:7.2f} ms   median {median:7.2f} ms")


def load() -> None:
    """Print the load of the rulebook, built and from the cache."""
    from carbonlex.corpus import corpus
    from carbonlex.rulebook.assemble import read_rulebook
    from carbonlex.rulebook.load import load_rulebook

    best, median = measured(lambda _: read_rulebook(corpus("rules"), corpus("statutes")), 5)
    print(f"load, read and checked{' ' * 26}best {best:7.2f} ms   median {median:7.2f} ms")
    best, median = measured(lambda _: load_rulebook(), 10)
    print(f"load, from the cache{' ' * 28}best {best:7.2f} ms   median {median:7.2f} ms")


def cold() -> None:
    """Print the cold command as a multiple of importing its two heavy libraries."""
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "CARBONLEX_CACHE": cache, "PYTHONPATH": str(ROOT / "engine")}
        # An installed package has its byte code; so has this, whatever the environment says.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PYTHONPYCACHEPREFIX"] = cache
        command = [
            "-m",
            "carbonlex.interfaces.cli",
            "check",
            "examples/power-2025.toml",
            "--on",
            "2026-11-22",
        ]

        def run(args: list[str]) -> None:
            subprocess.run(
                [sys.executable, *args], cwd=ROOT, env=env, capture_output=True, check=False
            )

        run(command)
        pairs = []
        for _ in range(12):
            base = measured(lambda _: run(["-c", BASELINE]), 1)[0]
            mine = measured(lambda _: run(command), 1)[0]
            pairs.append((base, mine))
        base, mine = min(p[0] for p in pairs), min(p[1] for p in pairs)
        ratio = statistics.median(m / b for b, m in pairs)
        print(f"cold `carbonlex check`                          best {mine:7.2f} ms")
        print(f'cold `python -c "{BASELINE}"`  best {base:7.2f} ms')
        print(f"ratio, best to best {mine / base:.2f}, median of interleaved pairs {ratio:.2f}")


if __name__ == "__main__":
    warm()
    load()
    cold()
