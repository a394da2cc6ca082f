"""A plan in Spark: each level a temporary view, each output a statement over the last of them.

Spark analyses a chain of common table expressions once for every level of it, in time that grows
with its square; of views it analyses each once.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio import execute
from carbonlex.portfolio.compile import Plan
from carbonlex.portfolio.execute import KEYS, GroupRows, grain_of
from carbonlex.portfolio.faces.dialects import Spark
from carbonlex.portfolio.faces.sql import Statement
from carbonlex.portfolio.graph import Grain, Node
from carbonlex.portfolio.reading.prepared import ENTITIES
from carbonlex.portfolio.schedule import Schedule

if TYPE_CHECKING:
    import polars as pl
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
_PLACE = "_place"
_ALWAYS = {
    "spark.sql.ansi.enabled": "true",  # what does not fit raises; without it, it is null
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.constraintPropagation.enabled": "false",  # its time explodes with the columns
    "spark.sql.ui.retainedExecutions": "1",  # each keeps the text of its plan
    "spark.ui.showConsoleProgress": "false",
}
_LOCALLY = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.driver.maxResultSize": "0",
}


@cache
def session(master: str = "") -> SparkSession:
    """Return the session of this process: on `master`, or as spark-submit says, or in here.

    Raises what PySpark raises where there is no Java, or no such master.
    """
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    # Under spark-submit the configuration is known already, and its master is the user's choice.
    url = master or SparkConf().get("spark.master", None) or LOCAL
    settings = dict(_ALWAYS)
    if url.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        said = Path(__file__).with_name("log4j2.properties").as_uri()
        settings |= _LOCALLY
        settings["spark.sql.shuffle.partitions"] = str(os.cpu_count() or 2)
        settings["spark.driver.extraJavaOptions"] = f"-Dlog4j2.configurationFile={said}"
    builder = SparkSession.builder.master(url).appName("carbonlex")
    for key, value in settings.items():
        builder = builder.config(key, value)
    made: SparkSession = builder.getOrCreate()
    return made


def answered(
    plan: Plan, wanted: Mapping[str, Node], order: Schedule, rows: GroupRows
) -> dict[str, pl.DataFrame]:
    """Compute the columns that are wanted of a plan over the rows of its group, in Spark.

    Gives what the Polars face gives, of the same types. The rows go through Parquet files that
    are taken away again.
    """
    spark = session()
    with tempfile.TemporaryDirectory(prefix="carbonlex-spark-") as folder:
        sources: dict[Grain | None, str] = {None: ENTITIES}
        _view(spark, Path(folder), ENTITIES, rows.entities)
        for grain, frame in rows.children.items():
            sources[grain] = f"{grain.record}_{grain.back}_rows"
            _view(spark, Path(folder), sources[grain], frame)
        statement = Statement(order, Spark(), sources)
        try:
            level_by_level(spark, statement)
            return _collected(spark, statement, plan, wanted, order, rows)
        finally:
            for name in (*sources.values(), *statement.bodies()):
                spark.catalog.dropTempView(name)


def level_by_level(spark: SparkSession, statement: Statement) -> None:
    """Make each table of a statement a temporary view, in order."""
    for name, body in statement.bodies().items():
        spark.sql(body).createOrReplaceTempView(name)


def by_record(wanted: Mapping[str, Node]) -> Mapping[Grain | None, dict[str, Node]]:
    """Return outputs by the record that they are of, those of the entity first."""
    outputs: dict[Grain | None, dict[str, Node]] = {None: {}}
    for name, node in wanted.items():
        outputs.setdefault(grain_of(name), {})[name] = node
    return outputs


def stored(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame in types that Parquet and Spark have: DECIMAL(38,0) for 128 bits."""
    import polars as pl

    wide = [pl.col(n).cast(pl.Decimal(38, 0)) for n, t in frame.schema.items() if t == pl.Int128]
    counted = [pl.col(n).cast(pl.Int64) for n, t in frame.schema.items() if t == pl.UInt32]
    return frame.with_columns(*wide, *counted)


def _view(spark: SparkSession, folder: Path, name: str, frame: pl.DataFrame) -> None:
    path = folder / f"{name}.parquet"
    stored(frame.with_row_index(_PLACE)).write_parquet(path, compression="lz4")
    spark.read.parquet(str(path)).createOrReplaceTempView(name)


def _collected(
    spark: SparkSession,
    statement: Statement,
    plan: Plan,
    wanted: Mapping[str, Node],
    order: Schedule,
    rows: GroupRows,
) -> dict[str, pl.DataFrame]:
    import polars as pl

    nobody = GroupRows(
        rows.group, rows.entities.clear(), {g: f.clear() for g, f in rows.children.items()}
    )
    like = execute.answered(plan, wanted, order, nobody)
    found: dict[str, pl.DataFrame] = {}
    for grain, nodes in by_record(wanted).items():
        name = ENTITIES if grain is None else grain.record
        held = (rows.entities if grain is None else rows.children[grain]).columns
        keys = (_PLACE, *(k for k in (*KEYS, "_row") if k in held))
        table: Any = spark.sql(statement.last(grain, keys, nodes)).toArrow()
        types = [pl.col(n).cast(t) for n, t in like[name].schema.items()]
        found[name] = pl.DataFrame(table).sort(_PLACE).select(types)
    return found
