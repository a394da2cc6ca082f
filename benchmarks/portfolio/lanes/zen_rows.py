"""zen-engine: a decision of one expression node, evaluated row by row.

Inside, zen counts in decimals of 28 digits; at its border it takes and returns floats.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import ruleset as law
import zen
from files import Population
from reference import Columns

from lanes.scaled import from_floats

PLANT = (
    "p.generation * (e == 1 ? 0.8177 : e == 2 ? 0.8729 : e == 3 ? 0.9303 : 0.3901) * p.correction"
    " + p.heat * (p.plant_class < 4 ? 0.1111 : 0.056)"
)


def plant(n: int) -> str:
    """Return zen's expression of what one plant is allocated."""
    own, override = f"plants[{n}].plant_class", f"plants[{n}].class_override"
    effective = f"({override} > 0 ? {override} : {own})"
    return PLANT.replace("p.", f"plants[{n}].").replace("e ==", f"{effective} ==")


def batch(n: int) -> str:
    """Return zen's expression of the credits of one batch that are young enough."""
    return f"(batches[{n}].vintage >= {law.FIRST_VINTAGE} ? batches[{n}].credit_quantity : 0)"


EXPRESSIONS = {
    "covered": f"bench_sector <= {law.COVERED_SECTORS} and emissions >= {law.THRESHOLD} and"
    f" (emissions_before >= {law.THRESHOLD} or emissions_before_that >= {law.THRESHOLD})"
    " and not closed",
    "allocation": f"$.covered ? floor({plant(0)} + {plant(1)} + {plant(2)} + 0.5) : 0",
    "obligation": "$.covered ? min([emissions, $.allocation + 0.2 * emissions]) : 0",
    "usable": f"min([{batch(0)} + {batch(1)}, 0.05 * $.obligation])",
    "shortfall": "max([0, $.obligation - (surrendered_flag ? held : 0) - $.usable])",
    "compliant": "$.shortfall == 0",
    "fine_low": "floor($.shortfall * price * 500 + 0.5) / 100",
    "fine_high": "floor($.shortfall * price * 1000 + 0.5) / 100",
}


def decision() -> str:
    """Return the graph: input, one node of expressions, output."""
    expressions = [{"id": name, "key": name, "value": value} for name, value in EXPRESSIONS.items()]
    place = {"x": 0, "y": 0}
    kinds = {
        "in": ("inputNode", {}),
        "rules": ("expressionNode", {"expressions": expressions}),
        "out": ("outputNode", {}),
    }
    nodes = [
        {"id": name, "name": name, "type": kind, "position": place, "content": content}
        for name, (kind, content) in kinds.items()
    ]
    edges = [
        {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b}
        for a, b in (("in", "rules"), ("rules", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def told(field: law.Field, column: Any) -> list[Any]:
    """Return a column as Python floats, integers or booleans."""
    if field.kind == "number" and field.scale:
        return list((column / 10**field.scale).tolist())
    return list(column.tolist())


class Rows:
    """A text of JSON an entity, made before the clock starts: zen reads it faster than a dict."""

    def __init__(self, population: Population) -> None:
        # By key: an engine compiles what its loader holds once, a lone decision at each call.
        content = {"rules": json.loads(decision())}
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
        names = [field.name for field in law.FIELDS]
        columns = [told(field, population.columns[field.name]) for field in law.FIELDS]
        self.entities = [
            json.dumps(nested(dict(zip(names, row, strict=True))))
            for row in zip(*columns, strict=True)
        ]
        self.found: list[dict[str, Any]] = []

    def reset(self) -> None:
        """Forget the last answers."""
        self.found = []

    def run(self) -> None:
        """Evaluate each entity."""
        evaluate = self.engine.evaluate
        self.found = [evaluate("rules", entity)["result"] for entity in self.entities]

    def answers(self) -> Columns:
        """Return the outputs, rounded to their scales."""
        return from_floats(
            {name: np.array([row[name] for row in self.found]) for name in law.OUTPUTS}
        )


def nested(row: dict[str, Any]) -> dict[str, Any]:
    """Return an entity with its plants and batches as lists."""
    entity: dict[str, Any] = {"plants": [{}, {}, {}], "batches": [{}, {}]}
    for name, value in row.items():
        record, _, rest = name.partition(".")
        if not rest:
            entity[name] = value
        else:
            n, _, fact = rest.partition(".")
            entity[record][int(n) - 1][fact] = value
    return entity
