"""The shape of `carbonlex statutes import --json`, from which its schema is generated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from carbonlex.interfaces.redline_wire import StrandedOut, stranded_out
from carbonlex.interfaces.wire_models import Wire
from carbonlex.model import Grade
from carbonlex.version import ENGINE

if TYPE_CHECKING:
    from carbonlex.rulebook.stranded import Stranded
    from carbonlex.statutes.importing.importer import Import


class SourceOut(Wire):
    """The file that was imported; `sha256` is that of its bytes."""

    name: str
    format: str
    encoding: str
    bytes: int
    sha256: str
    outside: list[str] = Field(
        description="lines of a web page, and numbers of pages, that were not imported"
    )


class RemarkOut(Wire):
    """Something for a person to look at; `line` is the line, or the paragraph of a Word file."""

    line: int | None
    says: dict[str, str]


class ImportOut(Wire):
    """The whole answer of `carbonlex statutes import --json`."""

    schema_version: Literal["1"] = "1"
    key: str
    uri: str
    work: str
    title: dict[str, str]
    number: str
    rank: str
    maker: str
    promulgated: date
    effective: date
    ended: date | None
    grade: Grade
    source: SourceOut
    counts: dict[str, int] = Field(description="divisions by their names in Akoma Ntoso")
    missing_articles: list[int]
    signs: int = Field(description="signs compared with the source: none was lost or added")
    spelled_out: list[str] = Field(description="numbers and titles the source has not as text")
    remarks: list[RemarkOut]
    wids: dict[str, str] = Field(description="eId to wId, where these differ")
    stranded: list[StrandedOut] = Field(description="norms whose quotes this text does not have")
    written: str | None = Field(description="the file; null where none was asked for")
    ended_older: list[str]
    digest: str = Field(description="SHA-256 of the file made")
    engine: str


def import_json(
    made: Import, lost: Iterable[Stranded], path: Path | None, ended: Sequence[str]
) -> str:
    """Return an import as JSON text."""
    identity, source = made.identity, made.source
    return ImportOut(
        key=identity.key,
        uri=identity.expression,
        work=identity.work,
        title={"zh": identity.title.zh, "en": identity.title.en},
        number=identity.number,
        rank=identity.rank,
        maker=identity.maker,
        promulgated=identity.promulgated,
        effective=identity.effective,
        ended=identity.ended,
        grade=identity.grade,
        source=SourceOut(
            name=source.name,
            format=source.kind,
            encoding=source.encoding,
            bytes=source.size,
            sha256=source.digest,
            outside=list(source.outside),
        ),
        counts={tag: n for tag, n in made.draft.counts.items() if n},
        missing_articles=list(made.draft.missing),
        signs=made.comparison.signs,
        spelled_out=list(made.comparison.spelled_out),
        remarks=[
            RemarkOut(line=r.line or None, says={"zh": r.zh, "en": r.en}) for r in made.remarks
        ],
        wids={p.eid: p.wid for p in made.instrument.provisions.values() if p.wid != p.eid},
        stranded=[stranded_out(s) for s in lost],
        written=str(path) if path else None,
        ended_older=list(ended),
        digest=made.instrument.digest,
        engine=ENGINE,
    ).model_dump_json(indent=2)


def import_schema() -> str:
    """Return the JSON Schema of `statutes import --json` as text."""
    return json.dumps(ImportOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True)
