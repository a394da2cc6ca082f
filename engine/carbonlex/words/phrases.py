"""The fixed words of the program: outcomes, kinds, steps, headings, in both languages."""

from __future__ import annotations

from carbonlex.model import Label

OUTCOMES: dict[str, Label] = {
    "complied": Label("符合", "complied"),
    "breached": Label("违反", "breached"),
    "pending": Label("待履行", "pending"),
    "not_applicable": Label("不适用", "not applicable"),
    "undetermined": Label("未定", "undetermined"),
    "conflict": Label("规范冲突", "conflict of norms"),
}
ASSUMED = Label("推定符合", "presumed complied")
MARKS: dict[str, str] = {
    "complied": "✓",
    "breached": "✗",
    "pending": "○",
    "not_applicable": "–",
    "undetermined": "?",
    "conflict": "!",
}
CONSEQUENCES: dict[str, Label] = {
    "correction": Label("责令改正", "order to correct"),
    "fine": Label("罚款", "fine"),
    "confiscation": Label("没收违法所得", "confiscation of illegal gains"),
    "deduction": Label("核减下一年度配额", "deduction from next year's allowances"),
    "suspension": Label("可以责令停产整治", "production may be suspended"),
    "ban": Label("从业禁止", "bar"),
    "discretion": Label("裁量", "discretion"),
}
STATUSES: dict[str, Label] = {
    "applies": Label("适用", "applies"),
    "contingent": Label("如届时违反", "if breached"),
    "undetermined": Label("未定", "undetermined"),
    "barred": Label("已过时效", "time-barred"),
}
KINDS: dict[str, Label] = {
    "defines": Label("认定", "defines"),
    "excepts": Label("例外", "exception"),
    "obliges": Label("义务", "duty"),
    "prohibits": Label("禁止", "prohibition"),
    "permits": Label("允许", "permission"),
    "empowers": Label("授权", "power"),
    "sanctions": Label("法律后果", "consequence"),
    "precedence": Label("适用规则", "rule of precedence"),
}
STEPS: dict[str, Label] = {
    "rank": Label("上位法优先", "higher rank"),
    "special": Label("特别规定优先", "special over general"),
    "new": Label("新的规定优先", "new over old"),
    "variation": Label("变通规定优先", "lawful variation"),
    "higher_fine": Label("罚款数额高的规定优先", "the higher fine"),
    "one_act": Label("一行为只罚一次，从高", "one act, one fine, the highest"),
}
LIGHTER: dict[str, Label] = {
    "formal": Label(
        "旧规定未被明文修改或者废止，仍适用违法行为发生时的规定",
        "the old law was not formally amended or repealed: the law of the breach governs",
    ),
    "lighter": Label(
        "新的规定处罚较轻，适用新的规定", "the new law is lighter: the new law governs"
    ),
    "not-lighter": Label(
        "新的规定处罚较重，仍适用违法行为发生时的规定",
        "the new law is heavier: the law of the breach governs",
    ),
    "equal": Label(
        "新的规定处罚并不较轻，仍适用违法行为发生时的规定",
        "the new law is not lighter: the law of the breach governs",
    ),
    "lawful": Label(
        "新的规定不认为是违法，适用新的规定",
        "the new law no longer finds this unlawful: the new law governs",
    ),
    "unknown": Label("事实不足，轻重尚不能比较", "facts are missing: the two cannot be compared"),
    "continuing": Label(
        "依“继续状态”的读法，违法行为持续至决定之时，适用决定时的规定",
        "on the reading that the breach continues, the law of the day of decision governs",
    ),
}
LAWS: dict[str, Label] = {
    "": Label("没有后果", "no consequences"),
    "old": Label("适用违法行为发生时的规定", "the law of the breach governs"),
    "new": Label("适用决定时的规定", "the law of the day of decision governs"),
    "open": Label("适用哪一规定未定", "which law governs is not known"),
}
HEADINGS: dict[str, Label] = {
    "verdicts": Label("结论", "Verdicts"),
    "findings": Label("认定", "Findings"),
    "why": Label("理由", "Why"),
    "one_act": Label("同一行为，一次罚款", "One act, one fine"),
    "missing": Label("缺少的事实", "Facts that are missing"),
    "questions": Label("未决问题", "Open questions of law"),
    "assumptions": Label("所作的假定", "Assumptions made"),
    "unjudged": Label("未作判断", "Not judged"),
    "differences": Label("告知与推算不一致", "Told otherwise than law would derive"),
    "not_encoded": Label("所依条文中未编码的内容", "Not encoded in the articles relied on"),
    "run": Label("本次运行", "This run"),
}
DISCLAIMER = Label(
    "本结果由程序依所载条文推算，不构成法律意见；以主管部门的决定为准。",
    "Computed from the provisions named. Not legal advice; the authority decides.",
)


def joined(items: list[str], lang: str) -> str:
    """Return a list in one line: 甲、乙 or a, b.

    >>> joined(["a", "b"], "en")
    'a, b'
    """
    return ("、" if lang == "zh" else ", ").join(items)


def in_year(label: str, year: int | str) -> str:
    """Return what is said of a compliance year, in Chinese, 年度 said once.

    >>> in_year("年度排放报告", 2024), in_year("已清缴量", "2024、2025"), in_year("行业", "")
    ('2024年度排放报告', '2024、2025年度已清缴量', '行业')
    """
    return f"{year}年度{label.removeprefix('年度')}" if year else label


def days(count: int) -> str:
    """Return a number of days in English.

    >>> days(1), days(274)
    ('1 day', '274 days')
    """
    return "1 day" if count == 1 else f"{count} days"
