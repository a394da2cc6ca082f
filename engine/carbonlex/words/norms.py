"""A norm in words, generated from the vocabulary: who, when, what, by when, and what follows."""

from __future__ import annotations

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.expressions.paraphrase import paraphrase
from carbonlex.expressions.tree import Boolean, Expression
from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm, Precedence
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import RANK_LABELS
from carbonlex.words.phrases import CONSEQUENCES, STEPS, joined


def say_norm(rulebook: Rulebook, norm: Norm, lang: str) -> list[str]:
    """Return what a norm says, one sentence for it and one for each reading of its question."""
    speaker = _NormSpeaker(rulebook, lang)
    if not norm.readings:
        return [speaker.sentence(norm)]
    question = rulebook.questions[norm.question]
    said = []
    for reading in question.readings:
        head = f"〔{reading.label.of(lang)}〕" if lang == "zh" else f"[{reading.label.en}] "
        said.append(head + speaker.sentence(norm.readings[reading.name]))
    return said


_JOINED = {
    "all": Label("，且", ", and "),
    "any": Label("，或者", ", or "),
    "none": Label("，亦非", ", nor "),
}


GROUNDS = {
    "ultra_vires": Label("超越权限", "beyond its powers"),
    "conflict": Label("下位法违反上位法", "lower law against higher law"),
}
_ANYONE = {
    "anyone": Label("任何单位和个人", "any entity or person"),
    "authority": Label("主管部门", "the authority"),
    "maker": Label("制定机关", "maker"),
}


class _NormSpeaker:
    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.rulebook, self.lang, self.zh = rulebook, lang, lang == "zh"

    def words(self, node: Expression) -> str:
        return paraphrase(node, self.rulebook.label_of, self.lang, self.rulebook.is_day)

    def sentence(self, norm: Norm) -> str:
        match norm.kind:
            case "defines":
                return self.defines(norm)
            case "obliges":
                return self.obliges(norm)
            case "prohibits":
                return self.prohibits(norm)
            case "sanctions":
                return self.sanctions(norm)
            case "excepts":
                return self.excepts(norm)
            case "precedence":
                return self.precedence(norm.precedence) if norm.precedence else ""
        who = self.who(norm)
        return f"{who}：{norm.label.zh}。" if self.zh else f"{who}: {norm.label.en}."

    def who(self, norm: Norm) -> str:
        """Return whom a norm addresses: its bearer, or the roles where any of them is bound."""
        if norm.bearer is not None and norm.bearer != Boolean(True):
            return self.words(norm.bearer)
        role = self.rulebook.vocabulary.terms.get("role")
        known = {**_ANYONE, **(role.choices if role is not None else {})}
        return joined([known[a].of(self.lang) for a in norm.addressees if a in known], self.lang)

    def test(self, norm: Norm) -> str:
        if norm.limbs is not None:
            word = _JOINED[norm.limbs.mode].of(self.lang)
            return word.join(self.words(node) for _, node in norm.limbs.items)
        return self.words(norm.test) if norm.test is not None else ""

    def when(self, norm: Norm) -> str:
        years = self.years(norm)
        if norm.when is None:
            return years
        if norm.when == Boolean(False):
            return years + ("此读法下不适用：" if self.zh else "does not apply on this reading: ")
        said = self.words(norm.when)
        return years + (f"{said}的，" if self.zh else f"if {said}: ")

    def years(self, norm: Norm) -> str:
        """Return the compliance years that a norm is for, if not all."""
        first, last = norm.years
        if (first, last) == (FIRST_YEAR, LAST_YEAR):
            return ""
        span = (
            f"{first}" if first == last else f"{first}–{last}" if last < LAST_YEAR else f"{first}–"
        )
        return f"{span}年度，" if self.zh else f"for {span}, "

    def defines(self, norm: Norm) -> str:
        name = self.rulebook.label_of(norm.answers).of(self.lang)
        if self.zh:
            return f"{self.when(norm)}“{name}”＝{self.test(norm)}。"
        return f"{self.when(norm)}'{name}' means: {self.test(norm)}."

    def excepts(self, norm: Norm) -> str:
        target = self.rulebook.norms[norm.answers].label.of(self.lang)
        rest = self.test(norm)
        if self.zh:
            return f"{self.when(norm)}“{target}”不适用{'，而为' + rest if rest else ''}。"
        return f"{self.when(norm)}'{target}' does not apply{'; instead: ' + rest if rest else ''}."

    def obliges(self, norm: Norm) -> str:
        who = self.who(norm)
        day = norm.due or norm.until
        said = self.words(day) if day is not None else ""
        if self.zh:
            by = f"于{said}前" if norm.due else f"至{said}止"
            return f"{self.when(norm)}{who}应当{by}使：{self.test(norm)}。"
        by = f"by {said}" if norm.due else f"until {said}"
        return f"{self.when(norm)}the {who} shall, {by}, see to it that {self.test(norm)}."

    def prohibits(self, norm: Norm) -> str:
        who = self.who(norm)
        if norm.test == Boolean(True):
            # The act itself is what its occasion, or the record that it is of, describes.
            label = norm.label.of(self.lang)
            return (
                f"{self.when(norm)}{who}不得为之（{label}）。"
                if self.zh
                else (f"{self.when(norm)}the {who} shall not do so ({label}).")
            )
        if self.zh:
            return f"{self.when(norm)}{who}不得使：{self.test(norm)}。"
        return f"{self.when(norm)}the {who} shall not bring it about that: {self.test(norm)}."

    def duty(self, name: str) -> str:
        norms = self.rulebook.duties.get(name, ())
        return norms[0].label.of(self.lang) if norms else name

    def sanctions(self, norm: Norm) -> str:
        anything = "任何违反" if self.zh else "any duty"
        duty = anything if norm.answers == "*" else self.duty(norm.answers)
        follows: list[str] = []
        if norm.correction:
            follows.append(CONSEQUENCES["correction"].of(self.lang))
        if norm.fine is not None:
            follows.append(
                CONSEQUENCES["fine"].of(self.lang)
                + (" " if self.zh else ": ")
                + self.words(norm.fine)
            )
        if norm.confiscation is not None:
            follows.append(CONSEQUENCES["confiscation"].of(self.lang))
        if norm.deduction is not None:
            follows.append(
                CONSEQUENCES["deduction"].of(self.lang)
                + (" " if self.zh else ": ")
                + self.words(norm.deduction)
            )
        if norm.suspension:
            follows.append(CONSEQUENCES["suspension"].of(self.lang))
        if norm.ban is not None:
            follows.append(norm.ban.of(self.lang))
        if norm.discretion is not None:
            follows.append(norm.discretion.of(self.lang))
        for kind in sorted(norm.excludes):
            label = CONSEQUENCES[kind].of(self.lang)
            follows.append(f"不适用{label}" if self.zh else f"no {label}")
        if norm.replaces:
            label = self.rulebook.norms[norm.replaces].label.of(self.lang)
            follows.append(f"取代“{label}”" if self.zh else f"in place of '{label}'")
        on = norm.liable.of(self.lang) if norm.liable else ""
        nothing = "另无后果" if self.zh else "nothing further"
        said = joined(follows, self.lang) or nothing
        if self.zh:
            return f"{self.when(norm)}违反“{duty}”的：{'对' + on + '，' if on else ''}{said}。"
        return f"{self.when(norm)}breach of '{duty}': {'on ' + on + ', ' if on else ''}{said}."

    def precedence(self, rule: Precedence) -> str:
        if rule.step in ("rank", "higher_fine"):
            high = RANK_LABELS[rule.higher].of(self.lang)
            low = joined([RANK_LABELS[r].of(self.lang) for r in rule.lower], self.lang)
            step = STEPS[rule.step].of(self.lang)
            return (
                f"{high}与{low}不一致的：{step}。" if self.zh else f"{high} against {low}: {step}."
            )
        if rule.step == "ground":
            said = GROUNDS[rule.ground].of(self.lang)
            return f"改变或者撤销的情形：{said}。" if self.zh else f"Ground of annulment: {said}."
        if rule.step == "annulment" and rule.decides is not None:
            of = joined([RANK_LABELS[r].of(self.lang) for r in rule.between], self.lang)
            who = rule.decides.of(self.lang)
            return f"{of}由{who}改变或者撤销。" if self.zh else f"{of}: {who} may annul them."
        if rule.decides is not None:
            ranks = joined(
                [RANK_LABELS[r].of(self.lang) for r in dict.fromkeys(rule.between)], self.lang
            )
            who = rule.decides.of(self.lang)
            return (
                f"{ranks}不一致而无从适用的，由{who}裁决。"
                if self.zh
                else f"{ranks}: {who} decides."
            )
        if rule.step == "lighter":
            return (
                "适用违法行为发生时的规定；新的规定较轻的，适用新的规定。"
                if self.zh
                else "The law of the breach, unless the later law is lighter."
            )
        return STEPS[rule.step].of(self.lang) + ("。" if self.zh else ".")
