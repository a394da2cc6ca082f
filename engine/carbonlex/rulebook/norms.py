"""What a rule file says once it is read: norms, parameters, questions, and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.errors import Location
from carbonlex.expressions.tree import Expression
from carbonlex.model import Grade, Label, Scalar

Kind = Literal[
    "defines",
    "excepts",
    "obliges",
    "prohibits",
    "permits",
    "empowers",
    "sanctions",
    "precedence",
    "parameter",
]
KINDS: tuple[Kind, ...] = (
    "defines",
    "excepts",
    "obliges",
    "prohibits",
    "permits",
    "empowers",
    "sanctions",
    "precedence",
)
ConsequenceKind = Literal[
    "fine", "correction", "confiscation", "deduction", "suspension", "ban", "discretion"
]
CONSEQUENCES: tuple[ConsequenceKind, ...] = (
    "correction",
    "fine",
    "confiscation",
    "deduction",
    "suspension",
    "ban",
    "discretion",
)


Mode = Literal["all", "any", "none"]


@dataclass(frozen=True)
class Limbs:
    """A test told limb by limb, each keyed by its item, so that a proof cites 第（一）项."""

    mode: Mode
    items: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class ParameterValue:
    """One value of a parameter: a scalar, several choices, or a table by key.

    `issued` is the day from which it could be known (the notice that sets it); None: always.
    `source` is an instrument or a provision of one, `plan-power-2021-2022#para_3`.
    """

    value: Scalar | tuple[str, ...] | Mapping[str, Scalar]
    grade: Grade
    source: str
    issued: date | None
    where: Location

    @property
    def cited(self) -> tuple[str, str]:
        """The instrument and the provision that the value comes from; empty where not said."""
        key, _, eid = self.source.partition("#")
        return key, eid


@dataclass(frozen=True)
class Span:
    """When an entry holds: compliance years (inclusive) or days (until exclusive)."""

    start: int | date
    until: int | date | None
    entry: ParameterValue | None


@dataclass(frozen=True)
class Parameter:
    """A number, date or list that law sets, by date in force or by compliance year."""

    name: str
    norm: str
    instrument: str
    provisions: tuple[str, ...]
    label: Label
    unit: str
    by: str
    keyed: Literal["date", "year"]
    spans: tuple[Span, ...]
    where: Location

    @property
    def full(self) -> str:
        """The full name: `measures-2021/offset-cap.offset_cap`."""
        return f"{self.norm}.{self.name}"


Step = Literal[
    "rank", "variation", "special", "new", "referral", "lighter", "higher_fine", "one_act",
    "ground", "annulment",
]  # fmt: skip
Ground = Literal["ultra_vires", "conflict"]


@dataclass(frozen=True)
class Precedence:
    """A rule on which norm prevails, as the Legislation Law states it.

    `higher` and `lower` are ranks; `between` the ranks that a referral covers, `one_maker` whether
    it is about norms of one maker; `decides` who then rules, or who may annul what is of the
    ranks `between`; `ground` the ground of annulment that it states.
    """

    step: Step
    higher: str = ""
    lower: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    one_maker: bool = False
    decides: Label | None = None
    ground: str = ""


@dataclass(frozen=True)
class Norm:
    """One norm: what it asks, of whom, when, and the words that say so.

    >>> import carbonlex
    >>> norm = carbonlex.load_rulebook().norm("offset-exclusion")
    >>> norm.kind, norm.provisions, norm.grade
    ('prohibits', ('art_29__para_2',), 'single-page')

    Attributes:
        id: full id, `measures-2021/offset-cap`.
        answers: the concept defined, the duty imposed, sanctioned or excepted (the question
            on which norms compete).
        test: requirement of a duty, forbidden state of a prohibition, value of a definition.
        due, until, at: day due; last day of a continuing duty; day of the act.
        continuing: the question whether a breach of this duty lasts until it is cured.
        addressees: whom it addresses, as `role` names them; `authority` where it is the
            authorities, whose duties are dates in a calendar and are not judged; `maker`: who
            enacts; `anyone`.
        measure: what a correction or suspension consists in, where it is not the usual one.
        ban: the activity that a sanction bars someone from; `limits` the years within which a
            breach must be discovered.
        basis: the norms of higher law that it claims to rest on.
        matter: what it is about, where the rules on who may enact ask for that
            (`clause_matter` names the choices); `licence`: it lets act only who has a licence;
            `coercion`: the coercive measure that it allows (`clause_coercion`).
        ground: on which ground a norm that addresses makers lets annul what breaks it:
            `ultra_vires` unless it says `conflict`.
        ordered_by: for a duty that a sanction orders, the id of that sanction.
        years: the compliance years that it is for, first and last; those of its file unless it
            has its own.
        readings: what the norm says under each reading of its `question`.
        lines: the line of each key of its fence, limbs as `all.point_1`.
    """

    id: str
    kind: Kind
    instrument: str
    provisions: tuple[str, ...]
    quotes: tuple[str, ...]
    label: Label
    grade: Grade
    where: Location
    answers: str
    record: str = "entity"
    bearer: Expression | None = None
    when: Expression | None = None
    test: Expression | None = None
    limbs: Limbs | None = None
    due: Expression | None = None
    until: Expression | None = None
    at: Expression | None = None
    gap: Expression | None = None
    lever: str = ""
    fine: Expression | None = None
    correction: bool = False
    confiscation: Expression | None = None
    deduction: Expression | None = None
    suspension: bool = False
    ban: Label | None = None
    measure: Label | None = None
    limits: Expression | None = None
    discretion: Label | None = None
    excludes: frozenset[str] = frozenset()
    replaces: str = ""
    liable: Label | None = None
    addressees: tuple[str, ...] = ("emitter",)
    ordered_by: str = ""
    continuing: str = ""
    precedence: Precedence | None = None
    special_to: str = ""
    varies: str = ""
    basis: tuple[str, ...] = ()
    matter: str = ""
    licence: bool = False
    coercion: str = ""
    ground: str = ""
    question: str = ""
    years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)
    readings: Mapping[str, Norm] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def place(self, key: str) -> Location:
        """Return where a key or a limb of the norm stands; its fence, where it has no such key."""
        limb = f"{self.limbs.mode}.{key}" if self.limbs else key
        line = self.lines.get(key) or self.lines.get(limb) or 0
        line = line or self.lines.get(limb.partition(".")[0]) or self.where.line
        return Location(self.where.file, line)

    def addresses(self, role: str) -> bool:
        """Return whether the norm addresses a role; `anyone` is every role but that of a maker."""
        return role in self.addressees or ("anyone" in self.addressees and role != "maker")

    @property
    def short(self) -> str:
        """The id within its instrument."""
        return self.id.partition("/")[2]


@dataclass(frozen=True)
class Reading:
    """One answer to an open question, with who gives it."""

    name: str
    label: Label
    source: str


@dataclass(frozen=True)
class Question:
    """An open question of law, declared once; `default` is the reading used unless told.

    `from_year` limits it to compliance years from that one on; 0 means every year.
    `validity` marks a doubt whether words of law hold at all: they apply until the authority
    that may annul them does so, unless the reading is asked for; it is named, not surveyed.
    """

    name: str
    label: Label
    readings: tuple[Reading, ...]
    default: str
    provisions: tuple[str, ...]
    from_year: int
    where: Location
    provisions_at: Location
    validity: bool = False

    def taken(self, chosen: Mapping[str, str], year: int = 0) -> str:
        """Return the reading that a choice takes, of a compliance year or in general."""
        if year and year < self.from_year:
            return self.default
        return chosen.get(self.name, self.default)


@dataclass(frozen=True)
class NotEncoded:
    """Words that carry no norm here, and why."""

    instrument: str
    article: str
    quotes: tuple[str, ...]
    reason: str
    note: Label
    where: Location


REASONS: dict[str, Label] = {
    "delegation": Label("授权另行规定", "delegates to other provisions"),
    "authority": Label("规定行政机关职责，不约束单位", "addresses authorities, binds no entity"),
    "organisation": Label("机构与职责分工", "organisation and division of work"),
    "purpose": Label("宣示、原则性规定", "purpose or principle"),
    "definition": Label("定义，已由词汇表承载", "definition carried by the vocabulary"),
    "judgement": Label("须个案判断，不作计算", "needs judgement in the single case"),
    "procedure": Label("程序规定", "procedure"),
    "drafting": Label("起草与效力审查规则，用于立法分析", "rule on drafting and validity"),
    "scope": Label("超出当前编码范围", "outside what is encoded so far"),
    "parameter": Label("数值已载入参数", "its figures are held in a parameter"),
    "engine": Label("由推理引擎执行", "carried out by the reasoner itself"),
    "commencement": Label("施行日期，已载于元数据", "commencement, held in the metadata"),
    "reference": Label("指引适用其他规定", "refers to other provisions"),
    "incomplete": Label("所据文本不完整", "the reading of the words is incomplete"),
}
