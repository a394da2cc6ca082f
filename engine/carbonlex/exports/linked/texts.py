"""Works, texts, provisions, makers and jurisdictions as nodes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from carbonlex.exports.scope import Scope, provision_uri
from carbonlex.statutes.citation import cite
from carbonlex.statutes.instruments import RANK_LABELS, Instrument, Provision

Node = dict[str, Any]


def texts(scope: Scope) -> Iterator[Node]:
    """Yield the nodes of every text in a scope, its work, provisions, maker and jurisdiction."""
    held = scope.instruments
    for work in dict.fromkeys(i.work for i in held):
        yield _work(work, [i for i in held if i.work == work])
    for instrument in held:
        yield _text(scope, instrument)
        for provision in instrument.provisions.values():
            yield _provision(instrument, provision)
    makers = {maker_id(i): i.maker_label for i in reversed(held)}
    for iri, label in sorted(makers.items()):
        yield {"@id": iri, "@type": "Organization", "name": label.zh, "unofficial": label.en}
    for code in sorted({country(i) for i in held}):
        yield {"@id": f"cl:jurisdiction/{code}", "@type": "AdministrativeArea",
               "legislationIdentifier": code.upper()}  # fmt: skip


def maker_id(instrument: Instrument) -> str:
    """Return the id of the body that made a text."""
    return f"cl:maker/{instrument.maker}"


def country(instrument: Instrument) -> str:
    """Return the code of the jurisdiction, as the URI of the work has it."""
    return instrument.work.split("/")[2]


def coverage(text: Instrument) -> str:
    """Return when a text is in force, first and last day, as ISO 8601 writes an interval."""
    last = (text.ended - timedelta(days=1)).isoformat() if text.ended else ".."
    return f"{text.effective}/{last}"


def _work(uri: str, versions: list[Instrument]) -> Node:
    newest = max(versions, key=lambda i: i.effective)
    return {
        "@id": uri, "@type": ["Legislation", "LegalResource"], "name": newest.title.zh,
        "unofficial": newest.title.en, "legislationType": RANK_LABELS[newest.rank].zh,
        "legislationPassedBy": maker_id(newest),
        "legislationJurisdiction": f"cl:jurisdiction/{country(newest)}",
        "workExample": [i.uri for i in versions],
    }  # fmt: skip


def _text(scope: Scope, text: Instrument) -> Node:
    """Return a text. Whether it is in force is said of a day only: no clock decides it."""
    node: Node = {
        "@id": text.uri, "@type": ["Legislation", "LegalExpression"],
        "exampleOfWork": text.work, "realizes": text.work, "key": text.key,
        "name": text.title.zh, "alternateName": text.short.zh, "unofficial": text.title.en,
        "inLanguage": "zh", "legislationIdentifier": text.number or text.uri,
        "legislationType": RANK_LABELS[text.rank].zh,
        "legislationDate": text.promulgated.isoformat(),
        "legislationDateOfApplicability": text.effective.isoformat(),
        "first_date_entry_in_force": text.effective.isoformat(),
        "temporalCoverage": coverage(text),
        "legislationPassedBy": maker_id(text),
        "legislationJurisdiction": f"cl:jurisdiction/{country(text)}",
        "grade": text.grade, "digest": f"sha256:{text.digest}",
        "hasPart": [provision_uri(text, e) for e, p in text.provisions.items() if not p.parent],
    }  # fmt: skip
    if text.ended is not None:
        node["date_no_longer_in_force"] = text.ended.isoformat()
    if scope.on is not None:
        node |= {"legislationLegalForce": "InForce",
                 "legislationDateVersion": scope.on.isoformat()}  # fmt: skip
    if text.note.zh:
        node |= {"note": text.note.zh, "unofficialDescription": text.note.en}
    for name, grade in text.date_grades.items():
        node[f"{name}Grade"] = grade
    return node


def _provision(text: Instrument, provision: Provision) -> Node:
    node: Node = {
        "@id": provision_uri(text, provision.eid),
        "@type": ["Legislation", "LegalResourceSubdivision"],
        "legislationIdentifier": cite(text, provision.eid),
        "isPartOf": provision_uri(text, provision.parent),
        "grade": provision.grade, "held": provision.held,
    }  # fmt: skip
    if provision.num:
        node["number"] = provision.num
    if provision.wid != provision.eid:
        node["firstKnownAs"] = provision.wid
    if provision.children:
        node["hasPart"] = [provision_uri(text, c) for c in provision.children]
    if provision.text and provision.summary:
        node["summary"] = provision.text
    # Words from memory are never shown as those of the law.
    elif provision.text and provision.grade != "recalled":
        node["text"] = provision.text
    return node
