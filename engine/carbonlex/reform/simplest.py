"""The plainest number between two: the shortest decimal, the fraction of least denominator."""

from __future__ import annotations

from fractions import Fraction

_MOST_PLACES = 60


def shortest_decimal(low: Fraction, high: Fraction) -> Fraction:
    """Return the decimal of fewest digits from `low` to `high`, both included.

    >>> str(shortest_decimal(Fraction("0.0421"), Fraction("0.0513")))
    '1/20'
    >>> shortest_decimal(Fraction(25_100), Fraction(26_900))
    Fraction(26000, 1)
    """
    if low <= 0 <= high:
        return Fraction(0)
    for places in range(-30, _MOST_PLACES):
        unit = Fraction(1, 10**places) if places >= 0 else Fraction(10**-places)
        least = -((-low) // unit) * unit
        if least <= high:
            return _middle(least, high, unit)
    return low


def _middle(least: Fraction, high: Fraction, unit: Fraction) -> Fraction:
    """Return, of several multiples of a unit, that of five, else the least: 0.05 before 0.04."""
    fives = -((-least) // (5 * unit)) * 5 * unit
    return fives if fives <= high else least


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction of least denominator from `low` to `high`, both included.

    >>> simplest(Fraction("0.33"), Fraction("0.34"))
    Fraction(1, 3)
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = -((-low) // 1)
    if whole <= high:
        return Fraction(whole)
    floor = low // 1
    return floor + 1 / simplest(1 / (high - floor), 1 / (low - floor))
