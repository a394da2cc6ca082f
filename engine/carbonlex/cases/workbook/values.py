"""One cell into what a text case would have said: a number as digits, a day as a day."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NoReturn

from carbonlex.cases.models import Number, Refusal, shown
from carbonlex.cases.workbook.grid import Cell
from carbonlex.cases.workbook.layout import TRUTHS, both
from carbonlex.rulebook.vocabulary import Term

_FIGURE = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)
_DIGITS = 17  # which tell any double from the next; Excel writes up to as many
_LAST_SERIAL = 2_958_465  # 9999-12-31
_AS_DAY = ("设为日期格式，或写 2026-12-31", "format the cell as a date, or write 2026-12-31")


def raw_of(term: Term | None, cell: Cell, from_1904: bool) -> object:
    """Return what a cell tells of a term, for `value_of` to judge; raises `Refusal`.

    A term that is not known is told its text: the case will say that there is none.
    """
    type_ = term.type if term is not None else "text"
    match cell.kind:
        case "number" if term is not None and type_ == "number":
            return Number(_figure(cell.text, term.decimals))
        case "number" | "serial" if type_ == "date":
            return day_of(cell, from_1904)
        case "serial":
            said = ("单元格是日期格式", "the cell is formatted as a date")
            _refuse(said, ("改为常规格式并核对数值", "format it as a number and check the figure"))
        case "number" if term is not None and type_ == "text":
            said = (f"“{shown(cell.text)}”是数字", f"'{shown(cell.text)}' is a number")
            hint = ("设为文本格式后重新输入", "format the cell as text and type it again")
            _refuse(said, hint)
        case "boolean":
            return cell.text == "1"
        case "day":
            return cell.text.removesuffix("T00:00:00")
    return _meant(term, cell.text)


def shortest(text: str) -> str:
    """Return the shortest decimal that names the same double as the digits of a cell.

    Excel stores 1.1 as 1.1000000000000001: both name one double, and it was typed as the first.
    Raises `Refusal` for digits that no double holds, and for what is no number.

    >>> shortest("1.1000000000000001"), shortest("2.5E+4")
    ('1.1', '25000')
    """
    digits = re.sub(r"[eE].*|[+\-.]", "", text).strip("0")
    value = float(text) if _FIGURE.fullmatch(text) and len(text) < 400 else math.nan
    if not math.isfinite(value) or len(digits) > _DIGITS:
        told = shown(text)
        words = (f"“{told}”不是 Excel 能保存的数", f"'{told}' is no number that Excel holds")
        hint = ("重新输入，至多 15 位有效数字", "type it again, with 15 digits at most")
        raise Refusal("number-inexact", words, hint)
    return format(Decimal(repr(value)).normalize() + 0, "f")


def _figure(text: str, decimals: int) -> str:
    figure = shortest(text)
    if len(figure.partition(".")[2]) <= decimals:
        return figure
    # 0.1 + 0.2 is stored as 0.30000000000000004: what was meant is the user's to say.
    zh = f"存储的数是 {figure}，多于 {decimals} 位小数"
    en = f"the number stored is {figure}: more than {decimals} decimals"
    rounding = f"=ROUND(…,{decimals})"
    hint = (f"用 {rounding} 舍入，再粘贴为数值", f"round it by {rounding} and paste it as a value")
    raise Refusal("number-inexact", (zh, en), hint)


def day_of(cell: Cell, from_1904: bool) -> date:
    """Return the day that a cell shows; raises `Refusal` where it shows none."""
    figure = shortest(cell.text)
    if cell.kind == "number":
        said = (f"“{figure}”是数字，不是日期", f"'{figure}' is a number, not a day")
        _refuse(said, _AS_DAY)
    if not figure.isdecimal():
        _refuse(("日期带有时刻", "the day has a time"), ("只写日期", "write the day only"))
    serial = int(figure) if len(figure) < 8 else 0
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    if not from_1904 and serial < 60:
        start = date(1899, 12, 31)
    # Excel counts a 29 February 1900 that never was.
    there_is = serial <= _LAST_SERIAL - 1462 * from_1904 and (from_1904 or serial not in (0, 60))
    if not there_is or len(figure) > 7:
        raise Refusal("date-impossible", ("没有这一天", "there is no such day"), _AS_DAY)
    return start + timedelta(days=serial)


def _meant(term: Term | None, text: str) -> object:
    """Return what the words of a drop-down stand for; other words as they are."""
    if term is not None and term.type == "boolean":
        return TRUTHS.get(text.strip().casefold(), text)
    for key, label in term.choices.items() if term is not None else ():
        if text.strip() == both(label):
            return key
    return text


def _refuse(message: tuple[str, str], hint: tuple[str, str]) -> NoReturn:
    raise Refusal("type-mismatch", message, hint)
