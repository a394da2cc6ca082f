"""Rulebooks made up at random, as the files that the ordinary loader reads.

Several instruments answer one question, alike or otherwise, of all ranks, makers and days, so
that every step of precedence occurs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from carbonlex.corpus import corpus
from portfolio_definitions import define
from portfolio_drafting import OWN_QUESTIONS, Drafting, Fence
from portfolio_duties import impose
from portfolio_sanctions import general, sanction
from portfolio_vocabulary import vocabulary
from synthetic import LABEL, Act

# Instruments that a rulebook may have: key, rank, maker.
INSTRUMENTS = [
    ("law", "law", "npc"), ("law-new", "law", "npc"), ("law-other", "law", "npcsc"),
    ("regulation", "administrative_regulation", "gwy"),
    ("regulation-new", "administrative_regulation", "gwy"),
    ("rule", "departmental_rule", "mee"), ("rule-new", "departmental_rule", "mee"),
    ("rule-other", "departmental_rule", "ndrc"), ("local", "local_regulation", "sh"),
    ("notice", "normative_document", "mee"),
]  # fmt: skip
DAYS = ("2015-01-01", "2018-01-01", "2020-02-01", "2022-07-01", "2024-05-01", "2026-01-01")
ENDS = ("2024-05-01", "2025-01-01", "2026-08-15")
# Questions that the reasoner itself asks, with readings as the rules declare them.
QUESTIONS = {
    **OWN_QUESTIONS,
    "displacement": ("counts", "formal"),
    "lighter-measure": ("maximum", "minimum", "midpoint"),
    "lighter-second-step": ("with", "without"),
    "lighter-deduction": ("without", "with"),
    "continuing-breach": ("instant", "continuing"),
    "fine-conflict": ("rank", "higher-fine"),
}
LEGISLATION = {
    "legislation-law-2015": ("2015-03-15", "2023-03-15"),
    "legislation-law-2023": ("2023-03-15", ""),
}
HIGHER_FINE = (
    'id = "higher-fine"\nprecedence = "higher_fine"\nhigher = "law"\n'
    'lower = ["administrative_regulation"]'
)
ONE_ACT = 'id = "one-act"\nprecedence = "one_act"'
_FENCE = re.compile(r"```norm\n(.*?)```", re.DOTALL)
_ANNULS = re.compile(r'precedence += "(ground|annulment)"')


@dataclass(frozen=True)
class Sources:
    """What the ordinary loader reads: instruments with their rules, vocabulary, questions."""

    acts: tuple[Act, ...]
    vocabulary: str
    questions: str


@dataclass(frozen=True, slots=True)
class Enacted(Act):
    """An instrument that was promulgated on a day before it took effect."""

    promulgated: str = ""

    def xml(self) -> str:
        """Return the Akoma Ntoso of the instrument."""
        event = 'date="{}" type="generation" source="#original" refersTo="#promulgation"'
        found = Act.xml(self).replace(event.format(self.effective), event.format(self.promulgated))
        made = '<FRBRdate date="{}" name="promulgation"/>'
        return found.replace(made.format(self.effective), made.format(self.promulgated))


def sources(random: Random) -> Sources:
    """Return the sources of a rulebook made up at random."""
    d = _begun(random)
    for concept in d.terms.concepts:
        define(d, concept)
    for duty in ["surrender", "report", "trade"][: d.pick([2, 2, 3])]:
        lists = [r for r in d.terms.lists if duty != "surrender" and d.chance(0.3)]
        record = d.pick(lists) if lists else "entity"
        impose(d, duty, record)
        sanction(d, duty, record)
    general(d)
    norms = {key: tuple(f.toml for f in fences) for key, fences in d.norms.items()}
    acts = [replace(act, norms=norms[key]) for key, act in d.acts.items()]
    return Sources((*acts, *_legislation(d)), d.terms.toml, _asked(d))


def _begun(random: Random) -> Drafting:
    terms = vocabulary(random)
    some = random.sample(INSTRUMENTS, random.choice([2, 3, 3, 4]))
    if random.random() < 0.5:
        renewed = random.choice(["law", "regulation", "rule"])
        some = [i for i in INSTRUMENTS if i in some[:2] or i[0].removesuffix("-new") == renewed]
    acts = {key: _act(random, key, rank, maker) for key, rank, maker in some}
    for key in [k for k in acts if f"{k}-new" in acts]:
        later = acts[f"{key}-new"].effective
        if acts[key].effective < later and random.random() < 0.75:
            acts[key] = replace(acts[key], ended=later)  # the new takes the place of the old
    questions = (q for q in QUESTIONS if q in OWN_QUESTIONS or random.random() < 0.7)
    norms: dict[str, list[Fence]] = {key: [] for key in acts}
    known = list(terms.facts)
    depth = random.choice([0, 1, 1, 3, 3, 3])
    return Drafting(random, terms, acts, frozenset(questions), known, norms, depth)


def _act(random: Random, key: str, rank: str, maker: str) -> Act:
    effective, ended = random.choice([*DAYS, *DAYS[1:3]]), random.choice(ENDS)
    gone = ended if ended > effective and random.random() < 0.25 else ""
    known = f"{int(effective[:4]) - random.choice([0, 0, 1])}-01-01"
    return Enacted(key, (), rank, maker, effective, gone, promulgated=known)


def _legislation(d: Drafting) -> list[Act]:
    more = [one for one in (HIGHER_FINE, ONE_ACT) if d.chance(0.7)]
    return [
        Act(key, (*_precedence()[key], *more), "law", "npc", effective, ended)
        for key, (effective, ended) in LEGISLATION.items()
    ]


@cache
def _precedence() -> dict[str, tuple[str, ...]]:
    """Return the norms on what prevails, as the rule files of the Legislation Law have them."""
    found = {}
    for key in LEGISLATION:
        text = (corpus("rules") / f"cn/{key}.md").read_text(encoding="utf-8")
        fences = (f for f in _FENCE.findall(text) if "\nprecedence" in f and not _ANNULS.search(f))
        found[key] = tuple("\n".join(x for x in f.split("\n") if x[:5] != "label") for f in fences)
    return found


def _asked(d: Drafting) -> str:
    """Return the open questions; some only of later years."""
    place = next(iter(d.acts))
    lines = []
    for name in (q for q in QUESTIONS if q in d.questions):
        readings = QUESTIONS[name]
        lines += [f"[question.{name}]", LABEL, f'provisions = ["{place}#art_1"]']
        lines.append(f'default = "{d.pick(readings)}"')
        if d.chance(0.2):
            lines.append(f"from_year = {d.pick([2022, 2024])}")
        for one in readings:
            lines += [f"[question.{name}.reading.{one}]", LABEL, 'source = "文义"']
    return "\n".join(lines)
