"""Elements of LegalRuleML and RuleML, names in our vocabulary, and words in two languages."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from lxml import etree

from carbonlex.exports.scope import NAMESPACE
from carbonlex.model import Label, Scalar
from carbonlex.quantities import decimals, plain

LRML = "http://docs.oasis-open.org/legalruleml/ns/v1.0/"
RULEML = "http://ruleml.org/spec"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"
STATUS = "http://docs.oasis-open.org/legalruleml/ns/v1.0/vocab#"
PREFIXES = {
    "cl": NAMESPACE,
    "pred": "http://www.w3.org/2007/rif-builtin-predicate#",
    "func": "http://www.w3.org/2007/rif-builtin-function#",
}
NAMESPACES = {
    "lrml": LRML, "ruleml": RULEML, "xs": XSD, "xsi": XSI, "cl": NAMESPACE.rstrip(":"),
    "h": XHTML,
}  # fmt: skip

_UNFIT = re.compile(r"[^\w.-]")


def element(
    namespace: str, tag: str, *inside: etree._Element | str, **attributes: str
) -> etree._Element:
    """Return an element with its children, or its text, and its attributes."""
    made = etree.Element(f"{{{namespace}}}{tag}", nsmap=NAMESPACES)
    for name, value in attributes.items():
        made.set(name, value)
    for one in inside:
        if isinstance(one, str):
            made.text = one
        else:
            made.append(one)
    return made


def lrml(tag: str, *inside: etree._Element | str, **attributes: str) -> etree._Element:
    """Return an element of LegalRuleML."""
    return element(LRML, tag, *inside, **attributes)


def ruleml(tag: str, *inside: etree._Element | str, **attributes: str) -> etree._Element:
    """Return an element of RuleML."""
    return element(RULEML, tag, *inside, **attributes)


def own(tag: str, *inside: etree._Element | str, **attributes: str) -> etree._Element:
    """Return an element of our own namespace, as comments may hold them."""
    return element(NAMESPACES["cl"], tag, *inside, **attributes)


def key_of(kind: str, *parts: str) -> str:
    """Return the key of a node: `norm.measures-2021.offset-cap`.

    >>> key_of("norm", "measures-2021/offset-cap", "strict")
    'norm.measures-2021.offset-cap.strict'
    """
    return ".".join([kind, *(_UNFIT.sub(".", p) for p in parts)])


def curie(*parts: str) -> str:
    """Return a name in our vocabulary: `cl:term/verified_emissions`."""
    return "cl:" + "/".join(parts)


def spoken(words: Label) -> tuple[etree._Element, etree._Element]:
    """Return words as two spans, each in its language; the English says that it is unofficial."""
    zh, en = element(XHTML, "span", words.zh), element(XHTML, "span", words.en)
    zh.set(f"{{{XML}}}lang", "zh")
    en.set(f"{{{XML}}}lang", "en")
    en.set("class", "unofficial")
    return zh, en


def comment(*inside: etree._Element | str, **attributes: str) -> etree._Element:
    """Return a comment; one that holds a label has it in both languages."""
    return lrml("Comment", *inside, **attributes)


def paraphrase(words: Label) -> etree._Element:
    """Return what a rule says, in both languages."""
    return lrml("Paraphrase", *spoken(words))


def data(value: Scalar) -> etree._Element:
    """Return a constant as a term: a typed literal, or an individual for a choice."""
    if isinstance(value, bool):
        return _typed("boolean", str(value).lower())
    if isinstance(value, Fraction):
        if decimals(value) is None:
            parts = (data(Fraction(value.numerator)), data(Fraction(value.denominator)))
            return ruleml("Expr", ruleml("Fun", iri="func:numeric-divide"), *parts)
        return _typed("decimal", plain(value))
    if isinstance(value, date):
        return _typed("date", value.isoformat())
    return ruleml("Ind", value, iri=curie("choice", value))


def _typed(kind: str, text: str) -> etree._Element:
    made = ruleml("Data", text)
    made.set(f"{{{XSI}}}type", f"xs:{kind}")
    return made


def atom(relation: str, *arguments: etree._Element) -> etree._Element:
    """Return a predicate applied to terms."""
    return ruleml("Atom", ruleml("Rel", iri=relation), *arguments)


def expression(function: str, *arguments: etree._Element) -> etree._Element:
    """Return a function applied to terms."""
    return ruleml("Expr", ruleml("Fun", iri=function), *arguments)


def variable(name: str) -> etree._Element:
    """Return a variable."""
    return ruleml("Var", name)


def conjunction(parts: list[etree._Element]) -> etree._Element:
    """Return several formulas as one; `<And/>` holds always."""
    return parts[0] if len(parts) == 1 else ruleml("And", *parts)
