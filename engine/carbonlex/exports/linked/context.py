"""The context of the linked data, whole and inline, and the definitions of our own terms."""

from __future__ import annotations

from typing import Any

from carbonlex.exports.scope import NAMESPACE
from carbonlex.model import Label

SCHEMA = "https://schema.org/"
ELI = "http://data.europa.eu/eli/ontology#"

_REFERENCE = {"@type": "@id"}
_DAY = {"@type": "xsd:date"}
# Term, in whose vocabulary, and what its values are.
_TERMS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Legislation", "schema", {}),
    ("Organization", "schema", {}),
    ("AdministrativeArea", "schema", {}),
    ("LegalResource", "eli", {}),
    ("LegalResourceSubdivision", "eli", {}),
    ("LegalExpression", "eli", {}),
    ("name", "schema", {"@language": "zh"}),
    ("alternateName", "schema", {"@language": "zh"}),
    ("text", "schema", {"@language": "zh"}),
    ("inLanguage", "schema", {}),
    ("legislationIdentifier", "schema", {}),
    ("legislationType", "schema", {}),
    ("legislationDate", "schema", _DAY),
    ("legislationDateOfApplicability", "schema", _DAY),
    ("legislationDateVersion", "schema", _DAY),
    ("legislationPassedBy", "schema", _REFERENCE),
    ("legislationJurisdiction", "schema", _REFERENCE),
    ("legislationLegalForce", "schema", {"@type": "@vocab"}),
    ("InForce", "schema", {}),
    ("temporalCoverage", "schema", {}),
    ("exampleOfWork", "schema", _REFERENCE),
    ("workExample", "schema", _REFERENCE),
    ("isPartOf", "schema", _REFERENCE),
    ("hasPart", "schema", _REFERENCE),
    ("isBasedOn", "schema", _REFERENCE),
    ("version", "schema", {}),
    ("description", "schema", {"@language": "zh"}),
    ("realizes", "eli", _REFERENCE),
    ("first_date_entry_in_force", "eli", _DAY),
    ("date_no_longer_in_force", "eli", _DAY),
    ("label", "rdfs", {"@language": "zh"}),
    ("comment", "rdfs", {"@language": "zh"}),
)

CLASSES: dict[str, Label] = {
    "Rulebook": Label("全部规则及其所据文本", "all rules with the texts that they rest on"),
    "Norm": Label("一条编码的规范", "one norm as encoded"),
    "Parameter": Label("法律规定的数值、日期或清单", "a number, day or list that law sets"),
    "Value": Label("参数在一段时间内的值", "a value of a parameter for some time"),
    "Question": Label("未决的法律问题", "an open question of law"),
    "Reading": Label("未决问题的一种读法", "one answer to an open question"),
    "Term": Label("规范所用的事实或概念", "a fact or concept that norms use"),
}
PROPERTIES: dict[str, tuple[Label, dict[str, Any]]] = {
    "digest": (Label("来源的 SHA-256", "SHA-256 of the sources"), {}),
    "grade": (
        Label("来源等级：文字怎样取得", "grade of the source: how the words were obtained"), {},
    ),
    "number": (Label("条文在文本中的编号", "the number that the text prints"), {}),
    "held": (
        Label("是否收录了文字", "whether the words are held"), {"@type": "xsd:boolean"},
    ),
    "summary": (
        Label("对条文的摘要，不是原文", "a summary of the provision, not its words"),
        {"@language": "zh"},
    ),
    "note": (Label("关于来源的说明", "a note on the source"), {"@language": "zh"}),
    "firstKnownAs": (
        Label("在最早所收文本中的条号（wId）", "its id in the earliest text held (wId)"), {},
    ),
    "kind": (Label("规范的种类", "the kind of norm"), {}),
    "answers": (
        Label("所规定的概念、义务或规范", "the concept, duty or norm that it is about"), {},
    ),
    "bearer": (Label("约束谁（规则语言）", "whom it binds, in the language of rules"), {}),
    "addressee": (Label("所针对的角色", "the role that it addresses"), {}),
    "when": (Label("适用的情形（规则语言）", "when it applies, in the language of rules"), {}),
    "test": (
        Label("要求、禁止或定义（规则语言）", "requirement, prohibition or definition"), {},
    ),
    "due": (Label("期限（规则语言）", "the day due"), {}),
    "until": (Label("持续至（规则语言）", "until which day it lasts"), {}),
    "at": (Label("行为的日（规则语言）", "the day of the act"), {}),
    "consequence": (Label("后果（规则语言）", "what follows from a breach"), {}),
    "sanctionOf": (Label("制裁哪些规范的违反", "the norms whose breach it sanctions"), _REFERENCE),
    "exceptionTo": (Label("是哪条规范的例外", "the norm that it is an exception to"), _REFERENCE),
    "specialTo": (Label("是哪条规范的特别规定", "the norm that it is special to"), _REFERENCE),
    "varies": (Label("变通哪条规范", "the norm that it varies"), _REFERENCE),
    "replaces": (Label("取代哪条规范", "the norm in whose place it stands"), _REFERENCE),
    "orderedBy": (Label("由哪条制裁规范责令", "the sanction that orders it"), _REFERENCE),
    "uses": (Label("用到的事实、概念、参数", "the facts, concepts, parameters used"), _REFERENCE),
    "question": (Label("取决于哪个未决问题", "the open question that it turns on"), _REFERENCE),
    "reading": (Label("各种读法", "the readings"), _REFERENCE),
    "default": (Label("默认的读法", "the reading taken by default"), _REFERENCE),
    "source": (Label("读法的来源", "who gives the reading"), {"@language": "zh"}),
    "setBy": (Label("由哪条规范设定", "the norm that sets it"), _REFERENCE),
    "unit": (Label("单位", "unit"), {}),
    "value": (Label("值，各时段一个", "a value for some time"), {"@type": "@id"}),
    "from": (Label("自该日或该年度起", "from that day or compliance year"), {}),
    "to": (
        Label("至该年度（含）或该日（不含）", "to that year (included) or day (excluded)"), {},
    ),
    "figure": (Label("数值、日期或清单", "the figure, day or list"), {}),
    "tableKey": (Label("表中的键", "the key in a table"), {}),
    "issued": (Label("自何日起可知", "since when it could be known"), {"@type": "xsd:date"}),
    "key": (Label("文件键，命令行用", "the key of a text on the command line"), {}),
    "numberGrade": (Label("文号的来源等级", "grade of the number of a text"), {}),
    "promulgatedGrade": (Label("公布日的来源等级", "grade of the day of promulgation"), {}),
    "effectiveGrade": (Label("施行日的来源等级", "grade of the day of effect"), {}),
    "endedGrade": (Label("失效日的来源等级", "grade of the day of the end"), {}),
    "termType": (Label("事实的类型", "the type of a fact"), {}),
    "attester": (Label("由谁证明", "who attests it"), {"@language": "zh"}),
    "unofficial": (
        Label("英文表述，非官方译文", "an English wording, unofficial"), {"@language": "en"},
    ),
    "unofficialDescription": (
        Label("英文说明，非官方译文", "an English description, unofficial"), {"@language": "en"},
    ),
}  # fmt: skip


def context(base: str) -> dict[str, Any]:
    """Return the context: nothing has to be fetched to read the data."""
    made: dict[str, Any] = {
        "@version": 1.1, "@base": base, "schema": SCHEMA, "eli": ELI,
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "cl": NAMESPACE,
    }  # fmt: skip
    for name, vocabulary, more in _TERMS:
        made[name] = {"@id": f"{vocabulary}:{name}", **more}
    for name in CLASSES:
        made[name] = {"@id": f"cl:{name}"}
    for name, (_, more) in PROPERTIES.items():
        made[name] = {"@id": f"cl:{name}", **more}
    return made


def definitions() -> list[dict[str, Any]]:
    """Return our own classes and properties as nodes, each with what it means."""
    words = {f"cl:{name}": ("rdfs:Class", said) for name, said in CLASSES.items()}
    words |= {f"cl:{name}": ("rdf:Property", said) for name, (said, _) in PROPERTIES.items()}
    return [
        {"@id": iri, "@type": kind, "comment": said.zh, "unofficialDescription": said.en}
        for iri, (kind, said) in words.items()
    ]
