"""Types and units of every expression of every norm, under every reading."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.expressions.tree import Expression
from carbonlex.expressions.types import BOOLEAN, DATE, Type, check, fits
from carbonlex.quantities import parse_unit
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.scope import NormScope, term_type

_CNY = Type("range", parse_unit("CNY"))
_TONNES = Type("range", parse_unit("tCO2e"))


def expressions_of(norm: Norm) -> Iterator[tuple[str, Expression, Type]]:
    """Yield every expression of a norm with its key and the type wanted there."""
    for key, node in (("bearer", norm.bearer), ("when", norm.when)):
        if node is not None:
            yield key, node, BOOLEAN
    if norm.test is not None:
        yield "test", norm.test, BOOLEAN
    for item, node in norm.limbs.items if norm.limbs else ():
        yield item, node, BOOLEAN
    for key, node in (("due", norm.due), ("until", norm.until), ("at", norm.at)):
        if node is not None:
            yield key, node, DATE
    if norm.fine is not None:
        yield "fine", norm.fine, _CNY
    if norm.confiscation is not None:
        yield "confiscation", norm.confiscation, _CNY
    if norm.deduction is not None:
        yield "deduction", norm.deduction, _TONNES
    if norm.gap is not None:
        yield "gap", norm.gap, Type("any")


def every_version(norm: Norm) -> tuple[Norm, ...]:
    """Return a norm and what it says under each reading of its question."""
    return (norm, *norm.readings.values())


def types(rulebook: Rulebook) -> Iterator[Diagnostic]:
    """Yield what does not fit in type or unit."""
    for norm in rulebook.norms.values():
        seen: set[tuple[str, Expression]] = set()
        for version in every_version(norm):
            for key, node, wanted in expressions_of(version):
                if (key, node) in seen:
                    continue
                seen.add((key, node))
                if key == "test" and version.kind in ("defines", "excepts"):
                    wanted = _value_type(rulebook, version)
                yield from _typed(rulebook, version, key, node, wanted)


def _value_type(rulebook: Rulebook, norm: Norm) -> Type:
    concept = norm.answers
    if norm.kind == "excepts":
        target = rulebook.norms.get(concept)
        concept = target.answers if target and target.kind == "defines" else ""
    term = rulebook.vocabulary.terms.get(concept)
    return term_type(term) if term else Type("any")


def _typed(
    rulebook: Rulebook, norm: Norm, key: str, node: Expression, wanted: Type
) -> Iterator[Diagnostic]:
    found, misfits = check(node, NormScope(rulebook, norm))
    for problem in misfits:
        yield wrong(
            problem.code, norm.place(key), f"{norm.id}：{problem.zh}", f"{norm.id}: {problem.en}"
        )
    loose = wanted.kind == "range" and found.kind == "number"
    if loose:
        wanted = Type("number", wanted.unit)
    if not fits(found, wanted):
        code: Code = "unit-mismatch" if found.kind == wanted.kind else "type-mismatch"
        yield wrong(
            code, norm.place(key),
            f"{norm.id}：{key} 是 {found}，应为 {wanted}",
            f"{norm.id}: {key} is {found}, not {wanted}",
        )  # fmt: skip
    if found.quotient:
        yield wrong(
            "quotient-unrounded",
            norm.place(key),
            f"{norm.id}：商未取整",
            f"{norm.id}: unrounded quotient",
        )


def wrong(
    code: Code,
    where: Location,
    zh: str,
    en: str,
    *provisions: str,
    hint: tuple[str, str] = ("", ""),
) -> Diagnostic:
    """Return a diagnostic of the rulebook; `hint` says what to do, in Chinese and English."""
    return Diagnostic(code, (zh, en), where, provisions, hint)
