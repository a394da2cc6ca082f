"""Vocabularies made up at random: facts and concepts of an entity and of its child records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from portfolio_words import Word
from synthetic import LABEL

CHOICES = {
    "sector": ("power", "steel", "cement", "glass"),
    "region": ("north", "south"),
    "kind": ("power", "steel", "other"),
    "grade": ("a", "b", "c"),
    "class_of": ("power", "steel", "other"),
    "role": ("emitter", "agency"),
}
# Facts by record: name, type, unit.
ALWAYS = [
    ("sector", "choice", ""), ("region", "choice", ""), ("founded", "date", ""),
    ("capacity", "number", "tCO2e"),
]  # fmt: skip
YEARLY = [
    ("emissions", "number", "tCO2e"), ("surrendered", "number", "tCO2e"),
    ("intensity", "number", "ratio"), ("price", "number", "CNY/tCO2e"),
    ("unit_cost", "number", "CNY/tCO2e"), ("gain", "number", "CNY"), ("grace", "number", "day"),
    ("done", "boolean", ""), ("filed", "boolean", ""), ("closed", "boolean", ""),
    ("done_on", "date", ""), ("cure_by", "date", ""), ("kind", "choice", ""),
]  # fmt: skip
CHILDREN = {
    "parts": [
        ("weight", "number", "tCO2e"), ("share", "number", "ratio"), ("active", "boolean", ""),
        ("built_on", "date", ""), ("grade", "choice", ""),
    ],
    "deals": [
        ("volume", "number", "tCO2e"), ("paid", "number", "CNY"), ("counted", "boolean", ""),
        ("dealt_on", "date", ""),
    ],
}  # fmt: skip
# Concepts in the order in which they may name each other; of a child record, then of the entity.
CONCEPTS = [
    ("part_net", "number", "tCO2e", "parts"), ("part_counts", "boolean", "", "parts"),
    ("net", "number", "tCO2e", "entity"), ("covered", "boolean", "", "entity"),
    ("rate", "number", "ratio", "entity"), ("class_of", "choice", "", "entity"),
    ("cutoff", "date", "", "entity"), ("owed", "number", "tCO2e", "entity"),
    ("large", "boolean", "", "entity"), ("fee", "number", "CNY", "entity"),
]  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """A vocabulary: its TOML, its facts, its concepts in order, its lists of child records."""

    toml: str
    facts: tuple[Word, ...]
    concepts: tuple[Word, ...]
    lists: tuple[str, ...]
    attested: frozenset[str]


def vocabulary(random: Random) -> Terms:
    """Return a vocabulary; most of what it could have, so that no two are alike."""
    return _Drafting(random).terms()


class _Drafting:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.blocks = [f"[record.entity]\n{LABEL}"]
        self.narrow = random.random() < 0.5

    def terms(self) -> Terms:
        chance = self.random.random
        lists = [r for r in CHILDREN if chance() < 0.85]
        for record in lists:
            most = f"max_count = {self.random.choice([4, 4, 6])}" if chance() < 0.9 else ""
            presumed = "presumed_none = true" if chance() < 0.4 else ""
            self.blocks.append("\n".join([f"[record.{record}]", LABEL, most, presumed]))
        facts = [self.fact(*one, "entity", yearly=False) for one in ALWAYS]
        if chance() < 0.25:
            facts.append(self.fact("role", "choice", "", "entity", yearly=False))
        facts += [self.fact(*f, "entity") for f in YEARLY if f[0] == "unit_cost" or chance() < 0.9]
        if chance() < 0.7:
            facts.append(self.fact("discovered_on", "date", "", "entity"))
        if chance() < 0.7:
            facts.append(self.fact("price_before_deadline", "number", "CNY/tCO2e", "entity"))
        for record in lists:
            facts += [self.fact(*f, record) for f in CHILDREN[record] if chance() < 0.9]
        if chance() < 0.15:
            self.blocks.append(f"[record.single_acts]\n{LABEL}\nmax_count = 2")
            said = 'record = "single_acts"\ntype = "text"'
            self.blocks.append(f"[fact.breaches]\n{LABEL}\n{said}")
        attested: list[str] = []
        concepts = []
        for name, type, unit, record in CONCEPTS:
            if record in ("entity", *lists) and chance() < 0.9:
                told = chance() < 0.35
                attested += [name] * told
                concepts.append(self.word("concept", name, type, unit, record, attested=told))
        return Terms(
            "\n\n".join(self.blocks), tuple(facts), tuple(concepts), tuple(lists),
            frozenset(attested),
        )  # fmt: skip

    def fact(self, name: str, type: str, unit: str, record: str, *, yearly: bool = True) -> Word:
        return self.word("fact", name, type, unit, record, yearly=yearly)

    def word(
        self,
        group: str,
        name: str,
        type: str,
        unit: str,
        record: str,
        *,
        yearly: bool = True,
        attested: bool = False,
    ) -> Word:
        """Put a term into the vocabulary; return what expressions may make of it."""
        lines = [f"[{group}.{name}]", LABEL, f'type = "{type}"', f'record = "{record}"']
        if not yearly:
            lines.append('period = "always"')
        if attested:
            lines.append('attester = {zh = "机关", en = "authority"}')
        choices = CHOICES[name] if type == "choice" else ()
        if choices:
            inner = ", ".join(f'{c} = {{zh = "{c}类", en = "{c} kind"}}' for c in choices)
            lines.append(f"choices = {{{inner}}}")
        scale, whole = 0, 1
        if type == "number":
            scale, low, high, limits = self.size(unit)
            lines += [f'unit = "{unit}"', f"decimals = {scale}", *limits]
            whole = len(str(max(abs(low), abs(high))))
        lines += self.assumed(type, choices, yearly and record == "entity")
        if name == "surrendered" and self.random.random() < 0.7:
            lines.append('lever = {unit_cost = "unit_cost"}')
        if group == "concept" and record == "entity" and self.random.random() < 0.3:
            lines.append("headline = true")
        self.blocks.append("\n".join(lines))
        return Word(name, type, record, unit, scale, whole, choices, yearly)

    def size(self, unit: str) -> tuple[int, int, int, list[str]]:
        """Return decimals and range of a number; a few declare no range."""
        if unit == "day":
            return 0, 0, 400, ["min = 0", "max = 400"]
        scale = self.random.choice([0, 0, 1, 2] if self.narrow else [0, 2, 2, 3, 4, 6])
        powers = [1, 2, 3] if self.narrow else [1, 3, 5, 6]
        high = 10 ** self.random.choice(powers)
        low = self.random.choice([0, 0, 0, -high, -1, 1])
        if self.random.random() < 0.05:
            return scale, -(10**6), 10**6, []
        return scale, low, high, [f"min = {low}", f"max = {high}"]

    def assumed(self, type: str, choices: Sequence[str], yearly: bool) -> list[str]:
        """Return what is presumed of a term, and what it was before the first year told."""

        def value() -> str:
            match type:
                case "boolean":
                    return self.random.choice(["true", "false"])
                case "number":
                    return self.random.choice(["0", "1", "5", "1.5"])
                case "date":
                    return self.random.choice(["2022-06-30", "2024-01-01"])
            return f'"{self.random.choice(list(choices))}"'

        lines = []
        if self.random.random() < (0.2 if type == "boolean" else 0.1):
            lines.append(f"presumption = {value()}")
        if yearly and self.random.random() < 0.2:
            lines.append(f"before = {value()}")
        return lines
