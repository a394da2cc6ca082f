"""What the commands on many entities share: their data, what they need, how far they have come."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import refuse_extra, refuse_word
from carbonlex.interfaces.patience import Line

if TYPE_CHECKING:
    from carbonlex.portfolio.totals import Grouping
    from carbonlex.rulebook.rulebook import Rulebook

JAVA = "Java 17 (apt install openjdk-17-jre-headless, brew install openjdk@17)"
READS = ("polars", "pyarrow")
DataArgument = Annotated[
    Path,
    typer.Argument(
        help="数据：文件夹、.parquet、.csv 或 .duckdb。 A folder, .parquet, .csv or .duckdb."
    ),
]
_DATABASES = (".duckdb", ".db")


def holds_many(path: Path) -> bool:
    """Whether a path, by itself, names data of many entities and not the facts of one."""
    return path.suffix.lower() in (".parquet", *_DATABASES) or path.is_dir()


def need(modules: tuple[str, ...], lang: str) -> None:
    """Refuse where what reads or computes many rows is not installed."""
    if lost := [m for m in modules if find_spec(m) is None]:
        listed, extra = ", ".join(lost), "spark" if "pyspark" in lost else "portfolio"
        what = f"缺少 {listed}，", f"{listed} missing: this"
        refuse_extra(what, extra, lang)


def need_for(data: Path, lang: str, engine: str = "") -> None:
    """Refuse where what reads data of this kind, or the engine asked for, is not installed."""
    need(READS, lang)
    if engine == "duckdb" or data.suffix.lower() in _DATABASES:
        need(("duckdb",), lang)


def known_duties(rulebook: Rulebook, asked: list[str], lang: str) -> None:
    """Refuse a duty that there is not."""
    if not asked:
        return
    from difflib import get_close_matches

    from carbonlex.portfolio.subjects import subjects

    known = {s.duty for s in subjects(rulebook)}
    for duty in asked:
        if duty not in known:
            near = ", ".join(get_close_matches(duty, known, 3, 0.3) or sorted(known))
            refuse_word(lang, f"没有义务 {duty}；可选：{near}", f"no duty {duty}; choose: {near}")


def known_groupings(rulebook: Rulebook, asked: list[str], lang: str) -> list[Grouping]:
    """Return what rows are to be grouped by, or refuse."""
    if not asked:
        return []
    need(READS, lang)
    from carbonlex.portfolio.survey import may_group_by

    known = may_group_by(rulebook.vocabulary)
    found = [tuple(dict.fromkeys(c.strip() for c in one.split(","))) for one in asked]
    for name in (c for g in found for c in g):
        if name not in known:
            listed = ", ".join(known)
            refuse_word(
                lang,
                f"--by：不能按 {name} 分组；可选：{listed}",
                f"--by: rows are not grouped by {name}; choose: {listed}",
            )
    return found


def apart(data: Path, out: Path | None, lang: str) -> None:
    """Refuse to write into what is read."""
    if out is None:
        return
    here, there = data.resolve(), out.resolve()
    if here in (there, *there.parents) or there in here.parents:
        refuse_word(
            lang,
            f"--out {out}：不能写入数据所在之处；请换一个位置",
            f"--out {out}: it is where the data are; choose another place",
        )


class Progress(Line):
    """How many rows a portfolio has come through."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        words = {"judge": ("已判断", "judged"), "check": ("已核对", "looked over")}
        self.words = {k: w[lang == "en"] for k, w in words.items()}
        self.written = ("已写出", "written")[lang == "en"]
        self.read = ("已读入", "read")[lang == "en"]

    def tell(self, what: str, done: int, total: int) -> None:
        """Say how many of how many rows have been done; `what` is a step, or a table read."""
        said = self.words.get(what) or (self.written if what == "write" else f"{self.read} {what}")
        of = f"/{total:,}" if total else ""
        self.show(f"{said} {done:,}{of}")
