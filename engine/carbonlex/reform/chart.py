"""A sweep as a picture: outcomes, gap and fine over the figure, cliffs as marked lines.

Numbers go out as exact decimals in text; only the drawing itself rounds them.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from carbonlex.model import Label, Unknown
from carbonlex.quantities import Range, decimals, grouped, plain, round_half_even
from carbonlex.reform.figures import NOTHING, Figure
from carbonlex.reform.sweep import Point, Slot, Sweep
from carbonlex.words.phrases import OUTCOMES
from carbonlex.words.values import say, unit_words

FONTS = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'WenQuanYi Micro Hei', SimHei, sans-serif"
)
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_WIDTH = 620
_PANELS: tuple[tuple[str, str, Label], ...] = (
    ("gap", "tCO2e", Label("差额（吨）", "gap, t")),
    ("fine", "CNY", Label("罚款上限（元）", "most of the fine, CNY")),
    ("cost", "CNY", Label("补足代价（元）", "cost to comply, CNY")),
)
# Colours that stay apart for colour-blind readers; shapes tell the outcomes apart without any.
_OUTCOMES = {
    "complied": ("#1b9e77", "circle"),
    "breached": ("#b2182b", "cross"),
    "pending": ("#e6a700", "square"),
    "not_applicable": ("#999999", "stroke"),
    "undetermined": ("#762a83", "diamond"),
    "conflict": ("#000000", "triangle-up"),
}


def chart_svg(sweeps: Sequence[Sweep], lang: str) -> str:
    """Return the chart of a sweep as SVG; raises `ImportError` without the extra `chart`."""
    from importlib import import_module

    drawing: Any = import_module("vl_convert")
    return str(drawing.vegalite_to_svg(chart_spec(sweeps, lang), vl_version="5.20"))


def chart_spec(sweeps: Sequence[Sweep], lang: str) -> dict[str, Any]:
    """Return the chart as Vega-Lite: a panel of outcomes, and one per figure that moves."""
    chart = _Chart(sweeps, lang)
    panels = [chart.outcomes(), *(chart.panel(*p) for p in _PANELS)]
    return {
        "$schema": _SCHEMA,
        "title": {"text": chart.title(), "anchor": "start", "fontSize": 14},
        "vconcat": [p for p in panels if p is not None],
        "resolve": {"scale": dict.fromkeys(("color", "shape", "strokeDash"), "independent")},
        "config": {
            "font": FONTS,
            "axis": {"labelLimit": 320, "titleLimit": 320},
            "legend": {"labelLimit": 320},
            "view": {"stroke": "#dddddd"},
        },
        "background": "white",
    }


class _Chart:
    def __init__(self, sweeps: Sequence[Sweep], lang: str) -> None:
        self.sweeps, self.lang = sweeps, lang
        self.asked = sweeps[0].asked

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def title(self) -> str:
        label = self.asked.parameter.label.of(self.lang)
        row = f"[{self.asked.key}]" if self.asked.key else ""
        names = self.pick("、", ", ").join(s.case_name for s in self.sweeps if s.case_name)
        return printable(f"{label}{row}{self.pick('：', ': ') if names else ''}{names}")

    def axis(self) -> dict[str, Any]:
        unit = unit_words(self.asked.parameter.unit, self.lang)
        label = self.asked.parameter.label.of(self.lang)
        title = self.pick(f"{label}（{unit}）", f"{label}, {unit}") if unit else label
        ends = [_digits(self.asked.values[at]) for at in (0, -1)]
        axis: dict[str, Any] = {"title": printable(title)}
        if self.asked.parameter.unit == "ratio":
            axis["format"] = "~%"
        scale: dict[str, Any] = {"zero": False, "nice": False}
        if ends[0] != ends[1]:
            scale["domain"] = [json.loads(e) for e in ends]
        return {"field": "x", "type": "quantitative", "axis": axis, "scale": scale}

    def name(self, one: Sweep, slot: Slot) -> str:
        """Return the duty, the year and the record; the case too, where there are several."""
        label = one.labels[slot].of(self.lang)
        if slot[2] >= 0:
            label += self.pick(f"（第{slot[2] + 1}项）", f" (no. {slot[2] + 1})")
        said = self.pick(f"{label}（{slot[1]}年度）", f"{label}, {slot[1]}")
        named = f"{one.case_name}{self.pick('　', ', ')}{said}" if len(self.sweeps) > 1 else said
        return printable(named)

    def outcomes(self) -> dict[str, Any] | None:
        """Return the panel of outcomes: a row per duty that flips."""
        rows = []
        for one in self.sweeps:
            flipping = dict.fromkeys(c.slot for c in one.cliffs)
            for slot in flipping:
                for point in one.points:
                    said = OUTCOMES[point.outcome(slot)].of(self.lang)
                    rows.append(
                        {"x": _digits(point.value), "duty": self.name(one, slot), "said": said}
                    )
        if not rows:
            return None
        seen = {r["said"] for r in rows}
        known = [(OUTCOMES[k].of(self.lang), *look) for k, look in _OUTCOMES.items()]
        shown = [k for k in known if k[0] in seen]
        words = [k[0] for k in shown]
        legend = {"title": self.pick("结论", "outcome")}
        color = {"domain": words, "range": [k[1] for k in shown]}
        shape = {"domain": words, "range": [k[2] for k in shown]}
        marks = {
            "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1},
            "encoding": {
                "x": self.axis(),
                "y": {"field": "duty", "type": "nominal", "title": None, "sort": None},
                "color": {"field": "said", "type": "nominal", "scale": color, "legend": legend},
                "shape": {"field": "said", "type": "nominal", "scale": shape, "legend": legend},
            },
        }
        return self.framed(rows, [marks], {"height": {"step": 26}}, True)

    def panel(self, name: str, unit: str, title: Label) -> dict[str, Any] | None:
        """Return the panel of one figure, a line per duty; what is not known leaves a gap."""
        rows = [row for one in self.sweeps for row in self.rows(one, name, unit)]
        if not rows:
            return None
        lines = {
            "mark": {"type": "line", "point": {"size": 18}, "clip": True},
            "encoding": {
                "x": self.axis(),
                "y": {
                    "field": "y", "type": "quantitative", "title": title.of(self.lang),
                    "axis": {"format": ",~f"},
                },
                "color": {"field": "duty", "type": "nominal", "title": None, "sort": None},
                "strokeDash": {"field": "duty", "type": "nominal", "title": None, "sort": None},
            },
        }  # fmt: skip
        return self.framed(rows, [lines], {"height": 190}, False)

    def rows(self, one: Sweep, name: str, unit: str) -> Iterator[dict[str, Any]]:
        for slot in one.slots:
            figures = [_figure(p, slot, name, unit) for p in one.points]
            if all(f is None or f == NOTHING or isinstance(f, Unknown) for f in figures):
                continue
            for point, figure in zip(one.points, figures, strict=True):
                most = _digits(figure.upper) if isinstance(figure, Range) else None
                yield {"x": _digits(point.value), "y": most, "duty": self.name(one, slot)}

    def framed(
        self, rows: list[dict[str, Any]], layers: list[Any], size: dict[str, Any], named: bool
    ) -> dict[str, Any]:
        """Return a panel with its marks and, over them, the cliffs; `named`: with their values."""
        return {
            "width": _WIDTH,
            **size,
            "data": {"values": rows, "format": {"parse": {"x": "number", "y": "number"}}},
            "layer": [*layers, *self.cliffs(named)],
        }

    def cliffs(self, named: bool) -> Iterator[dict[str, Any]]:
        values = {c.value for s in self.sweeps for c in s.cliffs if c.value is not None}
        rows = [{"x": _digits(v), "said": self.value(v)} for v in sorted(values)]
        if not rows:
            return
        shared = {"data": {"values": rows, "format": {"parse": {"x": "number"}}}}
        place = {"x": self.axis()}
        yield {**shared, "mark": {"type": "rule", "strokeDash": [4, 3], "color": "#555555"},
               "encoding": place}  # fmt: skip
        if named:
            words = {"field": "said", "type": "nominal"}
            mark = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11}
            above = {"y": {"value": 0}, "text": words}
            yield {**shared, "mark": mark, "encoding": {**place, **above}}

    def value(self, value: Fraction) -> str:
        if decimals(value) is None:
            return self.pick("约 ", "about ") + grouped(round_half_even(value, 6))
        return say(value, self.asked.parameter.unit, self.lang)


def _figure(point: Point, slot: Slot, name: str, unit: str) -> Figure | None:
    """Return a figure of a verdict; None where the duty does not apply or has another unit."""
    sample = point.samples.get(slot)
    if sample is None or sample.outcome == "not_applicable":
        return None
    if name == "gap" and sample.figures.unit not in ("", unit):
        return None
    figure: Figure = getattr(sample.figures, name)
    return figure


def _digits(value: Fraction) -> str:
    """Return a number in digits, for drawing: rounded only where there is no decimal."""
    return plain(value if decimals(value) is not None else round_half_even(value, 12))


def printable(text: str) -> str:
    r"""Return words without what no XML may hold.

    >>> printable("甲\x00乙 <&>")
    '甲�乙 <&>'
    """
    bad = ("Cc", "Cs", "Cn", "Co")
    return "".join("�" if unicodedata.category(c) in bad else c for c in text)
