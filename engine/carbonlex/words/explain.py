"""A proof step by step, in plain words: what was told, what law makes of it, on which words."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.expressions.paraphrase import paraphrase
from carbonlex.expressions.parse import parse
from carbonlex.model import Label, weakest
from carbonlex.reasoner.needs import days_unpublished
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import in_year
from carbonlex.words.sentences import (
    Line,
    cites_of,
    flagged,
    parameter_source,
    quotes_of,
)
from carbonlex.words.values import holds, say

_SILENT = frozenset({"literal", "builtin", "spared"})
_FACTS: dict[str, Label] = {
    "told": Label("已告知", "told"),
    "presumed": Label("未告知，推定", "not told, presumed"),
    "before": Label("首个告知年度之前，视为", "before the first year told, taken as"),
    "missing": Label("未告知", "not told"),
}
UNPUBLISHED = Label(
    "工作日历中尚无所涉年份的安排", "the working-day calendar does not hold a year involved yet"
)


def explain(rulebook: Rulebook, proof: Proof, lang: str = "zh") -> tuple[Line, ...]:
    """Return a proof in sentences, each with its depth, citations, quotes and grade.

    >>> from datetime import date
    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "steel"}, "year": {"2023": {"verified_emissions": 300_000}}},
    ...     rulebook.vocabulary, "plant")
    >>> verdict = carbonlex.check_case(rulebook, case, date(2024, 6, 1)).verdicts[0]
    >>> carbonlex.explain(rulebook, verdict.binding, "en")[0].text
    'key emitting entity of the national market, 2023: no'
    """
    return tuple(Explainer(rulebook, lang).lines(proof))


class Explainer:
    """Explains the proofs of one report; a concept is unfolded once and then referred to."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.rulebook, self.lang = rulebook, lang
        self.zh = lang == "zh"
        self.seen: set[tuple[str, int, int]] = set()

    def lines(self, proof: Proof, depth: int = 0) -> Iterator[Line]:
        """Yield the sentences of a proof, top down."""
        if proof.step in _SILENT or _only_literal(proof):
            return
        if proof.step in _FACTS:
            yield Line(depth, self.fact(proof))
        elif proof.step == "parameter":
            yield self.parameter(proof, depth)
        elif proof.step in ("concept", "definition", "conflict", "exception"):
            yield from self.concept(proof, depth)
        elif proof.step in ("unissued", "undefined"):
            yield Line(depth, self.without_law(proof))
        elif proof.step == "record":
            yield Line(depth, self.record(proof))
            for part in proof.parts:
                yield from self.lines(part, depth + 1)
        else:
            yield from self.step(proof, depth)

    def name(self, proof: Proof) -> str:
        """Return the label of a fact or concept, with its year and record where they matter."""
        said = self.rulebook.label_of(proof.label.rpartition(".")[2]).of(self.lang)
        if proof.index >= 0:
            said += f"（第{proof.index + 1}项）" if self.zh else f" (no. {proof.index + 1})"
        if proof.year:
            said = in_year(said, proof.year) if self.zh else f"{said}, {proof.year}"
        return said

    def colon(self, left: str, right: str) -> str:
        """Join a name and what is said of it."""
        return f"{left}：{right}" if self.zh else f"{left}: {right}"

    def fact(self, proof: Proof) -> str:
        how = _FACTS[proof.step].of(self.lang)
        if proof.step == "missing":
            return self.colon(self.name(proof), how)
        value = say(proof.value, proof.unit, self.lang, self.rulebook)
        mark = f"（{how}）" if self.zh else f" ({how})"
        return self.colon(self.name(proof), value + mark)

    def parameter(self, proof: Proof, depth: int) -> Line:
        parameter = self.rulebook.parameters[proof.label]
        said, grade = parameter_source(self.rulebook, parameter, proof.entry, self.lang)
        value = say(proof.value, proof.unit, self.lang, self.rulebook)
        mark = flagged(grade, self.lang)
        source = f"（{said}）{mark}" if self.zh else f" ({said}){mark}"
        return Line(depth, self.colon(parameter.label.of(self.lang), value + source), grade=grade)

    def without_law(self, proof: Proof) -> str:
        if proof.step == "undefined":
            how = "当日有效的规定中没有定义" if self.zh else "not defined by law in force that day"
        elif proof.extra == "later":
            how = "询问日尚未公布" if self.zh else "not yet issued on the day asked"
        else:
            how = "语料中没有该年度的值" if self.zh else "the corpus has no value for that year"
        return self.colon(self.name(proof), how)

    def record(self, proof: Proof) -> str:
        label = self.rulebook.label_of(proof.label).of(self.lang)
        number = f"{label}第{proof.index + 1}项" if self.zh else f"{label} no. {proof.index + 1}"
        return self.colon(number, say(proof.value, proof.unit, self.lang))

    def concept(self, proof: Proof, depth: int) -> Iterator[Line]:
        key = (proof.label, proof.year, proof.index)
        value = say(proof.value, proof.unit, self.lang, self.rulebook)
        said = self.colon(self.name(proof), value)
        if key in self.seen and proof.step == "concept":
            yield Line(depth, said + ("（见上）" if self.zh else " (as above)"))
            return
        self.seen.add(key)
        if proof.step == "conflict":
            clash = "规定不一致，无从确定何者优先" if self.zh else "the norms differ, none prevails"
            yield Line(depth, self.colon(self.name(proof), clash))
            for part in proof.parts:
                yield from self.concept(part, depth + 1)
            return
        norm = self.rulebook.norms.get(proof.norm)
        inner = proof.parts[0].parts if proof.step == "concept" else proof.parts
        if norm is None:
            yield Line(depth, said)
        else:
            grade = weakest((norm.grade,))
            yield Line(depth, said, cites_of(norm), quotes_of(self.rulebook, norm), grade)
            also = tuple(
                c
                for p in proof.parts[1:]
                if p.norm and proof.step == "concept"
                for c in cites_of(self.rulebook.norms[p.norm])
            )
            if also:
                yield Line(depth + 1, "同此规定" if self.zh else "to the same effect", also)
        for part in inner:
            yield from self.lines(part, depth + 1)

    def step(self, proof: Proof, depth: int) -> Iterator[Line]:
        """Yield a step of an expression: what it says, and whether it holds or what it makes."""
        if proof.step == "limb":
            item = self.item(proof.extra)
            inner = list(self.lines(proof.parts[0], depth))
            head = inner[0] if inner else Line(depth, holds(proof.value, self.lang))
            yield Line(depth, item + head.text, head.cites, head.quotes, head.grade)
            yield from inner[1:]
            return
        if proof.extra == "max" and (floored := _above_floor(proof)) is not None:
            yield from self.lines(floored, depth)
            return
        if proof.step == "conditional":
            # Which branch was taken shows by its condition; the whole formula would only repeat.
            for part in proof.parts:
                yield from self.lines(part, depth)
            return
        if proof.step == "limbs":
            words = {
                "all": "以下各项均须成立",
                "any": "以下任一项成立即可",
                "none": "以下各项均须不成立",
            }
            english = {"all": "all of", "any": "any of", "none": "none of"}
            mode = words[proof.extra] if self.zh else english[proof.extra]
            yield Line(depth, self.colon(mode, holds(proof.value, self.lang)))
        else:
            yield Line(depth, self.said(proof))
        for part in proof.parts:
            yield from self.lines(part, depth + 1)

    def item(self, key: str) -> str:
        from carbonlex.statutes.citation import chinese_number

        kind, _, number = key.partition("_")
        if kind != "point" or not number.isdigit():
            return ""
        return f"第（{chinese_number(int(number))}）项　" if self.zh else f"item {number}: "

    def said(self, proof: Proof) -> str:
        words = self.words(proof.label)
        if proof.step in ("compare", "logic", "not", "member") or isinstance(proof.value, bool):
            return self.colon(words, holds(proof.value, self.lang))
        value = say(proof.value, proof.unit, self.lang, self.rulebook)
        if proof.step == "call" and days_unpublished(proof):
            value += f"（{UNPUBLISHED.zh}）" if self.zh else f" ({UNPUBLISHED.en})"
        return f"{words} ＝ {value}" if self.zh else f"{words} = {value}"

    def words(self, expression: str) -> str:
        """Return an expression paraphrased."""
        try:
            tree = parse(expression)
            return paraphrase(tree, self.rulebook.label_of, self.lang, self.rulebook.is_day)
        except ValueError:
            return expression


def _above_floor(proof: Proof) -> Proof | None:
    """Return the part that a floor such as max(0, …) leaves as it is, so that it is said once."""
    others = [p for p in proof.parts if p.step != "literal"]
    whole = len(others) == 1 and len(proof.parts) == 2 and others[0].value == proof.value
    return others[0] if whole else None


def _only_literal(proof: Proof) -> bool:
    """Return whether a step says no more than its literals do: `between(5, 10)`, `year + 1`."""
    plain = proof.step in ("arithmetic", "call") and proof.extra != "date"
    return plain and bool(proof.parts) and all(p.step in _SILENT for p in proof.parts)
