"""Exact numbers with units: rationals inside, decimals in, never a float.

A unit is written as people write it (`tCO2e`, `CNY`, `CNY/tCO2e`, `ratio`); inside it is a
sorted tuple of base names and exponents, so that `price * shortfall` is CNY by arithmetic.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP
from fractions import Fraction

Unit = tuple[tuple[str, int], ...]

RATIO: Unit = ()
BASE_UNITS = frozenset({"tCO2e", "CNY", "MWh", "GJ", "day", "working_day", "year"})
MAX_DIGITS = 40

# What a fact may be written in, and how many of the base unit it makes. Case counts: Mt is a
# million tonnes, while MT and mt mean a metric tonne to some, so those two are refused.
_SCALES: dict[str, tuple[str, Fraction]] = {
    "t": ("tCO2e", Fraction(1)),
    "tCO2e": ("tCO2e", Fraction(1)),
    "tCO2": ("tCO2e", Fraction(1)),
    "吨": ("tCO2e", Fraction(1)),
    "吨二氧化碳当量": ("tCO2e", Fraction(1)),
    "kt": ("tCO2e", Fraction(1_000)),
    "ktCO2e": ("tCO2e", Fraction(1_000)),
    "万吨": ("tCO2e", Fraction(10_000)),
    "万吨二氧化碳当量": ("tCO2e", Fraction(10_000)),
    "Mt": ("tCO2e", Fraction(1_000_000)),
    "MtCO2e": ("tCO2e", Fraction(1_000_000)),
    "亿吨": ("tCO2e", Fraction(100_000_000)),
    "CNY": ("CNY", Fraction(1)),
    "RMB": ("CNY", Fraction(1)),
    "元": ("CNY", Fraction(1)),
    "万元": ("CNY", Fraction(10_000)),
    "亿元": ("CNY", Fraction(100_000_000)),
    "CNY/t": ("CNY/tCO2e", Fraction(1)),
    "CNY/tCO2e": ("CNY/tCO2e", Fraction(1)),
    "元/吨": ("CNY/tCO2e", Fraction(1)),
    "%": ("ratio", Fraction(1, 100)),
    "ratio": ("ratio", Fraction(1)),
    "MWh": ("MWh", Fraction(1)),
    "GJ": ("GJ", Fraction(1)),
}
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:_\d+)*)(?:\.\d+(?:_\d+)*)?", re.ASCII)


class QuantityError(ValueError):
    """A number or a unit that cannot be taken exactly; `args` is `(zh, en)`."""

    @property
    def messages(self) -> tuple[str, str]:
        """The message in Chinese and in English."""
        return (self.args[0], self.args[1])


def parse_unit(text: str) -> Unit:
    """Return the unit that a name such as `CNY/tCO2e` stands for; raises `QuantityError`.

    >>> parse_unit("CNY/tCO2e")
    (('CNY', 1), ('tCO2e', -1))
    >>> parse_unit("ratio")
    ()
    """
    if text == "ratio":
        return RATIO
    powers: dict[str, int] = {}
    for place, part in enumerate(text.split("/")):
        for name in part.split("*"):
            if name == "1" and place == 0:
                continue
            if name not in BASE_UNITS:
                raise QuantityError(f"没有单位“{text}”", f"there is no unit '{text}'")
            powers[name] = powers.get(name, 0) + (1 if place == 0 else -1)
    return tuple(sorted((n, p) for n, p in powers.items() if p))


def write_unit(unit: Unit) -> str:
    """Return the written form of a unit; the inverse of `parse_unit`.

    >>> write_unit((('CNY', 1), ('tCO2e', -1)))
    'CNY/tCO2e'
    """
    up = [n for n, p in unit for _ in range(p) if p > 0]
    down = [n for n, p in unit for _ in range(-p) if p < 0]
    if not up and not down:
        return "ratio"
    return "/".join(["*".join(up) or "1", *down])


def multiply_units(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """Return the unit of a product, or with `sign=-1` of a quotient."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((n, p) for n, p in powers.items() if p))


def exact(text: str) -> Fraction:
    """Return the rational that a decimal literal stands for.

    Raises `QuantityError` for exponents, infinities, NaN and absurd lengths: such a number
    has lost digits on its way, or was never one.

    >>> exact("25999.99")
    Fraction(2599999, 100)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        raise QuantityError(
            f"“{text[:40]}”不是精确的十进制数（不接受指数、无穷、NaN）",
            f"'{text[:40]}' is not an exact decimal (no exponents, infinities or NaN)",
        )
    digits = plain.replace("_", "").replace(",", "")
    if len(digits) > MAX_DIGITS:
        raise QuantityError(
            f"数字超过 {MAX_DIGITS} 位", f"a number of more than {MAX_DIGITS} digits"
        )
    return Fraction(digits)


def parse_quantity(text: str, unit: str) -> Fraction:
    """Return a written quantity in the given unit: `"100 kt"` as tCO2e is 100000.

    >>> parse_quantity("2.6万吨", "tCO2e")
    Fraction(26000, 1)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _NUMBER.match(plain)
    if not match:
        raise QuantityError(
            f"“{text[:40]}”不以数字开头", f"'{text[:40]}' does not begin with a number"
        )
    suffix = plain[match.end() :].strip()
    number = exact(match.group())
    if not suffix:
        return number
    found = _SCALES.get(suffix)
    if found is None or parse_unit(found[0]) != parse_unit(unit):
        raise QuantityError(
            f"单位“{suffix[:20]}”不能换算为 {unit}",
            f"the unit '{suffix[:20]}' does not convert to {unit}",
        )
    return number * found[1]


def decimals(number: Fraction) -> int | None:
    """Return how many decimals a number needs, or None where no count is enough.

    >>> decimals(Fraction(1, 8)), decimals(Fraction(1, 3))
    (3, None)
    """
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def plain(number: Fraction) -> str:
    """Return the shortest exact decimal, or `a/b` where there is none.

    >>> plain(Fraction(51, 10)), plain(Fraction(1, 3))
    ('5.1', '1/3')
    """
    places = decimals(number)
    if places is None:
        return f"{number.numerator}/{number.denominator}"
    if places == 0:
        return str(number.numerator)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def grouped(number: Fraction) -> str:
    """Return the number for people, with thousands set off: `1,000,000.5`."""
    text = plain(number)
    if "/" in text:
        return text
    whole, dot, rest = text.lstrip("-").partition(".")
    return f"{'-' if number < 0 else ''}{int(whole):,}{dot}{rest}"


def round_half_up(number: Fraction, places: int = 0) -> Fraction:
    """Return the number rounded to `places` decimals, halves away from zero (四舍五入)."""
    return _round(number, places, ROUND_HALF_UP)


def round_half_even(number: Fraction, places: int = 0) -> Fraction:
    """Return the number rounded to `places` decimals, halves to the even digit."""
    return _round(number, places, ROUND_HALF_EVEN)


def _round(number: Fraction, places: int, mode: str) -> Fraction:
    scaled = number * Fraction(10) ** places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    twice = 2 * rest
    up = twice > scaled.denominator or (
        twice == scaled.denominator and (mode == ROUND_HALF_UP or whole % 2 == 1)
    )
    return Fraction((whole + up) * (1 if scaled >= 0 else -1)) / Fraction(10) ** places


@dataclass(frozen=True)
class Range:
    """What a sanction is: every amount from `lower` to `upper`, both included."""

    lower: Fraction
    upper: Fraction

    def plus(self, other: Range) -> Range:
        """Add two ranges end by end."""
        return Range(self.lower + other.lower, self.upper + other.upper)

    def times(self, factor: Fraction) -> Range:
        """Scale by a factor that is not negative; raises `ValueError` otherwise."""
        if factor < 0:
            raise ValueError("a range scales by non-negative numbers only")
        return Range(self.lower * factor, self.upper * factor)
