"""The rule set as variables with formulas, which OpenFisca and PolicyEngine share.

PolicyEngine-core is a fork of OpenFisca-core: the same classes under another name. Persons are
plants, groups are companies; both batches are variables of the company. Numbers are float32,
as these engines keep them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import ruleset as law
from files import Population
from reference import Columns

from lanes.scaled import from_floats

BENCHMARK = np.array((0, *law.BENCHMARK), dtype=np.float32) / np.float32(10**4)
HEAT_BENCHMARK = np.array((0, *law.HEAT_BENCHMARK), dtype=np.float32) / np.float32(10**4)

YEARS = {
    "emissions": law.YEAR,
    "emissions_before": law.YEAR - 1,
    "emissions_before_that": law.YEAR - 2,
}


def after_dot(name: str) -> str:
    """Return `batches.1.vintage` as `vintage_1`."""
    _, n, fact = name.split(".")
    return f"{fact}_{n}"


FIRST_PLANT = f"plants.{law.PLANTS[0]}."
PLANT_FIELDS = tuple(field for field in law.FIELDS if field.name.startswith(FIRST_PLANT))
COMPANY_FIELDS = tuple(field for field in law.FIELDS if not field.name.startswith("plants."))
KINDS = {"number": float, "choice": int, "bool": bool}


def covered(company: Any, period: Any) -> Any:
    """Sector covered, large now or not small in both earlier years, not closed."""
    before, before_that = period.last_year, period.last_year.last_year
    return (
        (company("bench_sector", period) <= law.COVERED_SECTORS)
        & (company("emissions", period) >= law.THRESHOLD)
        & (
            (company("emissions", before) >= law.THRESHOLD)
            | (company("emissions", before_that) >= law.THRESHOLD)
        )
        & np.logical_not(company("closed", period))
    )


def plant_allocation(plant: Any, period: Any) -> Any:
    """Benchmark of power and of heat."""
    own, override = plant("plant_class", period), plant("class_override", period)
    benchmark = BENCHMARK[np.where(override > 0, override, own)]
    power = plant("generation", period) * benchmark * plant("correction", period)
    return power + plant("heat", period) * HEAT_BENCHMARK[own]


def allocation(company: Any, period: Any) -> Any:
    """Sum over plants, halves of a tonne upward."""
    total = company.sum(company.members("plant_allocation", period))
    return np.where(company("covered", period), np.floor(total + 0.5), 0)


def obligation(company: Any, period: Any) -> Any:
    """Emissions, or allocation and a fifth of emissions, whichever is less."""
    emissions = company("emissions", period)
    capped = np.minimum(emissions, company("allocation", period) + 0.20 * emissions)
    return np.where(company("covered", period), capped, 0)


def usable(company: Any, period: Any) -> Any:
    """Credits young enough, to 5 % of the obligation."""
    credits = sum(
        company(f"credit_quantity_{n}", period)
        * (company(f"vintage_{n}", period) >= law.FIRST_VINTAGE)
        for n in law.BATCHES
    )
    return np.minimum(credits, 0.05 * company("obligation", period))


def shortfall(company: Any, period: Any) -> Any:
    """What is missing."""
    held = company("held", period) * company("surrendered_flag", period)
    return np.maximum(0, company("obligation", period) - held - company("usable", period))


def compliant(company: Any, period: Any) -> Any:
    """Nothing is missing."""
    return company("shortfall", period) == 0


def fine_low(company: Any, period: Any) -> Any:
    """Five times the price, halves of a fen upward."""
    owed = company("shortfall", period) * company("price", period)
    return np.floor(owed * law.FINE_LOW * 100 + 0.5) / 100


def fine_high(company: Any, period: Any) -> Any:
    """Ten times the price, halves of a fen upward."""
    owed = company("shortfall", period) * company("price", period)
    return np.floor(owed * law.FINE_HIGH * 100 + 0.5) / 100


FORMULAS = (
    (covered, bool),
    (allocation, float),
    (obligation, float),
    (usable, float),
    (shortfall, float),
    (compliant, bool),
    (fine_low, float),
    (fine_high, float),
)


def system_of(package: str) -> Any:
    """Return the rule set as a tax and benefit system of a package."""
    api = import_module(f"{package}.model_api")
    entities = import_module(f"{package}.entities")
    systems = import_module(f"{package}.taxbenefitsystems")
    plant = entities.Entity("plant", "plants", "Plant", "")
    role = {"key": "member", "plural": "members", "label": "Members"}
    company = entities.GroupEntity("company", "companies", "Company", "", roles=[role])
    system = systems.TaxBenefitSystem([company, plant])

    def add(name: str, entity: Any, kind: type, formula: Any = None) -> None:
        body = {
            "value_type": kind,
            "entity": entity,
            "definition_period": api.YEAR,
            "label": name,
            **({"formula": formula} if formula else {}),
        }
        system.add_variable(type(name, (api.Variable,), body))

    for field in PLANT_FIELDS:
        add(field.name.removeprefix(FIRST_PLANT), plant, KINDS[field.kind])
    for field in COMPANY_FIELDS:
        if field.name not in YEARS:
            name = after_dot(field.name) if "." in field.name else field.name
            add(name, company, KINDS[field.kind])
    add("emissions", company, float)
    add("plant_allocation", plant, float, plant_allocation)
    for formula, kind in FORMULAS:
        add(formula.__name__, company, kind, formula)
    return system


def value(field: law.Field, column: Any) -> Any:
    """Return a column in t, MWh, GJ or CNY as the engine keeps it."""
    if field.kind == "number":
        return (column / 10**field.scale).astype(np.float32)
    return column if field.kind == "bool" else column.astype(np.int32)


class Calculate:
    """The simulation stands; a run calculates the eight variables anew."""

    package = "openfisca_core"

    def __init__(self, population: Population) -> None:
        self.builder = import_module(f"{self.package}.simulations").SimulationBuilder
        self.system = system_of(self.package)
        columns = population.columns
        self.rows = len(columns["emissions"])
        self.inputs: list[tuple[str, int, Any]] = []
        for field in COMPANY_FIELDS:
            name = after_dot(field.name) if "." in field.name else field.name
            name = "emissions" if field.name in YEARS else name
            year = YEARS.get(field.name, law.YEAR)
            self.inputs.append((name, year, value(field, columns[field.name])))
        for field in PLANT_FIELDS:
            name = field.name.removeprefix(FIRST_PLANT)
            each = [value(field, columns[f"plants.{n}.{name}"]) for n in law.PLANTS]
            self.inputs.append((name, law.YEAR, np.stack(each, axis=1).reshape(-1)))
        self.companies = np.arange(self.rows)
        self.plants = np.arange(self.rows * len(law.PLANTS))
        self.owner = np.repeat(self.companies, len(law.PLANTS))
        self.roles = np.zeros(len(self.plants), dtype=np.int64)
        self.found: dict[str, Any] = {}
        self.simulation: Any = None
        self.reset()

    def built(self) -> Any:
        """Return a simulation: entities declared, plants joined to companies, inputs set."""
        builder = self.builder()
        builder.create_entities(self.system)
        builder.declare_person_entity("plant", self.plants)
        companies = builder.declare_entity("company", self.companies)
        builder.join_with_persons(companies, self.owner, roles=self.roles)
        simulation = builder.build(self.system)
        for name, year, column in self.inputs:
            simulation.set_input(name, str(year), column)
        return simulation

    def reset(self) -> None:
        """Build the simulation at first; later forget what was calculated."""
        self.found = {}
        if self.simulation is None:
            self.simulation = self.built()
        else:
            self.forget()

    def forget(self) -> None:
        """Delete the calculated arrays."""
        for name in ("plant_allocation", *law.OUTPUTS):
            self.simulation.delete_arrays(name)

    def run(self) -> None:
        """Calculate the outputs."""
        self.found = {name: self.simulation.calculate(name, str(law.YEAR)) for name in law.OUTPUTS}

    def answers(self) -> Columns:
        """Return the outputs, rounded to their scales."""
        return from_floats(self.found)
