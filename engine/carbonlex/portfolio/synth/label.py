"""The label of synthetic data: in every file, beside it, and in words for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carbonlex.model import Label
from carbonlex.portfolio.synth.figures import DEFAULT_ENTITIES, PROVINCES, PUBLISHED, SECTORS
from carbonlex.portfolio.synth.guesses import GUESSES
from carbonlex.quantities import grouped

KEY = "carbonlex.synthetic"
"""The key of Parquet metadata that says `true` of synthetic data."""

MARK = "synthetic.json"
"""The file that marks a folder of synthetic data."""

NOTICE = Label(
    "模拟数据：企业均为虚构，只有总量取自公布的数字；不得作为真实企业或者市场的依据",
    "synthetic data: every entity is made up, only totals follow published figures; "
    "evidence of no real entity or market",
)

LEFT_OUT = Label(
    "未告知：日行情（均价直接告知）、持有量、检查、地方市场交易、服务机构报告等",
    "not told: days of trading (averages are told instead), holdings, inspections, trades in "
    "local markets, reports of service bodies and the like",
)


def is_synthetic(path: Path) -> bool:
    """Return whether data, a folder or one of its files, bears the label of `synthesise`.

    A Parquet file bears it itself, also away from its folder. Data converted to another format
    bears none. A file that cannot be read is not said to be synthetic.

    >>> is_synthetic(Path("no such folder"))
    False
    """
    if path.is_dir():
        return _marked(path / MARK) or any(is_synthetic(p) for p in sorted(path.glob("*.parquet")))
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return False
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException):
        return False
    return bool(metadata.get(KEY.encode()) == b"true")


def _marked(path: Path) -> bool:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("synthetic") is True


def metadata(entities: int, seed: int, digest: str) -> dict[str, str]:
    """Return the key-value metadata of a Parquet file: the label, what made it, its figures."""
    return {
        KEY: "true",
        f"{KEY}.notice": f"{NOTICE.zh} / {NOTICE.en}",
        f"{KEY}.entities": str(entities),
        f"{KEY}.seed": str(seed),
        f"{KEY}.rulebook": digest,
        f"{KEY}.figures": json.dumps(_figures(), ensure_ascii=False),
    }


def _figures() -> dict[str, dict[str, str]]:
    return {
        name: {"value": grouped(f.value), "unit": f.unit, "grade": f.grade, "source": f.source}
        for name, f in PUBLISHED.items()
    }


def mark(entities: int, seed: int, digest: str, drawn: Mapping[str, Any]) -> str:
    """Return the text of `synthetic.json`: all that went in, and what was drawn."""
    told = {
        "synthetic": True,
        "notice": {"zh": NOTICE.zh, "en": NOTICE.en},
        "entities": entities,
        "seed": seed,
        "rulebook": digest,
        "published": _figures(),
        "invented": {name: guess.value for name, guess in GUESSES.items()},
        **drawn,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def readme(entities: int, seed: int, totals: list[str], rows: Mapping[str, int]) -> str:
    """Return the text of `README.txt`: what is published, what is invented, what is left out."""
    command = f"carbonlex portfolio synth --entities {entities} --seed {seed} --out …"
    published = [
        f"{f.label.zh} / {f.label.en}: {grouped(f.value)} {f.unit} ({f.grade}; {f.source or '—'})"
        for f in PUBLISHED.values()
    ]
    sectors = [
        f"{s.label.zh} / {s.label.en}: {s.entities}/{DEFAULT_ENTITIES}; "
        + ", ".join(f"{year}: {tonnes:,} t" for year, tonnes in s.tonnes.items())
        + f"; σ = {s.spread}"
        for s in SECTORS
    ]
    provinces = ", ".join(f"{name} {weight}" for name, weight in PROVINCES.items())
    guesses = [f"{g.label.zh} / {g.label.en}: {g.value}" for g in GUESSES.values()]
    parts = [
        (NOTICE, [command]),
        (Label("公布的数字（等级；来源）", "published (grade; source)"), published),
        (
            Label(
                "各年度已告知的排放总量：抽取与目标", "told emissions by year: drawn, and aimed at"
            ),
            totals,
        ),
        (Label("行数", "rows"), [f"{name}: {number:,}" for name, number in rows.items()]),
        (
            Label(
                "各行业：发电2019、2020、2023、2024年度与2025年度的合计为公布数，其余为虚构的划分和插值",
                "by sector: published are power in 2019, 2020, 2023 and 2024, and the sum of 2025; "
                "how it divides, and the other years, is invented",
            ),
            sectors,
        ),
        (
            Label(
                "虚构的比例和分布：排放量为对数正态，其余多为均匀分布",
                "invented shares and shapes: emissions are log-normal, most else is uniform",
            ),
            [*guesses, f"省份权重 / weights of provinces: {provinces}"],
        ),
        (
            Label(
                "门槛、基准值、期限、抵销上限读自规则集，见该处的等级",
                "thresholds, benchmarks, deadlines and caps are read from the rulebook, with its "
                "grades",
            ),
            [f"{LEFT_OUT.zh} / {LEFT_OUT.en}"],
        ),
    ]
    lines: list[str] = []
    for title, items in parts:
        lines += [title.zh, title.en, *(f"  {item}" for item in items), ""]
    return "\n".join(lines)
