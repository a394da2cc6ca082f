"""Parameters against the rest of the rulebook: names, sources, and a value for every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from carbonlex.errors import Diagnostic, Location
from carbonlex.expressions.tree import names
from carbonlex.rulebook.norms import Norm, Parameter, ParameterValue
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of, wrong


def parameters(rulebook: Rulebook) -> Iterator[Diagnostic]:
    """Yield what is wrong with parameters and with how norms use them."""
    for name, found in rulebook.parameter_names.items():
        if name in rulebook.vocabulary.terms:
            yield wrong(
                "norm-duplicate",
                found[0].where,
                f"参数 {name} 与词汇表重名",
                f"{name} is a term of the vocabulary",
            )
        for entry in (s.entry for p in found for s in p.spans if s.entry):
            if entry.source and not _found(rulebook, entry):
                yield wrong(
                    "instrument-unknown",
                    entry.where,
                    f"参数 {name} 的来源 {entry.source} 不存在",
                    f"{name}: no source {entry.source}",
                )
    for norm in rulebook.norms.values():
        for version in every_version(norm):
            for key, node, _ in expressions_of(version):
                for name in sorted(set(names(node)) & set(rulebook.parameter_names)):
                    yield from _used(rulebook, version, key, name)


def _found(rulebook: Rulebook, entry: ParameterValue) -> bool:
    key, eid = entry.cited
    instrument = rulebook.instruments.get(key)
    return instrument is not None and (not eid or eid in instrument.provisions)


def _used(rulebook: Rulebook, norm: Norm, key: str, name: str) -> Iterator[Diagnostic]:
    parameter = rulebook.parameter(name, norm)
    if parameter is None:
        yield wrong(
            "name-unknown",
            norm.place(key),
            f"{norm.id}：参数 {name} 所指不明",
            f"{norm.id}: {name} is ambiguous",
        )
    elif parameter.keyed == "date":
        instrument = rulebook.instruments[norm.instrument]
        where = _gap(parameter, instrument.effective, instrument.ended)
        if where is not None:
            yield wrong(
                "parameter-missing", where,
                f"{norm.id} 施行期间参数 {parameter.full} 有时没有值",
                f"{parameter.full} has no value for part of the life of {norm.id}",
            )  # fmt: skip


def _gap(parameter: Parameter, start: date, ended: date | None) -> Location | None:
    """Return where a parameter leaves a day without a value: at the value beside the gap."""
    last = ended - timedelta(days=1) if ended else date.max
    where = parameter.where
    for span in parameter.spans:
        if span.entry is None or not isinstance(span.start, date):
            continue
        where = span.entry.where
        if span.start > start:
            return where
        if not isinstance(span.until, date):
            return None
        start = max(start, span.until)
        if start > last:
            return None
    return where
