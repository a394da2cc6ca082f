"""A record in words: its facts, verdicts and grades by the labels of its own law, or of today's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from carbonlex.cases.models import NAME
from carbonlex.errors import CitationError
from carbonlex.model import Label
from carbonlex.records.facts import CaseFacts
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term
from carbonlex.statutes.instruments import GRADE_LABELS
from carbonlex.validity.wording import RESULTS
from carbonlex.words.phrases import ASSUMED, OUTCOMES
from carbonlex.words.sentences import cites_of, written_cites
from carbonlex.words.values import say, unit_words

_PLACE = re.compile(
    r"(?:(?P<case>\d+)/)?(?:entity|year\.(?P<year>\d+))"
    r"(?:\.(?P<list>\w+)\[(?P<index>\d{1,9})\])?\.(?P<name>\w+)"
)
_VERDICT = re.compile(
    r"(?:(?P<case>\d+)/)?(?P<duty>[^\[@/]+)(?:\[(?P<index>\d{1,9})\])?@(?P<year>\d+)"
)
_COUNTED = re.compile(r"(?P<duty>[^\[@/]+)(?:\[(?P<record>\w+)\])?")
_FINDING = re.compile(r"(?P<norm>\S+) (?P<day>[\d-]+)(?P<enactment> enactment)?")
_MOVED = " → "
# No more than a case may tell: a number of a stranger is worked out here.
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?")
_KEYS = {
    "outcome": Label("结论", "verdict"),
    "result": Label("结果", "result"),
    "assumed": Label("仅凭推定", "presumed only"),
    "norm": Label("依据", "basis"),
    "law": Label("所依法律之日", "law of"),
    "due": Label("期限", "due"),
    "gap": Label("差额", "gap"),
    "unit": Label("单位", "unit"),
    "grade": Label("来源等级", "grade"),
    "before": Label("改前", "before"),
    "after": Label("改后", "after"),
}
_ORDER = (
    "breached", "ultra_vires", "conflict", "undetermined", "pending", "complied", "within",
    "assumed", "not_applicable",
)  # fmt: skip
Row = tuple[str, ...]


@dataclass(frozen=True)
class RecordWords:
    """Says what records hold, in one language; a name that no law here has stands as it is.

    `laws` are rulebooks in the order in which they are asked for a name: the records' own first.
    """

    laws: Sequence[Rulebook]
    lang: str

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts in this language."""
        return en if self.lang == "en" else zh

    def facts(self, one: CaseFacts) -> Iterator[Row]:
        """Return the facts of a case: year, fact, value, who attests it, where it is from."""
        for place, told in one["told"].items():
            term, year, name = self._named(place)
            attester = term.attester.of(self.lang) if term is not None and term.attester else ""
            yield year, name, self.value(place, told["value"]), attester, told["source"]

    def place(self, place: str) -> str:
        """Return what a place of a case is: 2025年度 核定排放量."""
        _, year, name = self._named(place)
        return " ".join(filter(None, (self.pick(f"{year}年度", year) if year else "", name)))

    def _named(self, place: str) -> tuple[Term | None, str, str]:
        found = _PLACE.fullmatch(place)
        if found is None:
            return None, "", place
        case, year, listed, index, name = found.groups()
        terms = ({NAME.name: NAME, **law.vocabulary.terms}.get(name) for law in self.laws)
        term = next((t for t in terms if t is not None), None)
        label = term.label.of(self.lang) if term is not None else self._record(name)
        if listed:
            at = int(index) + 1
            of = self._record(listed)
            label = self.pick(f"{of}（第{at}项）：{label}", f"{of} (no. {at}): {label}")
        return term, year or "", self._numbered(case, label)

    def _numbered(self, case: str | None, words: str) -> str:
        return self.pick(f"案情{case} ", f"case {case}: ") + words if case else words

    def _record(self, name: str) -> str:
        found = (law.vocabulary.records.get(name) for law in self.laws)
        return next((r.label.of(self.lang) for r in found if r is not None), name)

    def value(self, place: str, text: str) -> str:
        """Return the value told at a place: 123,456.78 吨; what is not of its type as it is."""
        if text == "[]":
            return self.pick("无", "none")
        term, _, _ = self._named(place)
        if term is None:
            return text
        if term.type == "choice":
            return term.choices[text].of(self.lang) if text in term.choices else text
        if term.type == "boolean" and text in ("true", "false"):
            return say(text == "true", "", self.lang)
        if term.type == "number":
            return self._amount(text, term.unit)
        return self._day(text) if term.type == "date" else text

    def sourced(self, place: str, text: str) -> str:
        """Return a value told at a place with its source behind it, as two runs are compared."""
        term, _, _ = self._named(place)
        value, behind, source = text.partition(" (")
        if text != "[]" and (term is None or term.type == "text"):
            return text  # words may have brackets of their own
        return self.value(place, value) + behind + source

    def _amount(self, text: str, unit: str) -> str:
        return say(Fraction(text), unit, self.lang) if _NUMBER.fullmatch(text) else text

    def _day(self, text: str) -> str:
        try:
            return say(date.fromisoformat(text), "", self.lang)
        except ValueError:
            return text

    def verdict(self, name: str, values: Mapping[str, str]) -> Row:
        """Return a verdict: of what, the conclusion, on which basis, of which grade."""
        title = self.title(name, values.get("norm", ""))
        if "outcome" in values:
            shown = [self.said("outcome", self._outcome(values)), self._due(values)]
            if "gap" in values:
                amount = self._amount(values["gap"], values.get("unit", ""))
                shown.append(f"{_KEYS['gap'].of(self.lang)} {amount}")
            basis = self.said("norm", values.get("norm", ""))
            if values.get("law", "") != values.get("due"):
                law = self.said("law", values.get("law", ""))
                basis += self.pick(f"（{law}的法律）", f" (law of {law})")
            grade = self.said("grade", values.get("grade", ""))
            return title, self.pick("；", "; ").join(filter(None, shown)), basis, grade
        if "result" in values:
            grade = self.said("grade", values.get("grade", ""))
            return title, self.said("result", values["result"]), "", grade
        return title, self._counted(values), "", ""

    def _due(self, values: Mapping[str, str]) -> str:
        """Return the day due; of a prohibition only while it may still be broken."""
        found = self._norm(values.get("norm", ""))
        done = found is not None and found[1].kind == "prohibits" and values["outcome"] != "pending"
        if "due" not in values or done:
            return ""
        until = found is not None and found[1].until is not None
        head = self.pick("至", "until ") if until else self.pick("期限 ", "due ")
        return head + self.said("due", values["due"])

    def _outcome(self, values: Mapping[str, str]) -> str:
        return "assumed" if values.get("assumed") == "true" else values["outcome"]

    def _counted(self, values: Mapping[str, str]) -> str:
        """Return the outcomes before and after, or how many rows have which outcome."""
        if set(values) <= {"before", "after"}:
            was, now = (self.said(s, values.get(s, "–")) for s in ("before", "after"))
            return was if was == now else f"{was}{_MOVED}{now}"
        said = [
            f"{self._moved(key)} {count}"
            for key, count in values.items()
            if _MOVED not in key or len({*key.split(_MOVED)}) > 1
        ]
        return self.pick("；", "; ").join(said) or self.pick("没有变化", "no change")

    def _moved(self, key: str) -> str:
        return _MOVED.join(self.said("outcome", one) for one in key.split(_MOVED))

    def title(self, name: str, norm: str = "") -> str:
        """Return of what a verdict is: 清缴（2025年度）."""
        if (one := _VERDICT.fullmatch(name)) is not None:
            label = self._duty(one["duty"], norm)
            if one["index"]:
                at = int(one["index"]) + 1
                label += self.pick(f"（第{at}项）", f" (no. {at})")
            label = self.pick(f"{label}（{one['year']}年度）", f"{label}, {one['year']}")
            return self._numbered(one["case"], label)
        if (one := _FINDING.fullmatch(name)) is not None:
            when = self.pick("制定时", "at enactment") if one["enactment"] else ""
            label = self._duty(one["norm"], one["norm"])
            return " ".join(filter(None, (label, self._day(one["day"]), when)))
        if (one := _COUNTED.fullmatch(name)) is not None:
            label = self._duty(one["duty"], norm)
            of = self._record(one["record"]) if one["record"] else ""
            return label + (self.pick(f"（{of}）", f" ({of})") if of else "")
        return name

    def _norm(self, name: str) -> tuple[Rulebook, Norm] | None:
        # A draft is a version of its instrument: `measures-2021@2027-01-01/offset-cap`.
        names = (name, re.sub("@[^/]*", "", name))
        found = ((law, law.norms[n]) for law in self.laws for n in names if n in law.norms)
        return next(found, None)

    def _duty(self, duty: str, norm: str) -> str:
        found = self._norm(norm)
        if found is not None:
            return found[1].label.of(self.lang)
        norms = (n for law in self.laws for n in law.duties.get(duty, ()))
        return next((n.label.of(self.lang) for n in norms), duty)

    def said(self, key: str, text: str) -> str:
        """Return one value of a verdict, by its key."""
        if key in ("outcome", "result", "before", "after"):
            known = RESULTS if key == "result" else {**OUTCOMES, "assumed": ASSUMED}
            return known[text].of(self.lang) if text in known else text
        if key == "grade":
            return GRADE_LABELS[text].of(self.lang) if text in GRADE_LABELS else text
        if key in ("law", "due"):
            return self._day(text)
        if key == "gap":
            return self._amount(text, "")
        if key == "unit":
            return unit_words(text, self.lang)
        if key == "assumed":
            return self.pick("是", "yes") if text == "true" else text
        if key == "norm" and (found := self._norm(text)) is not None:
            try:
                return written_cites(found[0], cites_of(found[1]), self.lang)
            except CitationError:
                return text
        return text

    def change(self, name: str) -> str:
        """Return of what a verdict something differs, and what it is of it."""
        title, _, key = name.rpartition(" · ")
        label = _KEYS[key].of(self.lang) if key in _KEYS else self._moved(key)
        return f"{self.title(title)} · {label}"

    def summary(self, verdicts: Mapping[str, Mapping[str, str]]) -> str:
        """Return verdicts in short: how many of each, what is bad first."""
        counts: Counter[str] = Counter()
        for values in verdicts.values():
            if "outcome" in values or "result" in values:
                key = "result" if "result" in values else "outcome"
                said = values[key] if key == "result" else self._outcome(values)
                counts[self.said(key, said)] += 1
            elif set(values) <= {"before", "after"}:
                moved = values.get("before") != values.get("after")
                counts[self.pick("翻转", "flipped") if moved else self.pick("不变", "same")] += 1
            else:
                self._count_rows(values, counts)
        order = [self.said(k, o) for o in _ORDER for k in ("outcome", "result")]
        known = sorted(counts, key=lambda w: order.index(w) if w in order else len(order))
        return self.pick("、", ", ").join(f"{word} {counts[word]}" for word in known)

    def _count_rows(self, values: Mapping[str, str], counts: Counter[str]) -> None:
        for key, count in values.items():
            was, arrow, now = key.partition(_MOVED)
            rows = int(count) if _NUMBER.fullmatch(count) and count.isdecimal() else 0
            if not arrow:
                counts[self.said("outcome", was)] += rows
            elif was != now:
                counts[self.pick("翻转", "flipped")] += rows
            else:
                counts[self.pick("不变", "same")] += rows
