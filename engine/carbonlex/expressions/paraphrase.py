"""An expression in words, Chinese or English, from the vocabulary's labels."""

from __future__ import annotations

from collections.abc import Callable

from carbonlex.expressions.tree import (
    Aggregate,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Conditional,
    Expression,
    Field,
    Logic,
    Lookup,
    Member,
    Name,
    Negative,
    Not,
    Number,
    Previous,
    Text,
    walk,
)
from carbonlex.model import Label
from carbonlex.quantities import grouped, plain

LabelOf = Callable[[str], Label]

_COMPARE = {
    "<": Label("低于", "is below"),
    "<=": Label("不超过", "is at most"),
    ">": Label("超过", "exceeds"),
    ">=": Label("不低于", "is at least"),
    "==": Label("为", "is"),
    "!=": Label("不为", "is not"),
}
_DAYS = {
    "<": Label("早于", "is before"),
    "<=": Label("不晚于", "is not later than"),
    ">": Label("晚于", "is after"),
    ">=": Label("不早于", "is not before"),
}
_SIGN = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_CALL = {
    "between": Label("{0}以上{1}以下", "from {0} to {1}"),
    "lower": Label("{0}的下限", "the lower end of {0}"),
    "upper": Label("{0}的上限", "the upper end of {0}"),
    "min": Label("{all}中较小者", "the smaller of {all}"),
    "max": Label("{all}中较大者", "the larger of {all}"),
    "round_half_up": Label("{0}（四舍五入）", "{0} rounded half up"),
    "round_half_even": Label("{0}（四舍六入五成双）", "{0} rounded half to even"),
    "round_down": Label("{0}（舍去尾数）", "{0} rounded down"),
    "round_up": Label("{0}（进位取整）", "{0} rounded up"),
    "date": Label("{0}{1}月{2}日", "the day {0}-{1}-{2}"),
    "add_years": Label("自{0}起满{1}（年）之日", "{0} plus {1} (years)"),
    "add_days": Label("自{0}起满{1}（日）之日", "{0} plus {1} (days)"),
    "add_working_days": Label(
        "自{0}起（当日不计）满{1}（个工作日）之日",
        "{0} plus {1} (working days, that day not counted)",
    ),
    "month_start": Label("{0}所在月的首日", "the first day of the month of {0}"),
    "days_between": Label("自{0}至{1}的天数", "the days from {0} to {1}"),
}
_GIVE_DAYS = frozenset({"date", "add_years", "add_days", "add_working_days", "month_start"})
_MOST = {
    "min": Label("{0}中最小者", "the smallest of {0}"),
    "max": Label("{0}中最大者", "the largest of {0}"),
}
_AGGREGATE = {
    "sum": Label("各项{source}的{element}之和", "the sum of {element} over {source}"),
    "any": Label("有任一{source}{element}", "for any of {source}, {element}"),
    "all": Label("每一{source}均{element}", "for each of {source}, {element}"),
    "count": Label("{source}的项数", "the number of {source}"),
    "min": Label("各项{source}的{element}中最小者", "the least {element} of {source}"),
    "max": Label("各项{source}的{element}中最大者", "the greatest {element} of {source}"),
}


def paraphrase(
    node: Expression,
    label_of: LabelOf,
    lang: str,
    is_day: Callable[[str], bool] = lambda name: False,
) -> str:
    """Return what an expression says, in one language.

    `is_day` tells the names that are days, which compare as earlier and later.

    >>> from carbonlex.expressions.parse import parse
    >>> say = {"a": Label("已清缴量", "surrendered"), "b": Label("应清缴量", "obligation")}
    >>> paraphrase(parse("a >= b"), say.__getitem__, "zh")
    '已清缴量不低于应清缴量'
    >>> paraphrase(parse("a >= 0.05 * b"), say.__getitem__, "en")
    'surrendered is at least 0.05 × obligation'
    """
    return _Speaker(label_of, lang, is_day).say(node)


def compare_words(op: str, lang: str, days: bool = False) -> str:
    """Return the words for a comparison: `>=` is 不低于, is at least."""
    words = _DAYS.get(op, _COMPARE[op]) if days else _COMPARE[op]
    return words.of(lang)


class _Speaker:
    def __init__(self, label_of: LabelOf, lang: str, is_day: Callable[[str], bool]) -> None:
        self.label_of, self.lang, self.is_day = label_of, lang, is_day
        self.zh = lang != "en"

    def name(self, name: str) -> str:
        return self.label_of(name).of(self.lang)

    def gap(self, *words: str) -> str:
        return ("" if self.zh else " ").join(words)

    def say(self, node: Expression) -> str:
        match node:
            case Number(value):
                return grouped(value)
            case Boolean(value):
                return ("恒成立" if value else "恒不成立") if self.zh else str(value).lower()
            case Text(value):
                return f"“{self.name(value)}”" if self.zh else f"'{self.name(value)}'"
            case Name(name):
                return self.name(name)
            case Previous(name, years):
                back = "上一年度" if years == 1 else f"前第{years}年度"
                return (
                    f"{back}的{self.name(name)}"
                    if self.zh
                    else f"{self.name(name)} of "
                    + ("the year before" if years == 1 else f"{years} years before")
                )
            case Lookup(name, key):
                return (
                    f"{self.name(name)}（按{self.say(key)}）"
                    if self.zh
                    else f"{self.name(name)} for {self.say(key)}"
                )
            case Field(_, name):
                return self.name(name)
            case Compare(op, left, right):
                days = self.day(left) or self.day(right)
                years = Name("year") in (*walk(left), *walk(right))
                first, second = (self.number(x, years) for x in (left, right))
                return self.gap(first, compare_words(op, self.lang, days), second)
            case Member(item, options):
                return self.member(item, options)
            case Logic(op, inner):
                word = {"and": "，且", "or": "，或者"}[op] if self.zh else f", {op} "
                return word.join(self.inner(p) for p in inner)
            case Not(part):
                return f"并非{self.inner(part)}" if self.zh else f"not {self.inner(part)}"
            case Negative(part):
                return f"－{self.inner(part)}"
            case Arithmetic(op, left, right):
                second = self.inner(right)
                if op == "/" and isinstance(right, Arithmetic) and right.op in "*/":
                    second = self.bracketed(second)
                return f"{self.inner(left)} {_SIGN[op]} {second}"
            case Conditional(condition, then, otherwise):
                if self.zh:
                    return (
                        f"{self.say(condition)}的，为{self.say(then)}；否则为{self.say(otherwise)}"
                    )
                return f"{self.say(then)} if {self.say(condition)}, else {self.say(otherwise)}"
            case Call(function, args):
                return self.call(function, args)
            case Aggregate(function, element, _, source, condition):
                return self.aggregate(function, element, source, condition)
        raise TypeError(node)

    def day(self, node: Expression) -> bool:
        if isinstance(node, Call):
            return node.function in _GIVE_DAYS
        return isinstance(node, (Name, Field)) and self.is_day(node.name)

    def number(self, node: Expression, year: bool) -> str:
        """Say a side of a comparison; a year takes no comma."""
        return plain(node.value) if year and isinstance(node, Number) else self.say(node)

    def call(self, function: str, args: tuple[Expression, ...]) -> str:
        said = [self.inner(a) for a in args]
        if function == "date":
            said = [self.number(a, True) if isinstance(a, Number) else self.inner(a) for a in args]
            # 履约年度 ends in 年 of its own: its last day is 履约年度12月31日.
            said[0] += "年" if self.zh and not said[0].endswith("年度") else ""
        if function == "between":
            said = [
                self.bracketed(self.say(a)) if isinstance(a, Arithmetic) else self.say(a)
                for a in args
            ]
        if function in ("min", "max") and len(args) > 2:
            words = _MOST[function].of(self.lang)
            return words.format(
                ("、" if self.zh else ", ").join(said[:-1])
                + (f"、{said[-1]}" if self.zh else f" and {said[-1]}")
            )
        words = _CALL[function].of(self.lang)
        if function.startswith("round") and len(args) == 2:
            words = words.removesuffix("）") + (
                "，至{1}位小数）" if self.zh else " to {1} decimals"
            )
        return words.format(*said, all=("与" if self.zh else " and ").join(said))

    def bracketed(self, text: str) -> str:
        return f"（{text}）" if self.zh else f"({text})"

    def inner(self, node: Expression) -> str:
        text = self.say(node)
        compound = isinstance(node, (Logic, Conditional)) or (
            isinstance(node, Arithmetic) and node.op in "+-"
        )
        return self.bracketed(text) if compound else text

    def member(self, item: Expression, options: tuple[Text, ...] | Name) -> str:
        if isinstance(options, Name):
            inside = self.name(options.name)
        else:
            inside = ("、" if self.zh else ", ").join(self.name(o.value) for o in options)
        return f"{self.say(item)}属于{inside}" if self.zh else f"{self.say(item)} is among {inside}"

    def aggregate(
        self, function: str, element: Expression, source: str, condition: Expression | None
    ) -> str:
        listed = self.name(source)
        if condition is not None:
            said = self.say(condition)
            listed = f"{listed}（{said}的）" if self.zh else f"{listed} (where {said})"
        return _AGGREGATE[function].of(self.lang).format(source=listed, element=self.say(element))
