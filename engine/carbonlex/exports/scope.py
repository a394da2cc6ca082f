"""What an export is of: which texts, on which day, and what stands at its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm, Parameter, Question
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import GRADE_LABELS, Instrument
from carbonlex.version import ENGINE
from carbonlex.words.phrases import DISCLAIMER

# FRBR URIs begin with / and are resolved against the host of whoever serves the law; a host that
# can never exist (RFC 6761) says so, and keeps tools from dropping what is not absolute.
BASE = "https://carbonlex.invalid/"
NAMESPACE = "urn:carbonlex:1:"
UNOFFICIAL = Label(
    "英文名称、表述均为非官方译文，以中文为准。",
    "English titles and wordings are unofficial; the Chinese prevails.",
)
PARAPHRASE = Label(
    "规范的表述由规则生成，不是法律原文。",
    "What norms say is generated from the rules; it is not the wording of the law.",
)


class NotExported(ValueError):
    """Something asked of an export that cannot be had; `args` is `(zh, en)`."""


@dataclass(frozen=True)
class Exported:
    """One document: its path below a folder, with `/`, and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class Scope:
    """The part of a rulebook that is exported, and the host that its URIs are resolved against.

    `keys` are those of the texts, in the order of the rulebook; `on` the day on which all of them
    are in force, None where every version is meant.
    """

    rulebook: Rulebook
    keys: tuple[str, ...]
    on: date | None = None
    base: str = BASE

    @property
    def whole(self) -> bool:
        """Whether nothing of the rulebook is left out."""
        return len(self.keys) == len(self.rulebook.instruments)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The texts, in the order of the rulebook."""
        return tuple(self.rulebook.instruments[k] for k in self.keys)

    @property
    def norms(self) -> tuple[Norm, ...]:
        """The norms of the texts, in the order of the rulebook."""
        return tuple(n for n in self.rulebook.norms.values() if n.instrument in self.keys)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that the texts set."""
        return tuple(p for p in self.rulebook.parameters.values() if p.instrument in self.keys)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The open questions that the norms turn on; all of them where nothing is left out."""
        asked = {name for n in self.norms for name in (n.question, n.continuing) if name}
        every = self.rulebook.questions.values()
        return tuple(q for q in every if self.whole or q.name in asked)


def scope_of(
    rulebook: Rulebook, keys: Sequence[str] = (), on: date | None = None, base: str = BASE
) -> Scope:
    """Return the scope of some texts, of all where none is named; raises `NotExported`.

    With a day, a text stands for whichever version of its work is in force on it.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> scope_of(rulebook, ["legislation-law-2015"], date(2024, 1, 1)).keys
    ('legislation-law-2023',)
    """
    for key in keys:
        if key not in rulebook.instruments:
            known = [*rulebook.instruments]
            raise NotExported(
                f"没有文件 {key}；可选：{'、'.join(known)}",
                f"no instrument {key}; choose from: {', '.join(known)}",
            )
    chosen = set(keys or rulebook.instruments)
    if on is not None:
        works = {rulebook.instruments[k].work for k in chosen}
        versions = [i for i in rulebook.instruments.values() if i.work in works]
        chosen = {i.key for i in versions if i.in_force(on)}
        missing = [k for k in keys if not _same_work(rulebook, k, chosen)]
        if missing or not chosen:
            _refuse_day(rulebook, missing, on)
    return Scope(rulebook, tuple(k for k in rulebook.instruments if k in chosen), on, base)


def _same_work(rulebook: Rulebook, key: str, chosen: set[str]) -> bool:
    work = rulebook.instruments[key].work
    return any(rulebook.instruments[k].work == work for k in chosen)


def _refuse_day(rulebook: Rulebook, missing: list[str], on: date) -> None:
    works = {rulebook.instruments[k].work for k in missing}
    held = [i for i in rulebook.instruments.values() if i.work in works]
    zh = "、".join(f"{i.key}（{i.effective} 至 {i.ended or '今'}）" for i in held)
    en = ", ".join(f"{i.key} ({i.effective} to {i.ended or 'date'})" for i in held)
    if not held:
        raise NotExported(f"{on} 没有施行中的文本", f"no text is in force on {on}")
    raise NotExported(
        f"{on} 没有施行中的文本；所收文本：{zh}", f"no text in force on {on}; held: {en}"
    )


@dataclass(frozen=True)
class Head:
    """What every export begins with: what made it, from what, and how it is to be read."""

    engine: str
    rulebook: str
    texts: str
    remarks: tuple[Label, ...]

    def lines(self) -> tuple[str, ...]:
        """Return the head as lines of plain text, Chinese and English."""
        said = [f"{r.zh} {r.en}" for r in self.remarks]
        return (f"carbonlex {self.engine} · rulebook sha256:{self.rulebook}", self.texts, *said)


def head_of(scope: Scope) -> Head:
    """Return the head of an export. It names no time, so that equal law gives equal bytes."""
    texts = "all" if scope.whole and scope.on is None else ", ".join(scope.keys)
    day = f" · on {scope.on}" if scope.on else ""
    grades = "；".join(f"{name} {label.zh}" for name, label in GRADE_LABELS.items())
    english = "; ".join(f"{name}: {label.en}" for name, label in GRADE_LABELS.items())
    return Head(
        ENGINE,
        scope.rulebook.digest,
        f"texts: {texts}{day}",
        (Label(f"来源等级：{grades}。", f"Grades of sources: {english}."), UNOFFICIAL,
         PARAPHRASE, DISCLAIMER),
    )  # fmt: skip


def provision_uri(instrument: Instrument, eid: str) -> str:
    """Return the FRBR URI of a provision: expression, tilde, eId; of the text where eId is empty.

    >>> import carbonlex
    >>> provision_uri(carbonlex.load_rulebook().instruments["measures-2021"], "art_29__para_1")
    '/akn/cn/act/guizhang/mee/2020-12-31/19/zho@2021-02-01~art_29__para_1'
    """
    return f"{instrument.uri}~{eid}" if eid else instrument.uri


def absolute(scope: Scope, uri: str) -> str:
    """Return a FRBR URI on the host of the scope."""
    return scope.base.rstrip("/") + uri
