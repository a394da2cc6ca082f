"""What cannot have happened, by columns: ledgers of a portfolio, and breaches of no duty.

Found are the rows that `refuse_impossible` and `unknown_duties` refuse in a case. Entities that
are `_bad` already are left out: with a cell that could not be taken no balance can be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from carbonlex.ledger.movements import ALLOWANCE, APART, CREDIT, INTO, PRODUCT_OF, RECORD
from carbonlex.portfolio.available import Available
from carbonlex.portfolio.children import PLACE, Children, children_of
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, YEAR, Problem
from carbonlex.portfolio.reading.profile import MAX_PROBLEMS, ProblemKey
from carbonlex.portfolio.reading.structure import problem_rows
from carbonlex.portfolio.serials import (
    AT,
    BRINGS,
    FIRST,
    KIND,
    LAST,
    POOL,
    clashes,
    miscounted,
    readable,
    with_numbers,
)
from carbonlex.reasoner.concurrence import ACTS, NAMED, unknown_among
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import TermType, Vocabulary

if TYPE_CHECKING:
    import polars as pl

MOVEMENT, PRODUCT, VINTAGE = "movement", "product", "vintage"
QUANTITY, DAY = "moved_quantity", "moved_on"
_FACTS: Mapping[str, TermType] = {
    MOVEMENT: "choice",
    PRODUCT: "choice",
    VINTAGE: "choice",
    QUANTITY: "number",
    DAY: "date",
    FIRST: "text",
    LAST: "text",
}
_KEPT, _LOST, _OTHER = "_kept", "_lost", "_other"
_UNREADABLE, _DIFFERS = "_unreadable", "_differs"


def impossible(
    frames: Mapping[str, pl.DataFrame], available: Available, rulebook: Rulebook
) -> pl.DataFrame:
    """Return the rows of a batch that cannot be true: entity, table, row, column, code, value.

    All movements told count, those after the day asked too. One that is not told whole is no
    problem: it leaves the balances of its entity open. Codes: `movement-overdrawn`,
    `serial-malformed`, `serial-repeated`; `name-unknown` for a duty that there is not.
    """
    import polars as pl

    none = problem_rows(frames[ENTITIES].clear(), "", "", "name-unknown", pl.lit(""))
    found = [none, *_unknown_duties(frames, available, rulebook)]
    moved = children_of(frames, available, RECORD, _FACTS)
    if moved.frame.height:
        found += _movements(moved, rulebook.vocabulary)
    return pl.concat(found)


class Refused:
    """The rows of a portfolio that cannot be true, batch by batch.

    Attributes:
        problems: the first 1,000; `counts` has all, by table, column and code.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.counts: dict[ProblemKey, int] = {}

    def refuse(
        self, frames: Mapping[str, pl.DataFrame], available: Available, rulebook: Rulebook
    ) -> Mapping[str, pl.DataFrame]:
        """Return a batch with the entities of such rows `_bad` too."""
        import polars as pl

        found = impossible(frames, available, rulebook)
        if not found.height:
            return frames
        by = found.group_by("table", "column", "code", maintain_order=True).len()
        for table, column, code, rows in by.iter_rows():
            self.counts[table, column, code] = self.counts.get((table, column, code), 0) + rows
        first = found.drop(ENTITY).head(MAX_PROBLEMS - len(self.problems))
        self.problems += [Problem(**row) for row in first.iter_rows(named=True)]
        bad = pl.col(BAD) | pl.col(ENTITY).is_in(found[ENTITY].unique().implode())
        return {**frames, ENTITIES: frames[ENTITIES].with_columns(bad.alias(BAD))}


def _unknown_duties(
    frames: Mapping[str, pl.DataFrame], available: Available, rulebook: Rulebook
) -> Iterator[pl.DataFrame]:
    import polars as pl

    acts = children_of(frames, available, ACTS, {NAMED: "text"})
    if not acts.frame.height:
        return
    told = acts.frame[NAMED].drop_nulls().unique()
    wrong = [text for text in told if unknown_among(rulebook, text)]
    if wrong:
        faulty = acts.frame.filter(pl.col(NAMED).is_in(wrong))
        yield from acts.problems(faulty, NAMED, "name-unknown", pl.col(NAMED))


def _movements(moved: Children, vocabulary: Vocabulary) -> Iterator[pl.DataFrame]:
    import polars as pl

    if MOVEMENT not in vocabulary.terms:
        return  # nothing says what a row of the ledger does
    rows = _checked(moved, vocabulary)
    amount = _decimal(pl.col(QUANTITY), moved.scale)
    numbers = pl.format("{}–{}", FIRST, LAST)
    for flaw, fact, value in ((_UNREADABLE, FIRST, numbers), (_DIFFERS, QUANTITY, amount)):
        if rows[flaw].any():
            yield from moved.problems(rows.filter(flaw), fact, "serial-malformed", value)
    flawed = pl.any_horizontal(_LOST, _OTHER, _UNREADABLE, _DIFFERS)
    open_ = rows.filter(flawed)[ENTITY].unique()
    if len(open_):  # where one row is not known, no balance is
        rows = rows.filter(~pl.col(ENTITY).is_in(open_.implode()))
    if not rows.height:
        return
    rows = _in_order(rows)
    again: Mapping[int, str] = {}
    if rows[FIRST].null_count() < rows.height:
        again = dict(clashes(rows, QUANTITY, moved.scale))
    short = _overdrawn(rows).filter(~pl.col(AT).is_in([*again]))
    if short.height:
        yield from moved.problems(short, QUANTITY, "movement-overdrawn", amount)
    if again:
        code = pl.col(AT).replace_strict(again, return_dtype=pl.String)
        faulty = rows.filter(pl.col(AT).is_in([*again]))
        yield from moved.problems(faulty, FIRST, code, numbers)


def _checked(moved: Children, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return movements with their product, what they do, and what is wrong with each."""
    import polars as pl

    kinds = _codes(vocabulary, MOVEMENT)
    products = _codes(vocabulary, PRODUCT, ALLOWANCE, CREDIT)
    kind, product = pl.col(MOVEMENT), pl.col(PRODUCT)
    of = {kinds[k]: products[p] for k, p in PRODUCT_OF.items() if k in kinds}
    only = kind.replace_strict(of, default=None, return_dtype=pl.Int16)
    rows = moved.frame.with_columns(
        pl.coalesce(product, only).alias(PRODUCT),
        (product != only).fill_null(False).alias(_OTHER),
        kind.is_in([kinds[k] for k in INTO if k in kinds]).alias(BRINGS),
        kind.is_in([kinds[k] for k in APART if k in kinds]).alias(_KEPT),
        kind.replace_strict([*kinds.values()], [*kinds], return_dtype=pl.Enum([*kinds])).alias(
            KIND
        ),
    )
    lost = pl.any_horizontal(pl.col(DAY, MOVEMENT, QUANTITY, PRODUCT).is_null())
    lost |= (product == products[ALLOWANCE]).fill_null(False) & pl.col(VINTAGE).is_null()
    lost |= pl.col(FIRST).is_null() != pl.col(LAST).is_null()
    rows = rows.with_columns(lost.alias(_LOST))
    if rows[FIRST].null_count() == rows.height:
        return rows.with_columns(pl.lit(False).alias(n) for n in (_UNREADABLE, _DIFFERS))
    rows = with_numbers(rows)
    unreadable = (~readable()).fill_null(False) & ~pl.col(_LOST)
    differs = miscounted(rows, QUANTITY, moved.scale) & ~rows[_LOST]
    return rows.with_columns(unreadable.alias(_UNREADABLE), differs.alias(_DIFFERS))


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Return movements pool after pool, each in the order of `Movement.order`, numbered."""
    import polars as pl

    units = [ENTITY, PRODUCT, VINTAGE]
    rows = rows.sort(*units, DAY, ~pl.col(BRINGS), YEAR, PLACE)
    return rows.with_row_index(AT).with_columns(pl.struct(units).rle_id().alias(POOL))


def _overdrawn(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the first row of each pool that takes more than is held, or pledges it."""
    import polars as pl

    moved, most = pl.col(QUANTITY), rows[QUANTITY].abs().max()
    if not isinstance(most, int) or most * rows.height >= 2**63:
        moved = moved.cast(pl.Int128)
    gone = 0 - moved  # of 128 bits there is no -x
    change = pl.when(_KEPT).then(0).when(BRINGS).then(moved).otherwise(gone)
    balance = change.cum_sum().over(POOL)
    short = (balance < 0) | (pl.col(_KEPT) & (balance < moved))
    return rows.filter(short).unique(POOL, keep="first", maintain_order=True)


def _decimal(number: pl.Expr, scale: int) -> pl.Expr:
    """Return scaled integers as decimal text, without zeros at the end."""
    import polars as pl

    text = number.cast(pl.String).str.pad_start(scale + 1, "0")
    if not scale:
        return text
    places = text.str.tail(scale).str.strip_chars_end("0")
    point = pl.when(places != "").then(pl.lit(".")).otherwise(pl.lit(""))
    return text.str.head(-scale) + point + places


def _codes(vocabulary: Vocabulary, fact: str, *also: str) -> Mapping[str, int]:
    """Return the places of the choices of a fact, and of words that are wanted besides."""
    term = vocabulary.terms.get(fact)
    words = dict.fromkeys([*(term.choices if term is not None else ()), *also])
    return {word: place for place, word in enumerate(words)}
