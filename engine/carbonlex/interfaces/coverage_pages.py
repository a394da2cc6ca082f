"""Coverage on a terminal and as JSON: words under a norm, a reason, neither; articles likewise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import cast

from rich.console import Console
from rich.table import Table

from carbonlex.model import GRADES, Grade
from carbonlex.rulebook.norms import REASONS
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Instrument
from carbonlex.words.sentences import grade_words


def coverage_rows(rulebook: Rulebook) -> list[dict[str, object]]:
    """Return, for each instrument with words held, what norms and reasons reach.

    `articles` are those of the whole instrument, 0 where it is not known how many. `grades` and
    the keys that begin with `articles_` count the articles held; where no numbers are held, the
    paragraphs.
    """
    rows: list[dict[str, object]] = []
    for i in rulebook.instruments.values():
        articles = [c for c in rulebook.coverage if c.instrument == i.key]
        if articles:
            rows.append(
                {
                    "instrument": i.key,
                    "articles": i.articles,
                    "held": len(articles),
                    "characters": sum(c.total for c in articles),
                    "encoded": sum(c.encoded for c in articles),
                    "declared": sum(c.declared for c in articles),
                    "rest": sum(c.rest for c in articles),
                    "articles_with_norm": sum(c.encoded > 0 for c in articles),
                    "articles_with_reason_only": sum(
                        not c.encoded and not c.rest for c in articles
                    ),
                    "articles_with_rest": sum(not c.encoded and c.rest > 0 for c in articles),
                    "grades": _grades(i, [c.article for c in articles]),
                }
            )
    return rows


def _grades(instrument: Instrument, articles: Iterable[str]) -> dict[str, int]:
    """Return how many articles have words of which source grade, the best first."""
    found = Counter(instrument.grade_of(eid) for eid in articles)
    return {grade: found[grade] for grade in GRADES if grade in found}


def coverage_json(rulebook: Rulebook) -> str:
    """Return coverage by instrument and by article as JSON."""
    articles = [
        {
            "instrument": c.instrument,
            "article": c.article,
            "characters": c.total,
            "encoded": c.encoded,
            "declared": c.declared,
            "rest": c.rest,
            "reasons": sorted(
                {
                    n.reason
                    for n in rulebook.not_encoded
                    if (n.instrument, n.article) == (c.instrument, c.article)
                }
            ),
        }
        for c in rulebook.coverage
    ]
    return json.dumps(
        {"instruments": coverage_rows(rulebook), "articles": articles}, ensure_ascii=False, indent=2
    )


def summary_json(rulebook: Rulebook) -> str:
    """Return coverage by instrument as JSON."""
    return json.dumps({"instruments": coverage_rows(rulebook)}, ensure_ascii=False, indent=2)


def print_summary(console: Console, rulebook: Rulebook, lang: str) -> None:
    """Print, for each instrument, how many articles there are, are held, have a norm, a reason."""
    heads = (
        "文件|条文|收录|有规范|仅有理由|无交代|收录文字的来源等级"
        if lang == "zh"
        else "instrument|articles|held|norm|reason only|neither|source grades of what is held"
    ).split("|")
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, justify="left" if head in (heads[0], heads[-1]) else "right")
    for row in coverage_rows(rulebook):
        grades = cast(dict[Grade, int], row["grades"])
        said = [f"{grade_words(g, lang)} {n}" for g, n in grades.items()]
        table.add_row(
            str(row["instrument"]), str(row["articles"] or "—"), str(row["held"]),
            str(row["articles_with_norm"]), str(row["articles_with_reason_only"]),
            str(row["articles_with_rest"]), "\n".join(said),
        )  # fmt: skip
    console.print(table)


def print_coverage(console: Console, rulebook: Rulebook, lang: str) -> None:
    """Print coverage by instrument, then article by article with the reasons."""
    zh = lang == "zh"
    table = Table(box=None, pad_edge=False)
    heads = (
        "文件|条文总数|收录文字|字数|有规范|有未编码理由|其余"
        if zh
        else "instrument|articles|with words|characters|by a norm|by a reason|rest"
    ).split("|")
    for head in heads:
        table.add_column(head, justify="left" if head == heads[0] else "right")
    for row in coverage_rows(rulebook):
        total = int(str(row["characters"]))
        cells = [f"{row[k]} ({100 * int(str(row[k])) // total}%)" for k in ("encoded", "declared")]
        table.add_row(
            str(row["instrument"]),
            str(row["articles"]),
            str(row["held"]),
            str(total),
            *cells,
            str(row["rest"]),
        )
    console.print(table)
    console.print()
    detail = Table(box=None, pad_edge=False)
    for head in (
        "条款|字数|有规范|有理由|其余|理由"
        if zh
        else "provision|characters|norm|reason|rest|reasons"
    ).split("|"):
        detail.add_column(head, overflow="fold")
    for c in rulebook.coverage:
        reasons = {
            REASONS[n.reason].of(lang)
            for n in rulebook.not_encoded
            if (n.instrument, n.article) == (c.instrument, c.article)
        }
        detail.add_row(
            rulebook.cite(c.instrument, c.article, lang, True), str(c.total), str(c.encoded),
            str(c.declared), str(c.rest), ("、" if zh else ", ").join(sorted(reasons)),
        )  # fmt: skip
    console.print(detail)
