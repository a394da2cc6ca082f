"""One text as it is held, or as the text of a day, with links from its provisions to norms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from lxml import etree

from carbonlex.corpus import corpus
from carbonlex.exports.scope import NotExported, Scope, head_of
from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.markup import parse
from carbonlex.statutes.metadata import AKN, OWN

_OWN = {"cl": OWN.strip("{}")}


def held_tree(instrument: Instrument) -> etree._Element:
    """Return the file of a text; raises `NotExported` where it has changed since it was read."""
    data = (corpus("statutes").parent / instrument.file).read_bytes()
    if hashlib.sha256(data).hexdigest() != instrument.digest:
        raise NotExported(
            f"{instrument.file} 在读取规则之后有改动，请重新运行",
            f"{instrument.file} has changed since the rules were read; run again",
        )
    return parse(data)


def text_as_held(scope: Scope, key: str) -> etree._Element:
    """Return a text as held, its provisions linked to the norms that rest on them."""
    instrument = scope.rulebook.instruments[key]
    root = held_tree(instrument)
    headed(root, scope, [instrument])
    link(root, (n for n in scope.norms if n.instrument == key), {})
    return root


def text_of_day(scope: Scope, key: str, day: date) -> etree._Element:
    """Return a text as the virtual expression of a day on which it is in force."""
    root = text_as_held(scope, key)
    instrument = scope.rulebook.instruments[key]
    language = language_of(instrument)
    versions = (i for i in scope.rulebook.instruments.values() if i.work == instrument.work)
    first = min(versions, key=lambda i: i.effective)
    name_expression(root, f"{instrument.work}/{language}:{day}", first)
    dated = etree.Element(f"{AKN}FRBRdate", date=day.isoformat(), name="pointInTime")
    last = root.findall(f".//{AKN}FRBRExpression/{AKN}FRBRdate")[-1]
    last.addnext(dated)
    return root


def language_of(instrument: Instrument) -> str:
    """Return the language of an expression as its URI has it: `zho`."""
    return instrument.uri.removeprefix(f"{instrument.work}/").partition("@")[0]


def name_expression(root: etree._Element, uri: str, master: Instrument) -> None:
    """Give a document another expression's URI; `master` is the text whose ids are wIds."""
    for part, end in (("FRBRExpression", ""), ("FRBRManifestation", ".xml")):
        for tag, value in (("FRBRthis", f"{uri}/!main{end}"), ("FRBRuri", f"{uri}{end}")):
            found = root.find(f".//{AKN}{part}/{AKN}{tag}")
            assert found is not None, tag
            found.set("value", value)
    expression = root.find(f".//{AKN}FRBRExpression")
    assert expression is not None
    language = expression.find(f"{AKN}FRBRlanguage")
    assert language is not None
    for old in expression.findall(f"{AKN}FRBRmasterExpression"):
        expression.remove(old)
    source = etree.Element(f"{AKN}FRBRmasterExpression", href=master.uri, showAs=master.title.zh)
    language.addprevious(source)


def headed(root: etree._Element, scope: Scope, texts: Iterable[Instrument]) -> None:
    """Write what made the document, and from which files, into its own part of `meta`."""
    head = head_of(scope)
    made = _own("export", engine=head.engine, rulebook=f"sha256:{head.rulebook}")
    for text in texts:
        made.append(_own("held", expression=text.uri, digest=f"sha256:{text.digest}"))
    for remark in head.remarks:
        made.extend(_spoken("remark", remark))
    proprietary(root).append(made)


def link(root: etree._Element, norms: Iterable[Norm], renamed: Mapping[str, str]) -> None:
    """Link norms and provisions both ways; `renamed` has the ids that were changed."""
    by_id = {e.get("eId"): e for e in root.iter(f"{AKN}*") if e.get("eId")}
    own = proprietary(root)
    for norm in norms:
        told = _own("norm", id=norm.id, kind=norm.kind, answers=norm.answers, grade=norm.grade)
        told.extend(_spoken("label", norm.label))
        for eid in norm.provisions:
            place = renamed.get(eid, eid)
            told.append(_own("provision", href=f"#{place}"))
            attribute = f"{OWN}norms"
            known = by_id[place].get(attribute)
            by_id[place].set(attribute, f"{known} {norm.id}" if known else norm.id)
        own.append(told)


def proprietary(root: etree._Element) -> etree._Element:
    """Return the part of `meta` that is ours."""
    found = root.find(f".//{AKN}proprietary")
    assert found is not None
    return found


def _own(tag: str, **attributes: str) -> etree._Element:
    made = etree.Element(f"{OWN}{tag}", nsmap=_OWN)
    for name, value in attributes.items():
        made.set(name, value)
    return made


def _spoken(tag: str, words: Label) -> tuple[etree._Element, etree._Element]:
    zh, en = _own(tag, lang="zh"), _own(tag, lang="en", unofficial="true")
    zh.text, en.text = words.zh, words.en
    return zh, en
