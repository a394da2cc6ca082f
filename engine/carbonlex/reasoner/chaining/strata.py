"""Strata: in which order rules may fire so that "unless" looks only at what is finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carbonlex.errors import ChainingError
from carbonlex.reasoner.chaining.propositions import Atom, Rule


def is_variable(term: str) -> bool:
    """Return whether an argument written in a rule is a variable.

    >>> is_variable("?entity"), is_variable("某电厂")
    (True, False)
    """
    return term.startswith("?")


def stratify(rules: Iterable[Rule]) -> dict[str, int]:
    """Return the stratum of every predicate that `rules` name.

    A conclusion lies no lower than its premises and above what it is negated by, so all
    that an `unless` asks about is decided once the strata below are. Raises `ChainingError`
    where no such order exists, and where a variable of `unless` or `then` is bound by no
    premise.

    >>> duty = Rule("duty", (Atom("covered", ("?e",)),), Atom("bound", ("?e",)))
    >>> fine = Rule("fine", (Atom("short", ("?e",)),), Atom("fined", ("?e",)), duty.all)
    >>> stratify([duty, fine])
    {'bound': 0, 'covered': 0, 'fined': 1, 'short': 0}
    """
    rules = tuple(rules)
    for rule in rules:
        _check_bound(rule)
    named = {atom.predicate for rule in rules for atom in (rule.then, *rule.all, *rule.unless)}
    strata = dict.fromkeys(sorted(named), 0)
    raised = True
    while raised:
        raised = False
        for rule in rules:
            needed = _lowest(rule, strata)
            if needed >= len(strata):
                raise ChainingError(_describe_recursion(rules))
            if needed > strata[rule.then.predicate]:
                strata[rule.then.predicate] = needed
                raised = True
    return strata


def _lowest(rule: Rule, strata: dict[str, int]) -> int:
    above = (strata[atom.predicate] for atom in rule.all)
    over = (strata[atom.predicate] + 1 for atom in rule.unless)
    return max((0, *above, *over))


def _check_bound(rule: Rule) -> None:
    bound = {term for atom in rule.all for term in atom.args}
    for atom in (rule.then, *rule.unless):
        for term in atom.args:
            if is_variable(term) and term not in bound:
                raise ChainingError(f"rule {rule.id}: no premise binds {term} of {_written(atom)}")


def _describe_recursion(rules: Sequence[Rule]) -> str:
    needs: dict[str, set[str]] = {}
    for rule in rules:
        body = needs.setdefault(rule.then.predicate, set())
        body.update(atom.predicate for atom in (*rule.all, *rule.unless))
    for rule in rules:
        for atom in rule.unless:
            if _rests_on(atom.predicate, rule.then.predicate, needs):
                return (
                    f"rule {rule.id}: {rule.then.predicate} depends on its own negation "
                    f"by way of {_written(atom)}"
                )
    raise AssertionError("strata without end, and no recursion through negation")


def _rests_on(predicate: str, goal: str, needs: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    open_ends = [predicate]
    while open_ends:
        here = open_ends.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            open_ends.extend(needs.get(here, ()))
    return False


def _written(atom: Atom) -> str:
    return f"{atom.predicate}({', '.join(atom.args)})"
