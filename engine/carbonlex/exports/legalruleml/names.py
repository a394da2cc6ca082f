"""The relations and functions of our own that formulas use, each with what it means."""

from __future__ import annotations

from carbonlex.model import Label

DEFINITIONS: dict[str, Label] = {
    "relation/due": Label("至迟于该日使之成立（含当日）", "brought about on or before that day"),
    "relation/until": Label("持续成立至该日（含当日）", "lasting until and including that day"),
    "relation/at": Label("行为所在的日", "the day of the act"),
    "relation/ordered": Label("该制裁规范责令的义务", "a duty that this sanction orders"),
    "relation/not-applicable": Label("该规范不适用", "that norm does not apply"),
    "relation/has-value": Label("参数有值", "the parameter has a value"),
    "relation/fine": Label(
        "对某人处该数额的罚款（一段幅度）", "a fine on someone: every amount of a range"
    ),
    "relation/confiscation": Label("没收该数额", "that amount is confiscated"),
    "relation/deduction": Label(
        "核减下一年度配额该数量", "that quantity is deducted from next year's allowances"
    ),
    "relation/correction": Label("责令改正", "ordered to correct"),
    "relation/suspension": Label("责令停产整治", "ordered to suspend production"),
    "relation/ban": Label("不得从事该活动", "barred from that activity"),
    "relation/discretion": Label("裁量仍然开放", "discretion that stays open"),
    "relation/discovered-within": Label(
        "违法行为须在若干年内发现", "the breach is discovered within that many years"
    ),
    "relation/consequence": Label("该类后果", "a consequence of that kind"),
    "relation/competes": Label("两条规范规定同一问题", "two norms answer the same question"),
    "relation/rank": Label("规范所在文件的位阶", "the rank of the text that holds a norm"),
    "relation/same-maker": Label("同一机关制定", "made by one body"),
    "relation/prevails": Label("前者优先于后者", "the first prevails over the second"),
    "relation/no-winner": Label("各项规则均不能确定", "no rule names the one that prevails"),
    "relation/decides": Label("由其裁决", "who decides between two norms"),
    "relation/may-annul": Label("可以改变或者撤销", "who may annul or change a norm"),
    "relation/ground-of-annulment": Label("改变或者撤销的理由", "a ground of annulment"),
    "relation/fined-once": Label(
        "同一违法行为不得给予两次以上罚款", "one act is not fined more than once"
    ),
    "step/variation": Label("前者依授权对后者作变通规定", "the first varies the second by power"),
    "step/special": Label("前者是后者的特别规定", "the first is special to the second"),
    "step/new": Label("前者新于后者", "the first is newer than the second"),
    "step/lighter": Label("前者新而较轻", "the first is newer and lighter"),
    "step/higher_fine": Label("前者的罚款较高", "the first carries the higher fine"),
    "function/if": Label(
        "条件、其成立时之值、其不成立时之值", "condition, value where it holds, value otherwise"
    ),
    "function/and": Label("合取（作为值）", "conjunction, as a value"),
    "function/or": Label("析取（作为值）", "disjunction, as a value"),
    "function/not": Label("否定（作为值）", "negation, as a value"),
    "function/equal": Label("相等（作为值）", "equality, as a value"),
    "function/not-equal": Label("不等（作为值）", "inequality, as a value"),
    "function/negative": Label("相反数", "the opposite number"),
    "function/between": Label("从前者到后者的幅度", "the range from the first to the second"),
    "function/lower": Label("幅度的下限", "the lower end of a range"),
    "function/upper": Label("幅度的上限", "the upper end of a range"),
    "function/min": Label("较小者", "the smaller"),
    "function/max": Label("较大者", "the larger"),
    "function/round_half_up": Label("四舍五入至若干位小数", "rounded half up, to some decimals"),
    "function/round_half_even": Label(
        "四舍六入五成双至若干位小数", "rounded half to even, to some decimals"
    ),
    "function/round_down": Label("舍去尾数至若干位小数", "rounded down, to some decimals"),
    "function/round_up": Label("进位取整至若干位小数", "rounded up, to some decimals"),
    "function/date": Label("年、月、日", "the day of a year, a month and a day"),
    "function/add_years": Label("某日起满若干年之日", "the day some years later"),
    "function/add_days": Label("某日起满若干日之日", "the day some days later"),
    "function/add_working_days": Label(
        "某日起（当日不计）满若干工作日之日",
        "the day some working days later, that day not counted",
    ),
    "function/month_start": Label("所在月的首日", "the first day of its month"),
    "function/days_between": Label("两日之间的天数", "the days between two days"),
    "aggregate/sum": Label(
        "变量、列表、元素、条件：各项之和", "variable, list, element, condition: the sum"
    ),
    "aggregate/count": Label(
        "变量、列表、元素、条件：项数", "variable, list, element, condition: the number"
    ),
    "aggregate/min": Label(
        "变量、列表、元素、条件：最小者", "variable, list, element, condition: the least"
    ),
    "aggregate/max": Label(
        "变量、列表、元素、条件：最大者", "variable, list, element, condition: the greatest"
    ),
    "aggregate/any": Label(
        "变量、列表、元素、条件：任一成立", "variable, list, element, condition: any holds"
    ),
    "aggregate/all": Label(
        "变量、列表、元素、条件：全部成立", "variable, list, element, condition: all hold"
    ),
}
