"""Both chainers give the same conclusions, for the same reasons, and the right ones."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbonlex.errors import ChainingError
from carbonlex.reasoner.chaining.plain import PlainChainer
from carbonlex.reasoner.chaining.propositions import Atom, Chainer, Conclusion, Derivation, Rule
from carbonlex.reasoner.chaining.select import chainer_for

CONSTANTS = ("a", "b", "甲")
Compile = Callable[[Iterable[Rule]], Chainer]
COMPILERS: dict[str, Compile] = {"plain": PlainChainer}
with suppress(ImportError):
    from carbonlex.reasoner.chaining import durable

    COMPILERS["durable"] = durable.DurableChainer

needs_durable = pytest.mark.skipif("durable" not in COMPILERS, reason="durable-rules not here")


def atoms(text: str) -> tuple[Atom, ...]:
    """Read `short(?e), year(2025)`."""
    found = re.findall(r"(\w+)\(([^)]*)\)", text)
    return tuple(Atom(predicate, tuple(re.findall(r"[^, ]+", args))) for predicate, args in found)


def rules(text: str) -> tuple[Rule, ...]:
    """Read lines like `id: premise(?e), premise(?e) unless exempt(?e) -> then(?e)`."""
    found = re.findall(r"(\w+): (.*?)(?:unless (.*))?-> (.*)", text)
    return tuple(Rule(i, atoms(p), atoms(then)[0], atoms(unless)) for i, p, unless, then in found)


@pytest.fixture(params=COMPILERS)
def compiled(request: pytest.FixtureRequest) -> Compile:
    """Compile with each chainer in turn; close what was compiled."""

    def compile_(given_rules: Iterable[Rule]) -> Chainer:
        chainer = COMPILERS[request.param](given_rules)
        request.addfinalizer(chainer.close)
        return chainer

    return compile_


def status(conclusions: Mapping[Atom, Conclusion], text: str) -> str:
    found = conclusions.get(atoms(text)[0])
    return "no" if found is None else "yes" if found.certain else "perhaps"


def why(conclusions: Mapping[Atom, Conclusion], text: str) -> list[Derivation]:
    return list(conclusions[atoms(text)[0]].why)


LIFE = rules("""
    art8: power(?e), emits(?e, ?y) -> covered(?e, ?y)
    art9: covered(?e, ?y) unless exempt(?e, ?y) -> must_surrender(?e, ?y)
    art9x: suspended(?e, ?y) -> exempt(?e, ?y)
    art11: must_surrender(?e, ?y), overdue(?y) unless surrendered(?e, ?y) -> breach(?e, ?y)
    art24a: breach(?e, ?y) -> order_to_correct(?e, ?y)
    art24b: breach(?e, ?y) -> fine(?e, ?y)
    art24c: order_to_correct(?e, ?y), expired(?e, ?y) unless corrected(?e, ?y) -> deduct(?e, ?y)
""")
DUE = atoms("power(甲), emits(甲, 2025), overdue(2025), expired(甲, 2025)")
# One fact may reach 64 tests of its own in the engine, and one node 255 joins.
MANY = [Rule(f"r{n}", atoms("g(?x), p(?x, ?y)"), Atom(f"q{n}", ("?y",))) for n in range(300)]


def test_a_breach_runs_its_whole_course(compiled: Compile) -> None:
    result = compiled(LIFE).run(DUE)
    assert all(conclusion.certain for conclusion in result.values())
    premises = atoms("order_to_correct(甲,2025), expired(甲,2025)")
    assert why(result, "deduct(甲,2025)") == [Derivation("art24c", premises, True)]
    assert result[DUE[0]] == Conclusion(DUE[0], True)


@pytest.mark.parametrize(
    ("more", "possible", "outcome"),
    [
        ("", "", "yes yes yes"),
        ("suspended(甲,2025)", "", "no no no"),
        ("surrendered(甲,2025)", "", "yes no no"),
        ("surrendered(乙,2025)", "", "yes yes yes"),
        ("corrected(甲,2025)", "", "yes yes no"),
        ("", "corrected(甲,2025)", "yes yes perhaps"),
        ("", "surrendered(甲,2025)", "yes perhaps perhaps"),
        ("", "suspended(甲,2025)", "perhaps perhaps perhaps"),
        ("surrendered(甲,2025)", "suspended(甲,2025)", "perhaps no no"),
        ("suspended(甲,2025)", "suspended(甲,2025)", "no no no"),
    ],
)
def test_exceptions(compiled: Compile, more: str, possible: str, outcome: str) -> None:
    result = compiled(LIFE).run([*DUE, *atoms(more)], atoms(possible))
    wanted = ("must_surrender(甲,2025)", "fine(甲,2025)", "deduct(甲,2025)")
    assert " ".join(status(result, text) for text in wanted) == outcome


def test_what_turns_certain_carries_its_consequences(compiled: Compile) -> None:
    course = rules("""
        weak: rumour(?e) -> liable(?e)
        next: liable(?e) -> fined(?e)
        last: fined(?e) -> published(?e)
        slow: record(?e) -> proved(?e)
        firm: proved(?e) -> liable(?e)
        stop: case(?e) unless published(?e) -> quiet(?e)
    """)
    given = atoms("record(a), case(a), case(b)")
    result = compiled(course).run(given, atoms("rumour(a), rumour(b)"))
    assert [status(result, f"published({e})") for e in "ab"] == ["yes", "perhaps"]
    assert [status(result, f"quiet({e})") for e in "ab"] == ["no", "perhaps"]
    firm = Derivation("firm", atoms("proved(a)"), True)
    assert why(result, "liable(a)") == [firm, Derivation("weak", atoms("rumour(a)"), False)]


def test_given_twice_is_certain_and_what_is_derived_says_why(compiled: Compile) -> None:
    chainer = compiled(rules("r: p(?x) -> q(?x)\n s: q(?x) -> p(?x)"))
    result = chainer.run(atoms("p(a)"), atoms("p(a), q(a), q(b)"))
    assert why(result, "q(a)") == [Derivation("r", atoms("p(a)"), True)]
    assert why(result, "p(a)") == [Derivation("s", atoms("q(a)"), True)]
    assert why(result, "p(b)") == [Derivation("s", atoms("q(b)"), False)]
    assert list(result) == sorted(result)


def test_any_text_is_a_text(compiled: Compile) -> None:
    odd = ['引号"与\\反斜杠', "换\n行", "?e", "", "\0", "\ud800", "1", "1.0", "#{}[],:"]
    odd.append("长" * 70_000)
    same = Rule('规则"一"', (Atom("重点\n单位", ("?$", "?$")),), Atom("义务", ("?$", "换\n行")))
    pairs = [*zip(odd, odd, strict=True), *itertools.pairwise(odd)]
    result = compiled([same]).run([Atom(same.all[0].predicate, pair) for pair in pairs])
    assert {a.args for a in result if a.predicate == "义务"} == {(text, "换\n行") for text in odd}


def test_nothing_in(compiled: Compile) -> None:
    assert compiled(LIFE).run([]) == {}
    assert compiled([]).run(DUE) == {a: Conclusion(a, True) for a in DUE}
    by_default = compiled(rules("r: unless stayed() -> open()"))
    assert status(by_default.run([]), "open()") == "yes"
    assert status(by_default.run([], atoms("stayed()")), "open()") == "perhaps"


def test_arguments_are_counted(compiled: Compile) -> None:
    result = compiled(rules("r: p(?x), p(?x, ?y) -> q(?y)")).run(atoms("p(a), p(a, b), p(a, b, c)"))
    assert [a for a in result if a.predicate == "q"] == [*atoms("q(b)")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("r: p(?x) unless q(?x) -> q(?x)", "rule r: q depends on its own negation"),
        ("a: p(?x) unless q(?x) -> r(?x)\n b: r(?x) -> q(?x)", "rule a: r depends"),
        ("r: p(?x) unless q(?y) -> r(?x)", r"rule r: no premise binds \?y of q\(\?y\)"),
        ("r: p(?x) -> q(?x, ?z)", r"no premise binds \?z"),
    ],
)
def test_rules_without_a_meaning_are_refused(compiled: Compile, text: str, message: str) -> None:
    with pytest.raises(ChainingError, match=message):
        compiled(rules(text))


class Program(NamedTuple):
    rules: tuple[Rule, ...]
    facts: tuple[Atom, ...]
    possible: tuple[Atom, ...]


@st.composite
def programs(draw: st.DrawFn, most_possible: int = 5) -> Program:
    """Predicate 0 to n; an `unless` reads a lower number, so that every program is stratified."""
    arities = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))

    def atom_of(number: int, terms: tuple[str, ...]) -> Atom:
        size = arities[number]
        args = draw(st.lists(st.sampled_from(terms), min_size=size, max_size=size))
        return Atom(f"p{number}", tuple(args))

    def some(terms: tuple[str, ...], below: int, least: int, most: int) -> tuple[Atom, ...]:
        numbers = draw(st.lists(st.integers(0, below - 1), min_size=least, max_size=most))
        return tuple(atom_of(number, terms) for number in numbers)

    made = []
    for count in range(draw(st.integers(1, 5))):
        head = draw(st.integers(0, len(arities) - 1))
        premises = some(("?x", "?y", "?z", "a"), head + 1, 1, 3)
        bound = ("b", *{t: 0 for a in premises for t in a.args if t.startswith("?")})
        unless = some(bound, head, 0, 2) if head else ()
        made.append(Rule(f"r{count}", premises, atom_of(head, bound), unless))
    facts, possible = (some(CONSTANTS, len(arities), 0, most) for most in (7, most_possible))
    return Program(tuple(made), facts, possible)


def outcome(compile_: Compile, program: Program) -> list[tuple[Atom, Conclusion]]:
    with closing(compile_(program.rules)) as chainer:
        return list(chainer.run(program.facts, program.possible).items())


@needs_durable
@settings(max_examples=300, deadline=None)
@given(programs())
@example(Program(LIFE, DUE, atoms("suspended(甲,2025), surrendered(甲,2025)")))
@example(Program(tuple(MANY), atoms("g(a), p(a, b), p(c, d)"), atoms("g(c)")))
def test_the_chainers_agree(program: Program) -> None:
    assert outcome(COMPILERS["durable"], program) == outcome(PlainChainer, program)


def model(program: Program, facts: Iterable[Atom]) -> set[Atom]:
    """Return what holds, two-valued: try every constant for every variable, lowest heads first."""
    holds = set(facts)
    for head in sorted({rule.then.predicate for rule in program.rules}):
        layer = [ground for ground in groundings(program.rules) if ground.then.predicate == head]
        size = -1
        while size < len(holds):
            size = len(holds)
            for ground in layer:
                if holds.issuperset(ground.all) and holds.isdisjoint(ground.unless):
                    holds.add(ground.then)
    return holds


def groundings(given_rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in given_rules:
        for values in itertools.product(CONSTANTS, repeat=3):
            put = dict(zip(("?x", "?y", "?z"), values, strict=True))
            premises, unless, (then,) = (
                tuple(Atom(a.predicate, tuple(put.get(t, t) for t in a.args)) for a in part)
                for part in (rule.all, rule.unless, (rule.then,))
            )
            yield Rule(rule.id, premises, then, unless)


@settings(max_examples=150, deadline=None)
@given(programs(most_possible=3))
def test_plain_is_right_whatever_turns_out_to_hold(program: Program) -> None:
    result = dict(outcome(PlainChainer, program))
    certain = {a for a, conclusion in result.items() if conclusion.certain}
    for held in itertools.product((False, True), repeat=len(program.possible)):
        completion = model(program, [*program.facts, *itertools.compress(program.possible, held)])
        assert certain <= completion <= set(result)
    if not program.possible:
        assert certain == set(result)


@needs_durable
def test_more_runs_than_the_engine_has_states() -> None:
    chainer, plain = COMPILERS["durable"](LIFE), PlainChainer(LIFE)
    cases = [(DUE, atoms("corrected(甲,2025)")), (DUE, ()), ((), DUE), (DUE[:2], DUE[2:])]
    wanted = [plain.run(*case) for case in cases]
    for number in range(1_500):
        assert chainer.run(*cases[number % 4]) == wanted[number % 4]
    chainer.close()


def test_threads_share_a_chainer(compiled: Compile) -> None:
    chainer = compiled(LIFE)

    def fined(number: int) -> tuple[Atom, ...]:
        entity = f"entity{number}"
        facts = [Atom(a.predicate, tuple(t.replace("甲", entity) for t in a.args)) for a in DUE]
        return tuple(a for a in chainer.run(facts) if a.predicate == "fine")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fined, range(400)))
    assert found == [atoms(f"fine(entity{n},2025)") for n in range(400)]
    chainer.close()
    chainer.close()


@needs_durable
def test_the_engine_is_kept_within_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = COMPILERS["durable"](rules("r: p(?x), p(?y) -> q(?x, ?y)"))
    monkeypatch.setattr(durable, "MAX_FIRINGS", 8)
    with pytest.raises(ChainingError, match="more than 8 rules fired"):
        pairs.run(atoms("p(a), p(b), p(c)"))
    assert len(pairs.run(atoms("p(a), p(b)"))) == 6
    pairs.close()
    with pytest.raises(ChainingError, match="closed"):
        pairs.run([])
    with pytest.raises(ChainingError, match="more than 15 premises"):
        COMPILERS["durable"]([Rule("r", atoms("p(a)") * 16, Atom("q", ()))])


def test_which_chainer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARBONLEX_CHAINER", raising=False)
    usual = chainer_for(LIFE)
    assert usual.name.startswith("durable-rules 2." if "durable" in COMPILERS else "plain")
    usual.close()
    assert chainer_for(LIFE, prefer="plain").name == "plain"
    monkeypatch.setenv("CARBONLEX_CHAINER", "plain")
    assert chainer_for(LIFE).name == "plain"
