"""PolicyEngine-core: `fisca.py`, with the simulation built before the clock starts, or after."""

from __future__ import annotations

from lanes import openfisca


class Calculate(openfisca.Calculate):
    """Only the formulas are timed."""

    package = "policyengine_core"

    def forget(self) -> None:
        """Delete every array that is no input."""
        self.simulation.drop_computed_arrays()


class Build(openfisca.Build):
    """Building the simulation is timed too, as for each new population."""

    package = "policyengine_core"
