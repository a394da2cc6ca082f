"""A reform file into a reform, or into everything that is wrong with it, each with its line.

Reform files come from strangers: their size, fences, headings and expressions are bounded, and
nothing in them is run.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.model import GRADES, Label
from carbonlex.reform.makers import MAKERS
from carbonlex.reform.numbers import misnumbered
from carbonlex.reform.reform import Reform
from carbonlex.rulebook.markdown import Heading, RuleText, read_text
from carbonlex.rulebook.shapes import DAY, LABEL, STRINGS, TABLE, TEXT, label, misfits
from carbonlex.statutes.amend import Amendment, Kind
from carbonlex.statutes.instruments import Rank
from carbonlex.statutes.markup import level_of, lines_of

_FRONT = {
    "title": LABEL, "key": TEXT, "maker": TEXT, "maker_label": LABEL, "form": TEXT,
    "promulgated": DAY, "effective": DAY, "amends": TEXT, "after": TEXT, "years": TEXT,
    "grades": TABLE, "formerly": TABLE, "facts": TABLE, "falls": STRINGS,
}  # fmt: skip
FORMS = get_args(Rank)[:6]
"""The forms in which a body of this state may enact a draft; policies and treaties are none."""

# A law of two thousand articles may be new; no decision amends so many of one.
_MAX_AMENDED = 500
_EXAMPLES = {
    "title": 'title = {zh = "…", en = "…"}', "effective": "effective = 2027-01-01",
    "maker": 'maker = "mee"', "maker_label": 'maker_label = {zh = "…", en = "…"}',
    "promulgated": "promulgated = 2026-12-01", "falls": 'falls = ["offset-cap"]',
    "grades": 'grades = {art_30 = "secondary"}', "formerly": 'formerly = {art_30 = "art_29"}',
    "facts": "facts = {…}",
}  # fmt: skip
# What no XML document may hold: control characters, surrogates, non-characters.
_UNPRINTABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_VERBS: dict[str, Kind] = {
    "修改": "substitution", "replace": "substitution", "amend": "substitution",
    "增加": "insertion", "insert": "insertion", "add": "insertion",
    "删去": "repeal", "废止": "repeal", "repeal": "repeal", "delete": "repeal",
}  # fmt: skip
_SAY = (
    "标题以“修改”“增加”或“删去”开头，如 ## 修改 第二十九条第一款 {#art_29__para_1}",
    "begin the heading with replace, insert or repeal: ## replace art. 29(1) {#art_29__para_1}",
)


def read_reform(path: Path) -> Reform:
    """Read a reform file; raises `ContentError` with every diagnostic.

    >>> import tempfile
    >>> text = '''+++
    ... title = {zh = "抵销上限", en = "cap on offsets"}
    ... effective = 2027-01-01
    ... amends = "measures-2021"
    ... +++
    ... ## 删去 第十九条 {#art_19}
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "cap.md"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     reform = read_reform(path)
    >>> reform.key, reform.amends, [(a.kind, a.eid) for a in reform.amendments]
    ('cap', 'measures-2021', [('repeal', 'art_19')])
    """
    text = read_text(path, path.name, draft=True)
    front = text.front
    if text.front_lines or front:
        _check_front(text, path)
    _check_body(text)
    amendments = tuple(a for h in _once(text) if (a := _amendment(text, h)) is not None)
    if not text.wrong and not amendments:
        text.fail("reform-malformed", 1, "没有修改任何条款", "it changes nothing", _SAY)
    if text.wrong:
        raise ContentError(tuple(text.wrong))
    made = front.get("maker", "")
    maker, own = MAKERS.get(made), label(front.get("maker_label"))
    if maker is not None and own is not None:
        maker = replace(maker, label=own)
    form = cast("Rank | None", front.get("form"))
    return Reform(
        key=_key_of(front, path),
        title=label(front["title"]) or Label("", ""),
        maker=maker,
        form=form or (maker.form if maker else None),
        promulgated=front.get("promulgated"),
        effective=front["effective"],
        amends=front.get("amends", ""),
        after=front.get("after", ""),
        amendments=amendments,
        text=text,
        falls=frozenset(front.get("falls", ())),
        facts=front.get("facts", {}),
        where=Location(path.name, 1),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _key_of(front: dict[str, Any], path: Path) -> str:
    return str(front.get("key") or path.stem.lower())


def _check_front(text: RuleText, path: Path) -> None:
    front = text.front

    def fail(key: str, zh: str, en: str, hint: tuple[str, str] = ("", "")) -> None:
        text.fail("reform-malformed", text.front_lines.get(key, 1), zh, en, hint)

    wrong = list(misfits(front, _FRONT))
    for key, zh, en in wrong:
        known = ", ".join(_FRONT)
        shown = _EXAMPLES.get(key, f'{key} = "…"')
        example = f"写作 {shown}", f"write {shown}"
        fail(key, zh, en, example if key in _FRONT else (f"可选：{known}", f"known: {known}"))
    for key in ("title", "effective"):
        if key not in front:
            fail(key, f"缺少 {key}", f"needs {key}", (_EXAMPLES[key],) * 2)
    if wrong:
        return
    for key in ("title", "maker_label"):
        said = label(front.get(key)) or Label("", "")
        if _UNPRINTABLE.search(said.zh + said.en):
            fail(
                key,
                f"{key} 含控制字符",
                f"{key} has control characters",
                ("重新键入", "type it anew"),
            )
    if "effective" in front and front.get("promulgated", date.min) > front["effective"]:
        fail(
            "promulgated", "公布在施行之后", "promulgated after it takes effect",
            ("把 promulgated 改为不晚于 effective 的一天，或者推迟 effective",
             "let promulgated be no later than effective, or effective later"),
        )  # fmt: skip
    if not _KEY.fullmatch(_key_of(front, path)):
        fail(
            "key", "key 应为小写字母、数字和连字符", "key is of small letters, digits and hyphens",
            ('在开头写 key = "offset-ten"', 'write key = "offset-ten" into the front matter'),
        )  # fmt: skip
    maker, form = front.get("maker"), front.get("form")
    if maker is not None and maker not in MAKERS:
        known = ", ".join(MAKERS)
        fail("maker", f"没有制定机关 {maker}", f"no maker {maker}", (f"可选：{known}", known))
    if form is not None and form not in FORMS:
        known = ", ".join(FORMS)
        fail("form", f"没有形式 {form}", f"no form {form}", (f"可选：{known}", known))
    if not front.get("amends") and maker is None:
        known = ", ".join(MAKERS)
        fail(
            "maker", "既没有 amends，也没有 maker", "neither amends nor maker is said",
            (f"修改写 amends，新文件写 maker：{known}", f"amends, or for a new one maker: {known}"),
        )  # fmt: skip
    for eid, grade in front.get("grades", {}).items():
        if grade not in GRADES:
            fail(
                "grades",
                f"{eid}：没有等级 {grade}",
                f"{eid}: no grade {grade}",
                (f"可选：{', '.join(GRADES)}", f"known: {', '.join(GRADES)}"),
            )
    for eid, wid in front.get("formerly", {}).items():
        if not isinstance(wid, str) or level_of(wid) is None:
            fail(
                "formerly",
                f"{eid}：应为 eId",
                f"{eid}: an eId is wanted",
                ("如 art_29", "such as art_29"),
            )


def _check_body(text: RuleText) -> None:
    for fence in text.fences:
        if not fence.article:
            text.fail(
                "reform-malformed", fence.line,
                "围栏在第一个条款标题之前", "a fence before the first heading of a provision", _SAY,
            )  # fmt: skip
    if text.front.get("amends") and len(text.outline) > _MAX_AMENDED:
        text.fail(
            "file-too-large", text.outline[_MAX_AMENDED].line,
            f"一次最多修改 {_MAX_AMENDED} 处", f"{_MAX_AMENDED} changes at most",
        )  # fmt: skip


def _once(text: RuleText) -> list[Heading]:
    """Return the headings in order; one on what another changes is noted and left out."""
    seen: dict[str, Heading] = {}
    for heading in text.outline:
        parts = heading.eid.split("__")
        around = ("__".join(parts[:n]) for n in range(1, len(parts) + 1))
        before = next((seen[eid] for eid in around if eid in seen), None)
        if before is None:
            seen[heading.eid] = heading
        else:
            over = "" if before.eid == heading.eid else before.eid
            text.fail(
                "reform-clash", heading.line,
                f"{heading.eid} 已在第 {before.line} 行" + (f"（{over}）" if over else ""),
                f"{heading.eid} stands on line {before.line}" + (f", in {over}" if over else ""),
                ("合在一个标题下写", "write both under one heading"),
            )  # fmt: skip
    return [*seen.values()]


def _amendment(text: RuleText, heading: Heading) -> Amendment | None:
    where = Location(text.file, heading.line)
    said = heading.title.lower()
    kind = next((k for verb, k in _VERBS.items() if said.startswith(verb)), None)
    if kind is None:
        text.wrong.append(
            Diagnostic(
                "reform-malformed",
                ("标题没有说修改、增加还是删去", "the heading does not say what becomes of it"),
                where,
                hint=_SAY,
            )
        )
        return None
    lines = tuple(
        line for words, at in heading.words for line in lines_of(words, Location(text.file, at))
    )
    if fault := misnumbered(heading):
        text.fail("reform-malformed", heading.line, *fault)
    if kind == "repeal" and lines:
        text.fail(
            "reform-malformed", heading.line,
            "删去的条款不写文字", "what is repealed has no words",
            ("删去引文；要改写，用“修改”", "leave the words out; to change them, replace"),
        )  # fmt: skip
    if kind == "insertion" and not lines:
        text.fail(
            "reform-malformed", heading.line,
            "增加的条款须有文字", "what is inserted needs words",
            ("在标题下以 > 写出全文", "write its words under the heading, after >"),
        )  # fmt: skip
    for line in lines:
        if _UNPRINTABLE.search(line.text):
            text.fail(
                "reform-malformed", line.where.line,
                "文字含控制字符", "the words have control characters",
                ("重新键入这一段", "type this paragraph anew"),
            )  # fmt: skip
    attributes: dict[str, dict[str, str]] = {}
    for key, name in (("grades", "cl:grade"), ("formerly", "wId")):
        for eid, value in text.front.get(key, {}).items():
            if f"{eid}__".startswith(f"{heading.eid}__"):
                attributes.setdefault(eid, {})[name] = str(value)
    return Amendment(kind, heading.eid, lines, where, attributes)
