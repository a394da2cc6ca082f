"""Where the holdings of a position come from, in words."""

from __future__ import annotations

from collections.abc import Callable

from carbonlex.position.values import Position

Pick = Callable[[str, str], str]


def origin(found: Position, pick: Pick) -> str:
    """Return where the holdings come from."""
    if found.told_otherwise:
        return pick(
            "按告知的变动记录结存（另告知的所持配额与此不同，未采用）：",
            "Balance of the movements told (the holdings told differ, and are not used):",
        )
    if found.from_ledger:
        return pick("按告知的变动记录结存：", "Balance of the movements told:")
    return pick("按告知的所持配额：", "As the holdings were told:")


def no_holdings(found: Position, pick: Pick) -> str:
    """Return that nothing is held, or that it was not told."""
    if found.holdings is None:
        return pick(
            "未告知：写变动记录（movements）或所持配额（holdings）。",
            "Not told: write movements, or holdings.",
        )
    return pick("没有持有配额。", "No allowances are held.")
