"""What has to hold of a LegalRuleML document: order, attributes, keys, references, no circles.

The OASIS schema comes with no package. What is said here of an element is what that schema says,
for those elements that are written and no others; `validated` runs the schema where a user has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from carbonlex.exports.legalruleml.markup import LRML, RULEML, XML, XSI

_TERM = "(Ind|Data|Var|Expr|Plex)"
_PLAIN = "(Atom|Equal|And|Or|Neg|Implies|Equivalent|Forall|Exists)"
_FORMULA = _PLAIN.replace(")", "|Obligation|Permission|Prohibition)")
_HEADER = "(Comment )?(Paraphrase )?"
_DEONTIC = f"{_HEADER}(slot )*({_FORMULA} )?"
_COLLECTED = "(Comment )?({} )*"
# Children of an element, each name with a space after it. None may hold text beside them.
_CONTENT: dict[str, str] = {
    "LegalRuleML": (
        "(Comment )*(Prefix )*((LegalSources|Times|TemporalCharacteristics|Authorities"
        "|Jurisdictions) )*(Associations )*((Alternatives|Context|Statements) )*"
    ),
    "Prefix": "",
    "LegalSources": _COLLECTED.format("LegalSource"),
    "LegalSource": "(Comment )?",
    "Times": _COLLECTED.format("Time"),
    "Time": "(Comment )?(Data )?",
    "TemporalCharacteristics": _COLLECTED.format("TemporalCharacteristic"),
    "TemporalCharacteristic": "(Comment )?(forStatus )?(hasStatusDevelopment )?(atTime )?",
    "Authorities": _COLLECTED.format("Authority"),
    "Authority": "(Comment )?",
    "Jurisdictions": _COLLECTED.format("Jurisdiction"),
    "Jurisdiction": "(Comment )?",
    "Associations": _COLLECTED.format("Association"),
    "Association": (
        "(Comment )?((appliesSource|appliesTemporalCharacteristics|appliesAuthority"
        "|appliesJurisdiction) )*(toTarget )*"
    ),
    "Alternatives": "(Comment )?(fromLegalSources )?(hasAlternative )*",
    "Context": "(Comment )?(appliesAlternatives )*(inScope )*",
    "Statements": (
        "(Comment )?((ConstitutiveStatement|PrescriptiveStatement|PenaltyStatement"
        "|ReparationStatement|OverrideStatement|Statements) )*"
    ),
    "ConstitutiveStatement": "(Comment )?(Rule )?",
    "PrescriptiveStatement": "(Comment )?(Rule )?",
    "PenaltyStatement": f"(Comment )?({_FORMULA} )?",
    "ReparationStatement": "(Comment )?(Reparation )?",
    "OverrideStatement": "(Comment )?(Override )?",
    "Override": _HEADER,
    "Reparation": f"{_HEADER}(appliesPenalty )*(toPrescriptiveStatement )*",
    "Obligation": _DEONTIC,
    "Permission": _DEONTIC,
    "Prohibition": _DEONTIC,
    "Bearer": "(Comment )?",
    "AuxiliaryParty": "(Comment )?",
    "Rule": f"{_HEADER}if then ",
    "if": f"{_FORMULA} ",
    "then": f"{_FORMULA} ",
    "Atom": f"{_HEADER}Rel ({_TERM} )*",
    "Expr": f"{_HEADER}Fun ({_TERM} )*",
    "Plex": f"{_HEADER}({_TERM} )*",
    "Equal": f"{_HEADER}{_TERM} {_TERM} ",
    "And": f"{_HEADER}({_FORMULA} )*",
    "Or": f"{_HEADER}({_FORMULA} )*",
    "Neg": f"{_HEADER}{_FORMULA} ",
    "Implies": f"{_HEADER}if then ",
    "Equivalent": f"{_HEADER}{_PLAIN} {_PLAIN} ",
    "Forall": f"{_HEADER}(Var )+{_FORMULA} ",
    "Exists": f"{_HEADER}(Var )+{_FORMULA} ",
    "slot": f"(Bearer|AuxiliaryParty) {_TERM} ",
}
_WORDS = frozenset({"Comment", "Paraphrase"})
_NODES = frozenset(
    {
        "LegalRuleML", "LegalSources", "Times", "TemporalCharacteristics",
        "TemporalCharacteristic", "Authorities", "Authority", "Jurisdictions", "Jurisdiction",
        "Associations", "Association", "Alternatives", "Context", "Statements",
        "ConstitutiveStatement", "PrescriptiveStatement", "PenaltyStatement",
        "ReparationStatement", "OverrideStatement", "Reparation", "Obligation", "Permission",
        "Prohibition", "Comment", "LegalSource",
    }
)  # fmt: skip
_EDGES = frozenset(
    {
        "appliesSource", "appliesTemporalCharacteristics", "appliesAuthority",
        "appliesJurisdiction", "toTarget", "fromLegalSources", "hasAlternative",
        "appliesAlternatives", "inScope", "appliesPenalty", "toPrescriptiveStatement", "atTime",
    }
)  # fmt: skip
_ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(_NODES, frozenset({"key", "type"})),
    **dict.fromkeys(_EDGES, frozenset({"keyref"})),
    "LegalRuleML": frozenset({"key", f"{{{XML}}}base"}),
    "LegalSource": frozenset({"key", "keyref", "type", "sameAs"}),
    "Prefix": frozenset({"pre", "refID"}),
    "Override": frozenset({"over", "under"}),
    "forStatus": frozenset({"iri"}),
    "hasStatusDevelopment": frozenset({"iri"}),
    "Rule": frozenset({"key", "closure", "strength"}),
    "And": frozenset({"key"}),
    "Time": frozenset({"key"}),
    "Data": frozenset({f"{{{XSI}}}type"}),
    **dict.fromkeys(("Rel", "Fun", "Ind", "Bearer", "AuxiliaryParty"), frozenset({"iri"})),
}
_KEY = re.compile(r"[^\W\d][\w.-]*")
_TEXTS = frozenset({"Rel", "Fun", "Ind", "Var", "Data"})


def check(root: etree._Element) -> None:
    """Raise `ValueError` with what does not hold; that would be a fault of ours."""
    wrong = list(faults(root))
    if wrong:
        raise ValueError("; ".join(wrong[:20]))


def faults(root: etree._Element) -> Iterator[str]:
    """Yield what does not hold of a document."""
    keys: set[str] = set()
    for node in _structure(root):
        yield from _shape(node)
        key = (node.get("key") or "").removeprefix(":")
        if key:
            if not _KEY.fullmatch(key):
                yield f"key {key} is no name"
            if key in keys:
                yield f"key {key} is taken"
            keys.add(key)
    for node in _structure(root):
        for name in ("keyref", "over", "under"):
            target = node.get(name)
            if target is not None and target.removeprefix("#") not in keys:
                yield f"{name} {target} leads nowhere"


def _structure(root: etree._Element) -> Iterator[etree._Element]:
    """Yield every element outside comments and paraphrases, and these themselves."""
    yield root
    if _local(root) in _WORDS:
        return
    for child in root:
        yield from _structure(child)


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname


def _shape(node: etree._Element) -> Iterator[str]:
    name, where = _local(node), node.get("key") or node.get("iri") or ""
    if etree.QName(node).namespace not in (LRML, RULEML):
        yield f"{name} is of neither language"
    strange = {str(a) for a in node.attrib} - _ATTRIBUTES.get(name, frozenset())
    if strange:
        yield f"{name} {where} has {', '.join(sorted(strange))}"
    if name in _WORDS or name in _TEXTS:
        return
    if (node.text or "").strip():
        yield f"{name} {where} holds text"
    inside = "".join(f"{_local(child)} " for child in node)
    content = _CONTENT.get(name, "")
    if not re.fullmatch(content, inside):
        yield f"{name} {where} holds {inside[:200]}"
