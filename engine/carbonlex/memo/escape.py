"""Words as data: nothing that a case says becomes structure of the document it stands in."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))
_MARKS = re.compile(r"[\\`*\[\]<>|~$]|(?<!\w)@|@(?=[\w-]+\.\w)|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LEADING = re.compile(r"^(\s*)([#+=\-!])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_LINK = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)


def visible(value: object) -> object:
    r"""Return words with control and direction marks shown; a value of another type as it is.

    >>> visible("甲\u202e乙")
    '甲\\u202e乙'
    """
    if not isinstance(value, str) or value.isprintable() or hasattr(value, "__html__"):
        return value
    return "".join(_shown(c) if unicodedata.category(c) in _HIDDEN else c for c in value)


def markdown(value: object) -> object:
    r"""Return words as CommonMark reads them back; a value of another type as it is.

    >>> markdown("1. *A* & [b](c) <d>")
    '1\\. \\*A\\* & \\[b\\](c) \\<d\\>'
    """
    shown = visible(value)
    if not isinstance(shown, str):
        return shown
    text = _MARKS.sub(lambda m: "\\" + m[0], shown)
    text = _NUMBERED.sub(r"\1\\\2", _LEADING.sub(r"\1\\\2", text))
    return _LINK.sub(lambda m: "\\" + m[0], _ENTITY.sub(r"\\&", text))


def _shown(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
