"""OpenFisca-core: `fisca.py`, with the simulation built before the clock starts, or after."""

from __future__ import annotations

from lanes import fisca


class Calculate(fisca.Calculate):
    """Only the formulas are timed."""


class Build(fisca.Calculate):
    """Building the simulation is timed too, as for each new population."""

    def reset(self) -> None:
        """Let go of the last simulation."""
        self.simulation = None
        self.found = {}

    def run(self) -> None:
        """Build, then calculate."""
        self.simulation = self.built()
        super().run()
