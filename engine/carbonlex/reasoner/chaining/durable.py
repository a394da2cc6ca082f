"""The forward chainer on durable-rules: its Rete network matches, joins, orders and chains.

The package crashes, hangs or errs silently in ordinary use, so little of it is used. It sees
tokens of letters and digits only; no comparison, negation, retraction, timer or `Host`; one
state per run, under one lock. Whether an `unless` is met and whether a conclusion is certain
is decided here, when a rule fires: the strata are its priorities, so what an `unless` asks
about is finished by then. A possible conclusion that turns certain is not put in again:
what rests on it is looked up and settled here, and each way of reasoning fires once.

The extension module is called directly: the loop of `durable.engine` swallows exceptions, and
calls `datetime.utcfromtimestamp`, which is deprecated from Python 3.12.
"""

from __future__ import annotations

import itertools
import json
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import durable_rules_engine as rete  # type: ignore[import-not-found]

from carbonlex.errors import ChainingError
from carbonlex.reasoner.chaining.propositions import Atom, Conclusion, Derivation, Rule
from carbonlex.reasoner.chaining.strata import is_variable, stratify
from carbonlex.version import installed

MAX_FIRINGS = 20_000
MAX_RULES = 4_000  # the network ends at 4,096 actions,
MAX_PREMISES = 15  # a join at 16 facts,
MAX_ARGUMENTS = 200  # a fact at 252 attributes

# A fact may reach 64 tests that are not shared: a predicate that more conditions read gets
# further aliases, and each fact goes in once for every alias.
_CONDITIONS_PER_ALIAS = 50
# A node has room for 511 tests. The first test of a condition is the bucket of its alias;
# no alias has a bucket below 0.
_BUCKETS = 250
_BOOT, _SINK, _START = -1, -2, -3

_Message = dict[str, str | int]
_Places = dict[str, tuple[int, int]]
# A predicate with its number of arguments: a join on an argument that is not there is an error.
_Signature = tuple[str, int]


@dataclass(frozen=True)
class _Template:
    """An atom of a rule; each term is a constant, or the place of an argument of a premise."""

    predicate: str
    terms: tuple[str | tuple[int, int], ...]

    @classmethod
    def of(cls, atom: Atom, places: _Places) -> _Template:
        terms = (places[term] if is_variable(term) else term for term in atom.args)
        return cls(atom.predicate, tuple(terms))

    def fill(self, premises: Sequence[Atom]) -> Atom:
        args = (
            term if isinstance(term, str) else premises[term[0]].args[term[1]]
            for term in self.terms
        )
        return Atom(self.predicate, tuple(args))


@dataclass(frozen=True)
class _Action:
    """What the firing of a rule means."""

    rule: str
    conditions: tuple[str, ...]
    then: _Template
    unless: tuple[_Template, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Firing:
    """A rule that fired; `open` where an `unless` of it may hold."""

    rule: str
    premises: tuple[Atom, ...]
    then: Atom
    open: bool


class _Network:
    """The rules as durable-rules reads them, and what its actions and tokens mean."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.actions: dict[str, _Action] = {}
        self.tokens: dict[str, str] = {}
        self.aliases: dict[_Signature, list[int]] = {}
        self._conditions: Counter[_Signature] = Counter()
        self._fresh_alias = itertools.count()
        # Boot makes a state safe to delete. The sink takes every fact and never fires:
        # a fact that no rule reads any further would count as an error.
        self.definition: dict[str, Any] = {
            "boot": {"all": [{"m": {"b": _BOOT}}]},
            "sink": {"all": [{"x": {"$ex": {"p": 1}}}, {"y": {"b": _SINK}}]},
        }
        if len(rules) > MAX_RULES:
            raise ChainingError(f"more than {MAX_RULES} rules")
        strata = stratify(rules)
        for number, rule in enumerate(rules):
            self._add(f"r{number}", rule, 1 + strata[rule.then.predicate])  # ids are any text

    def _add(self, name: str, rule: Rule, priority: int) -> None:
        if len(rule.all) > MAX_PREMISES:
            raise ChainingError(f"rule {rule.id}: more than {MAX_PREMISES} premises")
        places: _Places = {}
        conditions = {f"c{i}": self._tests(i, atom, places) for i, atom in enumerate(rule.all)}
        self.definition[name] = {
            "all": [{c: {"$and": t}} for c, t in conditions.items()] or [{"m": {"b": _START}}],
            "pri": priority,
            "dist": 0,  # one fact may meet two conditions
        }
        unless = tuple(_Template.of(atom, places) for atom in rule.unless)
        then = _Template.of(rule.then, places)
        self.actions[name] = _Action(rule.id, tuple(conditions), then, unless)

    def _tests(self, row: int, atom: Atom, places: _Places) -> list[dict[str, Any]]:
        if len(atom.args) > MAX_ARGUMENTS:
            raise ChainingError(f"{atom.predicate}: more than {MAX_ARGUMENTS} arguments")
        alias = self._alias_of_next_condition((atom.predicate, len(atom.args)))
        tests: list[dict[str, Any]] = [{"b": alias % _BUCKETS}, {"p": f"p{alias}"}]
        for column, term in enumerate(atom.args):
            if not is_variable(term):
                tests.append({f"a{column}": self.tokens.setdefault(term, f"t{len(self.tokens)}")})
            elif term not in places:
                places[term] = (row, column)
            else:
                other, place = places[term]
                tests.append({f"a{column}": {"$m" if other == row else f"c{other}": f"a{place}"}})
        return tests

    def _alias_of_next_condition(self, signature: _Signature) -> int:
        aliases = self.aliases.setdefault(signature, [])
        if self._conditions[signature] % _CONDITIONS_PER_ALIAS == 0:
            aliases.append(next(self._fresh_alias))
        self._conditions[signature] += 1
        return aliases[-1]


class _Run:
    """What is known in one run, and how."""

    def __init__(self, network: _Network, sid: str) -> None:
        self.sid = sid
        self._network = network
        self._tokens = dict(network.tokens)
        self._sent: list[Atom] = []
        self._certain: dict[Atom, bool] = {}
        self._firings: list[_Firing] = []
        self._resting_on: dict[Atom, list[_Firing]] = {}

    def begin(self, facts: Iterable[Atom], possible: Iterable[Atom]) -> list[_Message]:
        """Take in what is given; return the messages for the network."""
        self._certain = dict.fromkeys(possible, False) | dict.fromkeys(facts, True)
        start: _Message = {"id": "start", "sid": self.sid, "b": _START, "p": ""}
        return [start, *(message for atom in self._certain for message in self._messages(atom))]

    def fire(self, name: str, matched: Mapping[str, Mapping[str, str]]) -> list[_Message]:
        """Take in one firing; return the messages for the network that follow from it."""
        action = self._network.actions[name]
        premises = tuple(self._sent[int(matched[c]["id"])] for c in action.conditions)
        unless = [template.fill(premises) for template in action.unless]
        if any(self._certain.get(atom, False) for atom in unless):
            return []
        then = action.then.fill(premises)
        firing = _Firing(action.rule, premises, then, any(a in self._certain for a in unless))
        self._firings.append(firing)
        for atom in premises:
            self._resting_on.setdefault(atom, []).append(firing)
        messages = [] if then in self._certain else self._messages(then)
        self._certain.setdefault(then, False)
        self._settle(firing)
        return messages

    def conclusions(self) -> dict[Atom, Conclusion]:
        """Return what is known, in the order of the atoms."""
        why: dict[Atom, set[Derivation]] = {}
        for one in self._firings:
            derivation = Derivation(one.rule, one.premises, self._is_certain(one))
            why.setdefault(one.then, set()).add(derivation)
        order = attrgetter("rule", "premises", "certain")
        return {
            atom: Conclusion(atom, self._certain[atom], tuple(sorted(why.get(atom, ()), key=order)))
            for atom in sorted(self._certain)
        }

    def _settle(self, firing: _Firing) -> None:
        pending = [firing]
        while pending:
            one = pending.pop()
            if not self._certain[one.then] and self._is_certain(one):
                self._certain[one.then] = True
                pending.extend(self._resting_on.get(one.then, ()))

    def _is_certain(self, firing: _Firing) -> bool:
        return not firing.open and all(self._certain[atom] for atom in firing.premises)

    def _messages(self, atom: Atom) -> list[_Message]:
        tokens = self._tokens
        messages = []
        for alias in self._network.aliases.get((atom.predicate, len(atom.args)), ()):
            # The engine knows an id by a 32-bit hash; up to 400,000, numbers do not collide.
            message: _Message = {"id": str(len(self._sent)), "sid": self.sid}
            message |= {"b": alias % _BUCKETS, "p": f"p{alias}"}
            for column, value in enumerate(atom.args):
                # A token: quotes, NUL, lone surrogates and length cannot matter.
                message[f"a{column}"] = tokens.setdefault(value, f"t{len(tokens)}")
            messages.append(message)
            self._sent.append(atom)
        return messages


class DurableChainer:
    """A forward chainer on durable-rules, compiled once for one set of rules.

    Threads may share it; one runs at a time. Raises `ChainingError` for rules that `stratify`
    refuses or that are too many or too wide for the network; `run` raises it when the engine
    fails, when more than `MAX_FIRINGS` rules fire, and after `close`.
    """

    name = f"durable-rules {installed('durable_rules', rete.__file__)}"

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._network = _Network(tuple(rules))
        self._lock = threading.Lock()
        # 1,024 live states are the end; these thousand hash unlike any id of a message.
        self._sids = itertools.cycle(f"k{n}" for n in range(1_000))
        try:
            self._handle = rete.create_ruleset("carbonlex", json.dumps(self._network.definition))
        except (rete.error, MemoryError) as error:
            raise ChainingError(f"durable-rules does not take the rules: {error}") from error
        # The network is memory that Python does not see.
        self._release = weakref.finalize(self, rete.delete_ruleset, self._handle)
        self._release.atexit = False

    def run(
        self, facts: Iterable[Atom], possible: Iterable[Atom] = ()
    ) -> Mapping[Atom, Conclusion]:
        """Return every proposition that holds or may hold, exactly as `PlainChainer` does."""
        # Before the lock: an iterable may run code that asks this chainer.
        facts, possible = tuple(facts), tuple(possible)
        with self._lock:
            if not self._release.alive:
                raise ChainingError("the chainer is closed")
            run = _Run(self._network, next(self._sids))
            try:
                self._chain(run, run.begin(facts, possible))
            except (rete.error, MemoryError) as error:
                # What is left of the network cannot be trusted, nor safely be freed.
                self._release.detach()
                raise ChainingError(f"durable-rules failed: {error!r}") from error
            except (LookupError, ValueError) as error:
                raise ChainingError(f"durable-rules answered strangely: {error!r}") from error
        return run.conclusions()

    def close(self) -> None:
        """Free the network; a second call does nothing."""
        with self._lock:
            self._release()

    def _chain(self, run: _Run, messages: list[_Message]) -> None:
        # Alone and first: to delete a state in which nothing ever fired is a crash.
        state = self._put([{"id": "boot", "sid": run.sid, "b": _BOOT}])
        rete.start_action_for_state(self._handle, state)
        rete.complete_and_start_action(self._handle, state)
        try:
            self._put(messages)
            self._fire(run, state)
        finally:
            rete.delete_state(self._handle, run.sid)

    def _fire(self, run: _Run, state: int) -> None:
        started = rete.start_action_for_state(self._handle, state)
        matched = started and started[1]
        for _ in range(MAX_FIRINGS):
            if not matched:
                return
            ((name, premises),) = json.loads(matched).items()
            if messages := run.fire(name, premises):
                self._put(messages)
            matched = rete.complete_and_start_action(self._handle, state)
        if matched:
            raise ChainingError(f"more than {MAX_FIRINGS} rules fired")

    def _put(self, messages: list[_Message]) -> int:
        code, state = rete.assert_facts(self._handle, json.dumps(messages))
        if code:
            raise ChainingError(f"durable-rules did not take a fact: code {code}")
        return int(state)
