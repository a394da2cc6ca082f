"""Change the rules one by one, and see which case fails: `python tests/mutate.py`.

Each mutant of `mutants.py` is assembled over the statutes as they stand. It is caught at load
where the rulebook refuses it, or else by the first case whose answer changes. No case reaches
ranks of which nothing is encoded yet: what is left of the Legislation Law is tried on the made-up
acts of `test_precedence.py`. What nothing can tell from the rule as it is stands in
`equivalent-mutants.toml`, with the reason; such an entry is an error once it is caught, or once
nothing matches it. Exits 1 below 95 per cent.
"""

from __future__ import annotations

import argparse
import fnmatch
import multiprocessing
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from carbonlex.corpus import corpus
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.rulebook.assemble import assemble
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.akn import read_instruments
from carbonlex.statutes.instruments import Instrument
from case_files import CaseFile, case_files, mismatches
from mutants import Mutant, mutants
from validity_files import ValidityCase, validity_cases

LEAST = 95
PRECEDENCE = "legislation-law"
ASKED: dict[str, set[str]] = {}  # what a case asks: the norms in force that it evaluates
EQUIVALENT = Path(__file__).parent / "equivalent-mutants.toml"


class Caught(NamedTuple):
    """How a mutant was caught: `load`, `case`, `test` or `crash`; by what; or `survived`."""

    how: str
    by: str = ""


class Result(NamedTuple):
    """A mutant with what became of it, and the reason if it is listed as equivalent."""

    mutant: Mutant
    caught: Caught
    reason: str


class _Worker:
    """What one process keeps: instruments read once, the cases, its own copy of the rules."""

    instruments: dict[str, Instrument]
    files: list[CaseFile | ValidityCase]
    rules: Path
    caught_by: set[tuple[str, str]]
    asked: dict[str, set[str]]

    @classmethod
    def start(cls, folder: str) -> None:
        found, wrong = read_instruments(corpus("statutes"))
        if wrong:
            raise SystemExit("\n".join(d.render("en") for d in wrong))
        cls.instruments = {i.key: i for i in found}
        cls.files = [*(f for f in case_files() if not f.known), *validity_cases()]
        cls.caught_by = set()
        cls.asked = dict(ASKED)
        cls.rules = Path(tempfile.mkdtemp(dir=folder)) / "rules"
        shutil.copytree(corpus("rules"), cls.rules)

    @classmethod
    def rulebook(cls) -> tuple[Rulebook, str]:
        """Return the rulebook of this copy, with the code of the first thing wrong."""
        rulebook, wrong = assemble(cls.rules, cls.instruments, [])
        return rulebook, wrong[0].code if wrong else ""


def try_mutant(mutant: Mutant) -> Caught:
    """Assemble a mutant, and run cases until one fails."""
    path = _Worker.rules / mutant.file
    kept = path.read_text("utf-8")
    path.write_text(mutant.text, "utf-8")
    try:
        rulebook, code = _Worker.rulebook()
        if code:
            return Caught("load", code)
        caught = first_failing(rulebook, likeliest_first(mutant.norm))
        _Worker.caught_by.add((mutant.norm, caught.by))
        if caught.how == "survived" and PRECEDENCE in mutant.file:
            return precedence_tested(_Worker.rules)
        return caught
    except Exception as error:  # a mutant may break anything
        return Caught("crash", f"{type(error).__name__}: {error}")
    finally:
        path.write_text(kept, "utf-8")


def likeliest_first(norm: str) -> list[CaseFile | ValidityCase]:
    """Return the cases: first what caught a mutant of the norm before, then what asks it.

    Those of validity are tried only where they ask or name it: they take long.
    """
    short = norm.partition("/")[2] or norm.rpartition(".")[2]

    def asks(file: CaseFile | ValidityCase) -> bool:
        return norm in _Worker.asked.get(file.name, ())

    def order(file: CaseFile | ValidityCase) -> tuple[bool, ...]:
        before = (norm, file.name) in _Worker.caught_by
        named = norm in file.text
        return (not before, not asks(file), not named, short not in file.text, file.surveyed)

    files = (f for f in _Worker.files if isinstance(f, CaseFile) or asks(f) or short in f.text)
    return sorted(files, key=order)


def first_failing(rulebook: Rulebook, files: Iterable[CaseFile | ValidityCase]) -> Caught:
    """Return the first case whose answer is not that of the file."""
    for file in files:
        try:
            if isinstance(file, ValidityCase):
                found = file.wrong(rulebook, "plain")
            else:
                found = mismatches(file, rulebook, file.check(rulebook, "plain"))
            wrong = next(found, None)
        except Exception as error:  # caught, but not with an answer
            return Caught("crash", f"{file.name}: {type(error).__name__}: {error}")
        if wrong is not None:
            return Caught("case", file.name)
    return Caught("survived")


def precedence_tested(rules: Path) -> Caught:
    """Run the tests of precedence with the Legislation Law of a folder of rules."""
    import pytest

    import synthetic

    synthetic.corpus = lambda kind: rules if kind == "rules" else corpus(kind)  # type: ignore[attr-defined]
    tests = Path(__file__).with_name("test_precedence.py")
    with redirect_stdout(StringIO()):
        code = pytest.main(["-qx", "-p", "no:cacheprovider", str(tests)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {code}")
    return Caught("test", tests.name) if code else Caught("survived")


class Equivalents:
    """The mutants that no case can tell from the rule, as listed, and which were met."""

    def __init__(self, path: Path) -> None:
        self.entries: list[dict[str, Any]] = []
        if path.exists():
            self.entries = tomllib.loads(path.read_text("utf-8")).get("equivalent", [])
        self.met: Counter[int] = Counter()

    def reason(self, mutant: Mutant) -> str:
        """Return why a mutant is listed; empty if it is not."""
        for at, entry in enumerate(self.entries):
            if all(self._fits(entry, k, v) for k, v in zip(_NAMED, mutant.key, strict=True)):
                self.met[at] += 1
                return str(entry["reason"])
        return ""

    @staticmethod
    def _fits(entry: dict[str, Any], key: str, value: str) -> bool:
        wanted = entry.get(key, "*")
        wanted = wanted if isinstance(wanted, list) else [wanted]
        return any(w == value or ("*" in w and fnmatch.fnmatchcase(value, w)) for w in wanted)

    def gone(self) -> list[str]:
        """Return the entries that match no mutant any more."""
        return [str(e) for at, e in enumerate(self.entries) if not self.met[at]]


_NAMED = ("norm", "operator", "change")


def run(wanted: list[Mutant], processes: int) -> Iterator[tuple[Mutant, Caught]]:
    """Yield each mutant with what became of it, showing progress."""
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        with context.Pool(processes, _Worker.start, (folder,)) as pool:
            results = pool.imap(try_mutant, wanted, chunksize=4)
            for at, (mutant, caught) in enumerate(zip(wanted, results, strict=True), 1):
                if at % 20 == 0 or at == len(wanted):
                    spent = perf_counter() - began
                    print(f"\r  {at}/{len(wanted)}  {spent:.0f} s", end="", file=sys.stderr)
                yield mutant, caught
    print(file=sys.stderr)


def baseline() -> list[str]:
    """Return the cases that fail on the rules as they are: nothing can be measured with them.

    Which norms each case asks is kept, so that mutants meet those cases first.
    """
    applied, now = Evaluation.in_force, ""

    def noted(run: Evaluation, norm: Norm, day: date, year: int = 0) -> bool:
        held = applied(run, norm, day, year)
        if held:
            ASKED.setdefault(now, set()).add(norm.id)
        return held

    with tempfile.TemporaryDirectory() as folder:
        _Worker.start(folder)
        rulebook, code = _Worker.rulebook()
        if code:
            return [f"the rulebook does not load: {code}"]
        failing = []
        Evaluation.in_force = noted  # type: ignore[method-assign]
        for file in _Worker.files:
            now = file.name
            failing.append((file, first_failing(rulebook, [file])))
        Evaluation.in_force = applied  # type: ignore[method-assign]
        return [f"{f.name}: {c.how} {c.by}" for f, c in failing if c.how != "survived"]


def table(title: str, results: list[Result], key: Any) -> None:
    """Print how many mutants were caught, and how, by file or by operator."""
    print(f"\n{title:34} mutants  at load  by case  by test  equivalent  survived  caught")
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result.mutant), []).append(result)
    for name, group in [*sorted(groups.items()), ("all", results)]:
        how = Counter("equivalent" if r.reason else r.caught.how for r in group)
        cases = how["case"] + how["crash"]
        print(
            f"{name:34} {len(group):7}  {how['load']:7}  {cases:7}  {how['test']:7}"
            f"  {how['equivalent']:10}  {how['survived']:8}  {share(group):5.1f} %"
        )


def share(results: list[Result]) -> float:
    """Return the percentage caught, equivalent mutants left out."""
    counted = [r for r in results if not r.reason]
    caught = sum(r.caught.how != "survived" for r in counted)
    return 100 * caught / len(counted) if counted else 100.0


def main() -> int:
    """Run what the arguments ask for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="mutants of norms whose id contains this")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--verbose", action="store_true", help="say what caught each mutant")
    asked = parser.parse_args()
    if failing := baseline():
        print("these cases fail on the rules as they are:", *failing, sep="\n  ")
        return 2
    wanted = [m for m in mutants(corpus("rules")) if asked.only in m.norm]
    listed = Equivalents(EQUIVALENT)
    results = [Result(m, c, listed.reason(m)) for m, c in run(wanted, asked.processes)]
    return told(results, listed, asked)


def told(results: list[Result], listed: Equivalents, asked: argparse.Namespace) -> int:
    """Print the result; return the exit code."""
    wrong = [
        f"listed as equivalent, but caught: {_line(r)}"
        for r in results
        if r.reason and r.caught.how != "survived"
    ]
    if not asked.only:
        wrong += [f"listed as equivalent, but there is no such mutant: {e}" for e in listed.gone()]
    table("by file", results, lambda m: m.file)
    table("by operator", results, lambda m: m.operator)
    for how, title in (("crash", "caught by a crash"), ("survived", "survivors")):
        found = [r for r in results if r.caught.how == how and not r.reason]
        if found:
            print(f"\n{title}:", *(_line(r) for r in found), sep="\n  ")
    if asked.verbose:
        print("\nall:", *(_line(r) for r in results), sep="\n  ")
    for line in wrong:
        print(line)
    score = share(results)
    loaded = share([r for r in results if r.caught.how != "load"])
    print(f"\n{score:.1f} % of {sum(not r.reason for r in results)} mutants caught ", end="")
    print(f"({loaded:.1f} % of those that load); {LEAST} % is the least")
    return 1 if wrong or score < LEAST else 0


def _line(result: Result) -> str:
    mutant, caught = result.mutant, result.caught
    by = f"  [{caught.how} {caught.by}]" if caught.how != "survived" else ""
    return (
        f"rules/{mutant.file}:{mutant.line}: {mutant.norm}: {mutant.operator}: {mutant.change}{by}"
    )


if __name__ == "__main__":
    sys.exit(main())
