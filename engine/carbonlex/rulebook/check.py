"""What stops a rulebook: every check that can be made before there is a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from itertools import combinations

from carbonlex.errors import Diagnostic
from carbonlex.rulebook.amounts import amounts
from carbonlex.rulebook.circles import cycles
from carbonlex.rulebook.dated import parameters
from carbonlex.rulebook.norms import CONSEQUENCES, Norm
from carbonlex.rulebook.quoting import as_written
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, types, wrong

Check = Callable[[Rulebook], Iterator[Diagnostic]]
# The kinds of norm whose exceptions are read when a case is judged.
_EXCEPTED = ("defines", "obliges", "prohibits", "sanctions")


def problems(rulebook: Rulebook) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a rulebook, in the order of the checks."""
    # Readings of one norm may fail alike: once is enough.
    return tuple(dict.fromkeys(d for one in CHECKS for d in one(rulebook)))


def _references(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for norm in rulebook.norms.values():
        for version in every_version(norm):
            for key, name in _lost(rulebook, version):
                yield wrong(
                    "norm-unknown",
                    version.place(key),
                    f"{norm.id} 所指 {name} 不存在",
                    f"{norm.id} names {name}, which is not there",
                    hint=_near(rulebook, name),
                )
            target = rulebook.norms.get(version.answers)
            if version.kind == "excepts" and target and target.kind not in _EXCEPTED:
                yield wrong(
                    "norm-malformed",
                    version.place("excepts"),
                    f"{norm.id}：{target.id} 是 {target.kind}，不能有例外",
                    f"{norm.id}: {target.id} is of kind {target.kind}, which has no exceptions",
                )


def _near(rulebook: Rulebook, name: str) -> tuple[str, str]:
    """Return what may have been meant by a name that is not there, or where to look."""
    short = name.rpartition("/")[2]
    full = [n for n in rulebook.norms if n.endswith(f"/{short}")]
    known = (*rulebook.norms, *rulebook.duties, *rulebook.vocabulary.terms)
    near = full or get_close_matches(name, known, n=3, cutoff=0.6)
    if near:
        return f"是否为 {'、'.join(near)}？", f"did you mean {', '.join(near)}?"
    return (
        "核对拼写；可用的名称见 carbonlex law facts 和 law show",
        "check the spelling; carbonlex law facts and law show list the names",
    )


def _lost(rulebook: Rulebook, norm: Norm) -> Iterator[tuple[str, str]]:
    """Yield each name that a norm says and that is not there, after the key that says it."""
    terms, answers = rulebook.vocabulary.terms, norm.answers
    if norm.kind == "defines" and (answers not in terms or terms[answers].kind != "concept"):
        yield "defines", answers
    if norm.kind == "sanctions" and answers not in {*rulebook.duties, "*"}:
        yield "sanctions", answers
    if norm.kind == "excepts" and answers not in rulebook.norms:
        yield "excepts", answers
    named = [("replaces", norm.replaces), ("special_to", norm.special_to), ("varies", norm.varies)]
    for key, name in (*named, *(("basis", one) for one in norm.basis)):
        if name and name not in rulebook.norms:
            yield key, name
    if norm.record not in rulebook.vocabulary.records:
        yield "record", norm.record
    if norm.lever and (norm.lever not in terms or not terms[norm.lever].lever):
        yield "lever", norm.lever
    roles = terms["role"].choices if "role" in terms else ("emitter",)
    for one in norm.addressees:
        if one not in (*roles, "authority", "anyone", "maker"):
            yield "addressees", one
    for key, name in (("matter", norm.matter), ("coercion", norm.coercion)):
        told = terms.get(f"clause_{key}")
        if name and (told is None or name not in told.choices):
            yield key, name
    for kind in sorted(norm.excludes):
        if kind not in CONSEQUENCES:
            yield "excludes", kind


def _questions(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for norm in rulebook.norms.values():
        for key, name in (("continuing", norm.continuing), ("question", norm.question)):
            if name and name not in rulebook.questions:
                yield wrong(
                    "question-unknown",
                    norm.place(key),
                    f"{norm.id}：没有问题 {name}",
                    f"{norm.id}: no question {name}",
                )
        if norm.question in rulebook.questions:
            known = {r.name for r in rulebook.questions[norm.question].readings}
            for name in sorted(set(norm.readings) ^ known):
                yield wrong(
                    "question-unknown",
                    norm.place(f"reading.{name}" if name in norm.readings else "question"),
                    f"{norm.id}：读法 {name} 对不上 {norm.question}",
                    f"{norm.id}: reading {name} does not match {norm.question}",
                )


def _question_provisions(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for question in rulebook.questions.values():
        for place in question.provisions:
            key, _, eid = place.partition("#")
            instrument = rulebook.instruments.get(key)
            if instrument is None or eid not in instrument.provisions:
                yield wrong(
                    "provision-unknown",
                    question.provisions_at,
                    f"{question.name}：没有 {place}",
                    f"{question.name}: no {place}",
                )


def _needed(norm: Norm) -> Iterator[Diagnostic]:
    no_test = norm.test is None and norm.limbs is None
    # What an authority must do is a date in a calendar; whether it did may not be known to anyone.
    only_a_date = norm.addressees == ("authority",)
    incomplete = (
        (norm.kind == "obliges" and not norm.ordered_by and norm.due is None and norm.until is None)
        or (norm.kind == "obliges" and not only_a_date and no_test)
        or (norm.kind == "prohibits" and (norm.at is None or no_test))
        or (norm.kind == "defines" and no_test)
    )
    if incomplete:
        yield wrong(
            "norm-malformed",
            norm.where,
            f"{norm.id} 不完整（缺要求或日期）",
            f"{norm.id} is incomplete (test or date)",
        )
    if norm.kind in ("obliges", "prohibits") and norm.bearer is None and not norm.ordered_by:
        yield wrong(
            "norm-malformed", norm.where, f"{norm.id} 缺少义务人 bearer", f"{norm.id} has no bearer"
        )


def _complete(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for norm in rulebook.norms.values():
        for version in every_version(norm):
            yield from _needed(version)


def _overlaps(rulebook: Rulebook) -> Iterator[Diagnostic]:
    groups: dict[tuple[str, str, str], list[Norm]] = {}
    for norm in rulebook.norms.values():
        if norm.kind in ("defines", "obliges", "prohibits") and not norm.ordered_by:
            groups.setdefault((norm.instrument, norm.kind, norm.answers), []).append(norm)
    for (_, _, answers), group in groups.items():
        for one, other in combinations(group, 2):
            apart = one.years[1] < other.years[0] or other.years[1] < one.years[0]
            if not apart and one.special_to != other.id and other.special_to != one.id:
                yield wrong(
                    "norm-overlap", other.place(other.kind),
                    f"{one.id}（{one.where}）与 {other.id} 都规定 {answers}，未写明优先",
                    f"{one.id} ({one.where}) and {other.id} both answer {answers} without priority",
                    hint=(
                        "其一写 special_to 或 excepts 指明另一个；要取代的，沿用它的 id",
                        "let one name the other by special_to or excepts; to take its place, "
                        "use its id",
                    ),
                )  # fmt: skip


def _gaps(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for article in rulebook.coverage:
        if article.rest:
            cite = rulebook.cite(article.instrument, article.article)
            instrument = rulebook.instruments[article.instrument]
            gaps = [as_written(instrument, article.article, gap) for gap in article.gaps]
            words = "；".join(gaps)[:120]
            yield wrong(
                "coverage-gap", article.where,
                f"{cite} 有文字既无规范也无未编码理由：{words}",
                f"{cite}: words without norm or reason: {words}",
                f"{article.instrument}#{article.article}",
                hint=(
                    "引用这些文字，其下写 norm 或 not-encoded 围栏",
                    "quote these words, and put a norm or not-encoded fence under them",
                ),
            )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    _references,
    _questions,
    _complete,
    types,
    amounts,
    parameters,
    _overlaps,
    cycles,
    _question_provisions,
    _gaps,
)
