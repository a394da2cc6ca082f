"""What names mean where an expression stands: types from the vocabulary and the parameters."""

from __future__ import annotations

from dataclasses import dataclass

from carbonlex.expressions.types import BOOLEAN, DATE, Type
from carbonlex.quantities import RATIO, parse_unit
from carbonlex.rulebook.norms import Norm, Parameter
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term

_BUILTIN_TYPES = {
    "year": Type("number", RATIO),
    "asked_on": DATE,
    "decided_on": DATE,
}


def term_type(term: Term) -> Type:
    """Return the type of a fact or concept."""
    match term.type:
        case "number":
            return Type("number", parse_unit(term.unit))
        case "boolean":
            return BOOLEAN
        case "date":
            return DATE
    return Type("text", choices=frozenset(term.choices))


def parameter_type(parameter: Parameter) -> Type:
    """Return the type of a parameter's values."""
    if parameter.unit == "date":
        return DATE
    if parameter.unit == "choices":
        values = (s.entry.value for s in parameter.spans if s.entry is not None)
        return Type(
            "options", choices=frozenset(c for v in values if isinstance(v, tuple) for c in v)
        )
    return Type("number", parse_unit(parameter.unit))


@dataclass(frozen=True)
class NormScope:
    """The scope of a norm: its record type, its own parameters, the whole vocabulary."""

    rulebook: Rulebook
    norm: Norm

    def name(self, name: str) -> Type | None:
        """Return the type of a name, or None."""
        if name in _BUILTIN_TYPES:
            return _BUILTIN_TYPES[name]
        vocabulary = self.rulebook.vocabulary
        if name in vocabulary.records and name != "entity":
            return Type("list", record=name)
        term = vocabulary.terms.get(name)
        if term is not None:
            return term_type(term) if term.record in ("entity", self.norm.record) else None
        parameter = self.rulebook.parameter(name, self.norm)
        return parameter_type(parameter) if parameter and not parameter.by else None

    def field(self, record: str, name: str) -> Type | None:
        """Return the type of a fact of a child record, or None."""
        term = self.rulebook.vocabulary.terms.get(name)
        return term_type(term) if term and term.record == record else None

    def table(self, name: str) -> tuple[Type, Type] | None:
        """Return key and value type of a table parameter, or None."""
        parameter = self.rulebook.parameter(name, self.norm)
        key = self.rulebook.vocabulary.terms.get(parameter.by) if parameter else None
        if parameter is None or key is None:
            return None
        return term_type(key), parameter_type(parameter)

    def recurs(self, name: str) -> bool:
        """Return whether a name has one value per compliance year."""
        term = self.rulebook.vocabulary.terms.get(name)
        return term is not None and term.record == "entity" and term.period == "year"
