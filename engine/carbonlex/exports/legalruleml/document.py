"""A scope of the rulebook as one LegalRuleML document: every norm, or said why not."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from carbonlex.exports.legalruleml.checks import check
from carbonlex.exports.legalruleml.figures import figures
from carbonlex.exports.legalruleml.glossary import glossary, not_encoded
from carbonlex.exports.legalruleml.markup import (
    PREFIXES,
    XHTML,
    XML,
    comment,
    element,
    key_of,
    lrml,
)
from carbonlex.exports.legalruleml.penalties import penalty, reparation
from carbonlex.exports.legalruleml.priorities import overrides, rule_of_precedence
from carbonlex.exports.legalruleml.readings import alternatives, by_default, under_readings
from carbonlex.exports.legalruleml.sources import Place, Sources, country_key, maker_key
from carbonlex.exports.legalruleml.statements import Statement, statements_of
from carbonlex.exports.scope import Exported, Scope, head_of
from carbonlex.statutes.instruments import Instrument

NAME = "carbonlex.legalruleml.xml"


def legal_rule_ml(scope: Scope) -> Exported:
    """Return a scope as LegalRuleML 1.0, its keys, references and order checked.

    >>> import carbonlex
    >>> from carbonlex.exports.scope import scope_of
    >>> rulebook = carbonlex.load_rulebook()
    >>> made = legal_rule_ml(scope_of(rulebook, ["measures-2021"]))
    >>> 'key="norm.measures-2021.offset-cap"' in made.text
    True
    """
    root = _Document(scope).root()
    check(root)
    etree.indent(root, "  ")
    text = etree.tostring(root, encoding="unicode")
    return Exported(NAME, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


class _Document:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.sources = scope, Sources(scope)
        self.associations: list[etree._Element] = []
        self.readings: dict[str, dict[str, list[etree._Element]]] = {}

    def root(self) -> etree._Element:
        scope, questions = self.scope, self.scope.questions
        # What statements refer to is known once they are written, and stands before them.
        stated = [self._text(instrument) for instrument in scope.instruments]
        open_questions = [alternatives(q, self.sources) for q in questions]
        collections = [
            one for q in questions for one in under_readings(q, self.readings.get(q.name, {}))
        ]
        made = lrml(
            "LegalRuleML",
            comment(*(element(XHTML, "p", line) for line in head_of(scope).lines()), key="head"),
            glossary(scope, [*stated, *collections]),
            not_encoded(scope),
            *(lrml("Prefix", pre=pre, refID=iri) for pre, iri in PREFIXES.items()),
            *self.sources.elements(),
            lrml("Associations", *self.associations, key="associations"),
            *open_questions,
            *(by_default(q) for q in questions),
            *stated,
            *collections,
            key="carbonlex",
        )
        made.set(f"{{{XML}}}base", scope.base)
        return made

    def _text(self, instrument: Instrument) -> etree._Element:
        """Return what one text states outside any reading; what it does inside is noted."""
        inside: list[etree._Element] = []
        for norm in (n for n in self.scope.norms if n.instrument == instrument.key):
            for statement in statements_of(self.scope.rulebook, norm):
                made = list(_made(self.scope, statement))
                self._associate(instrument, statement)
                if statement.reading:
                    under = self.readings.setdefault(norm.question, {})
                    under.setdefault(statement.reading, []).extend(made)
                else:
                    inside += made
        for parameter in self.scope.parameters:
            if parameter.instrument != instrument.key:
                continue
            for figure in figures(parameter):
                inside.append(figure.element)
                places = [p for p in figure.places if p[0] in self.scope.rulebook.instruments]
                self._associated(instrument, figure.key, places, [figure.key], parameter.norm)
        return lrml("Statements", *inside, key=key_of("statements", instrument.key))

    def _associate(self, instrument: Instrument, statement: Statement) -> None:
        norm = statement.norm
        places = [(norm.instrument, eid) for eid in norm.provisions]
        self._associated(instrument, statement.key, places, [statement.key], norm.id)
        for item, _ in norm.limbs.items if norm.limbs else ():
            points = [f"{eid}__{item}" for eid in norm.provisions]
            held = [(norm.instrument, eid) for eid in points if eid in instrument.provisions]
            limb = statement.formulas.limb(item)
            if held:
                self._associated(instrument, limb, held, [limb], norm.id)

    def _associated(
        self, instrument: Instrument, key: str, places: list[Place], targets: list[str], norm: str
    ) -> None:
        """Note from which provisions something comes, who made them, and when they hold."""
        declared = self.scope.rulebook.norms.get(norm)
        years = self.sources.limited(declared.years) if declared is not None else ""
        force = [key_of("force", instrument.key), *([years] if years else [])]
        self.associations.append(
            lrml(
                "Association",
                *(lrml("appliesSource", keyref=f"#{self.sources.source(*p)}") for p in places),
                *(lrml("appliesTemporalCharacteristics", keyref=f"#{one}") for one in force),
                lrml("appliesAuthority", keyref=f"#{maker_key(instrument)}"),
                lrml("appliesJurisdiction", keyref=f"#{country_key(instrument)}"),
                *(lrml("toTarget", keyref=f"#{target}") for target in targets),
                key=key_of("association", key),
            )
        )


def _made(scope: Scope, statement: Statement) -> Iterator[etree._Element]:
    match statement.norm.kind:
        case "sanctions":
            yield penalty(statement)
            yield reparation(scope, statement)
        case "precedence":
            yield rule_of_precedence(statement)
        case _:
            yield statement.element()
    yield from overrides(scope, statement)
