"""Values as JSON has them: exact decimals in strings, ISO days, null for what is not known."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.model import UNKNOWN, Value
from carbonlex.quantities import Range, plain


def number(value: Value | None) -> str | None:
    """Return a number as an exact decimal; None for anything else."""
    return plain(value) if isinstance(value, Fraction) else None


def span(value: Value | None) -> list[str] | None:
    """Return a range as [lower, upper], a number as [number]; None for anything else."""
    if isinstance(value, Range):
        return [plain(value.lower), plain(value.upper)]
    return [plain(value)] if isinstance(value, Fraction) else None


def value_of(value: Value) -> str | bool | list[str] | None:
    """Return any value; None where it is not known."""
    if value is UNKNOWN or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    if isinstance(value, (Range, Fraction)):
        ends = span(value) or []
        return ends[0] if isinstance(value, Fraction) else ends
    if isinstance(value, tuple):
        return [str(value_of(v)) for v in value]
    return str(value)


def plain_value(value: Value) -> str | bool | None:
    """Return any value as one string or boolean."""
    found = value_of(value)
    return found if not isinstance(found, list) else ", ".join(found)
