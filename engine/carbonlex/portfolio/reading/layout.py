"""Stored tables held against the schema: which columns are read as what, or why none can be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from carbonlex.cases.models import shown
from carbonlex.errors import Code, ContentError, Diagnostic, Location
from carbonlex.portfolio.reading.cells import Cells, cells, is_whole, whole
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, YEAR
from carbonlex.portfolio.reading.sources import Source
from carbonlex.portfolio.schema import COUNT, ColumnSchema, TableSchema
from carbonlex.rulebook.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

MAX_FINDINGS = 50
_SLOT = re.compile(r"([a-z][a-z0-9_]*)\.([1-9][0-9]{0,5})\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Layout:
    """How one stored table is read.

    Attributes:
        text_keys: `entity` is text; without it, Int64. The same in all tables.
        cells: its columns by name, keys aside.
        slots: of `entities` in the wide form: per record, its numbers and their columns.
    """

    source: Source
    schema: TableSchema
    text_keys: bool
    cells: Mapping[str, Cells]
    slots: Mapping[str, Mapping[int, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.source.table

    def keys(self) -> tuple[pl.Expr, pl.Expr]:
        """Return `entity` and `year` as every frame has them; null where there is no key."""
        import polars as pl

        entity, year = pl.col(ENTITY), pl.col(YEAR)
        raw = self.source.schema
        if self.text_keys:
            entity = entity.cast(pl.String)
            entity = entity.str.strip_chars() if self.source.textual else entity
            entity = pl.when(entity != "").then(entity)
        else:
            entity = whole(entity, raw[ENTITY]).cast(pl.Int64, strict=False)
        if self.source.textual:
            return entity, year.str.strip_chars().cast(pl.Int32, strict=False)
        return entity, whole(year, raw[YEAR]).cast(pl.Int32, strict=False)

    @property
    def plain_keys(self) -> bool:
        """Whether `entity` is stored as frames have it, so that a file can be cut by it."""
        import polars as pl

        kind = pl.String if self.text_keys else pl.Int64
        return isinstance(self.source.schema[ENTITY], kind) and not self.source.textual


def layouts_of(
    sources: Mapping[str, Source], schemas: Mapping[str, TableSchema], vocabulary: Vocabulary
) -> tuple[Layout, ...]:
    """Return how each stored table is read; raises `ContentError` with what makes it unreadable."""
    found: list[Diagnostic] = []
    matched: list[Layout] = []
    for name, source in sources.items():
        match = _Match(source, schemas, vocabulary)
        matched.append(Layout(source, schemas[name], False, *match.columns()))
        found += match.found
    for record in matched[0].slots:
        found += _wide(schemas[record], sources, matched[0])
    if found:
        raise ContentError(tuple(found[:MAX_FINDINGS]))
    texts = [not is_whole(layout.source.schema[ENTITY]) for layout in matched]
    return tuple(replace(layout, text_keys=any(texts)) for layout in matched)


def _wide(
    table: TableSchema, sources: Mapping[str, Source], entities: Layout
) -> Iterator[Diagnostic]:
    file, record = sources[ENTITIES].file, table.record
    count = f"{record}{COUNT}"
    if not table.wide:
        words = (f"{record} 不能写成宽列", f"{record} cannot stand in wide columns")
        hint = (f"另立表 {record}，每条一行", f"give a table {record}, a row for each")
        yield Diagnostic("record-malformed", words, Location(file, 0, record), hint=hint)
        return
    if record in sources:
        zh = f"{record} 既有宽列（{record}.1.…）又有自己的表"
        en = f"{record} stands both in wide columns ({record}.1.…) and in a table of its own"
        hint = ("只留一种", "keep one of them")
        yield Diagnostic("record-malformed", (zh, en), Location(file, 0, record), hint=hint)
    if count not in entities.cells:
        words = (f"宽列须有 {count}", f"wide columns need {count}")
        hint = (f"加上 {count}：每行有几条", f"add {count}: how many records a row has")
        yield Diagnostic("record-malformed", words, Location(file, 0, count), hint=hint)


class _Match:
    """One stored table against its schema: what it finds wrong goes to `found`."""

    def __init__(
        self, source: Source, schemas: Mapping[str, TableSchema], vocabulary: Vocabulary
    ) -> None:
        self.source, self.schemas, self.vocabulary = source, schemas, vocabulary
        self.schema = schemas[source.table]
        self.found: list[Diagnostic] = []

    def columns(self) -> tuple[dict[str, Cells], dict[str, dict[int, tuple[str, ...]]]]:
        self.keys()
        read: dict[str, Cells] = {}
        slots: dict[str, dict[int, tuple[str, ...]]] = {}
        for name, raw in self.source.schema.items():
            if name in (ENTITY, YEAR):
                continue
            of = self.schema.columns.get(name) or self.slot(name, slots)
            if of is None:
                self.unknown(name)
                continue
            found = cells(name, of, raw, self.source)
            if found is None:
                self.mistyped(name, of, raw)
            else:
                read[name] = found
        return read, slots

    def keys(self) -> None:
        import polars as pl

        texts = (pl.String, pl.Categorical, pl.Enum)
        raw = self.source.schema
        for key in (ENTITY, YEAR):
            if key not in raw:
                words = (f"缺少列 {key}", f"the column {key} is missing")
                hint = ("每个表都要有 entity 与 year", "every table has entity and year")
                self.add("portfolio-key", key, words, hint)
            elif not (
                self.source.textual
                or is_whole(raw[key])
                or isinstance(raw[key], texts if key == ENTITY else ())
            ):
                self.mistyped(key, self.schema.columns[key], raw[key])

    def slot(self, name: str, slots: dict[str, dict[int, tuple[str, ...]]]) -> ColumnSchema | None:
        match = _SLOT.fullmatch(name)
        if match is None or self.source.table != ENTITIES or match[1] not in self.schemas:
            return None
        record, number, table = match[1], int(match[2]), self.schemas[match[1]]
        of = table.columns.get(match[3])
        if of is None or of.required or record == ENTITIES:
            return None
        if table.max_count and number > table.max_count:
            most = table.max_count
            words = (f"{record} 至多 {most} 条", f"there are at most {most} {record}")
            self.add("range-exceeded", name, words, ("去掉该列", "leave the column out"))
        places = slots.setdefault(record, {})
        places[number] = (*places.get(number, ()), name)
        return of

    def unknown(self, name: str) -> None:
        from difflib import get_close_matches

        words = (f"没有名为“{shown(name)}”的列", f"there is no column '{shown(name)}'")
        term = self.vocabulary.terms.get(name)
        home = next((t for t, schema in self.schemas.items() if name in schema.columns), "")
        if home:
            hint = (f"移到表 {home}", f"move it to the table {home}")
        elif term is not None:
            words = (f"“{name}”由规则推得，不是告知的事实", f"'{name}' is derived, not told")
            hint = ("删去该列", "leave the column out")
        else:
            near = get_close_matches(name[:80].rpartition(".")[2], self.schema.columns, 1)
            near = near or [*self.schema.columns][2:8]
            hint = (f"是否指 {'、'.join(near)}", f"did you mean {', '.join(near)}?")
        self.add("name-unknown", name, words, hint)

    def mistyped(self, name: str, of: ColumnSchema, raw: pl.DataType) -> None:
        wanted = of.sql if of.name != ENTITY else "VARCHAR / BIGINT"
        stored = shown(str(raw))
        words = (f"类型 {stored} 不合，应为 {wanted}", f"type {stored}, where {wanted} is wanted")
        hint = (f"转换为 {wanted} 再导出", f"cast it to {wanted} and export again")
        self.add("type-mismatch", name, words, hint)

    def add(self, code: Code, name: str, words: tuple[str, str], hint: tuple[str, str]) -> None:
        where = Location(self.source.file, 1 if self.source.textual else 0, shown(name))
        self.found.append(Diagnostic(code, words, where, hint=hint))
