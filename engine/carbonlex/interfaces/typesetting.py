"""Lines of Chinese and Latin text: broken between characters, not only at spaces.

Rich wraps at spaces alone, which leaves Chinese sentences on lines of their own.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text

_UNIT = re.compile(r"[A-Za-z0-9_.,:/#%+\-\"'()\[\]]+|\s|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》〕”’」』…—,.;:!?)]")
_NOT_LAST = frozenset("（《〔“‘「『([")


def folded(text: Text, width: int) -> list[Text]:
    """Return a text broken into lines of at most `width` cells.

    A line does not begin with closing punctuation nor end with opening punctuation.
    """
    width = max(width, 20)
    if cell_len(text.plain) <= width:
        return [text]
    breaks: list[int] = []
    start, used, last_good = 0, 0, 0
    plain = text.plain
    for match in _UNIT.finditer(plain):
        unit, at = match.group(), match.start()
        if at > start and unit[0] not in _NOT_FIRST and plain[at - 1] not in _NOT_LAST:
            last_good = at
        size = cell_len(unit)
        if used + size > width and last_good > start:
            breaks.append(last_good)
            start, used = last_good, cell_len(plain[last_good:at])
        used += size
    lines = list(text.divide(breaks)) if breaks else [text.copy()]
    for line in lines:
        line.rstrip()
    return [line[len(line.plain) - len(line.plain.lstrip()) :] for line in lines]
