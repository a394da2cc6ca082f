"""CSV, copied in bounded pieces to an Arrow file, every cell as the text it is."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.cases.formats import fail
from carbonlex.cases.models import shown
from carbonlex.errors import Location
from carbonlex.portfolio.reading.footer import Footer
from carbonlex.portfolio.reading.sources import (
    Progress,
    Scratch,
    Source,
    guarded,
)

if TYPE_CHECKING:
    import pyarrow.csv

# A line, with the line breaks in its quotes, must fit a block.
_BLOCK = 8 * 1024 * 1024
_HEADER = 1024 * 1024


def csv_source(
    table: str, path: Path, file: str, scratch: Scratch, progress: Progress | None
) -> Source:
    """Return a CSV file (UTF-8 or GB18030, a header, commas) as a source of text.

    Raises `ContentError` for another encoding, rows of other lengths, a line beyond 8 MiB.
    """
    import polars as pl
    import pyarrow as pa

    with guarded(file), path.open("rb") as stream:
        start = stream.read(_HEADER)
    encoding = _encoding(start, file)
    names = _header(start.decode(encoding, "ignore"), file)
    kept, rows = scratch.file(table), 0
    schema = pa.schema([(name, pa.string()) for name in names])
    lz4 = pa.ipc.IpcWriteOptions(compression="lz4")
    with guarded(file), pa.ipc.new_file(kept, schema, options=lz4) as writer:
        try:
            for piece in _pieces(path, names, encoding):
                writer.write_batch(piece)
                rows += piece.num_rows
                if progress is not None:
                    progress(table, rows, 0)
        except pa.ArrowInvalid as error:
            said = shown(" ".join(str(error).split()))
            words = (f"第 {rows + 1} 行起写法有误：{said}", f"malformed after row {rows}: {said}")
            hint = (
                "各行列数应与表头相同，引号成对，单行不超过 8 MiB",
                "each row has the header's columns, quotes in pairs, at most 8 MiB to a line",
            )
            fail("syntax", words, hint, Location(file))
    texts = dict.fromkeys(names, pl.String())
    footer = Footer(rows, {}, {}, frozenset())
    return Source(table, file, kept, texts, footer, textual=True, arrow=True)


def _encoding(start: bytes, file: str) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        if b"\0" not in start:
            return encoding
    hint = ("另存为 UTF-8（Excel：CSV UTF-8）", "save it as UTF-8 (in Excel: CSV UTF-8)")
    fail(
        "file-unreadable",
        ("不是 UTF-8 / GB18030 文本", "not UTF-8 / GB18030 text"),
        hint,
        Location(file),
    )


def _header(text: str, file: str) -> list[str]:
    line, end, _ = text.removeprefix("\ufeff").partition("\n")
    names: list[str] = []
    try:
        if end or len(text) < _HEADER:
            names = [name.strip() for name in next(csv.reader([line], strict=True), [])]
    except csv.Error:
        pass
    if not any(names):
        words = ("缺少表头", "the header is missing")
        fail("syntax", words, ("首行写列名", "write the columns' names first"), Location(file, 1))
    for name in names:
        if names.count(name) > 1:
            words = (f"列“{shown(name)}”重复", f"the column '{shown(name)}' is repeated")
            fail("duplicate-key", words, ("只留一列", "keep one"), Location(file, 1, shown(name)))
    return names


def _pieces(path: Path, names: list[str], encoding: str) -> pyarrow.csv.CSVStreamingReader:
    import pyarrow as pa
    import pyarrow.csv

    return pyarrow.csv.open_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False,  # so that an error names its row
            block_size=_BLOCK,
            column_names=names,
            skip_rows=1,
            encoding=encoding,
        ),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
