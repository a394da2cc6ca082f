"""Data of many entities written as prepared frames, for a cluster to read: rows, and a manifest.

A folder with `manifest.json` and a folder of Parquet files for each table, whose columns are
those of `reading.prepared`. Entity rows also have `_role`, `_first` (the first year told) and
`_lead` (whether the row stands for its key, which bad rows may repeat). Nothing of it depends on
the day asked; all of it on the rulebook.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio.available import Available, Held
from carbonlex.portfolio.compile import Group
from carbonlex.portfolio.execute import grouped, known_on
from carbonlex.portfolio.faces.polars import AT
from carbonlex.portfolio.faces.spark import stored
from carbonlex.portfolio.judge import ROWS, available
from carbonlex.portfolio.ledger import Refused
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.reading.sources import Progress
from carbonlex.portfolio.synth.label import is_synthetic
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.version import ENGINE

if TYPE_CHECKING:
    import polars as pl

MANIFEST = "manifest.json"
FORMAT = 1
ROLE, FIRST, LEAD = "_role", "_first", "_lead"


@dataclass(frozen=True)
class Manifest:
    """What prepared frames are of, and what plans may rely on in them.

    Attributes:
        engine, rulebook: version and digest that prepared them; `data` the digest of the files.
        rows: of each table; `problems` how many cells and rows could not be taken.
        groups: the groups of entity rows, each with its own plan.
    """

    engine: str
    rulebook: str
    data: str
    synthetic: bool
    rows: Mapping[str, int]
    problems: int
    years: tuple[int, int]
    groups: tuple[Group, ...]
    available: Available

    def text(self) -> str:
        """Return the manifest as JSON on one line."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)


def manifest_from(text: str) -> Manifest:
    """Return the manifest that a text is; raises `ValueError` for any other text."""
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("format") != FORMAT:
            raise ValueError(MANIFEST)
        held = said.pop("available")
        return Manifest(
            **{
                **said,
                "years": tuple(said["years"]),
                "groups": tuple(Group(*g) for g in said["groups"]),
            },
            available=Available(
                _held(held["entity"]),
                {record: _held(columns) for record, columns in held["children"].items()},
                held["most"],
                held["wide"],
            ),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(MANIFEST) from error


def _held(columns: Mapping[str, Any]) -> Mapping[str, Held]:
    return {name: Held(*of) for name, of in columns.items()}


def prepare(
    rulebook: Rulebook,
    data: Path,
    out: Path,
    progress: Progress | None = None,
    rows: int = ROWS,
) -> Manifest:
    """Write data as prepared frames into a new folder, batch by batch, whole or not at all.

    Raises `ContentError` for data that cannot be taken, `FileExistsError` for a folder with
    something in it, and `OSError` where it cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(out)
    dataset = open_dataset(data, rulebook.vocabulary, progress=progress)
    held, refused = available(dataset), Refused()
    role = rulebook.vocabulary.terms.get("role")
    roles = tuple(role.choices) if role is not None else ()
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    groups: set[Group] = set()
    try:
        for at, batch in enumerate(dataset.batches(rows)):
            frames = refused.refuse(batch.frames, held, rulebook)
            for name, frame in _marked(frames, roles, groups).items():
                (beside / name).mkdir(exist_ok=True)
                stored(frame).write_parquet(beside / name / f"part-{at:05}.parquet")
        found = Manifest(
            engine=ENGINE,
            rulebook=rulebook.digest,
            data=dataset.digest,
            synthetic=is_synthetic(data),
            rows={name: table.rows for name, table in dataset.tables.items()},
            problems=sum(dataset.problem_counts.values()) + sum(refused.counts.values()),
            years=dataset.years,
            groups=tuple(sorted(groups)),
            available=held,
        )
        (beside / MANIFEST).write_text(found.text() + "\n", encoding="utf-8")
        if out.exists():
            out.rmdir()
        beside.chmod(0o755)
        os.replace(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return found


def _marked(
    frames: Mapping[str, pl.DataFrame], roles: tuple[str, ...], groups: set[Group]
) -> Mapping[str, pl.DataFrame]:
    """Return a batch with what each entity row is grouped by; its groups are added to `groups`."""
    from datetime import date

    import polars as pl

    frames = known_on(frames, date.max)  # no day comes after it: every movement stays
    marked = []
    for group, rows in grouped(frames, roles):
        groups.add(group)
        keys = (
            pl.lit(group.role).alias(ROLE),
            pl.lit(group.first, dtype=pl.Int32).alias(FIRST),
        )
        marked.append(rows.drop(AT).with_columns(keys))
    entities = pl.concat(marked).sort(ENTITY, YEAR, ROW)
    lead = pl.struct(ENTITY, YEAR).is_first_distinct().alias(LEAD)
    return {**frames, ENTITIES: entities.with_columns(lead)}
