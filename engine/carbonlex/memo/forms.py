"""The forms of citation: 《全称》（文号，施行日）第二十九条第一款; art. 29(1); OSCOLA for EU."""

from __future__ import annotations

from carbonlex.calendar import chinese_day
from carbonlex.memo.document import Numerals
from carbonlex.memo.numerals import in_arabic
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import Instrument


def place(instrument: Instrument, eid: str, lang: str, numerals: Numerals = "han") -> str:
    """Return where in an instrument a provision stands; empty for the instrument as a whole.

    OSCOLA writes `art 6(2)` of an EU act, without a full stop.
    """
    if not eid:
        return ""
    said = pinpoint(instrument, eid, lang)
    if lang == "zh":
        return in_arabic(said) if numerals == "arabic" else said
    return said.replace("art. ", "art ") if _european(instrument) else said


def full(instrument: Instrument, lang: str) -> str:
    """Return the form of a first mention: title, number, day of effect, the short form after it.

    `number` of an EU act is its reference in the Official Journal, such as `[2023] OJ L130/52`;
    where none is held, none is given.
    """
    title, short = instrument.title, instrument.short
    draft = _drafted(instrument)
    if lang == "zh":
        about = [instrument.number] if instrument.number and not draft else []
        day = chinese_day(instrument.effective)
        taken = f"拟自{day}施行" if "草案" in title.zh else f"草案，拟自{day}施行"
        about.append(taken if draft else f"{day}施行")
        if short.zh != title.zh:
            about.append(f"以下简称“《{short.zh}》”")
        return f"《{title.zh}》（{'，'.join(about)}）"
    known = f"the '{short.en}'" if short.en != title.en else ""
    if _european(instrument):
        journal = f" {instrument.number}" if instrument.number else ""
        return f"{title.en}{journal}" + (f" ({known})" if known else "")
    taken = "" if "(draft)" in title.en else "draft, "
    taken += f"to take effect {instrument.effective}"
    about_en = [title.zh, taken if draft else f"effective {instrument.effective}"]
    about_en += [known] if known else []
    return f"{title.en} ({', '.join(about_en)})"


def brief(instrument: Instrument, lang: str) -> str:
    """Return the form of every later mention."""
    return f"《{instrument.short.zh}》" if lang == "zh" else instrument.short.en


def cited(name: str, at: str, lang: str) -> str:
    """Return a name with a place in it."""
    return f"{name}{at}" if lang == "zh" or not at else f"{name}, {at}"


def described(instrument: Instrument, lang: str) -> str:
    """Return number, promulgation, effect and end of an instrument, as the table lists it.

    What a draft amends was promulgated; the draft was not, and is said to be one.
    """
    if _drafted(instrument):
        day = instrument.effective
        if lang == "zh":
            return f"草案，尚未公布，拟自{chinese_day(day)}施行"
        return f"{instrument.title.zh}, draft, not promulgated, to take effect {day}"
    if lang == "zh":
        said = [instrument.number] if instrument.number else []
        said += [f"{chinese_day(instrument.promulgated)}公布"]
        said += [f"{chinese_day(instrument.effective)}施行"]
        said += [f"{chinese_day(instrument.ended)}失效"] if instrument.ended else []
        return "，".join(said + ([_UNHELD[0]] if _unheld(instrument) else []))
    said = [instrument.title.zh]
    said += [instrument.number] if instrument.number else []
    said += [f"promulgated {instrument.promulgated}", f"effective {instrument.effective}"]
    said += [f"ended {instrument.ended}"] if instrument.ended else []
    return ", ".join(said + ([_UNHELD[1]] if _unheld(instrument) else []))


_UNHELD = ("官方公报出处未收录", "Official Journal reference not held")


def _drafted(instrument: Instrument) -> bool:
    return any(p.grade == "draft" for p in instrument.provisions.values())


def _european(instrument: Instrument) -> bool:
    return instrument.rank == "eu_act"


def _unheld(instrument: Instrument) -> bool:
    return _european(instrument) and not instrument.number
