"""Which instrument a text is: what its user tells, what its URI says, what is already held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.model import Grade, Label
from carbonlex.statutes.enact import SUBTYPES
from carbonlex.statutes.instruments import Instrument, Rank

_WORK = re.compile(
    r"/akn/(?P<country>[a-z]{2}(?:-[a-z0-9]{1,6})?)/act/(?P<subtype>[a-z][a-z0-9-]{0,40})"
    r"/(?P<maker>[a-z][a-z0-9-]{0,40})/(?P<date>\d{4}-\d{2}-\d{2})/(?P<number>[A-Za-z0-9][A-Za-z0-9-]{0,60})"
)
_KEY = re.compile(r"[a-z][a-z0-9-]{1,60}")
_COUNTRY = "中华人民共和国"
RANKS: dict[str, Rank] = {name: rank for rank, name in SUBTYPES.items()}


@dataclass(frozen=True)
class Told:
    """What the user tells of an expression; empty or None where nothing was told."""

    work: str
    effective: date
    promulgated: date | None = None
    ended: date | None = None
    number: str = ""
    title: str = ""
    title_en: str = ""
    key: str = ""
    rank: str = ""
    maker: str = ""
    grade: Grade = "official"


@dataclass(frozen=True)
class Identity:
    """What an expression says of itself in its metadata."""

    work: str
    country: str
    subtype: str
    maker: str
    worked: date
    work_number: str
    key: str
    rank: Rank
    maker_label: Label
    title: Label
    short: Label
    number: str
    promulgated: date
    effective: date
    ended: date | None
    grade: Grade

    @property
    def expression(self) -> str:
        """The FRBR URI of the expression."""
        return f"{self.work}/zho@{self.effective}"


def identified(told: Told, title: str, number: str, held: Mapping[str, Instrument]) -> Identity:
    """Return what an expression is; raises `ContentError` naming all that must still be told.

    `title` and `number` are what the text says of itself, `held` the instruments of a corpus: an
    expression that is held keeps its key, and what it says of itself unless told otherwise.
    """
    match = _WORK.fullmatch(told.work)
    wrong: list[Diagnostic] = []
    if match is None:
        raise ContentError((_missing(
            "--work", f"“{told.work}”不是作品的 URI", f"'{told.work}' is no URI of a work",
            "如 /akn/cn/act/guizhang/mee/2020-12-31/19",
            "like /akn/cn/act/guizhang/mee/2020-12-31/19",
        ),))  # fmt: skip
    for option in ("number", "title", "title_en", "maker"):
        if not str(getattr(told, option)).isprintable():
            wrong.append(_missing(
                f"--{option.replace('_', '-')}", "含控制字符", "it holds control characters",
                "写成一行平常的文字", "write it in one line of plain text",
            ))  # fmt: skip
    own = next((i for i in held.values() if i.uri == f"{told.work}/zho@{told.effective}"), None)
    family = sorted((i for i in held.values() if i.work == told.work), key=lambda i: i.effective)
    rank = told.rank or (own or _last(family, match["subtype"])) or RANKS.get(match["subtype"], "")
    rank = rank.rank if isinstance(rank, Instrument) else rank
    if rank not in SUBTYPES:
        wrong.append(_missing(
            "--rank", "位阶不明", "its rank is not known",
            f"可选：{'、'.join(SUBTYPES)}", f"choose from {', '.join(SUBTYPES)}",
        ))  # fmt: skip
    makers = [i.maker_label for i in held.values() if i.maker == match["maker"]]
    maker = Label(told.maker, told.maker) if told.maker else next(iter(makers), None)
    if maker is None:
        wrong.append(_missing(
            "--maker", f"{match['maker']} 是哪个机关不明", f"who {match['maker']} is is not known",
            "写明制定机关的名称", "say who made it, in Chinese",
        ))  # fmt: skip
    worked = _day(match["date"], told.work, wrong)
    promulgated = told.promulgated or (own.promulgated if own else None)
    if promulgated is None and any(i.effective < told.effective for i in family):
        wrong.append(_missing(
            "--promulgated", "该作品已有更早的文本，本文本的公布日不明",
            "an earlier text of this work is held; when this one was promulgated is not known",
            "写明修正或修订的公布日", "tell the day on which the amendment was promulgated",
        ))  # fmt: skip
    promulgated = promulgated or worked
    if promulgated and told.effective < promulgated:
        wrong.append(_missing(
            "--effective", f"施行日 {told.effective} 早于公布日 {promulgated}",
            f"in force on {told.effective}, before its promulgation on {promulgated}",
            "核对两个日期", "check both days",
        ))  # fmt: skip
    if told.ended and told.ended <= told.effective:
        wrong.append(_missing(
            "--ended", "失效日不晚于施行日", "it ended before it took effect",
            "失效日是不再施行的第一天", "its end is the first day on which it is not in force",
        ))  # fmt: skip
    key = told.key or (own.key if own else _key(match, told.effective, family, title))
    taken = held.get(key)
    if not _KEY.fullmatch(key):
        wrong.append(_missing(
            "--key", f"文件键“{key}”写法有误", f"'{key}' is no key",
            "小写字母、数字和连字符，如 measures-2021", "lower case, digits, hyphens",
        ))  # fmt: skip
    elif taken is not None and taken.uri != f"{told.work}/zho@{told.effective}":
        wrong.append(_missing(
            "--key", f"文件键 {key} 已用于 {taken.uri}", f"the key {key} is that of {taken.uri}",
            "另取一个键；或核对 --work、--effective", "choose another; or check --work",
        ))  # fmt: skip
    if wrong or maker is None or promulgated is None or worked is None:
        raise ContentError(tuple(wrong))
    label = _title(told, title, own)
    return Identity(
        work=told.work,
        country=match["country"],
        subtype=match["subtype"],
        maker=match["maker"],
        worked=worked,
        work_number=match["number"],
        key=key,
        rank=rank,  # type: ignore[arg-type]
        maker_label=maker,
        title=label,
        short=own.short if own else Label(label.zh.removeprefix(_COUNTRY), label.en),
        number=told.number or (own.number if own else "") or number,
        promulgated=promulgated,
        effective=told.effective,
        ended=told.ended or (own.ended if own else None),
        grade=told.grade,
    )


def _title(told: Told, title: str, own: Instrument | None) -> Label:
    zh = told.title or title
    # The corpus tells texts of one title apart by the year in brackets; that is kept.
    if not told.title and own is not None and own.title.zh.startswith(title):
        zh = own.title.zh
    return Label(zh, told.title_en or (own.title.en if own else "") or zh)


def _key(match: re.Match[str], effective: date, family: Iterable[Instrument], title: str) -> str:
    """Return a key for what has none: that of the work with the year of this text."""
    last = next((i.key for i in family), "")
    stem = re.sub(r"-\d{4}(?:-\d{4})?$", "", last) if last else match["number"].lower()
    if stem[:1].isdigit():
        stem = f"{match['maker']}-{stem}"
    return stem if re.search(r"-\d{4}$", stem) and not last else f"{stem}-{effective.year}"


def _last(family: list[Instrument], subtype: str) -> Instrument | None:
    return family[-1] if family and subtype not in RANKS else None


def _day(text: str, work: str, wrong: list[Diagnostic]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong.append(_missing(
            "--work", f"{work} 中的 {text} 不是日期", f"{text} in {work} is no day",
            "写公布日，如 2020-12-31", "the day of promulgation, like 2020-12-31",
        ))  # fmt: skip
        return None


def _missing(option: str, zh: str, en: str, hint_zh: str, hint_en: str) -> Diagnostic:
    return Diagnostic("import-identity", (zh, en), Location(option), hint=(hint_zh, hint_en))
