"""A sweep over a portfolio as a picture: breaches, gap, fine, and concepts over the figure.

Numbers go out as exact decimals in text; only the drawing itself rounds them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from carbonlex.model import Label
from carbonlex.portfolio.sweep import Point, Sweep
from carbonlex.portfolio.synth import NOTICE
from carbonlex.portfolio.totals import Part
from carbonlex.portfolio.whatif_wording import FlipWords
from carbonlex.quantities import decimals, plain, round_half_even
from carbonlex.reform.chart import FONTS, printable
from carbonlex.words.values import unit_words

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_WIDTH = 620
_GAP, _FINE = Part("gap", "breached"), Part("fine", "breached")

Series = Iterator[tuple[str, Callable[[Point], Fraction]]]


def chart_svg(sweep: Sweep, words: FlipWords) -> str:
    """Return the chart of a sweep as SVG; raises `ImportError` without the extra `chart`."""
    from importlib import import_module

    drawing: Any = import_module("vl_convert")
    return str(drawing.vegalite_to_svg(chart_spec(sweep, words), vl_version="5.20"))


def chart_spec(sweep: Sweep, words: FlipWords) -> dict[str, Any]:
    """Return the chart as Vega-Lite: a panel for each kind of total that differs.

    Synthetic data are labelled as such under the title.
    """
    chart = _Chart(sweep, words)
    label = sweep.figure.parameter.label.of(words.lang)
    row = f"[{sweep.figure.key}]" if sweep.figure.key else ""
    title: dict[str, Any] = {"text": printable(f"{label}{row}"), "anchor": "start", "fontSize": 14}
    if words.found.synthetic:
        title["subtitle"] = NOTICE.of(words.lang)
    return {
        "$schema": _SCHEMA,
        "title": title,
        "vconcat": [p for p in chart.panels() if p is not None] or [chart.nothing()],
        "resolve": {"scale": dict.fromkeys(("color", "strokeDash"), "independent")},
        "config": {
            "font": FONTS,
            "axis": {"labelLimit": 320, "titleLimit": 320},
            "legend": {"labelLimit": 320},
            "view": {"stroke": "#dddddd"},
        },
        "background": "white",
    }


class _Chart:
    def __init__(self, sweep: Sweep, words: FlipWords) -> None:
        self.sweep, self.words = sweep, words

    def panels(self) -> Iterator[dict[str, Any] | None]:
        """Yield a panel for each thing that is counted or added up."""
        terms = self.words.rulebook.vocabulary.terms
        flags = [n for n in self.sweep.concepts if terms[n].type == "boolean"]
        numbers = [n for n in self.sweep.concepts if terms[n].type == "number"]
        yield self.panel(self._holds(flags), Label("成立的单位年度", "entity-years that hold"))
        for unit in dict.fromkeys(terms[n].unit for n in numbers):
            own = [n for n in numbers if terms[n].unit == unit]
            said = unit_words(unit, self.words.lang)
            yield self.panel(self._sums(own), Label(f"合计（{said}）", f"sum, {said}"))
        yield self.panel(self._breaches(), Label("违反的行", "rows in breach"))
        yield self.panel(self._ends(_GAP), Label("违反的差额（吨）", "gap of breaches, t"))
        yield self.panel(self._ends(_FINE), Label("罚款上限（元）", "most of the fines, CNY"))

    def _holds(self, names: list[str]) -> Series:
        for name in names:
            yield self._label(name), lambda p, n=name: Fraction(p.concept(n).holds)  # type: ignore[misc]

    def _sums(self, names: list[str]) -> Series:
        for name in names:
            yield self._label(name), lambda p, n=name: p.concept(n).sum  # type: ignore[misc]

    def _breaches(self) -> Series:
        for slot in self.sweep.slots:
            yield (
                self.words.named(slot),
                lambda p, s=slot: Fraction(p.duty(s).outcomes["breached"]),  # type: ignore[misc]
            )

    def _ends(self, part: Part) -> Series:
        for slot in self.sweep.slots:
            if self.words.units[slot].get(part.kind) in ("tCO2e", "CNY"):
                yield (
                    self.words.named(slot),
                    lambda p, s=slot: p.amount(s, part).high,  # type: ignore[misc]
                )

    def _label(self, name: str) -> str:
        return self.words.rulebook.label_of(name).of(self.words.lang)

    def panel(self, series: Series, title: Label) -> dict[str, Any] | None:
        """Return a panel with a line for each series; None where all of them are nothing."""
        rows = [
            {"x": _digits(point.value), "y": _digits(value), "of": printable(name)}
            for name, of in series
            for values in ([of(p) for p in self.sweep.points],)
            if any(values)
            for point, value in zip(self.sweep.points, values, strict=True)
        ]
        if not rows:
            return None
        named = {"field": "of", "type": "nominal", "title": None, "sort": None}
        return {
            "width": _WIDTH,
            "height": 190,
            "data": {"values": rows, "format": {"parse": {"x": "number", "y": "number"}}},
            "mark": {"type": "line", "point": {"size": 18}, "clip": True},
            "encoding": {
                "x": self._axis(),
                "y": {
                    "field": "y",
                    "type": "quantitative",
                    "title": title.of(self.words.lang),
                    "axis": {"format": ",~f"},
                },
                "color": named,
                "strokeDash": named,
            },
        }

    def nothing(self) -> dict[str, Any]:
        """Return what is drawn where no total differs: the axis, and that it is so."""
        said = self.words.pick("合计没有变化", "no total differs")
        rows = [{"x": _digits(self.sweep.figure.values[0]), "said": said}]
        return {
            "width": _WIDTH,
            "height": 60,
            "data": {"values": rows, "format": {"parse": {"x": "number"}}},
            "mark": {"type": "text", "align": "left"},
            "encoding": {"x": self._axis(), "text": {"field": "said", "type": "nominal"}},
        }

    def _axis(self) -> dict[str, Any]:
        figure, lang = self.sweep.figure, self.words.lang
        unit, label = unit_words(figure.parameter.unit, lang), figure.parameter.label.of(lang)
        title = self.words.pick(f"{label}（{unit}）", f"{label}, {unit}") if unit else label
        axis: dict[str, Any] = {"title": printable(title)}
        if figure.parameter.unit == "ratio":
            axis["format"] = "~%"
        scale: dict[str, Any] = {"zero": False, "nice": False}
        ends = [_digits(figure.values[at]) for at in (0, -1)]
        if ends[0] != ends[1]:
            scale["domain"] = [json.loads(end) for end in ends]
        return {"field": "x", "type": "quantitative", "axis": axis, "scale": scale}


def _digits(value: Fraction) -> str:
    """Return a number in digits, for drawing: rounded only where there is no decimal."""
    return plain(value if decimals(value) is not None else round_half_even(value, 12))
