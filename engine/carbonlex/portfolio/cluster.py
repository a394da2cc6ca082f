"""All rows of a prepared portfolio at once in Spark: joined, judged and written where they are.

Nothing of a row passes through Python: the driver compiles a plan for each group and sends SQL.
Executors need neither Python nor this package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonlex.ledger.movements import RECORD
from carbonlex.portfolio.compile import Group, Plan
from carbonlex.portfolio.execute import grains_read
from carbonlex.portfolio.faces.dialects import Spark
from carbonlex.portfolio.faces.polars import AT, column_name
from carbonlex.portfolio.faces.spark import by_record, level_by_level
from carbonlex.portfolio.faces.sql import Statement
from carbonlex.portfolio.graph import EPOCH, Grain, Node
from carbonlex.portfolio.judge import Asked, Judge
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.output import NUMBER, SYNTHETIC, says_something
from carbonlex.portfolio.prepare import FIRST, LEAD, MANIFEST, ROLE, Manifest, manifest_from
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.schedule import Schedule
from carbonlex.portfolio.subjects import subjects
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.version import ENGINE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SAID = "made-from"
_KEYS = (ENTITY, YEAR, ROW, BAD)


class NotPrepared(ValueError):
    """A folder that `prepare` did not write, or wrote with another rulebook or version."""


@dataclass(frozen=True)
class Spread:
    """What came of a prepared portfolio: of each verdict column, how many rows have which.

    `outcomes` is by table, then by column (`surrender.outcome`); `refused` are the duties that no
    column can say, with why in Chinese and English.
    """

    manifest: Manifest
    outcomes: Mapping[str, Mapping[str, Mapping[str, int]]]
    refused: Mapping[str, tuple[str, str]]

    @property
    def exit_code(self) -> int:
        """1 something breached; 3 something open, not judged, or invalid; else 0."""
        found = {o for table in self.outcomes.values() for n in table.values() for o in n if n[o]}
        if "breached" in found:
            return 1
        open_ = self.refused or self.manifest.problems
        return 3 if open_ or found & {"undetermined", "conflict"} else 0


def spread(
    spark: SparkSession,
    rulebook: Rulebook,
    folder: str,
    asked: Asked,
    out: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> Spread:
    """Judge prepared frames in Spark, and write verdicts as Parquet, a folder for each table.

    `folder` and `out` are addresses that the whole cluster reaches (`hdfs://…`, `s3a://…`, a
    path). `out/made-from` is written last: without it the output is not whole. Raises
    `NotPrepared`, `ContentError` for readings, and what PySpark raises.
    """
    manifest = _manifest(spark, folder, rulebook)
    judge = Judge(rulebook, manifest.available, asked)
    columns = _columns(judge, manifest)
    for table in manifest.rows:
        spark.read.parquet(f"{folder}/{table}").createOrReplaceTempView(_all(table))
    for done, group in enumerate(manifest.groups, 1):
        plan, order, wanted = judge.plan(group)
        _judge(spark, group, plan, order, wanted, asked, columns, manifest, out)
        if progress is not None:
            progress("group", done, len(manifest.groups))
    outcomes = {t: _counted(spark, f"{out}/{t}", of) for t, of in columns.items()}
    refused = {
        duty: (str(error.args[0]), str(error.args[-1]))
        for plan, _, _ in judge.plans.values()
        for duty, error in plan.refused.items()
    }
    said = {
        "carbonlex.version": ENGINE,
        "carbonlex.rulebook": rulebook.digest,
        "carbonlex.data": manifest.data,
        "carbonlex.asked_on": asked.on.isoformat(),
        "carbonlex.readings": ", ".join(f"{q}={r}" for q, r in sorted(asked.readings.items())),
    }
    line = spark.range(1).selectExpr(f"{_text(json.dumps(said, ensure_ascii=False))} AS value")
    line.coalesce(1).write.text(f"{out}/{SAID}")
    return Spread(manifest, outcomes, refused)


def _manifest(spark: SparkSession, folder: str, rulebook: Rulebook) -> Manifest:
    from pyspark.errors import AnalysisException

    try:
        rows = spark.read.text(f"{folder}/{MANIFEST}", wholetext=True).collect()
        manifest = manifest_from(rows[0][0])
    except (AnalysisException, ValueError) as error:
        raise NotPrepared(folder) from error
    if (manifest.rulebook, manifest.engine) != (rulebook.digest, ENGINE):
        raise NotPrepared(folder)
    return manifest


Columns = Mapping[str, Mapping[str, Node | None]]
"""By table, each column that any group answers, with the node of most decimals."""


def _columns(judge: Judge, manifest: Manifest) -> Columns:
    duties = subjects(judge.rulebook)
    found: dict[str, dict[str, Node | None]] = {ENTITIES: {}}
    for group in manifest.groups:
        for grain, nodes in by_record(judge.plan(group)[2]).items():
            held = found.setdefault(ENTITIES if grain is None else grain.record, {})
            for name, node in nodes.items():
                if not says_something(name, duties):
                    continue
                before = held.get(name)
                if before is None or before.op == "null" or node.scale > before.scale:
                    held[name] = node
    return {table: of for table, of in found.items() if of}


def _judge(
    spark: SparkSession,
    group: Group,
    plan: Plan,
    order: Schedule,
    wanted: Mapping[str, Node],
    asked: Asked,
    columns: Columns,
    manifest: Manifest,
    out: str,
) -> None:
    sources: dict[Grain | None, str] = {None: ENTITIES}
    spark.sql(_entities(group, order)).createOrReplaceTempView(ENTITIES)
    for grain in grains_read(order, wanted):
        sources[grain] = f"{grain.record}_{grain.back}_rows"
        query = _children(group, grain, manifest, asked)
        spark.sql(query).createOrReplaceTempView(sources[grain])
    statement = Statement(order, Spark(), sources)
    level_by_level(spark, statement)
    for of, nodes in by_record(wanted).items():
        table = ENTITIES if of is None else of.record
        if table not in columns:
            continue
        spark.sql(statement.last(of, _KEYS, nodes)).createOrReplaceTempView("answers")
        listed = [f"{_name(ENTITY)}, {_name(YEAR)}, {_name(ROW)} AS {_name(NUMBER)}"]
        listed += [f"TRUE AS {_name(SYNTHETIC)}"] if manifest.synthetic else []
        for name, like in columns[table].items():
            listed.append(f"{_typed(plan, name, nodes.get(name), like)} AS {_name(name)}")
        rows = spark.sql(f"SELECT {', '.join(listed)} FROM answers")
        rows.write.mode("append").parquet(f"{out}/{table}")


def _entities(group: Group, order: Schedule) -> str:
    """Return the rows of a group as a statement, with what is read of earlier years."""
    earlier: dict[int, list[Node]] = {}
    for node in order.columns:
        assert isinstance(node.data, tuple)
        if node.grain is None and node.data[1]:
            earlier.setdefault(node.data[1], []).append(node)
    listed, joins = [f"r.*, r.{ROW} AS {AT}"], ""
    for back, nodes in sorted(earlier.items()):
        for node in nodes:
            assert isinstance(node.data, tuple)
            listed.append(f"b{back}.{_name(str(node.data[0]))} AS {_name(column_name(node))}")
        joins += (
            f" LEFT JOIN (SELECT * FROM {_all(ENTITIES)} WHERE {YEAR} = {group.year - back}"
            f" AND {LEAD}) b{back} ON r.{ENTITY} = b{back}.{ENTITY}"
        )
    return f"SELECT {', '.join(listed)} FROM {_all(ENTITIES)} r{joins} WHERE {_of(group)}"


def _children(group: Group, grain: Grain, manifest: Manifest, asked: Asked) -> str:
    """Return the child records of a group as a statement, without movements after the day."""
    later = ""
    if grain.record == RECORD and "moved_on" in manifest.available.children[RECORD]:
        later = f" AND NOT coalesce(c.moved_on > {asked.on.toordinal() - EPOCH}, FALSE)"
    return (
        f"SELECT c.*, r.{ROW} AS {AT}, r.{BAD} FROM {_all(grain.record)} c"
        f" JOIN {_all(ENTITIES)} r ON c.{ENTITY} = r.{ENTITY}"
        f" WHERE c.{YEAR} = {group.year - grain.back} AND r.{LEAD} AND {_of(group)}{later}"
    )


def _of(group: Group) -> str:
    return (
        f"r.{ROLE} = {_text(group.role)} AND r.{FIRST} = {group.first} AND r.{YEAR} = {group.year}"
    )


def _typed(plan: Plan, name: str, node: Node | None, like: Node | None) -> str:
    """Return a column as people have it: words, days, exact decimals; of bad rows, no more."""
    field, column, scale = name.rpartition(".")[2], _name(name), like.scale if like else 0
    kind = like.kind if like else "any"
    if field in ("outcome", "norm", "fines"):
        if node is None:
            return "CAST(NULL AS STRING)"
        words = [o or "" for o in OUTCOMES] if field == "outcome" else plan.citations
        listed = ", ".join(f"nullif({_text(w)}, '')" for w in words)
        word = f"element_at(array({listed}), {column} + 1)"
        spoiled = (
            f"CASE WHEN {column} <> 0 THEN 'undetermined' END" if field == "outcome" else "NULL"
        )
        return f"CASE WHEN {BAD} THEN {spoiled} ELSE {word} END"
    if kind == "date":
        into, value = "DATE", f"date_from_unix_date(CAST({column} AS INT))"
    elif kind in ("number", "any"):
        # As text the digits stay what they are; a product of decimals may lose some.
        exponent = node.scale if node else 0
        into, value = f"DECIMAL(38,{scale})", f"concat(CAST({column} AS STRING), 'E-{exponent}')"
    else:
        into, value = ("BOOLEAN" if kind == "boolean" else "SMALLINT"), column
    return f"CAST({'NULL' if node is None else f'IF({BAD}, NULL, {value})'} AS {into})"


def _counted(
    spark: SparkSession, path: str, columns: Mapping[str, object]
) -> Mapping[str, Mapping[str, int]]:
    """Count the verdicts that were written."""
    names = [n for n in columns if n.endswith(".outcome")]
    sums = list(_sums(names))
    if not sums:
        return {}
    row: Any = spark.read.parquet(path).selectExpr(*sums).collect()[0]
    found: dict[str, dict[str, int]] = {}
    counts = iter(row)
    for name in names:
        found[name] = {o: n for o in OUTCOMES if o is not None and (n := next(counts))}
    return found


def _sums(names: list[str]) -> Iterator[str]:
    for name in names:
        for outcome in OUTCOMES:
            if outcome is not None:
                yield f"count_if({_name(name)} = {_text(outcome)})"


def _all(table: str) -> str:
    return f"all_{table}"


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
