"""What a sweep asks for, `offset_cap=0:0.15:0.005`, and a rulebook with one of its values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import NoReturn

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.model import Scalar
from carbonlex.quantities import QuantityError, parse_quantity, plain
from carbonlex.rulebook.assemble import indexed
from carbonlex.rulebook.norms import Parameter, ParameterValue, Span
from carbonlex.rulebook.rulebook import Rulebook

MAX_POINTS = 1_000
_WHERE = Location("--sweep")
_FORM = (
    "写作 名称=起:止:步长，如 offset_cap=0:0.15:0.005，或 名称=值,值",
    "write NAME=START:STOP:STEP, such as offset_cap=0:0.15:0.005, or NAME=value,value",
)


@dataclass(frozen=True)
class Asked:
    """A sweep asked for: one number of law and the values to try, rising.

    `targets` are the full names of the parameter in each expression that still is, or will be,
    law; `key` is a row of a table, empty for a single number. `start`: the day from which its
    values are replaced; None: all of them.
    """

    parameter: Parameter
    key: str
    values: tuple[Fraction, ...]
    targets: tuple[str, ...]
    start: date | None

    @property
    def name(self) -> str:
        """The name as the sweep has it: `offset_cap`, `benchmark[gas]`."""
        return f"{self.parameter.name}[{self.key}]" if self.key else self.parameter.name


def asked_for(text: str, rulebook: Rulebook, start: date | None = None) -> Asked:
    """Return what `NAME=START:STOP:STEP` or `NAME=v1,v2` asks for.

    `start` is the day from which a reform has effect. Raises `ContentError` with a diagnostic
    of the code `sweep-malformed`.

    >>> import carbonlex
    >>> found = asked_for("offset_cap=0:15%:5%", carbonlex.load_rulebook())
    >>> [plain(v) for v in found.values], found.targets
    (['0', '0.05', '0.1', '0.15'], ('measures-2021/offset-cap.offset_cap',))
    """
    name, equals, said = text.partition("=")
    if not equals or not name.strip() or not said.strip():
        _refuse(f"“{_short(text)}”缺少名称或取值", f"'{_short(text)}' lacks a name or values")
    name, key = _keyed(name.strip())
    found = _meant(name, rulebook)
    targets = _targets(found, rulebook, start)
    parameter = targets[-1]
    if parameter.unit in ("date", "choices"):
        _refuse(
            f"{parameter.name} 不是数字", f"{parameter.name} is no number",
            ("只能扫描数字参数", "only parameters that are numbers can be swept"),
        )  # fmt: skip
    _check_key(parameter, key, targets)
    values = _values(said, parameter.unit)
    return Asked(parameter, key, values, tuple(p.full for p in targets), start)


def with_value(rulebook: Rulebook, asked: Asked, value: Fraction) -> Rulebook:
    """Return a rulebook in which the number swept has one value; the other is left as it is."""
    changed = {
        full: replace(p, spans=tuple(_spans(p, asked, value)))
        for full, p in rulebook.parameters.items()
        if full in asked.targets
    }
    said = f"{rulebook.digest} {' '.join(asked.targets)} [{asked.key}] {value} {asked.start}"
    digest = hashlib.sha256(said.encode()).hexdigest()
    return indexed(replace(rulebook, parameters={**rulebook.parameters, **changed}, digest=digest))


def _spans(parameter: Parameter, asked: Asked, value: Fraction):  # type: ignore[no-untyped-def]
    """Yield the spans of a parameter; one that the reform's day cuts has its new value after it."""
    day = asked.start
    for span in parameter.spans:
        if span.entry is None:
            yield span
            continue
        new = replace(span, entry=_entry(span.entry, asked.key, value))
        if day is None or not isinstance(span.start, date) or span.start >= day:
            yield new
        elif isinstance(span.until, date) and span.until <= day:
            yield span
        else:
            yield Span(span.start, day, span.entry)
            yield replace(new, start=day)


def _entry(entry: ParameterValue, key: str, value: Fraction) -> ParameterValue:
    if not key:
        return replace(entry, value=value)
    assert isinstance(entry.value, Mapping)
    rows: dict[str, Scalar] = dict(entry.value)
    return replace(entry, value=rows | {key: value} if key in rows else rows)


def _refuse(zh: str, en: str, hint: tuple[str, str] = _FORM) -> NoReturn:
    raise ContentError((Diagnostic("sweep-malformed", (zh, en), _WHERE, hint=hint),))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


def _keyed(name: str) -> tuple[str, str]:
    head, bracket, rest = name.partition("[")
    if not bracket:
        return name, ""
    if not rest.endswith("]") or not rest[:-1].strip():
        _refuse(f"“{_short(name)}”的方括号不成对", f"the brackets of '{_short(name)}' do not match")
    return head.strip(), rest[:-1].strip().strip("\"'")


def _meant(name: str, rulebook: Rulebook) -> Parameter:
    """Return one parameter of the name; those of other expressions of its work go with it."""
    if name in rulebook.parameters:
        return rulebook.parameters[name]
    found = rulebook.parameter_names.get(name, ())
    if not found:
        known = [*rulebook.parameter_names, *rulebook.parameters]
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        zh = "、".join(near) or "用 carbonlex law show 查看条文的参数"
        en = ", ".join(near) or "see carbonlex law show for the parameters of an article"
        said = _short(name)
        _refuse(f"没有参数 {said}", f"there is no parameter {said}", (f"可选：{zh}", f"try: {en}"))
    if len({_line(rulebook, p) for p in found}) > 1:
        full = [p.full for p in found]
        _refuse(
            f"{name} 不止一个参数", f"{name} is more than one parameter",
            (f"写全名：{'、'.join(full)}", f"write one in full: {', '.join(full)}"),
        )  # fmt: skip
    return found[-1]


def _line(rulebook: Rulebook, parameter: Parameter) -> tuple[str, str]:
    """Return what a parameter is in every expression of its instrument."""
    work = rulebook.instruments[parameter.instrument].work
    return work, parameter.full.partition("/")[2]


def _targets(found: Parameter, rulebook: Rulebook, start: date | None) -> tuple[Parameter, ...]:
    line = _line(rulebook, found)
    same = [p for p in rulebook.parameter_names[found.name] if _line(rulebook, p) == line]
    held = rulebook.instruments
    ended = ((p, held[p.instrument].ended) for p in same)
    kept = [p for p, end in ended if start is None or end is None or end > start]
    if not kept:
        _refuse(
            f"{found.full} 自 {start} 起不再是法律", f"{found.full} is law no more from {start}",
            ("扫描届时施行的参数", "sweep a parameter that is law then"),
        )  # fmt: skip
    return tuple(sorted(kept, key=lambda p: held[p.instrument].effective))


def _check_key(parameter: Parameter, key: str, targets: tuple[Parameter, ...]) -> None:
    entries = (s.entry.value for p in targets for s in p.spans if s.entry is not None)
    rows = sorted({k for v in entries if isinstance(v, Mapping) for k in v})
    name = parameter.name
    if key and not parameter.by:
        _refuse(f"{name} 不是表", f"{name} is no table", (f"写作 {name}", f"write {name}"))
    if parameter.by and key not in rows:
        zh, en = (f"{name}[{rows[0]}]",) * 2 if not key else ("、".join(rows), ", ".join(rows))
        missing = (f"{name} 是表，须指明一行", f"{name} is a table: name a row")
        wrong = (f"{name} 没有 {_short(key)}", f"{name} has no {_short(key)}")
        _refuse(*(wrong if key else missing), (f"可选：{zh}", f"such as: {en}"))


def _values(said: str, unit: str) -> tuple[Fraction, ...]:
    if ":" in said:
        parts = said.split(":")
        if len(parts) != 3:
            _refuse(f"“{_short(said)}”应为 起:止:步长", f"'{_short(said)}' is not START:STOP:STEP")
        start, stop, step = (_number(p, unit) for p in parts)
        if step <= 0 or stop < start:
            _refuse("起不大于止，步长大于零", "START is not above STOP, and STEP is above zero")
        count = int((stop - start) // step) + 1
        _bounded(count)
        return tuple(start + step * at for at in range(count))
    texts = said.split(",")
    _bounded(len(texts))
    return tuple(sorted({_number(t, unit) for t in texts}))


def _bounded(count: int) -> None:
    if count > MAX_POINTS:
        _refuse(
            f"{count} 个点，最多 {MAX_POINTS} 个", f"{count} points, at most {MAX_POINTS}",
            ("加大步长，或缩小范围", "take larger steps, or a smaller range"),
        )  # fmt: skip


def _number(text: str, unit: str) -> Fraction:
    try:
        value = parse_quantity(text, unit)
    except QuantityError as error:
        _refuse(*error.messages)
    if value < 0:
        _refuse(f"{plain(value)} 小于零", f"{plain(value)} is below zero")
    return value
