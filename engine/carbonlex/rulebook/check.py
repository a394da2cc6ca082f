"""What stops a rulebook: every check that can be made before there is a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from carbonlex.errors import Diagnostic
from carbonlex.expressions.tree import Previous, names, walk
from carbonlex.rulebook.norms import CONSEQUENCES, Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of, types, wrong

Check = Callable[[Rulebook], Iterator[Diagnostic]]


def problems(rulebook: Rulebook) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a rulebook, in the order of the checks."""
    # Readings of one norm may fail alike: once is enough.
    return tuple(dict.fromkeys(d for one in CHECKS for d in one(rulebook)))


def _references(rulebook: Rulebook) -> Iterator[Diagnostic]:
    terms = rulebook.vocabulary.terms
    duties = {n.answers for n in rulebook.norms.values() if n.kind in ("obliges", "prohibits")}
    for norm in rulebook.norms.values():
        for version in every_version(norm):
            lost: list[str] = []
            if version.kind == "defines" and (
                version.answers not in terms or terms[version.answers].kind != "concept"
            ):
                lost.append(version.answers)
            if version.kind == "sanctions" and version.answers not in {*duties, "*"}:
                lost.append(version.answers)
            if version.kind == "excepts" and version.answers not in rulebook.norms:
                lost.append(version.answers)
            for name in (version.replaces, version.special_to, version.varies, *version.basis):
                if name and name not in rulebook.norms:
                    lost.append(name)
            if version.record not in rulebook.vocabulary.records:
                lost.append(version.record)
            if version.lever and (version.lever not in terms or not terms[version.lever].lever):
                lost.append(version.lever)
            lost += [k for k in version.excludes if k not in CONSEQUENCES]
            for name in lost:
                yield wrong(
                    "norm-unknown",
                    norm.where,
                    f"{norm.id} 所指 {name} 不存在",
                    f"{norm.id} names {name}, which is not there",
                )
        if norm.continuing and norm.continuing not in rulebook.questions:
            yield wrong(
                "question-unknown",
                norm.where,
                f"{norm.id}：没有问题 {norm.continuing}",
                f"{norm.id}: no question {norm.continuing}",
            )
        if norm.question and norm.question not in rulebook.questions:
            yield wrong(
                "question-unknown",
                norm.where,
                f"{norm.id}：没有问题 {norm.question}",
                f"{norm.id}: no question {norm.question}",
            )
        elif norm.question:
            known = {r.name for r in rulebook.questions[norm.question].readings}
            for name in sorted(set(norm.readings) ^ known):
                yield wrong(
                    "question-unknown",
                    norm.where,
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
                    question.where,
                    f"{question.name}：没有 {place}",
                    f"{question.name}: no {place}",
                )


def _needed(norm: Norm) -> Iterator[Diagnostic]:
    incomplete = (
        (norm.kind == "obliges" and not norm.ordered_by and norm.due is None and norm.until is None)
        or (norm.kind == "obliges" and norm.test is None and norm.limbs is None)
        or (
            norm.kind == "prohibits"
            and (norm.at is None or (norm.test is None and norm.limbs is None))
        )
        or (norm.kind == "defines" and norm.test is None and norm.limbs is None)
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
        for one, other in pairwise(group):
            if one.special_to != other.id and other.special_to != one.id:
                yield wrong(
                    "norm-overlap", other.where,
                    f"{one.id}（{one.where}）与 {other.id} 都规定 {answers}，未写明优先",
                    f"{one.id} ({one.where}) and {other.id} both answer {answers} without priority",
                )  # fmt: skip


def _cycles(rulebook: Rulebook) -> Iterator[Diagnostic]:
    edges: dict[str, set[str]] = {}
    for norm in rulebook.norms.values():
        if norm.kind == "defines":
            for version in every_version(norm):
                for _, node, _ in expressions_of(version):
                    earlier = {n.name for n in walk(node) if isinstance(n, Previous)}
                    now = set(names(node)) - earlier
                    edges.setdefault(norm.answers, set()).update(now)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        if name in path:
            return (*path[path.index(name) :], name)
        if name in done:
            return None
        for after in sorted(edges.get(name, ())):
            found = visit(after, (*path, name))
            if found:
                return found
        done.add(name)
        return None

    for name in sorted(edges):
        loop = visit(name, ())
        if loop:
            where = rulebook.definitions[loop[0]][0].where
            yield wrong(
                "norm-cycle",
                where,
                f"循环定义：{' → '.join(loop)}",
                f"circular: {' → '.join(loop)}",
            )
            return


def _parameters(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for name, found in rulebook.parameter_names.items():
        if name in rulebook.vocabulary.terms:
            yield wrong(
                "norm-duplicate",
                found[0].where,
                f"参数 {name} 与词汇表重名",
                f"{name} is a term of the vocabulary",
            )
        for source in {s.entry.source for p in found for s in p.spans if s.entry}:
            if source and source not in rulebook.instruments:
                yield wrong(
                    "instrument-unknown",
                    found[0].where,
                    f"参数 {name} 的来源 {source} 不存在",
                    f"{name}: no source {source}",
                )
    for norm in rulebook.norms.values():
        instrument = rulebook.instruments[norm.instrument]
        for version in every_version(norm):
            for _, node, _ in expressions_of(version):
                for name in set(names(node)) & set(rulebook.parameter_names):
                    parameter = rulebook.parameter(name, norm)
                    if parameter is None:
                        yield wrong(
                            "name-unknown",
                            norm.where,
                            f"{norm.id}：参数 {name} 所指不明",
                            f"{norm.id}: {name} is ambiguous",
                        )
                    elif parameter.keyed == "date" and not _covers(
                        parameter.spans, instrument.effective, instrument.ended
                    ):
                        yield wrong(
                            "parameter-missing", norm.where,
                            f"{norm.id} 施行期间参数 {parameter.full} 有时没有值",
                            f"{parameter.full} has no value for part of the life of {norm.id}",
                        )  # fmt: skip


def _covers(spans: tuple, start: date, ended: date | None) -> bool:  # type: ignore[type-arg]
    last = ended - timedelta(days=1) if ended else date.max
    held = [s for s in spans if s.entry is not None]
    return any(s.start <= start for s in held) and any(
        s.until is None or s.until > last for s in held if s.start <= last
    )


def _gaps(rulebook: Rulebook) -> Iterator[Diagnostic]:
    for article in rulebook.coverage:
        if article.rest:
            cite = rulebook.cite(article.instrument, article.article)
            words = "；".join(article.gaps)[:120]
            yield wrong(
                "coverage-gap", article.where,
                f"{cite} 有文字既无规范也无未编码理由：{words}",
                f"{cite}: words without norm or reason: {words}",
                f"{article.instrument}#{article.article}",
            )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    _references,
    _complete,
    types,
    _parameters,
    _overlaps,
    _cycles,
    _question_provisions,
    _gaps,
)
