"""CLIPS through clipspy: a fact an entity, in the 64-bit integers that CLIPS counts in.

A rule finds the covered, another the rest; what follows is arithmetic, in functions of CLIPS.
"""

from __future__ import annotations

import clips
import ruleset as law
from files import Population
from reference import Columns

from lanes.scaled import from_integers

SLOTS = tuple(field.name.replace(".", "-") for field in law.FIELDS)
THRESHOLD = law.THRESHOLD * 10**2


def plant(n: int) -> str:
    """Return what one plant is allocated, scale 11, of the variables that `covered` binds."""
    fields = ("generation", "plant_class", "class_override", "correction", "heat")
    return f"(plant {' '.join(f'?plants-{n}-{field}' for field in fields)})"


def batch(n: int) -> str:
    """Return the credits of one batch that are young enough, t."""
    return f"(young ?batches-{n}-credit_quantity ?batches-{n}-vintage)"


def slots(*names: str) -> str:
    """Return patterns that bind a variable to each slot named."""
    return " ".join(f"({name} ?{name})" for name in names)


CHILDREN = tuple(name for name in SLOTS if "-" in name)
BATCHES = tuple(name for name in SLOTS if name.startswith("batches"))
GENERATED, SECOND, THIRD, GAS = law.BENCHMARK
COAL_HEAT, *_, GAS_HEAT = (each * 10**5 for each in law.HEAT_BENCHMARK)

CONSTRUCTS = (
    f"(deftemplate entity (slot id) {' '.join(f'(slot {name})' for name in SLOTS)})",
    f"""(deffunction plant (?generation ?own ?override ?correction ?heat)
        (bind ?class (if (> ?override 0) then ?override else ?own))
        (+ (* ?generation ?correction
              (switch ?class (case 1 then {GENERATED}) (case 2 then {SECOND})
                             (case 3 then {THIRD}) (default {GAS})))
           (* ?heat (if (< ?own 4) then {COAL_HEAT} else {GAS_HEAT}))))""",
    f"""(deffunction young (?quantity ?vintage)
        (if (>= ?vintage {law.FIRST_VINTAGE}) then ?quantity else 0))""",
    f"""(deffunction settle (?id ?covered ?allocation ?obligation ?credits ?held ?price)
        (bind ?usable (min (* ?credits 100000) (* ?obligation {law.CREDIT_CAP})))
        (bind ?shortfall (max 0 (- (* ?obligation 100) ?held ?usable)))
        (bind ?owed (* ?shortfall ?price))
        (found (str-cat ?id " " ?covered " " ?allocation " " ?obligation
                        " " ?usable " " ?shortfall " " (if (= ?shortfall 0) then 1 else 0)
                        " " (div (+ (* ?owed {law.FINE_LOW}) 50000) 100000)
                        " " (div (+ ?owed 5000) 10000))))""",
    f"""(defrule covered
        ?entity <- (entity (id ?id) (bench_sector ?s&:(<= ?s {law.COVERED_SECTORS}))
                (emissions ?emissions&:(>= ?emissions {THRESHOLD}))
                (emissions_before ?before)
                (emissions_before_that ?that&:(or (>= ?before {THRESHOLD}) (>= ?that {THRESHOLD})))
                (closed 0) (surrendered_flag ?flag) {slots("held", "price", *CHILDREN)})
        =>
        (retract ?entity)
        (bind ?allocation
            (div (+ {plant(1)} {plant(2)} {plant(3)} 50000000000) 100000000000))
        (bind ?obligation
            (min (* ?emissions 10) (+ (* ?allocation 1000) (* ?emissions {law.DEFICIT_SHARE}))))
        (settle ?id 1 ?allocation ?obligation (+ {batch(1)} {batch(2)}) (* ?held ?flag) ?price))""",
    f"""(defrule not-covered
        ?entity <- (entity (id ?id) (bench_sector ?s) (emissions ?emissions)
                (emissions_before ?before) (emissions_before_that ?that)
                (closed ?closed&:(or (> ?s {law.COVERED_SECTORS}) (< ?emissions {THRESHOLD})
                                     (and (< ?before {THRESHOLD}) (< ?that {THRESHOLD}))
                                     (= ?closed 1)))
                (surrendered_flag ?flag) {slots("held", "price", *BATCHES)})
        =>
        (retract ?entity)
        (settle ?id 0 0 0 (+ {batch(1)} {batch(2)}) (* ?held ?flag) ?price))""",
)


class Facts:
    """The slots of each fact as a dictionary, made before the clock starts.

    A text of facts, which CLIPS could load by itself, takes it ten times as long to read.
    """

    chunk = 1_000
    life = 5_000
    """Facts that one environment sees: it slows down with all that it ever held."""

    def __init__(self, population: Population) -> None:
        columns = [population.columns[field.name].astype("int64").tolist() for field in law.FIELDS]
        self.facts = [
            dict(zip(("id", *SLOTS), (row, *values), strict=True))
            for row, values in enumerate(zip(*columns, strict=True))
        ]
        # One text an answer: each argument of a call into Python costs as much as the text.
        self.found: list[str] = []

    def _environment(self) -> clips.Environment:
        environment = clips.Environment()
        environment.define_function(self._answered, "found")
        for construct in CONSTRUCTS:
            environment.build(construct)
        return environment

    def _answered(self, text: str) -> None:
        self.found.append(text)

    def reset(self) -> None:
        """Forget the last answers."""
        self.found.clear()

    def run(self) -> None:
        """Assert and run a chunk at a time; the rules retract what they have answered."""
        for start in range(0, len(self.facts), self.chunk):
            if start % self.life == 0:
                environment = self._environment()
                entity = environment.find_template("entity")
            for fact in self.facts[start : start + self.chunk]:
                entity.assert_fact(**fact)
            environment.run()

    def answers(self) -> Columns:
        """Return the outputs in the order of the entities."""
        rows = sorted(tuple(map(int, text.split())) for text in self.found)
        columns = dict(zip(("id", *law.OUTPUTS), zip(*rows, strict=True), strict=True))
        return from_integers(columns.__getitem__)
