"""The expression language: what it says back, what is exact, and what is refused."""

from __future__ import annotations

import keyword
import warnings
from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonlex.expressions.parse import ExpressionError, parse
from carbonlex.expressions.tree import (
    AGGREGATES,
    COMPARISONS,
    FUNCTIONS,
    Aggregate,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Conditional,
    Expression,
    Field,
    Logic,
    Lookup,
    Member,
    Name,
    Negative,
    Not,
    Number,
    Previous,
    Text,
    names,
    walk,
)
from carbonlex.expressions.write import write

IDENTIFIERS = st.from_regex(r"[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,3})?", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name)
)
TEXTS = st.builds(Text, st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True))
NUMBERS = st.builds(
    lambda digits, places: Number(Fraction(digits, 10**places)),
    st.integers(0, 10**12),
    st.integers(0, 8),
)
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    NUMBERS,
    st.builds(Boolean, st.booleans()),
    TEXTS,
    st.builds(Name, IDENTIFIERS),
    st.builds(Previous, IDENTIFIERS, st.integers(1, 10)),
    st.builds(Field, IDENTIFIERS, IDENTIFIERS),
)


def _not_a_year(key: Expression) -> bool:
    """`t[-1]` is an earlier year, so no lookup has minus a literal for its key."""
    return not (isinstance(key, Negative) and isinstance(key.part, (Number, Boolean, Text)))


def _over(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    options = st.one_of(
        st.lists(TEXTS, min_size=1, max_size=3).map(tuple), st.builds(Name, IDENTIFIERS)
    )
    calls = [
        st.builds(Call, st.just(name), st.lists(inner, min_size=low, max_size=high).map(tuple))
        for name, (low, high) in FUNCTIONS.items()
    ]
    return st.one_of(
        st.builds(Lookup, IDENTIFIERS, inner.filter(_not_a_year)),
        st.builds(Compare, st.sampled_from(COMPARISONS), inner, inner),
        st.builds(Logic, st.sampled_from(("and", "or")), several),
        st.builds(Not, inner),
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(Negative, inner),
        st.builds(Conditional, inner, inner, inner),
        st.builds(Member, inner, options),
        *calls,
        st.builds(
            Aggregate,
            st.sampled_from(sorted(AGGREGATES)),
            inner,
            IDENTIFIERS,
            IDENTIFIERS,
            st.none() | inner,
        ),
    )


TREES = st.recursive(LEAVES, _over, max_leaves=10).filter(
    lambda tree: len(write(tree)) <= 1_000 and sum(1 for _ in walk(tree)) <= 200
)


@given(TREES)
@settings(max_examples=300, deadline=None)
def test_what_is_written_parses_back(tree: Expression) -> None:
    assert parse(write(tree)) == tree


@given(TREES)
@settings(max_examples=100, deadline=None)
def test_white_space_says_nothing_and_trees_can_be_keys(tree: Expression) -> None:
    text = write(tree)
    assert parse(text.replace(" ", " \n\t")) == parse(f"  ({text})  ") == tree
    assert len({tree, parse(text)}) == 1


def test_every_node_kind_is_generated() -> None:
    kinds = (Number, Boolean, Text, Name, Previous, Lookup, Field, Compare, Logic, Not, Arithmetic)
    kinds += (Negative, Conditional, Member, Call, Aggregate)
    assert set(Expression.__args__) == set(kinds)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("0.05", Fraction(1, 20)),
        ("26_000", Fraction(26_000)),
        ("25_999.99", Fraction(2_599_999, 100)),
        ("0.30000000000000004", Fraction(30_000_000_000_000_004, 10**17)),
        ("9007199254740993", Fraction(9_007_199_254_740_993)),
        ("1234567890123456789.01", Fraction(123456789012345678901, 100)),
    ],
)
def test_literals_are_exact(text: str, value: Fraction) -> None:
    assert parse(text) == Number(value)
    # Also where columns are counted after something that is not one letter wide.
    assert parse(f"a + {text}") == Arithmetic("+", Name("a"), Number(value))


def test_a_chain_of_comparisons_compares_neighbours() -> None:
    assert parse("a < b <= c") == parse("a < b and b <= c")
    assert parse("a not in ('x',)") == Not(Member(Name("a"), (Text("x"),)))
    assert parse("a in {'x', 'y'}") == parse("a in ['x', 'y']") == parse("a in ('x', 'y')")


def test_precedence_is_that_of_arithmetic() -> None:
    assert parse("a + b * c") == parse("a + (b * c)") != parse("(a + b) * c")
    assert parse("a - b - c") == parse("(a - b) - c") != parse("a - (b - c)")
    assert parse("not a and b or c") == parse("((not a) and b) or c")
    assert write(parse("a - (b - c)")) == "a - (b - c)"


def test_every_name_that_an_expression_mentions() -> None:
    text = "sum(c.q for c in credits if c.used) + t[k] * x[-2] if s in opts else year"
    assert set(names(parse(text))) == {
        *("credits", "q", "used", "t", "k", "x", "s", "opts", "year")
    }


FORBIDDEN = [
    "__import__('os')", "__import__('os').system('true')", "lambda: 1", "lambda x: x",
    "a.b.c", "f(a).b", "a.__class__", "().__class__", "'a'.join(b)", "a.b[0]", "a[0][0]",
    "a ** b", "a // b", "a % b", "a @ b", "a | b", "a & b", "a << 1", "~a", "+a",
    "(a := 1)", "f'{a}'", "f'a'", "b'a'", "1e5", "1E5", "1.5e-3", "0x10", "0b1", "0o7", "1j",
    "1.", ".5", "None", "...", "''", "'a b'", "'a.b'", "'" + "a" * 41 + "'",
    "é", "排放量", "ａ", "a × b", "a ≥ b", "A", "_a", "__a", "a__b", "a" * 61,
    "[a]", "(a, b)", "a,", "()", "{}", "{a}", "{'a': 1}", "{a: b for a in c}",
    "a[1:2]", "a[:]", "a[b, c]", "a[-0]", "a[-11]", "a[-True]", "a[...]",
    "min(*a)", "min(**a)", "min(a, b, key=c)", "f(a)", "print(a)", "eval(a)", "open('a')",
    "min(a)", "between(1)", "between(1, 2, 3)", "date(1, 2)", "lower()", "max" + "(a" + ", a" * 8
    + ")", "sum(a)", "sum([c.q for c in credits])", "sum(credits)", "all(a, b)",
    "sum(c.q for c in f(x))", "sum(c.q for c in credits if a if b)",
    "sum(c.q for c in a for d in b)", "sum(c for c, d in e)", "any(c async for c in e)",
    "(c.q for c in credits)", "[c for c in e]", "lower(c.q for c in credits)",
    "a is b", "a is not b", "a is None", "a in b.c", "a in ()", "a in (1, 2)", "a in 'power'",
    "a in (b, 'c')", "await a",
]  # fmt: skip


@pytest.mark.parametrize("text", FORBIDDEN)
def test_outside_the_language(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == "expression-forbidden"
    assert all(caught.value.messages)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "syntax"), ("   ", "syntax"), ("a b", "syntax"), ("a if b", "syntax"),
        ("a; b", "syntax"), ("a = 1", "syntax"), ("import os", "syntax"), ("yield a", "syntax"),
        ("*a", "syntax"), ("a +", "syntax"), ("(a", "syntax"), ("'a", "syntax"),
        ("1__0", "syntax"), ("012", "syntax"), ("a\x00b", "syntax"),
        ("(" * 300 + "a" + ")" * 300, "syntax"),
        ("a or " * 250 + "a", "expression-too-large"),
        ("a" * 1_001, "expression-too-large"),
        (" " * 1_001 + "a", "expression-too-large"),
        ("not " * 31 + "a", "expression-too-large"),
        ("-" * 990 + "a", "expression-too-large"),
        ("a + " * 31 + "a", "expression-too-large"),
        ("(a or " * 150 + "a" + ")" * 150, "expression-too-large"),
        ("a or " * 199 + "a", "expression-too-large"),
        ("9" * 41, "number-inexact"), ("0." + "1" * 40, "number-inexact"),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == code


def test_as_large_as_it_may_be() -> None:
    assert isinstance(parse("not " * 30 + "a"), Not)
    assert isinstance(parse("a or " * 198 + "a"), Logic)
    assert parse("9" * 40) == Number(Fraction(10**40 - 1))


@given(st.text(max_size=60) | st.text("()[]abc'\"+-*/<=>!. ,:01_x#\\", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_raises_anything_else(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = parse(text)
        except ExpressionError:
            return
    if all(_not_a_year(node.key) for node in walk(tree) if isinstance(node, Lookup)):
        assert parse(write(tree)) == tree


def bug(text: str, what: str, **more: Any) -> Any:
    return pytest.param(text, id=what, **more)


@pytest.mark.parametrize(
    "text",
    [
        bug("a > 1 # or c\n and b", "lines are joined first, so a comment swallows what follows"),
        bug("a # b", "a comment is taken"),
        bug("a[-0x1]", "a hexadecimal year is taken"),
        bug("a[-1_0]", "a year with an underscore is taken"),
        bug("u'power'", "a string prefix is taken"),
        bug("'po' 'wer'", "strings side by side are joined"),
    ],
)
def test_slips_through(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_key_that_looks_like_a_year() -> None:
    with pytest.raises(ExpressionError):
        parse("a[-1.0]")


@pytest.mark.parametrize("text", ["1and a", "2or a", "1if a else b"])
def test_a_draft_prints_no_warning_of_python(text: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with suppress(ExpressionError):
            parse(text)
    assert not caught
