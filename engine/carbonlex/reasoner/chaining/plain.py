"""The plain forward chainer: written to be obviously right, and to run everywhere.

Stratum by stratum it lists every way in which a rule applies to what may hold, and then asks
which of these rest on certainties alone. It is the oracle of the chainer on durable-rules,
and its stand-in where durable-rules does not import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from carbonlex.reasoner.chaining.propositions import Atom, Conclusion, Derivation, Rule
from carbonlex.reasoner.chaining.strata import is_variable, stratify

# By predicate, what holds or may hold; a dict for its order, its values mean nothing.
_Pool = dict[str, dict[Atom, None]]
_Bindings = dict[str, str]


@dataclass(frozen=True)
class _Application:
    """A rule with its variables filled in, all premises of which may hold."""

    rule: str
    premises: tuple[Atom, ...]
    then: Atom
    unless: tuple[Atom, ...]

    def is_certain(self, pool: _Pool, certain: set[Atom]) -> bool:
        """Return whether it rests on certainties and on nothing that may be negated."""
        return certain.issuperset(self.premises) and not any(
            _may_hold(atom, pool) for atom in self.unless
        )


class PlainChainer:
    """A forward chainer in plain Python.

    Raises `ChainingError` for rules that `stratify` refuses.

    >>> chainer = PlainChainer([Rule("r", (Atom("short", ("?e",)),), Atom("fined", ("?e",)))])
    >>> chainer.run([], possible=[Atom("short", ("甲",))])[Atom("fined", ("甲",))].certain
    False
    """

    name = "plain"

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = tuple(rules)
        strata = stratify(rules)
        layers: dict[int, list[Rule]] = {}
        for rule in rules:
            layers.setdefault(strata[rule.then.predicate], []).append(rule)
        self._layers = [layers[stratum] for stratum in sorted(layers)]

    def run(
        self, facts: Iterable[Atom], possible: Iterable[Atom] = ()
    ) -> Mapping[Atom, Conclusion]:
        """Return every proposition that holds or may hold, in the order of the atoms.

        `why` lists every derivation, by rule and premises; it is empty for what was put in
        and is derived by no rule.
        """
        certain = set(facts)
        pool: _Pool = {}
        for atom in (*certain, *possible):
            pool.setdefault(atom.predicate, {})[atom] = None
        why: dict[Atom, set[Derivation]] = {}
        for layer in self._layers:
            applications = _apply(layer, pool, certain)
            _settle(applications, pool, certain)
            for one in applications:
                reached = Derivation(one.rule, one.premises, one.is_certain(pool, certain))
                why.setdefault(one.then, set()).add(reached)
        return {
            atom: Conclusion(atom, atom in certain, _in_order(why.get(atom, ())))
            for atom in sorted(atom for atoms in pool.values() for atom in atoms)
        }

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""


def _apply(layer: list[Rule], pool: _Pool, certain: set[Atom]) -> set[_Application]:
    """Return every application of the rules of one stratum; add what they conclude to `pool`.

    What an `unless` asks about lies in lower strata, so `certain` is finished for it.
    """
    found: set[_Application] = set()
    due = layer
    while due:
        grown = set()
        for rule in due:
            for one in list(_applications(rule, pool)):
                if certain.isdisjoint(one.unless):
                    found.add(one)
                    if not _may_hold(one.then, pool):
                        pool.setdefault(one.then.predicate, {})[one.then] = None
                        grown.add(one.then.predicate)
        due = [rule for rule in layer if any(atom.predicate in grown for atom in rule.all)]
    return found


def _settle(applications: set[_Application], pool: _Pool, certain: set[Atom]) -> None:
    """Add to `certain` what follows from it for certain."""
    grown = True
    while grown:
        follows = {one.then for one in applications if one.is_certain(pool, certain)}
        grown = not follows <= certain
        certain |= follows


def _applications(rule: Rule, pool: _Pool) -> Iterator[_Application]:
    for premises, bindings in _matches(rule.all, pool, {}):
        unless = tuple(_fill(atom, bindings) for atom in rule.unless)
        yield _Application(rule.id, premises, _fill(rule.then, bindings), unless)


def _matches(
    patterns: tuple[Atom, ...], pool: _Pool, bindings: _Bindings
) -> Iterator[tuple[tuple[Atom, ...], _Bindings]]:
    if not patterns:
        yield (), bindings
        return
    for atom in pool.get(patterns[0].predicate, ()):
        extended = _unify(patterns[0], atom, bindings)
        if extended is not None:
            for premises, complete in _matches(patterns[1:], pool, extended):
                yield (atom, *premises), complete


def _unify(pattern: Atom, atom: Atom, bindings: _Bindings) -> _Bindings | None:
    if len(pattern.args) != len(atom.args):
        return None
    extended = dict(bindings)
    for term, value in zip(pattern.args, atom.args, strict=True):
        wanted = extended.setdefault(term, value) if is_variable(term) else term
        if wanted != value:
            return None
    return extended


def _fill(atom: Atom, bindings: _Bindings) -> Atom:
    terms = (bindings[term] if is_variable(term) else term for term in atom.args)
    return Atom(atom.predicate, tuple(terms))


def _may_hold(atom: Atom, pool: _Pool) -> bool:
    return atom in pool.get(atom.predicate, ())


def _in_order(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    return tuple(sorted(derivations, key=lambda one: (one.rule, one.premises, one.certain)))
