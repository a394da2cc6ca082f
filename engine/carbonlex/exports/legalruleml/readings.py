"""Open questions as alternatives: each reading is the collection of what norms say under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from carbonlex.exports.legalruleml.markup import comment, key_of, lrml, own, spoken
from carbonlex.exports.legalruleml.sources import Sources
from carbonlex.model import Label
from carbonlex.rulebook.norms import Question, Reading

_ENGINE = Label(
    "此读法不改变任何规范的内容，由推理引擎在适用规范时采用。",
    "This reading changes what no norm says; the reasoner follows it when it applies them.",
)


def reading_key(question: str, reading: str) -> str:
    """Return the key of the statements that hold under one reading of a question."""
    return key_of("reading", question, reading)


def alternatives(question: Question, sources: Sources) -> etree._Element:
    """Return the readings of a question, each of which excludes the others."""
    told = {"question": question.name, "default": question.default}
    if question.from_year:
        told["from-year"] = str(question.from_year)
    if question.validity:
        told["validity"] = "true"
    named = sources.question(question)
    return lrml(
        "Alternatives",
        comment(own("question", own("label", *spoken(question.label)), **told)),
        *([lrml("fromLegalSources", keyref=f"#{named}")] if named else []),
        *(
            lrml("hasAlternative", keyref=f"#{reading_key(question.name, r.name)}")
            for r in question.readings
        ),
        key=key_of("question", question.name),
    )


def by_default(question: Question) -> etree._Element:
    """Return the context in which the default reading is taken."""
    return lrml(
        "Context",
        lrml("appliesAlternatives", keyref=f"#{key_of('question', question.name)}"),
        lrml("inScope", keyref=f"#{reading_key(question.name, question.default)}"),
        key=key_of("default", question.name),
    )


def under_readings(
    question: Question, statements: Mapping[str, Sequence[etree._Element]]
) -> list[etree._Element]:
    """Return the collections of statements, one for each reading."""
    return [
        lrml(
            "Statements", _about(question, reading, bool(statements.get(reading.name))),
            *statements.get(reading.name, ()), key=reading_key(question.name, reading.name),
        )
        for reading in question.readings
    ]  # fmt: skip


def _about(question: Question, reading: Reading, stated: bool) -> etree._Element:
    words = [own("label", *spoken(reading.label)), own("source", reading.source)]
    if not stated:
        words.append(own("note", *spoken(_ENGINE)))
    return comment(own("reading", *words, question=question.name, reading=reading.name))
