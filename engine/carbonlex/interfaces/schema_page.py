"""The tables that data may have, on a terminal."""

from __future__ import annotations

from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.model import Label
from carbonlex.portfolio.reading.prepared import ENTITIES
from carbonlex.portfolio.schema import COUNT, ColumnSchema, TableSchema, tables
from carbonlex.quantities import grouped

_TYPES = {
    "number": Label("数", "number"),
    "integer": Label("整数", "integer"),
    "boolean": Label("是否", "true or false"),
    "date": Label("日期", "date"),
    "choice": Label("选项", "choice"),
    "text": Label("文字", "text"),
}


class SchemaPage(FigurePage):
    """Prints every table with its columns."""

    def print(self) -> None:
        """Print the tables, and how lists and empty cells are read."""
        for name, table in tables(self.rulebook.vocabulary).items():
            self.one(name, table)
        self.console.print()
        for line in self._notes():
            self.put(Text(line))

    def one(self, name: str, table: TableSchema) -> None:
        """Print one table."""
        most = table.max_count
        limit = self._pick(f"，每年至多 {most}", f", at most {most} a year") if most else ""
        self.heading(f"{name}{self.gap}{table.label.of(self.lang)}{limit}")
        heads = self._pick("列|类型|单位或取值|说明", "column|type|unit or values|what it is")
        rows = [
            (c.name, self._type(c), self._values(c), c.label.of(self.lang))
            for c in table.columns.values()
        ]
        self.table(heads, rows, ())

    def _type(self, column: ColumnSchema) -> str:
        said = _TYPES[column.type].of(self.lang)
        if column.type == "number" and column.decimals:
            places = column.decimals
            said += self._pick(f"，{places} 位小数", f", {places} decimals")
        if column.required:
            said += self._pick("，必填", ", required")
        elif column.period == "always":
            said += self._pick("，各年相同", ", same every year")
        return said

    def _values(self, column: ColumnSchema) -> str:
        if column.choices:
            return ", ".join(column.choices)
        unit = column.unit if column.type == "number" else ""
        low, high = column.minimum, column.maximum
        if low is not None and high is not None:
            return f"{unit} {grouped(low)}–{grouped(high)}".strip()
        if low is not None:
            return f"{unit} ≥ {grouped(low)}".strip()
        return f"{unit} ≤ {grouped(high)}" if high is not None else unit

    def _notes(self) -> tuple[str, ...]:
        wide = f"<record>{COUNT}"
        return (
            self._pick(
                f"只有 entity 与 year 必填；空即未告知。{ENTITIES} 每个单位每个年度一行，"
                "其余各表每条记录一行。",
                f"only entity and year are required; empty is not told. {ENTITIES} has a row per "
                "entity and year, the others one per record.",
            ),
            self._pick(
                f"子表没有行即未告知；{wide} 为 0 即没有。也可写在 {ENTITIES} 中："
                f"<record>.<n>.<列>，并写 {wide}。",
                f"no rows of a child table: not told; {wide} of 0: none. They may stand in "
                f"{ENTITIES} instead: <record>.<n>.<column>, with {wide}.",
            ),
        )

    def _pick(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh
