"""The law on paper: a rulebook, with what each of its expressions is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from carbonlex.corpus import corpus
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.markdown import RuleText, read_text
from carbonlex.rulebook.rulebook import Rulebook

_KEY = re.compile(r'^key\s*=\s*"([^"]+)"', re.MULTILINE)
_FRONT = 2_000


@dataclass(frozen=True)
class Written:
    """How one expression is written: its Akoma Ntoso, and the texts that give it meaning."""

    xml: bytes
    texts: tuple[RuleText, ...]


@dataclass(frozen=True)
class Law:
    """A rulebook with its sources: what a reform is applied to, and what applying it yields.

    `made` holds how the expressions that reforms made are written; those of the corpus are read
    when they are asked for. `origin` is the rulebook of the corpus; None: this is it.
    """

    rulebook: Rulebook
    rules: Path
    statutes: Path
    made: Mapping[str, Written] = field(default_factory=dict)
    origin: Rulebook | None = None

    @property
    def corpus(self) -> Rulebook:
        """The rulebook of the corpus, before any reform."""
        return self.origin or self.rulebook

    def written(self, key: str) -> Written:
        """Return how an expression is written; raises `KeyError` for one not held."""
        if key in self.made:
            return self.made[key]
        instrument = self.rulebook.instruments[key]
        xml = (self.statutes.parent / instrument.file).read_bytes()
        texts = [
            read_text(path, f"rules/{path.relative_to(self.rules).as_posix()}")
            for path in sorted(self.rules.rglob("*.md"))
            if _key_of(path) == key
        ]
        return Written(xml, tuple(texts))


def law_on_paper(rules: Path | None = None, statutes: Path | None = None) -> Law:
    """Return the law of a corpus, the one that came with the package by default.

    >>> law = law_on_paper()
    >>> law.written("measures-2021").texts[0].front["key"]
    'measures-2021'
    """
    rules, statutes = rules or corpus("rules"), statutes or corpus("statutes")
    return Law(load_rulebook(rules, statutes), rules, statutes)


def _key_of(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        found = _KEY.search(file.read(_FRONT))
    return found[1] if found else ""
