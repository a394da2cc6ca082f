"""Drawing and writing the whole population, piece by piece, in bounded memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.portfolio.synth import label
from carbonlex.portfolio.synth.draws import SCALE, Column, Draws, Frame, Piece
from carbonlex.portfolio.synth.figures import SECTORS, apportion, expected
from carbonlex.portfolio.synth.law import Law, law_of
from carbonlex.portfolio.synth.tables import Tables
from carbonlex.quantities import grouped, round_half_up
from carbonlex.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    from carbonlex.portfolio.synth.draws import Flags, Ints

_AT_ONCE = 10_000  # entities of a piece: about 200 MB while it is drawn
_CHILDREN = ("units", "lines", "credits", "movements", "months")
_KEYS = ("entity", "year")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "entities": (
        *_KEYS, "name", "sector", "role", "region",
        "verified_emissions", "direct_emissions", "listed", "removed", "operations_ceased",
        "free_allocation", "borrowed", "hardship", "banked", "net_sales",
        "allowances_surrendered", "correction_deadline", "made_good",
        "price_calendar_month", "price_deadline_month", "allowance_price",
        "report_submitted", "reported_on",
        *(f"{child}.count" for child in _CHILDREN),
    ),
    "units": (
        *_KEYS, "unit_name", "unit_class", "electricity_supplied", "electricity_generated",
        "heat_supplied", "cooling_correction", "heat_correction", "load_correction",
        "peaking_correction", "unit_new", "unit_emissions",
    ),
    "lines": (
        *_KEYS, "line_name", "line_kind", "carbide_slag_rate", "line_emissions",
        "line_allocation", "line_closed", "line_new",
    ),
    "credits": (
        *_KEYS, "quantity", "used", "recorded_on", "used_on", "from_covered_project",
    ),
    "movements": (
        *_KEYS, "moved_on", "movement", "product", "vintage", "moved_quantity", "unit_price",
    ),
    "months": (*_KEYS, "month", "evidence_filed", "evidence_filed_on"),
}  # fmt: skip
"""The tables and their columns, named as in the vocabulary."""


@dataclass(frozen=True)
class YearTotal:
    """The told emissions of a compliance year, tCO2e: drawn, and aimed at."""

    year: int
    entities: int
    drawn: Fraction
    aimed: Fraction


@dataclass(frozen=True)
class SynthSummary:
    """What was written: where, by which seed, how many rows of each table, and yearly totals."""

    folder: Path
    entities: int
    seed: int
    rows: Mapping[str, int]
    totals: tuple[YearTotal, ...]


def synthesise(folder: Path, entities: int, seed: int, rulebook: Rulebook) -> SynthSummary:
    """Write a synthetic population of `entities` as Parquet, labelled as such, and say what it is.

    The same entities, seed, rulebook and numpy give the same data. The folder is written whole or
    not at all. Raises `ValueError` for fewer than one entity or a negative seed, and
    `FileExistsError` for a folder that has something in it; `OSError` where it cannot be written;
    `ImportError` without numpy and pyarrow (the extra `portfolio`).
    """
    if entities < 1 or seed < 0:
        raise ValueError("at least one entity, and a seed that is not negative")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        summary = _write(unfinished, folder, entities, seed, rulebook)
        unfinished.chmod(0o755)  # mkdtemp keeps others out
        if folder.exists():
            folder.rmdir()
        os.replace(unfinished, folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return summary


def _write(
    unfinished: Path, folder: Path, entities: int, seed: int, rulebook: Rulebook
) -> SynthSummary:
    aims = expected(entities)
    law = law_of(rulebook, range(min(aims), max(aims) + 1))
    labelled = label.metadata(entities, seed, rulebook.digest)
    tables = Tables(unfinished, rulebook.vocabulary, COLUMNS, labelled)
    sums = dict.fromkeys(aims, 0)
    numbers = dict.fromkeys(aims, 0)
    try:
        for piece, draws in _pieces(entities, seed):
            frames = draw(piece, law, draws)
            for table, frame in frames.items():
                tables.write(table, frame)
            for year, tonnes in _sums(piece, frames["entities"]["verified_emissions"]):
                sums[year] += tonnes
                numbers[year] += piece.entities
    finally:
        tables.close()
    totals = tuple(
        YearTotal(year, numbers[year], Fraction(sums[year], SCALE), aims[year]) for year in aims
    )
    _label(unfinished, entities, seed, rulebook.digest, tables.rows, totals)
    return SynthSummary(folder, entities, seed, tables.rows, totals)


def _pieces(entities: int, seed: int) -> Iterator[tuple[Piece, Draws]]:
    """Yield the pieces of each sector, as equal as may be, each with draws of its own."""
    import numpy as np

    first = 1
    for at, (sector, number) in enumerate(apportion(entities)):
        pieces = -(-number // _AT_ONCE)
        for piece in range(pieces):
            size = (number + piece) // pieces
            source = np.random.SeedSequence([seed, at, piece])
            yield Piece(sector, first, size), Draws(np.random.Generator(np.random.PCG64(source)))
            first += size


def draw(piece: Piece, law: Law, draws: Draws) -> dict[str, Frame]:
    """Return the tables of a piece."""
    from carbonlex.portfolio.synth import entities, plants, reports, surrender

    power = piece.sector.name == SECTORS[0].name
    emissions = entities.draw_emissions(piece, law, draws)
    facts: dict[str, Column] = piece.keys()
    facts |= reports.draw_identity(piece, draws)
    facts |= reports.draw_year(piece, emissions, draws)
    drawn = plants.draw_units if power else plants.draw_lines
    parts, number = drawn(piece, emissions, law, draws)
    if power:
        facts |= reports.draw_reliefs(piece, emissions, law, draws)
    offsets = surrender.draw_offsets(piece, emissions, law, draws)
    settled = surrender.draw_surrender(piece, emissions, offsets, law, draws)
    months, filed, evidenced = reports.draw_months(piece, law, draws)
    facts |= settled.facts
    facts |= {
        "units.count" if power else "lines.count": Column(number),
        "credits.count": Column(offsets.count, offsets.told),
        "movements.count": Column(settled.count, settled.by_ledger),
        "months.count": Column(filed, evidenced),
    }
    return {
        "entities": facts,
        "units" if power else "lines": parts,
        "credits": offsets.frame,
        "movements": settled.movements,
        "months": months,
    }


def _sums(piece: Piece, emissions: Column) -> Iterator[tuple[int, int]]:
    told: Flags | bool = True if emissions.told is None else emissions.told
    kept: Ints = emissions.values * told
    for at, total in enumerate(kept.reshape(piece.entities, len(piece.years)).sum(0)):
        yield piece.years[at], int(total)


def _label(
    folder: Path,
    entities: int,
    seed: int,
    digest: str,
    rows: Mapping[str, int],
    totals: tuple[YearTotal, ...],
) -> None:
    """Write `README.txt` and `synthetic.json`."""
    drawn = {
        str(t.year): {
            "entities": t.entities,
            "tonnes": grouped(t.drawn),
            "aimed": grouped(round_half_up(t.aimed)),
        }
        for t in totals
    }
    words = [
        f"{year}: {told['tonnes']} t / {told['aimed']} t, {told['entities']:,} 家 entities"
        for year, told in drawn.items()
    ]
    (folder / label.MARK).write_text(
        label.mark(entities, seed, digest, {"rows": dict(rows), "totals": drawn}), "utf-8"
    )
    (folder / "README.txt").write_text(label.readme(entities, seed, words, rows), "utf-8")
