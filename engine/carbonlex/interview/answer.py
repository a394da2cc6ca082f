"""What people answer: commands, and words that become typed values or are refused."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.cases.models import Refusal, text_of, value_of
from carbonlex.model import Scalar
from carbonlex.rulebook.vocabulary import RecordType, Term

Command = Literal["skip", "explain", "quit"]

_COMMANDS: dict[str, Command] = {
    "": "skip", "skip": "skip", "跳过": "skip",
    "?": "explain", "why": "explain", "为何": "explain", "为什么": "explain",
    "q": "quit", "quit": "quit", "exit": "quit", "退出": "quit",
}  # fmt: skip
_TRUTHS = {
    "y": True, "yes": True, "true": True, "是": True, "有": True, "对": True,
    "n": False, "no": False, "false": False, "否": False, "没有": False, "无": False, "不是": False,
}  # fmt: skip
_NONE = frozenset({"none", "no", "n", "[]", "没有", "无", "否"})
_DAY = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?", re.ASCII)


def command_of(text: str) -> Command | None:
    """Return the command that an answer gives, None where it tells a fact.

    >>> command_of("？"), command_of(" Q "), command_of(""), command_of("100 kt")
    ('explain', 'quit', 'skip', None)
    """
    return _COMMANDS.get(unicodedata.normalize("NFKC", text).strip().casefold())


def value_from(term: Term, text: str) -> tuple[Scalar, str]:
    """Return the value that an answer tells, in the term's unit, and its source.

    The source is what stands after `#`. Raises `Refusal` with what is wrong and the remedy.

    >>> import carbonlex
    >>> terms = carbonlex.load_rulebook().vocabulary.terms
    >>> value_from(terms["verified_emissions"], "100 kt # 核查结果通知")
    (Fraction(100000, 1), '核查结果通知')
    >>> value_from(terms["listed"], "y"), value_from(terms["sector"], "2")
    ((True, ''), ('steel', ''))
    """
    if term.type == "text":
        return value_of(term, text), ""
    said, _, source = text.partition("#")
    plain = unicodedata.normalize("NFKC", said).strip()
    raw: object = said.strip()
    if term.type == "boolean":
        raw = _TRUTHS.get(plain.casefold(), raw)
    elif (
        term.type == "choice" and plain.isascii() and plain.isdigit() and plain not in term.choices
    ):
        keys, at = [*term.choices], int(plain[:6])
        raw = keys[at - 1] if 0 < at <= len(keys) else raw
    elif term.type == "date" and (day := _DAY.fullmatch(plain)):
        raw = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    return value_of(term, raw), text_of(source)


def count_from(record: RecordType, text: str) -> int:
    """Return how many child records there are; 0 is none. Raises `Refusal`.

    >>> import carbonlex
    >>> credits = carbonlex.load_rulebook().vocabulary.records["credits"]
    >>> count_from(credits, "没有"), count_from(credits, "2")
    (0, 2)
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _NONE:
        return 0
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 6:
        raise Refusal(
            "type-mismatch",
            ("应为项数", "a count is wanted"),
            ("写 0、1、2……；没有写 0", "write 0, 1, 2 …; 0 for none"),
        )
    if 0 < record.max_count < int(plain):
        most = record.max_count
        raise Refusal(
            "range-exceeded",
            (f"{record.label.zh}多于 {most} 项", f"more than {most} of {record.label.en}"),
            ("合并同类记录", "merge like records"),
        )
    return int(plain)


def year_from(text: str) -> int:
    """Return the compliance year that an answer names. Raises `Refusal`.

    >>> year_from("2025年度")
    2025
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("年度").removesuffix("年")
    four = plain.isascii() and plain.isdigit() and len(plain) == 4
    if four and FIRST_YEAR <= int(plain) <= LAST_YEAR:
        return int(plain)
    span = f"{FIRST_YEAR}–{LAST_YEAR}"
    raise Refusal(
        "date-impossible",
        ("应为履约年度", "a compliance year is wanted"),
        (f"写 {span} 间的四位整数", f"write a whole number in {span}"),
    )
