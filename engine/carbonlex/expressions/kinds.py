"""What an expression can be: kinds of value with their units, and the scope that names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from carbonlex.errors import Code
from carbonlex.quantities import Unit, write_unit

Kind = Literal["boolean", "number", "date", "text", "range", "list", "options", "any"]


@dataclass(frozen=True)
class Type:
    """What an expression is. `unit` is None for a bare number; `any` follows an error.

    `choices` are the values a text can have; `record` is the child record of a list.
    """

    kind: Kind
    unit: Unit | None = None
    choices: frozenset[str] = frozenset()
    record: str = ""
    quotient: bool = False

    def __str__(self) -> str:
        if self.kind in ("number", "range"):
            unit = "bare" if self.unit is None else write_unit(self.unit)
            return f"{self.kind} {unit}"
        return self.kind


BOOLEAN, DATE, BARE, ANY = Type("boolean"), Type("date"), Type("number"), Type("any")


@dataclass(frozen=True)
class Problem:
    """One thing that does not fit, without its place in the file."""

    code: Code
    zh: str
    en: str


class Scope(Protocol):
    """What names mean where an expression stands."""

    def name(self, name: str) -> Type | None:
        """Return the type of a fact, concept, built-in or plain parameter; None if unknown."""

    def field(self, record: str, name: str) -> Type | None:
        """Return the type of a fact of a child record."""

    def table(self, name: str) -> tuple[Type, Type] | None:
        """Return the key type and value type of a table parameter."""

    def recurs(self, name: str) -> bool:
        """Return whether a name has one value per compliance year, so that [-1] has meaning."""


def fits(found: Type, wanted: Type) -> bool:
    """Return whether a value of one type can stand where another is wanted."""
    if "any" in (found.kind, wanted.kind):
        return True
    if found.kind != wanted.kind:
        return False
    return found.unit is None or wanted.unit is None or found.unit == wanted.unit


# How many decimals a rounding may keep: 10 to its power is computed, and drafts come from
# strangers, so it is a literal, and small.
PLACES = frozenset(map(str, range(-6, 13)))
