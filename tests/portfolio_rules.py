"""Rule files made up at random: instruments that define, oblige, prohibit and sanction together.

Several instruments answer one question, alike or otherwise, of all ranks, makers and days, so
that every step of precedence occurs. What is drafted here is read by the ordinary loader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

from carbonlex.corpus import corpus
from portfolio_expressions import Draft, Word, Writer
from portfolio_vocabulary import Terms, vocabulary
from synthetic import LABEL, Act

# Instruments that a world may have: key, rank, maker.
INSTRUMENTS = [
    ("law", "law", "npc"), ("law-new", "law", "npc"), ("law-other", "law", "npcsc"),
    ("regulation", "administrative_regulation", "gwy"),
    ("regulation-new", "administrative_regulation", "gwy"),
    ("rule", "departmental_rule", "mee"), ("rule-new", "departmental_rule", "mee"),
    ("rule-other", "departmental_rule", "ndrc"), ("local", "local_regulation", "sh"),
    ("notice", "normative_document", "mee"),
]  # fmt: skip
QUESTIONS = {
    "q-one": ("plain", "strict"),
    "q-two": ("first", "second", "third"),
    "displacement": ("counts", "formal"),
    "lighter-measure": ("maximum", "minimum", "midpoint"),
    "lighter-second-step": ("with", "without"),
    "lighter-deduction": ("without", "with"),
    "continuing-breach": ("instant", "continuing"),
    "fine-conflict": ("rank", "higher-fine"),
}
OWN_QUESTIONS = ("q-one", "q-two")
LEGISLATION = {"legislation-law-2015": ("2015-03-15", "2023-03-15"),
               "legislation-law-2023": ("2023-03-15", "")}  # fmt: skip
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


@dataclass(frozen=True)
class Fence:
    """A norm as it is drafted: its keys, its tables, the parameters that it may name."""

    keys: dict[str, str]
    tables: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def toml(self) -> str:
        """The TOML of the fence; only parameters that are named are declared."""
        said = "\n".join([*(f"{k} = {v}" for k, v in self.keys.items()), *self.tables])
        named = set(re.findall(r"[a-z0-9_]+", said))
        return "\n".join([said, *(t for n, t in self.parameters.items() if n in named)])

    def but(self, parameters: dict[str, str], tables: Iterable[str] = (), **keys: str) -> Fence:
        """Return it with other keys."""
        return Fence(
            {**self.keys, **keys}, (*self.tables, *tables), {**self.parameters, **parameters}
        )


@cache
def precedence() -> dict[str, tuple[str, ...]]:
    """Return the norms on what prevails, as the rule files of the Legislation Law have them."""
    found = {}
    for key in LEGISLATION:
        text = (corpus("rules") / f"cn/{key}.md").read_text(encoding="utf-8")
        fences = (f for f in _FENCE.findall(text) if "\nprecedence" in f and not _ANNULS.search(f))
        found[key] = tuple("\n".join(x for x in f.split("\n") if x[:5] != "label") for f in fences)
    return found


def sources(random: Random) -> Sources:
    """Return a rulebook's sources, most of which no two have alike."""
    return _Drafting(random, vocabulary(random)).sources()


def quoted(text: str) -> str:
    """Return a TOML string; expressions write their own quotes single."""
    return f'"{text}"'


class _Drafting:
    def __init__(self, random: Random, terms: Terms) -> None:
        self.random, self.terms = random, terms
        self.known: list[Word] = list(terms.facts)
        some = random.sample(INSTRUMENTS, random.choice([2, 3, 3, 4]))
        self.acts = {key: self.act(key, rank, maker) for key, rank, maker in some}
        self.succeed()
        self.norms: dict[str, list[Fence]] = {key: [] for key in self.acts}
        own = [q for q in QUESTIONS if q in OWN_QUESTIONS or random.random() < 0.7]
        self.questions = {q: QUESTIONS[q] for q in own}

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def act(self, key: str, rank: str, maker: str) -> Act:
        days = ["2015-01-01", "2018-01-01", "2020-02-01", "2022-07-01", "2024-05-01", "2026-01-01"]
        at = self.random.choice([0, 1, 1, 2, 2, 3, 4, 5])
        ended = self.random.choice(["2024-05-01", "2025-01-01", "2026-08-15"])
        gone = ended if self.chance(0.25) and ended > days[at] else ""
        return Act(key, (), rank, maker, days[at], gone)

    def succeed(self) -> None:
        """Let new instruments of a maker take the place of the old, for old law and new."""
        for key in [k for k in self.acts if f"{k}-new" in self.acts]:
            later = self.acts[f"{key}-new"].effective
            if self.acts[key].effective < later and self.chance(0.6):
                self.acts[key] = replace(self.acts[key], ended=later)

    def sources(self) -> Sources:
        for concept in self.terms.concepts:
            self.define(concept)
        names = ["surrender", "report", "trade"][: self.random.choice([2, 2, 3])]
        for name in names:
            self.impose(name)
        self.general()
        acts = [
            replace(act, norms=tuple(f.toml for f in self.norms[key]))
            for key, act in self.acts.items()
        ]
        first = next(iter(self.acts))
        extra = [n for n in (HIGHER_FINE, ONE_ACT) if self.chance(0.5)]
        for key, (effective, ended) in LEGISLATION.items():
            norms = (*precedence()[key], *extra)
            acts.append(Act(key, norms, "law", "npc", effective, ended))
        return Sources(tuple(acts), self.terms.toml, self.asked(first))

    def asked(self, act: str) -> str:
        lines = []
        for name, readings in self.questions.items():
            default = self.random.choice(readings)
            since = f"from_year = {self.random.choice([2022, 2024])}" if self.chance(0.2) else ""
            lines += [f"[question.{name}]", LABEL, f'provisions = ["{act}#art_1"]', since]
            lines.append(f'default = "{default}"')
            for one in readings:
                lines += [f"[question.{name}.reading.{one}]", LABEL, 'source = "文义"']
        return "\n".join(lines)

    # ---- what every norm may have

    def writer(self, record: str = "entity") -> Writer:
        return Writer(self.random, self.known, self.terms.lists, record)

    def short(self, write: Callable[[], str], most: int = 500) -> str:
        """Return something written that is not too long to be read."""
        return next(t for t in iter(write, None) if len(t) <= most)

    def tested(
        self, writer: Writer, key: str, prefix: str = ""
    ) -> tuple[dict[str, str], list[str]]:
        """Return a condition as keys, or as a table of limbs."""

        def truth() -> str:
            return self.short(writer.truth)

        if key == "prohibits" or self.chance(0.65):
            return {key: quoted(truth())}, []
        mode = self.random.choice(["all", "all", "any", "none"])
        limbs = [f"point_{n} = {quoted(truth())}" for n in (1, 2, 3)[: self.random.choice([2, 3])]]
        return {}, ["\n".join([f"[{prefix}{mode}]", *limbs])]

    def asks(self, fence: Fence, writer: Writer, change: Callable[[], dict[str, str]]) -> Fence:
        """Return a norm that turns on an open question; readings say otherwise in one key."""
        if not self.chance(0.15):
            return fence
        question = self.random.choice(OWN_QUESTIONS)
        tables = []
        for reading in self.questions[question]:
            said = change() if self.chance(0.6) else {}
            tables.append(
                "\n".join([f"[reading.{reading}]", *(f"{k} = {v}" for k, v in said.items())])
            )
        return fence.but(writer.parameters, tables, question=quoted(question))

    def years(self) -> dict[str, str]:
        if not self.chance(0.08):
            return {}
        return {"years": quoted(self.random.choice(["2023-", "2019-2023", "2022-2024"]))}

    def into(self, act: str, fence: Fence) -> str:
        """Put a norm into an instrument; return its full id."""
        self.norms[act].append(fence)
        return f"{act}/{fence.keys['id'].strip(chr(34))}"

    def ranked(self, act: str, others: Sequence[str]) -> dict[str, str]:
        """Return what a norm says of its place among others on the same question."""
        same = [o for o in others if o.partition("/")[0] == act]
        if same:  # two of one instrument need a priority
            return {"special_to": quoted(same[-1])}
        if others and self.chance(0.25):
            return {"special_to": quoted(self.random.choice(others))}
        if others and self.chance(0.1):
            return {"varies": quoted(self.random.choice(others))}
        return {}

    def some_acts(self) -> list[str]:
        keys = list(self.acts)
        count = min(len(keys), self.random.choice([1, 1, 2, 2, 3]))
        chosen = self.random.sample(keys, count)
        if self.chance(0.1):
            chosen.append(chosen[0])  # general and special in one instrument
        return chosen

    # ---- definitions

    def define(self, concept: Word) -> None:
        ids: list[str] = []
        sizes: list[Draft] = []
        first: Fence | None = None
        for count, act in enumerate(self.some_acts()):
            writer = self.writer(concept.record)
            fence = first
            if fence is None or self.chance(0.6):
                keys = {"defines": quoted(concept.name), "record": quoted(concept.record)}
                if self.chance(0.3):
                    keys["when"] = quoted(self.short(lambda: writer.truth(1)))
                value, tables = self.valued(writer, concept, sizes)
                fence = Fence({**keys, **value}, tuple(tables), writer.parameters)
                if value:
                    fence = self.asks(
                        fence, writer, lambda: self.valued(writer, concept, sizes, "value")[0]
                    )
            first = first or fence
            own = {"id": quoted(f"def-{concept.name}-{count}"), **self.ranked(act, ids)}
            ids.append(
                self.into(
                    act,
                    Fence({**own, **self.years(), **fence.keys}, fence.tables, fence.parameters),
                )
            )
        for one in ids:
            if self.chance(0.2):
                self.except_from(one, concept, sizes)
        scale = max((d.scale for d in sizes), default=0)
        whole = max((d.whole for d in sizes), default=1)
        self.known.append(
            replace(concept, scale=max(scale, concept.scale), whole=max(whole, concept.whole))
        )

    def valued(
        self, writer: Writer, concept: Word, sizes: list[Draft], key: str = ""
    ) -> tuple[dict[str, str], list[str]]:
        """Return what gives a concept its value."""
        match concept.type:
            case "number":
                draft = self.amount(writer, concept)
                sizes.append(draft)
                return {"value": quoted(draft.text)}, []
            case "date":
                return {"value": quoted(self.short(writer.day))}, []
            case "choice":
                return {"value": quoted(self.short(lambda: writer.choice(concept.choices)))}, []
        if key:
            return {key: quoted(self.short(writer.truth))}, []
        return self.tested(writer, "value")

    def amount(self, writer: Writer, concept: Word) -> Draft:
        """Return the value of a number; some carry over what was left of the year before."""
        while True:
            found = writer.number(concept.unit, 3)
            if concept.record == "entity" and concept.yearly and self.chance(0.15):
                left = f"{concept.name}[-1]"
                text = self.random.choice([
                    f"{left} + {found.text}", f"max(0, {left} - ({found.text}))",
                    f"min({left}, {found.text})",
                ])  # fmt: skip
                found = Draft(text, found.scale, found.whole + 2)
            if len(found.text) <= 500 and found.size <= 22:
                return found

    def except_from(
        self, norm: str, concept: Word | None, sizes: list[Draft], record: str = ""
    ) -> None:
        """Except from a norm, in its own instrument or another."""
        writer = self.writer(concept.record if concept else record)
        own = norm.partition("/")[0]
        act = own if self.chance(0.6) else self.random.choice(list(self.acts))
        number = len(self.norms[act])
        keys = {
            "id": quoted(f"except-{number}"),
            "excepts": quoted(norm),
            "record": quoted(writer.record),
        }
        keys |= {"when": quoted(self.short(lambda: writer.truth(1)))} | self.years()
        tables: list[str] = []
        if concept is not None and (concept.type != "boolean" or self.chance(0.5)):
            value, tables = self.valued(writer, concept, sizes)
            keys |= value
        self.into(act, Fence(keys, tuple(tables), writer.parameters))

    # ---- duties

    def impose(self, duty: str) -> None:
        lists = [r for r in self.terms.lists if self.chance(0.3)]
        record = self.random.choice(lists) if duty != "surrender" and lists else "entity"
        shape = self.random.choice(["due", "due", "due", "until", "prohibits"])
        ids: list[str] = []
        first: Fence | None = None
        for count, act in enumerate(self.some_acts()):
            writer = self.writer(record)
            fence = self.duty(duty, record, shape, writer) if first is None else first
            if first is not None and self.chance(0.6):
                other = self.duty(duty, record, shape, writer)
                changed = self.random.choice(
                    ["bearer", "due", "until", "at", "requires", "prohibits"]
                )
                if changed in fence.keys and changed in other.keys:
                    fence = fence.but(other.parameters, **{changed: other.keys[changed]})
                else:
                    fence = other
            first = first or fence
            own = {"id": quoted(f"{duty}-{count}"), **self.ranked(act, ids), **self.years()}
            ids.append(self.into(act, Fence({**own, **fence.keys}, fence.tables, fence.parameters)))
        for one in ids:
            if self.chance(0.25):
                self.except_from(one, None, [], record)
        self.sanction(duty, record)

    def duty(self, duty: str, record: str, shape: str, writer: Writer) -> Fence:
        if self.chance(0.05):
            shape = "due" if shape == "prohibits" else "prohibits"
        bearer = "True" if self.chance(0.35) else self.short(lambda: writer.truth(1))
        keys = {"record": quoted(record), "bearer": quoted(bearer)}
        tables: list[str] = []
        if shape == "prohibits":
            keys |= {"prohibits": quoted(self.short(writer.truth)), "duty": quoted(duty)}
            keys["at"] = quoted(self.short(writer.day))
        else:
            keys["obliges"] = quoted(duty)
            asked, tables = self.tested(writer, "requires")
            keys |= asked
            keys[shape] = quoted(self.short(writer.day))
            if shape == "until" and self.chance(0.7):
                keys["at"] = quoted(self.short(lambda: writer.day(0)))
            # The reasoner takes the due day of such a norm as the entity's, whatever its record.
            if "continuing-breach" in self.questions and record == "entity" and self.chance(0.3):
                keys["continuing"] = quoted("continuing-breach")
        if self.chance(0.2):
            keys["when"] = quoted(self.short(lambda: writer.truth(1)))
        if self.chance(0.5):
            keys["gap"] = quoted(self.short(lambda: writer.number("tCO2e").text))
            if "lever" in self.terms.toml:
                keys["lever"] = quoted("surrendered")
        if "fact.role" in self.terms.toml and self.chance(0.4):
            whom = self.random.choice(["agency", "anyone", "authority", "emitter"])
            keys["addressees"] = f'["{whom}"]'
        fence = Fence(keys, tuple(tables), writer.parameters)
        if "until" in keys and "at" in keys:
            return fence  # the reasoner does not read such a norm under a question
        key = "requires" if "requires" in keys else "prohibits" if "prohibits" in keys else ""
        change = self.random.choice([k for k in ("bearer", key, "due") if k in keys])

        def otherwise() -> dict[str, str]:
            write = writer.day if change == "due" else writer.truth
            return {change: quoted(self.short(write))}

        return self.asks(fence, writer, otherwise)

    # ---- sanctions

    def sanction(self, duty: str, record: str) -> None:
        ids: list[str] = []
        for count, act in enumerate(self.some_acts() + self.some_acts()[:1]):
            writer = self.writer(record)
            name = f"s-{duty}-{count}"
            keys, tables = self.consequences(writer, duty, record)
            if self.chance(0.2):
                keys["when"] = quoted(self.short(lambda: writer.truth(1)))
            fence = Fence(
                {"id": quoted(name), "sanctions": quoted(duty), "record": quoted(record),
                 **self.placed(act, ids), **self.years(), **keys},
                tuple(tables), writer.parameters,
            )  # fmt: skip
            if "fine" in keys:
                fence = self.asks(fence, writer, lambda: {"fine": quoted(self.fine(writer))})
            ids.append(self.into(act, fence))
            if any("[orders]" in t for t in tables):
                self.follow(act, duty, record, ids[-1], "fine" in keys)
            if self.chance(0.2):
                self.except_from(ids[-1], None, [], record)

    def placed(self, act: str, others: Sequence[str]) -> dict[str, str]:
        same = [o for o in others if o.partition("/")[0] == act]
        if same and self.chance(0.3):
            return {}  # two of one instrument that nothing sets in order
        return self.ranked(act, others)

    def consequences(
        self, writer: Writer, duty: str, record: str
    ) -> tuple[dict[str, str], list[str]]:
        keys: dict[str, str] = {}
        tables: list[str] = []
        if self.chance(0.7):
            keys["fine"] = quoted(self.fine(writer))
        if self.chance(0.45):
            due = (
                "cure_by" if self.chance(0.5) and self.named("cure_by") else self.short(writer.day)
            )
            lines = ["[orders]", f'duty = "cure-{duty}"', f"due = {quoted(due)}"]
            lines.append(f"requires = {quoted(self.short(writer.truth))}")
            if self.chance(0.3):
                lines.append(f"gap = {quoted(self.short(lambda: writer.number('tCO2e').text))}")
            tables.append("\n".join(lines))
        elif self.chance(0.15):
            keys["correction"] = "true"
        if self.chance(0.2):
            writer.signed = False
            keys["confiscation"] = quoted(self.short(lambda: writer.number("CNY").text))
        if self.chance(0.25):
            writer.signed = False
            keys["deduction"] = quoted(self.short(lambda: writer.number("tCO2e").text))
        writer.signed = True
        if self.chance(0.15):
            keys["suspension"] = "true"
        if self.chance(0.08):
            keys["ban"] = '{zh = "禁入", en = "barred"}'
        if self.chance(0.1):
            keys["discretion"] = '{zh = "可以通报", en = "may be made public"}'
        if self.chance(0.15):
            keys["liable"] = '{zh = "主管人员", en = "managers"}'
        if not keys and not tables or self.chance(0.12):
            kinds = ["fine", "correction", "confiscation", "deduction", "suspension"]
            left = [k for k in kinds if k not in keys and (k != "correction" or not tables)]
            shut = self.random.sample(left, min(2, len(left)))
            keys["excludes"] = "[" + ", ".join(map(quoted, shut)) + "]"
        return keys, tables

    def named(self, name: str) -> bool:
        return any(w.name == name for w in self.known)

    def fine(self, writer: Writer) -> str:
        """Write a fine: a range, a multiple of a price and tonnes, now and then one figure."""
        writer.signed = False
        low = self.random.choice([0, 1000, 10_000, 50_000])
        plain = f"between({low}, {low + self.random.choice([0, 5000, 40_000])})"
        match self.random.choice(
            ["plain", "plain", "times", "times", "sum", "if", "figure", "set"]
        ):
            case "times":
                price, tonnes = writer.measured("CNY/tCO2e", 1, 14), writer.measured("tCO2e", 1, 14)
                if price and tonnes and not price.bare and not tonnes.bare:
                    plain = f"between({self.random.choice(['1, 3', '5, 10'])}) * ({price.text}) * ({tonnes.text})"
            case "sum":
                plain = f"{plain} + between(100, 200)"
            case "if":
                plain = f"{plain} if {self.short(lambda: writer.truth(1), 200)} else between(1, 2)"
            case "figure":
                plain = self.short(lambda: writer.number("CNY").text, 400)
            case "set":
                draft = writer.parameter("CNY", 0)
                plain = f"between(0, {draft.text})" if draft else plain
        writer.signed = True
        return plain if len(plain) <= 500 else "between(1, 2)"

    def follow(self, act: str, duty: str, record: str, first: str, fined: bool) -> None:
        """Sanction the breach of what was ordered."""
        if self.chance(0.2):
            return
        writer = self.writer(record)
        number = len(self.norms[act])
        keys = {
            "id": quoted(f"further-{number}"),
            "sanctions": quoted(f"cure-{duty}"),
            "record": quoted(record),
        }
        tables: list[str] = []
        if self.chance(0.8):
            keys["fine"] = quoted(self.fine(writer))
            if fined and self.chance(0.6):
                keys["replaces"] = quoted(first)
        if self.chance(0.4) or "fine" not in keys:
            keys["suspension"] = "true"
        if self.chance(0.1):
            due, asked = self.short(writer.day), self.short(writer.truth)
            tables.append(
                f'[orders]\nduty = "cure-again-{duty}"\ndue = {quoted(due)}\nrequires = {quoted(asked)}'
            )
        if self.chance(0.15):
            keys["when"] = quoted(self.short(lambda: writer.truth(1)))
        self.into(act, Fence(keys, tuple(tables), writer.parameters))

    def general(self) -> None:
        """Set the limitation of penalties, and what stays open to discretion in all of them."""
        for act in self.some_acts() if self.chance(0.5) else ():
            number = len(self.norms[act])
            years = self.random.choice(["1", "2", "5"])
            keys = {
                "id": quoted(f"limits-{number}"),
                "sanctions": quoted("*"),
                "limits": quoted(years),
            }
            self.into(act, Fence(keys))
        if self.chance(0.3):
            act = self.random.choice(list(self.acts))
            number = len(self.norms[act])
            said = '{zh = "可以从轻", en = "may be lighter"}'
            self.into(
                act,
                Fence(
                    {"id": quoted(f"open-{number}"), "sanctions": quoted("*"), "discretion": said}
                ),
            )
