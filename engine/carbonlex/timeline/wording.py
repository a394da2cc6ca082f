"""A calendar in words, in both languages: what, when, who, why a day is not known, by which law."""

from __future__ import annotations

from carbonlex.model import Label
from carbonlex.reasoner.needs import Sets
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.timeline.entry import Entry, Status, Timeline
from carbonlex.words.explain import UNPUBLISHED
from carbonlex.words.phrases import joined
from carbonlex.words.sentences import flagged, written_cites
from carbonlex.words.values import say

STATUSES: dict[Status, Label] = {
    "overdue": Label("逾期或违反", "overdue or breached"),
    "due": Label("待办", "due"),
    "open": Label("持续有效", "open"),
    "undetermined": Label("未定", "undetermined"),
    "passed": Label("日期已过", "day passed"),
    "done": Label("已办", "done"),
}
MARKS: dict[Status, str] = {
    "overdue": "✗",
    "due": "○",
    "open": "◦",
    "undetermined": "?",
    "passed": "–",
    "done": "✓",
}
NATURES = {
    "duty": Label("义务", "duty"),
    "prohibition": Label("禁止", "prohibition"),
    "right": Label("权利", "right"),
    "limit": Label("主管部门时限", "time limit of the authority"),
}
ACTORS = {"entity": Label("单位", "the entity"), "authority": Label("主管部门", "the authority")}
SECTIONS = {
    "overdue": Label("逾期或违反", "Overdue or breached"),
    "soon": Label("未来60日到期", "Due in the next 60 days"),
    "undated": Label("日期未知", "Days that are not known"),
    "assumptions": Label("所作的假定", "Assumptions made"),
}


class EntryWords:
    """Says what the entries of a calendar say, in one language."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.rulebook, self.lang = rulebook, lang

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts in this language."""
        return en if self.lang == "en" else zh

    def title(self, entry: Entry) -> str:
        """Return what an entry is about: 清缴（2025年度）, with its month or record."""
        name, year = entry.what.of(self.lang), entry.year
        if entry.month:
            return self.pick(
                f"{name}（{year}年{entry.month}月）", f"{name}, {year}-{entry.month:02}"
            )
        if entry.index >= 0:
            name += self.pick(f"（第{entry.index + 1}项）", f" (no. {entry.index + 1})")
        return self.pick(f"{name}（{year}年度）", f"{name}, {year}")

    def titles(self, entry: Entry, years: list[int]) -> str:
        """Return what entries of several years are about."""
        name, named = entry.what.of(self.lang), joined([str(y) for y in years], self.lang)
        return self.pick(f"{name}（{named}年度）", f"{name}, {named}")

    def status(self, entry: Entry) -> str:
        """Return the status with the days left or gone, and whose entry it is if not a duty."""
        said = [STATUSES[entry.status].of(self.lang)]
        if entry.presumed:
            said = [self.pick("推定已办", "presumed done")]
        elif entry.until and entry.status == "open":
            said = [self.pick("持续至该日", "lasts until then")]
        elif entry.nature == "right" and entry.status == "open":
            said = [self.pick("可以行使至该日", "may be used until then")]
        elif entry.nature == "prohibition" and entry.status == "open":
            said = [self.pick("以该日为准", "judged as of then")]
        if entry.local is not None:
            said.insert(0, self.pick("地方期限", "local day"))
        elif entry.nature in ("right", "limit"):
            said.insert(0, NATURES[entry.nature].of(self.lang))
        if left := self.left(entry):
            said.append(left)
        return self.pick("，", ", ").join(said)

    def left(self, entry: Entry) -> str:
        """Return how far off the day is; nothing for what is done."""
        if entry.days_left is None or entry.status in ("done", "passed"):
            return ""
        days = entry.days_left
        if days == 0:
            return self.pick("即今日", "today")
        if days < 0:
            return self.pick(f"已过 {-days} 天", f"{-days} days ago")
        return self.pick(f"还有 {days} 天", f"{days} days left")

    def source(self, entry: Entry) -> str:
        """Return the provisions, or for a local day its own source, with the grade."""
        mark = flagged(entry.grade, self.lang)
        if entry.local is None:
            return written_cites(self.rulebook, entry.cites, self.lang) + mark
        local = entry.local
        return f"{local.region.of(self.lang)}{self.pick('：', ': ')}{local.source}{mark}"

    def remark(self, entry: Entry) -> str:
        """Return how a local day stands to the national one."""
        if entry.local is None or entry.local.national is None or entry.day is None:
            return ""
        national = entry.local.national
        if entry.day > national:
            return self.pick(
                f"晚于国家期限 {national}，不延长该期限",
                f"later than the national day {national}, which it does not extend",
            )
        return self.pick(f"国家期限 {national}", f"national day {national}")

    def why(self, entry: Entry) -> str:
        """Return why a day is not known and what would settle it; nothing where it is known."""
        if entry.undated is None:
            return ""
        match entry.undated.reason:
            case "missing":
                return self.tell(entry.undated.needs)
            case "unissued":
                labels = [
                    self.rulebook.parameters[p].label.of(self.lang)
                    for p in entry.undated.parameters
                ]
                return self.pick(
                    f"{joined(labels, 'zh')}在询问日没有已知的值，见主管部门的通知",
                    f"no value of {joined(labels, 'en')} is known on the day asked: see the notice",
                )
            case "unpublished":
                return UNPUBLISHED.of(self.lang)
        return self.pick("日期尚不能确定", "the day cannot be determined yet")

    def open(self, entry: Entry) -> str:
        """Return what would settle an undetermined status; nothing where it is determined."""
        if entry.status != "undetermined":
            return ""
        if entry.month and not entry.told and entry.local is None:
            return self.pick("没有告知该月的记录", "nothing is told of this month")
        asked = entry.undated.needs if entry.undated is not None else ()
        return self.tell(entry.needs) if entry.needs and entry.needs != asked else ""

    def tell(self, sets: Sets) -> str:
        """Return the smallest set of facts to tell."""
        found = next((s for s in sets if s), None)
        if found is None:
            return ""
        said = []
        for need in sorted(found):
            place = f"{need.year}.{need.fact}" if need.year else f"entity.{need.fact}"
            place += f"#{need.index + 1}" if need.index >= 0 else ""
            label = self.rulebook.label_of(need.fact).of(self.lang)
            term = self.rulebook.vocabulary.terms.get(need.fact)
            if term is not None and term.attester is not None:
                see = term.attester.of(self.lang)
                place += self.pick(f"，见{see}", f", see {see}")
            said.append(self.pick(f"“{label}”（{place}）", f"'{label}' ({place})"))
        return self.pick("请告知", "tell ") + joined(said, self.lang)

    def assumptions(self, timeline: Timeline) -> list[str]:
        """Return what the calendar takes for granted: presumptions, and years not told."""
        lines = []
        if timeline.added_years:
            years = joined([str(y) for y in timeline.added_years], self.lang)
            lines.append(
                self.pick(
                    f"{years}年度没有告知任何事实，只列期限，不计入退出码",
                    f"nothing is told of {years}: dates only, they do not count for the exit code",
                )
            )
        facts: dict[str, list[str]] = {}
        for fact, year in timeline.presumed:
            facts.setdefault(fact, []).append(str(year))
        for fact, named in facts.items():
            label = self.rulebook.label_of(fact).of(self.lang)
            years = joined(named, self.lang)
            term = self.rulebook.vocabulary.terms.get(fact)
            if term is None or term.assumption is None:
                none = self.pick(f"视为没有：{label}", f"taken as none: {label}")
                lines.append(self.pick(f"{none}（{years}）", f"{none} ({years})"))
                continue
            said = say(term.assumption, term.unit, self.lang)
            lines.append(self.pick(
                f"{label}：推定为“{said}”（{years}）", f"{label}: presumed '{said}' ({years})"
            ))  # fmt: skip
        return lines
