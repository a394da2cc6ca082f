"""Norms as statements: definitions, duties, prohibitions, permissions, powers, exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from carbonlex.exports.legalruleml.formulas import Formulas
from carbonlex.exports.legalruleml.markup import (
    atom,
    comment,
    conjunction,
    curie,
    key_of,
    lrml,
    own,
    paraphrase,
    ruleml,
    spoken,
    variable,
)
from carbonlex.expressions.tree import Boolean, Expression, Name
from carbonlex.expressions.write import write
from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.norms import say_norm

_MODES = {
    "obliges": "Obligation",
    "prohibits": "Prohibition",
    "permits": "Permission",
    # LegalRuleML has no power to change the law: what one may do by it is permitted.
    "empowers": "Permission",
}
_WORDS = ("liable", "measure", "ban", "discretion")
_NAMED = ("record", "gap", "lever", "limits", "ordered_by", "continuing", "matter", "coercion",
          "ground", "special_to", "varies", "replaces", "question")  # fmt: skip


class Statement:
    """One norm under one reading, `reading` empty where it turns on no question."""

    def __init__(self, rulebook: Rulebook, norm: Norm, reading: str = "") -> None:
        self.rulebook, self.declared, self.reading = rulebook, norm, reading
        self.norm = norm.readings[reading] if reading else norm
        self.name = key_of(norm.instrument, norm.short, *([reading] if reading else []))
        self.formulas = Formulas(rulebook, self.norm, self.name)

    @property
    def key(self) -> str:
        """The key of the statement."""
        return key_of("norm", self.name)

    def element(self) -> etree._Element:
        """Return the statement of a norm that is no sanction and no rule of precedence."""
        if self.norm.kind == "defines":
            return self.constitutive(self._means(self.norm.answers))
        if self.norm.kind == "excepts":
            return self._excepts(self.rulebook.norms[self.norm.answers])
        return self.prescriptive(self._deontic(_MODES[self.norm.kind], self._required()))

    def constitutive(self, conclusion: etree._Element, strength: str = "") -> etree._Element:
        """Return the statement that something is so."""
        rule = self.rule(self.premises(), conclusion, strength)
        return lrml("ConstitutiveStatement", self.about(), rule, key=self.key)

    def prescriptive(self, conclusion: etree._Element, strength: str = "") -> etree._Element:
        """Return the statement that something ought to be so."""
        rule = self.rule(self.premises(), conclusion, strength)
        return lrml("PrescriptiveStatement", self.about(), rule, key=self.key)

    def rule(
        self, premises: list[etree._Element], conclusion: etree._Element, strength: str = ""
    ) -> etree._Element:
        """Return the rule of a statement, with what it says in words."""
        told = {"key": f":{key_of('rule', self.name)}", "closure": "universal"}
        if strength or self._defeasible():
            told["strength"] = strength or "defeasible"
        return ruleml(
            "Rule", paraphrase(self.words()),
            ruleml("if", conjunction(premises)), ruleml("then", conclusion), **told,
        )  # fmt: skip

    def words(self) -> Label:
        """Return what the norm says, generated from the rules."""
        return Label(*(say_norm(self.rulebook, self.norm, lang)[0] for lang in ("zh", "en")))

    def about(self) -> etree._Element:
        """Return what LegalRuleML has no place for, and the label and grade of the norm."""
        norm = self.norm
        told = {"norm": norm.id, "kind": norm.kind, "grade": norm.grade, "answers": norm.answers}
        for name in _NAMED:
            value = getattr(norm, name)
            if value:
                told[name] = value if isinstance(value, str) else write(value)
        if norm.basis:
            told["basis"] = " ".join(norm.basis)
        if norm.licence:
            told["licence"] = "true"
        words = [own("label", *spoken(norm.label))]
        for name in _WORDS:
            label = getattr(norm, name)
            if label is not None:
                words.append(own(name, *spoken(label)))
        return comment(own("norm", *words, **told))

    def premises(self) -> list[etree._Element]:
        """Return what must hold for the norm to apply: whom it addresses, and when."""
        norm = self.norm
        found = [*self._addressed(), *self._of_record()]
        if norm.bearer is not None and norm.bearer != Boolean(True):
            found.append(self.formulas.formula(norm.bearer))
        if norm.ordered_by:
            found.append(atom(curie("relation", "ordered"), _norm(norm.ordered_by)))
        if norm.when is not None:
            found.append(self.formulas.formula(norm.when))
        return found

    def who(self) -> str:
        """Return the variable of whom the norm addresses."""
        alone = self.norm.addressees[0] if len(self.norm.addressees) == 1 else ""
        return alone if alone in ("authority", "maker") else "entity"

    def bearer(self, filler: etree._Element | None = None) -> etree._Element:
        """Return the slot of whom a norm binds; `filler` where it is someone else."""
        alone = len(self.norm.addressees) == 1 and self.norm.addressees[0] != "anyone"
        role = {"iri": curie("role", self.norm.addressees[0])} if alone and filler is None else {}
        held = variable(self.who()) if filler is None else filler
        return ruleml("slot", lrml("Bearer", **role), held)

    def _addressed(self) -> Iterator[etree._Element]:
        # Sanctions are on whoever is bound by the duty, definitions on no one.
        if self.norm.kind in ("defines", "excepts", "sanctions", "precedence"):
            return
        roles = [r for r in self.norm.addressees if r != "anyone"]
        if roles and len(roles) == len(self.norm.addressees):
            played = [atom(curie("role", r), variable(self.who())) for r in roles]
            yield played[0] if len(played) == 1 else ruleml("Or", *played)

    def _of_record(self) -> Iterator[etree._Element]:
        record = self.norm.record
        if record != "entity":
            variables = (variable("entity"), variable("year"), variable(record))
            yield atom(curie("list", record), *variables)

    def _required(self) -> list[etree._Element]:
        """Return what is required, forbidden or permitted, and the day that it turns on."""
        norm, test = self.norm, self.formulas.test()
        # Where the act itself is what is meant, truth alone would forbid everything.
        if test is None or norm.test == Boolean(True):
            test = atom(curie("act", norm.answers), variable(self.who()), variable("year"))
        days = (("due", norm.due), ("until", norm.until), ("at", norm.at))
        return [test, *self.dated(days)]

    def dated(self, days: tuple[tuple[str, Expression | None], ...]) -> list[etree._Element]:
        """Return the relations of days, or of years, to what is required."""
        told = [(name, node) for name, node in days if node is not None]
        return [atom(curie("relation", name), self.formulas.term(node)) for name, node in told]

    def _deontic(self, mode: str, required: list[etree._Element]) -> etree._Element:
        slots = [self.bearer()]
        if self.who() != "entity" and self.norm.bearer not in (None, Boolean(True)):
            slots.append(ruleml("slot", lrml("AuxiliaryParty"), variable("entity")))
        what = conjunction(required)
        return lrml(mode, *slots, what, type=curie("duty", self.norm.answers))

    def _means(self, concept: str) -> etree._Element:
        """Return that a concept holds as the test says, or has its value."""
        test = self.norm.test
        if self.norm.limbs is not None or (test is not None and self._truth(concept)):
            defined = self.formulas.test()
            assert defined is not None, self.norm.id
            return ruleml("Equivalent", self.formulas.formula(Name(concept)), defined)
        assert test is not None, self.norm.id
        return ruleml("Equal", self.formulas.term(Name(concept)), self.formulas.term(test))

    def _truth(self, concept: str) -> bool:
        return self.formulas.truth(Name(concept))

    def _excepts(self, target: Norm) -> etree._Element:
        """Return an exception: another value, a strong permission, or that a norm gives way."""
        if target.kind == "defines" and (self.norm.test is not None or self.norm.limbs is not None):
            return self.constitutive(self._means(target.answers))
        if target.kind == "prohibits":
            excepted = Statement(self.rulebook, target)
            allowed = excepted._deontic("Permission", excepted._required())
            return self.prescriptive(allowed)
        spared = atom(curie("relation", "not-applicable"), _norm(target.id))
        return self.constitutive(spared, "defeater")

    def _defeasible(self) -> bool:
        return bool(self.rulebook.exceptions.get(self.norm.id)) or any(
            self.norm.id in (n.special_to, n.varies, n.replaces)
            for norm in self.rulebook.norms.values()
            for n in (norm, *norm.readings.values())
        )


def _norm(name: str) -> etree._Element:
    return ruleml("Ind", name, iri=curie("norm", name))


def statements_of(rulebook: Rulebook, norm: Norm) -> tuple[Statement, ...]:
    """Return the statements that a norm makes: one, or one for each reading of its question."""
    if not norm.readings:
        return (Statement(rulebook, norm),)
    names = [r.name for r in rulebook.questions[norm.question].readings]
    return tuple(Statement(rulebook, norm, name) for name in names)
