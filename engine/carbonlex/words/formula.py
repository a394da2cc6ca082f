"""The arithmetic of a proof with its figures put in: 0.795 × 1,500,000 ＋ 0.1038 × 500,000.

A concept stands in a formula by its value; its own formula is written where it is shown itself.
"""

from __future__ import annotations

from fractions import Fraction

from carbonlex.model import Label
from carbonlex.quantities import grouped
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.explain import Explainer
from carbonlex.words.values import UNKNOWN_LABEL

MAX_ADDENDS = 12
_LEAVES = frozenset({"parameter", "told", "presumed", "before", "missing", "concept", "conflict"})
_SIGN = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_ROUNDED: dict[str, Label] = {
    "round_half_up": Label("四舍五入", "rounded half up"),
    "round_half_even": Label("四舍六入五成双", "rounded half to even"),
    "round_down": Label("舍去尾数", "rounded down"),
    "round_up": Label("进位取整", "rounded up"),
}


def giving(proof: Proof) -> Proof:
    """Return the expression that gives a concept its value; a step that is none, as it is.

    An exception that holds gives it in place of the definition.
    """
    step = _prevailing(proof)
    return step.parts[-1] if step.step in ("definition", "exception") and step.parts else step


def giver(proof: Proof) -> str:
    """Return the norm whose words give a value: the exception, where one holds; empty if told."""
    return _prevailing(proof).norm


def _prevailing(proof: Proof) -> Proof:
    """Return the definition that prevails, or the exception to it that certainly holds."""
    if proof.step == "concept" and proof.parts:
        return _prevailing(proof.parts[0])
    held = [p for p in proof.parts if p.step == "exception" and p.parts[0].value is True]
    return held[0] if proof.step == "definition" and held else proof


def addends(expression: Proof) -> tuple[Proof, ...]:
    """Return what an expression adds up; the branch taken, where it is conditional."""
    taken = branch(expression)
    if taken.step == "arithmetic" and taken.extra == "+":
        return tuple(x for part in taken.parts for x in addends(part))
    return (taken,)


def inputs(expression: Proof) -> tuple[Proof, ...]:
    """Return the facts, parameters and concepts that a formula is made of, in its order."""
    if expression.step in _LEAVES:
        return (expression,)
    found: dict[tuple[str, int, int], Proof] = {}
    for part in expression.parts:
        for one in inputs(part):
            found.setdefault((one.label, one.year, one.index), one)
    return tuple(found.values())


def branch(proof: Proof) -> Proof:
    """Return the branch that a conditional took, or the step itself."""
    if proof.step == "conditional" and len(proof.parts) == 2:
        return branch(proof.parts[1])
    return proof


class Formula:
    """Writes proofs as formulas, in one language: figures, or `named` what they are figures of."""

    def __init__(self, rulebook: Rulebook, lang: str, *, named: bool = False) -> None:
        self.explainer, self.lang, self.named = Explainer(rulebook, lang), lang, named
        self.rulebook, self.zh = rulebook, lang == "zh"

    def equation(self, proof: Proof) -> str:
        """Return the formula of a concept and what it makes: `0.5 × 100 = 50`."""
        expression = branch(giving(proof))
        left, right = self.figures(expression), self.number(proof)
        if expression.step in _LEAVES or left == right:
            left = self.name(expression) if expression.step in _LEAVES else ""
        equals = "＝" if self.zh else "="
        return f"{left} {equals} {right}" if left else right

    def name(self, proof: Proof) -> str:
        """Return the label of a fact, parameter or concept, without year and record."""
        if proof.step == "parameter":
            return self.rulebook.parameters[proof.label].label.of(self.lang)
        return self.rulebook.label_of(proof.label.rpartition(".")[2]).of(self.lang)

    def number(self, proof: Proof) -> str:
        """Return a number with all its decimals; that it is not known, otherwise."""
        value = proof.value
        known = isinstance(value, Fraction)
        return grouped(value) if known else UNKNOWN_LABEL.of(self.lang)  # type: ignore[arg-type]

    def figures(self, proof: Proof) -> str:
        """Return an expression with its figures put in; what is not known stands by its name."""
        if self.named and proof.step in (*_LEAVES, "aggregate"):
            leaf = proof.step != "aggregate"
            return self.name(proof) if leaf else self.explainer.words(proof.label)
        match proof.step:
            case "arithmetic" if len(proof.parts) == 2:
                left, right = proof.parts
                first = self.operand(left, proof.extra, last=False)
                sign = self.sign(proof.extra)
                return f"{first} {sign} {self.operand(right, proof.extra, last=True)}"
            case "arithmetic":
                return f"{self.sign('-')}{self.operand(proof.parts[0], '-', last=True)}"
            case "conditional" if len(proof.parts) == 2:
                return self.figures(proof.parts[1])
            case "call":
                return self.call(proof)
            case "aggregate" if proof.extra == "sum":
                return self.sum(proof)
        if isinstance(proof.value, Fraction):
            return self.number(proof)
        words = self.name(proof) if proof.step in _LEAVES else self.explainer.words(proof.label)
        return self.unknown(words)

    def unknown(self, words: str) -> str:
        """Mark what is not known."""
        return f"〔{words}未知〕" if self.zh else f"[{words} not known]"

    def sign(self, op: str) -> str:
        """Return the sign of an operator."""
        return _SIGN[op] if self.zh else _SIGN[op].replace("＋", "+").replace("－", "−")

    def operand(self, proof: Proof, op: str, *, last: bool) -> str:
        """Return one side of an operator, in brackets where it would be misread without."""
        taken = branch(proof)
        if taken.step == "aggregate" and (self.named or isinstance(taken.value, Fraction)):
            return self.figures(taken) if self.named or op == "+" else self.number(taken)
        text = self.figures(taken)
        adds = (taken.step == "arithmetic" and taken.extra in "+-") or (
            taken.step == "aggregate" and len(taken.parts) > 1
        )
        divides = op == "/" and last and taken.step == "arithmetic"
        loose = adds and (op in "*/" or (op == "-" and last))
        return f"({text})" if loose or divides else text

    def call(self, proof: Proof) -> str:
        """Return a function of figures."""
        said = [self.figures(p) for p in proof.parts]
        if proof.extra in _ROUNDED:
            words = _ROUNDED[proof.extra].of(self.lang)
            inner = branch(proof.parts[0])
            first = f"({said[0]})" if inner.step in ("arithmetic", "aggregate") else said[0]
            return f"{first} {words}"
        if proof.extra in ("max", "min"):
            return f"{proof.extra}({', '.join(said)})"
        if isinstance(proof.value, Fraction):
            return self.number(proof)
        return self.unknown(self.explainer.words(proof.label))

    def sum(self, proof: Proof) -> str:
        """Return a sum over records, record by record unless there are too many."""
        rows = [p for p in proof.parts if p.step == "record"]
        if not rows:
            return self.figures(proof.parts[0]) if _missing(proof) else "0"
        if len(rows) > MAX_ADDENDS:
            words, count = self.explainer.words(proof.label), len(rows)
            return f"〔{words}，共 {count} 项〕" if self.zh else f"[{words}, {count} in all]"
        said = [
            self.number(r)
            if isinstance(r.value, Fraction)
            else self.unknown(f"第{r.index + 1}项" if self.zh else f"no. {r.index + 1}")
            for r in rows
        ]
        return f" {self.sign('+')} ".join(said)


def _missing(proof: Proof) -> bool:
    return any(p.step == "missing" for p in proof.parts)
