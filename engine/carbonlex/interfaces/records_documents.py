"""The files that a run wrote: their digests, and what they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carbonlex.interfaces.records_inputs import digest_of_file
from carbonlex.records.canonical import digest_of
from carbonlex.records.content import OUTPUTS
from carbonlex.records.engine import versions
from carbonlex.records.runs import Document

TEXTS = (".md", ".markdown", ".html", ".htm")
"""Faces of documents that are the same whatever libraries and fonts there are; they are kept."""

_FACES = {
    ".docx": ("python-docx", "lxml"),
    ".pdf": ("typst", "fonttools"),
    ".svg": ("vl-convert-python",),
    ".parquet": ("polars", "pyarrow"),
}


def written(told: Mapping[str, Any], fonts: Mapping[str, str]) -> list[Document]:
    """Return the files that a command wrote, by the arguments that named them."""
    found = []
    for option in OUTPUTS:
        path = told.get(option)
        if path is None:
            continue
        inside = sorted(p for p in Path(path).rglob("*") if p.is_file())
        for file in inside if Path(path).is_dir() else [Path(path)]:
            face = file.suffix.lower()
            name = file.relative_to(Path(path).parent).as_posix()
            data = file.read_bytes() if face in TEXTS else None
            digest = digest_of_file(file) if data is None else digest_of(data)
            size = file.stat().st_size
            found.append(Document(option, name, face, size, digest, made_with(face, fonts), data))
    return found


def made_with(face: str, fonts: Mapping[str, str]) -> dict[str, str]:
    """Return the versions of what makes documents of a face, and of a PDF the fonts' digests."""
    found = versions(_FACES.get(face, ()))
    return found | ({f"font {k}": d for k, d in fonts.items()} if face == ".pdf" else {})
