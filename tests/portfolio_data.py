"""Small data of many entities for tests: a vocabulary, files of it, and what reading them gives."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carbonlex.errors import ContentError, Diagnostic
from carbonlex.model import Label
from carbonlex.portfolio.reading.dataset import Dataset, open_dataset
from carbonlex.portfolio.reading.prepared import ENTITIES, Batch
from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary


def term(name: str, type_: Any, record: str = "entity", period: Any = "year", **more: Any) -> Term:
    return Term(name, "fact", record, period, type_, Label(name, name), **more)


SECTORS = {"power": Label("发电", "power"), "steel": Label("钢铁", "iron and steel")}
TONNES: dict[str, Any] = {"decimals": 2, "minimum": Fraction(-5), "maximum": Fraction(10**9)}
TERMS = (
    term("sector", "choice", period="always", choices=SECTORS),
    term("emissions", "number", unit="tCO2e", **TONNES),
    term("free", "number", unit="CNY", decimals=4),
    term("listed", "boolean"),
    term("reported_on", "date"),
    term("remark", "text"),
    Term("owed", "concept", "entity", "year", "number", Label("应清缴", "owed"), "tCO2e"),
    term("heat", "number", "units", unit="GJ", decimals=3, minimum=Fraction(0)),
    term(
        "kind", "choice", "units", choices={"coal": Label("煤", "coal"), "gas": Label("气", "gas")}
    ),
    term("moved_on", "date", "movements"),
)
RECORDS = {
    "entity": RecordType("entity", Label("单位", "entity")),
    "units": RecordType("units", Label("机组", "units"), max_count=3),
    "movements": RecordType("movements", Label("变动", "movements"), max_count=100),
    "clauses": RecordType("clauses", Label("条款", "clauses"), enactment=True),
}
WORDS = Vocabulary(RECORDS, {t.name: t for t in TERMS})
KEYS: dict[str, Any] = {"entity": [1, 1, 2], "year": [2023, 2024, 2024]}


def stored(folder: Path, _name: str = ENTITIES, **columns: Any) -> Path:
    path = folder / f"{_name}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def tonnes(*values: str | None, scale: int = 2) -> pa.Array:
    return pa.array([None if v is None else Decimal(v) for v in values], pa.decimal128(18, scale))


def written(folder: Path, text: str, name: str = "entities") -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text, "utf-8")
    return path


def whole(data: Dataset) -> Batch:
    [batch] = data.batches(10**9)
    return batch


def entities(path: Path) -> pl.DataFrame:
    return whole(open_dataset(path, WORDS)).frames[ENTITIES]


def problems(path: Path) -> list[tuple[str, int, str, str, str]]:
    found = open_dataset(path, WORDS).problems
    return [(p.table, p.row, p.column, p.code, p.value) for p in found]


def refused(path: Path) -> list[Diagnostic]:
    with pytest.raises(ContentError) as error:
        for _ in open_dataset(path, WORDS).batches(10**9):
            pass
    return [*error.value.diagnostics]


def codes(path: Path) -> list[str]:
    return [d.code for d in refused(path)]
