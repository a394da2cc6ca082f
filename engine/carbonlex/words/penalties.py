"""What limits a penalty: the time bar of a breach, and one fine for several breaches in one act."""

from __future__ import annotations

from datetime import date

from carbonlex.model import UNKNOWN
from carbonlex.reasoner.consequence import Limitation
from carbonlex.reasoner.verdict import Concurrence, Fined, Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import joined
from carbonlex.words.sentences import Cite, Line, cites_of, quotes_of
from carbonlex.words.values import say


def time_bar(rulebook: Rulebook, found: Limitation, lang: str) -> Line:
    """Return the limitation of a breach in a sentence."""
    norm = rulebook.norms[found.norm]
    day = say(found.last_day, "", lang) if found.last_day is not None else ""
    told = say(found.discovered_on, "", lang) if found.discovered_on is not None else ""
    if found.runs_from == "end" and found.barred is UNKNOWN:
        zh = f"处罚时效：{found.years}年，自违法行为终了之日起计算；终了之日未告知"
        en = f"limitation: {found.years} years from the end of the breach, a day not told"
    elif found.runs_from == "end":
        zh = f"处罚时效：{found.years}年，自违法行为终了之日起计算，尚未起算"
        en = f"limitation: {found.years} years from the end of the breach, which still lasts"
    elif found.barred is True:
        zh = f"处罚时效：{told}发现，已过{day}，不再给予处罚"
        en = f"limitation: discovered on {told}, after {day}: no penalty any more"
    elif found.barred is UNKNOWN:
        zh = f"处罚时效：{day}前（含当日）未被发现的，不再给予处罚；发现日未告知，按未过时效计"
        en = f"limitation: no penalty unless discovered by {day}"
        en += "; the day of discovery was not told, and is taken as in time"
    else:
        zh = f"处罚时效：{told}发现，未过{day}"
        en = f"limitation: discovered on {told}, not after {day}"
    text = en if lang == "en" else zh
    return Line(0, text, cites_of(norm), quotes_of(rulebook, norm), norm.grade)


def one_act(rulebook: Rulebook, report: Report, lang: str) -> list[Line]:
    """Return, for each act told with several breaches, which one fine is imposed.

    Breaches of one duty for several years with one deadline are named: whether they are one
    breach no provision held says.
    """
    lines = [_one_fine(rulebook, report, c, lang) for c in report.concurrences]
    same: dict[tuple[str, date], list[Verdict]] = {}
    for verdict in report.verdicts:
        if verdict.outcome == "breached" and verdict.due is not None and verdict.index < 0:
            same.setdefault((verdict.duty, verdict.due), []).append(verdict)
    lines += [_joint(rulebook, report, v, lang) for v in same.values() if len(v) > 1]
    return lines + _one_article(rulebook, report, lang)


def _one_article(rulebook: Rulebook, report: Report, lang: str) -> list[Line]:
    """Return a remark where one article fines several breaches of a year, item by item."""
    told = {(c.year, f.duty) for c in report.concurrences for f in c.breaches}
    groups: dict[tuple[int, str, str], dict[str, None]] = {}
    for verdict in report.verdicts:
        found = verdict.sanctions.governing if verdict.sanctions is not None else None
        if verdict.outcome != "breached" or found is None or (verdict.year, verdict.duty) in told:
            continue
        for one in found.consequences:
            if one.kind == "fine" and one.liable is None and one.breach == verdict.duty:
                norm = rulebook.norms[one.norm]
                article = rulebook.instruments[norm.instrument].article(norm.provisions[0]).eid
                group = groups.setdefault((verdict.year, norm.instrument, article), {})
                group[verdict.label.of(lang)] = None
    lines = []
    for (year, instrument, article), names in groups.items():
        if len(names) > 1:
            said = joined([*names], lang)
            zh = f"{year}年度{said}由同一条处罚，以上分别计算；"
            zh += "属于同一行为的（single_acts），只罚一次；同一违法所得只没收一次"
            en = f"{year}: one article fines {said}, counted one by one above; in one act"
            en += " (single_acts) there is one fine; the same gains are confiscated once"
            lines.append(Line(0, en if lang == "en" else zh, (Cite(instrument, article),)))
    return lines


def _joint(rulebook: Rulebook, report: Report, verdicts: list[Verdict], lang: str) -> Line:
    years = joined([str(v.year) for v in verdicts], lang)
    label = verdicts[0].label.of(lang)
    rules = (n for n in rulebook.precedence if n.precedence and n.precedence.step == "one_act")
    day = verdicts[0].due
    cites = tuple(c for n in rules if day and rulebook.in_force(n, day) for c in cites_of(n))
    zh = f"{label}：{years}年度期限相同，以上按年度各计一次；"
    zh += "是否属于同一个违法行为，所载规定没有写明"
    en = f"{label}: {years} share one deadline and are counted year by year above;"
    en += " whether they are one breach, no provision held says"
    return Line(0, en if lang == "en" else zh, cites)


def _one_fine(rulebook: Rulebook, report: Report, found: Concurrence, lang: str) -> Line:
    names = "、".join(_name(report, f, lang) for f in found.breaches)
    cites = tuple(c for n in found.cites for c in cites_of(rulebook.norms[n]))
    if found.highest is None and all(f.total is not None for f in found.breaches):
        zh = f"{found.year}年度同一行为违反{names}：均无罚款"
        en = f"{found.year}, one act, {names}: no fine for any"
    elif found.highest is None:
        unknown = "、".join(_name(report, f, lang) for f in found.breaches if f.total is None)
        zh = f"{found.year}年度同一行为违反{names}："
        zh += f"只罚一次，依罚款数额高的规定；{unknown}的罚款未定"
        en = (
            f"{found.year}, one act, {names}: one fine, the highest; that of {unknown} is not known"
        )
    else:
        assert found.highest.total is not None
        amount = say(found.highest.total, "CNY", lang)
        which = _name(report, found.highest, lang)
        zh = f"{found.year}年度同一行为违反{names}："
        zh += f"只罚一次，依{which}的规定，罚款 {amount}；其他后果分别适用"
        en = f"{found.year}, one act, {names}: one fine, that for {which}, {amount}"
        en += "; other consequences stand for each"
    return Line(0, en if lang == "en" else zh, cites)


def _name(report: Report, one: Fined, lang: str) -> str:
    place = (one.duty, one.year, one.index)
    verdict = next(v for v in report.verdicts if (v.duty, v.year, v.index) == place)
    return verdict.label.of(lang)
