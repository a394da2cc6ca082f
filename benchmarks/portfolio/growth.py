"""How plans grow: rule files of 50 to 400 norms compiled, turned into SQL, and run.

    python benchmarks/portfolio/growth.py [--rows 100000] [--out docs/portfolio-growth.md]

Each norm reads two earlier ones: a conditional, a product that is rounded, a least of two, a sum.
The fit is a line through the sizes; `R2` is the share of the variance that it explains.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from carbonlex.portfolio.available import Available, Held
from carbonlex.portfolio.compile import Group, compile_plan
from carbonlex.portfolio.execute import answered, gathered, grouped, named_outputs, placed
from carbonlex.portfolio.faces.dialects import DuckDB
from carbonlex.portfolio.faces.sql import Statement
from carbonlex.portfolio.schedule import schedule
from carbonlex.rulebook.assemble import read_rulebook
from carbonlex.rulebook.rulebook import Rulebook

SIZES = (50, 100, 200, 400)
ON = date(2026, 1, 1)
GROUP = Group("emitter", 2024, 2024)
FACTS = 8
HELD = Available({f"f{n}": Held(2, 0, 10**7, False) for n in range(FACTS)})
SHAPES = (
    "{a} if {a} >= {b} else {b}",
    "round_half_up({a} * 0.75 + {b} * 0.25, 2)",
    "min({a}, {b})",
    "max({a}, {b} - 1)",
    "round_half_up(({a} + {b}) * 0.5, 2)",
)
WORK = "/akn/cn/act/guizhang/bench/2021-01-01/2"


def rules(norms: int, folder: Path) -> Rulebook:
    """Write and read a corpus of so many definitions."""
    words = "".join(f"第{n}项的值由前项得出。" for n in range(norms))
    template = Path(__file__).parent / "corpus/statutes/cn/act/guizhang/bench/2021-01-01/1"
    text = next(template.glob("*.xml")).read_text(encoding="utf-8")
    head, rest = text.split("<p>", 1)
    tail = rest.split("</p>", 1)[1]
    statute = (head + f"<p>{words}</p>" + tail).replace("2021-01-01/1", "2021-01-01/2")
    place = folder / f"statutes{WORK.removeprefix('/akn')}/zho@2021-01-01.xml"
    place.parent.mkdir(parents=True)
    place.write_text(statute, encoding="utf-8")
    label = 'label = {zh = "某", en = "some"}'
    told = [
        f'[fact.f{n}]\ntype = "number"\nunit = "ratio"\ndecimals = 2\n{label}\n'
        for n in range(FACTS)
    ]
    derived = [
        f'[concept.c{n}]\ntype = "number"\nunit = "ratio"\nheadline = true\n{label}\n'
        for n in range(norms)
    ]
    entity = f"[record.entity]\n{label}\n"
    fences = []
    for n in range(norms):
        # Ten norms to a level, as rule books are: wide and not deep.
        names = [f"c{m}" for m in range(max(0, (n // 10 - 1) * 10), n // 10 * 10)]
        names = names or [f"f{m}" for m in range(FACTS)]
        a, b = names[n % len(names)], names[(n * 7 + 3) % len(names)]
        b = b if b != a else names[(n + 1) % len(names)]
        value = SHAPES[n % len(SHAPES)].format(a=a, b=b)
        quote = f"第{n}项的值由前项得出。"
        fences.append(
            f'> {quote}\n\n```norm\nid = "n{n}"\ndefines = "c{n}"\n'
            f'{label}\nvalue = "{value}"\n```\n'
        )
    front = (
        f'+++\nkey = "bench"\nexpression = "{WORK}/zho@2021-01-01"\n+++\n\n## 第一条 {{#art_1}}\n\n'
    )
    (folder / "rules").mkdir()
    for name, content in (
        ("bench.md", front + "\n".join(fences)),
        ("vocabulary.toml", "\n".join([entity, *told, *derived])),
        ("questions.toml", ""),
    ):
        (folder / "rules" / name).write_text(content, encoding="utf-8")
    rulebook, wrong = read_rulebook(folder / "rules", folder / "statutes")
    assert not wrong, "\n".join(d.render("en") for d in wrong[:5])
    return rulebook


def best(code: Callable[[], Any], times: int = 7) -> float:
    """Return the median seconds of some runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        code()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def measured(norms: int, rows: int) -> tuple[int, float, float, float, float]:
    """Return norms, ms to compile, ms to write SQL, KB of SQL, seconds over the rows."""
    with tempfile.TemporaryDirectory() as folder:
        rulebook = rules(norms, Path(folder))
    compiled = best(
        lambda: schedule(placed(named_outputs(compile_plan(rulebook, HELD, GROUP, ON))))
    )
    plan = compile_plan(rulebook, HELD, GROUP, ON)
    every = named_outputs(plan)
    order = schedule(placed(every))

    def sql() -> str:
        return Statement(order, DuckDB(), {None: "entities"}).select(None, (), every)

    written = best(sql)
    rng = np.random.default_rng(1)
    drawn = {f"f{n}": rng.integers(0, 10**7, rows) for n in range(FACTS)}
    frame = pl.DataFrame({"entity": np.arange(rows), "year": np.full(rows, 2024, np.int32)} | drawn)
    frames = {"entities": frame}
    ((group, part),) = grouped(frames, ())
    ready = gathered(group, part, every, order, frames)
    seconds = best(lambda: answered(plan, every, order, ready), 3)
    return norms, compiled * 1e3, written * 1e3, len(sql()) / 1024, seconds


def fit(x: list[float], y: list[float]) -> float:
    """Return R2 of a line through points."""
    slope, start = np.polyfit(x, y, 1)
    left = sum((b - (slope * a + start)) ** 2 for a, b in zip(x, y, strict=True))
    around = sum((b - statistics.mean(y)) ** 2 for b in y)
    return float(1 - left / around)


def main() -> None:
    """Measure and print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    told = asked.parse_args()
    print("| norms | compile ms | SQL ms | SQL KB | s over the rows |\n|---:|---:|---:|---:|---:|")
    found = [measured(n, told.rows) for n in SIZES]
    for norms, compiled, written, size, seconds in found:
        print(f"| {norms} | {compiled:.1f} | {written:.1f} | {size:.1f} | {seconds:.3f} |")
    x = [float(f[0]) for f in found]
    print(f"\nlines in norms, R2: compile {fit(x, [f[1] for f in found]):.3f}", end=", ")
    print(f"SQL {fit(x, [f[3] for f in found]):.3f}, rows {fit(x, [f[4] for f in found]):.3f}")
    sizes = (250_000, 500_000, 1_000_000, 2_000_000)
    times = [measured(100, n)[4] for n in sizes]
    shown = ", ".join(f"{n:,}: {t:.3f} s" for n, t in zip(sizes, times, strict=True))
    print(f"100 norms over rows: {shown}; R2 {fit([float(n) for n in sizes], times):.3f}")


if __name__ == "__main__":
    main()
