"""Verdicts of each row as files: exact, whole or not there, and what the totals were made of."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from carbonlex.portfolio import output
from carbonlex.portfolio.judge import Asked
from carbonlex.portfolio.survey import survey
from carbonlex.portfolio.synth import synthesise
from portfolio_runs import EXAMPLE, ON, checked, reports, rulebook


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "verdicts"
    assert checked(EXAMPLE, "--out", out).code == 1
    return out


def test_every_verdict_of_the_reasoner_stands_in_the_files(folder: Path) -> None:
    entities = pl.read_parquet(folder / "entities.parquet")
    rows = {(r["entity"], r["year"]): r for r in entities.to_dicts()}
    compared = 0
    for entity, report in reports(EXAMPLE):
        if entity == "C03":  # it has an invalid cell
            continue
        for v in report.verdicts:
            if rulebook().norms[v.norm].record != "entity":
                continue
            row = rows[entity, v.year]
            assert row[f"{v.duty}.outcome"] == v.outcome
            assert row[f"{v.duty}.norm"] == v.norm and row[f"{v.duty}.due"] == v.due
            gap = row.get(f"{v.duty}.gap")
            assert gap is None or Fraction(gap) == v.gap
            compared += 1
    assert compared > 200
    assert {row["surrender.outcome"] for k, row in rows.items() if k[0] == "C03"} == {
        "undetermined"
    }


def test_numbers_are_decimals_and_rows_are_in_the_order_of_entities(folder: Path) -> None:
    entities = pl.read_parquet(folder / "entities.parquet")
    assert entities.equals(entities.sort("entity", "year"))
    assert sorted(entities["row"]) == list(range(1, 25))
    assert not any(dtype.is_float() for dtype in entities.dtypes)
    assert isinstance(entities.schema["surrender.gap"], pl.Decimal)
    short = entities.filter((pl.col("entity") == "P03") & (pl.col("year") == 2024))
    assert str(short["surrender.gap"].item()).rstrip("0") == "6500.5"


def test_reasons_stand_beside_the_verdict(folder: Path) -> None:
    rows = pl.read_parquet(folder / "entities.parquet").filter(
        pl.col("offset-cap.outcome") == "undetermined"
    )
    told = {(r["entity"], r["year"]): r["offset-cap.reasons"] for r in rows.to_dicts()}
    assert told[("A01", 2024)] == "credits"
    assert told[("C03", 2024)] == told[("C03", 2025)] == "invalid-data"
    settled = pl.read_parquet(folder / "entities.parquet").filter(
        pl.col("offset-cap.outcome") != "undetermined"
    )
    assert settled["offset-cap.reasons"].null_count() == settled.height


def test_a_duty_has_no_columns_for_what_it_cannot_come_to(folder: Path) -> None:
    columns = pl.read_parquet(folder / "entities.parquet").columns
    assert "report.fine_low" in columns and "report.gap" not in columns
    assert "surrender.cost" in columns and "offset-cap.fine_low" not in columns


def test_files_say_what_they_were_made_from(folder: Path) -> None:
    said = pq.read_metadata(folder / "entities.parquet").metadata
    assert said[b"carbonlex.rulebook"].decode() == rulebook().digest
    assert said[b"carbonlex.asked_on"] == b"2026-11-22"
    assert b"carbonlex.synthetic" not in said
    assert "synthetic" not in pl.read_parquet_schema(folder / "entities.parquet")


def test_child_records_have_a_file_of_their_own(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    synthesise(data, 30, 5, rulebook())
    checked(data, "--out", out)
    movements = pl.read_parquet(out / "movements.parquet")
    wanted: dict[str, int] = {}
    for _, report in reports(data):
        for v in report.verdicts:
            if v.duty == "usable-vintage":
                wanted[v.outcome] = wanted.get(v.outcome, 0) + 1
    counted = movements["movements/usable-vintage.outcome"].drop_nulls().value_counts()
    assert dict(counted.iter_rows()) == wanted
    told = pl.read_parquet(data / "movements.parquet").with_row_index("row", offset=1)
    joined = movements.join(told.with_columns(pl.col("row").cast(pl.Int64)), on="row")
    assert (joined["entity"] == joined["entity_right"]).all()
    for path in out.glob("*.parquet"):
        assert pq.read_metadata(path).metadata[b"carbonlex.synthetic"] == b"true"
        assert pl.read_parquet(path)["synthetic"].all()


def test_one_file_has_the_entities_alone_and_is_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "verdicts.parquet"
    assert checked(EXAMPLE, "--out", out).code == 1
    assert [p.name for p in tmp_path.iterdir()] == ["verdicts.parquet"]
    before = out.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.Output, "_final", full)
    failed = checked(EXAMPLE, "--out", out)
    assert failed.code == 2 and "No space left" in failed.err
    assert out.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == [out.name]


def test_a_folder_with_something_in_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    found = checked(EXAMPLE, "--out", tmp_path)
    assert found.code == 2 and "未覆盖" in found.err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_small_batches_come_out_as_one_table(tmp_path: Path) -> None:
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    for out, rows in ((whole, 1_000), (pieces, 5)):
        survey(rulebook(), EXAMPLE, Asked(ON), out=out, rows=rows)
    for path in whole.glob("*.parquet"):
        one, other = pl.read_parquet(path), pl.read_parquet(pieces / path.name)
        assert one.equals(other.select(one.columns))


def test_totals_are_the_rows_added_up(folder: Path) -> None:
    totals = json.loads(checked(EXAMPLE, "--json").out)["totals"]
    entities = pl.read_parquet(folder / "entities.parquet")
    for duty in totals["duties"]:
        if duty["record"] is None:
            counted = entities[f"{duty['duty']}.outcome"].drop_nulls().value_counts()
            assert dict(counted.iter_rows()) == duty["outcomes"]
