"""A synthetic national population: invented entities whose totals are the published ones.

`synthesise` writes it, `is_synthetic` finds it again by its label, and `NOTICE` is what every
output that rests on it says.
"""

from carbonlex.portfolio.synth.figures import DEFAULT_ENTITIES
from carbonlex.portfolio.synth.label import NOTICE, is_synthetic
from carbonlex.portfolio.synth.population import SynthSummary, YearTotal, synthesise

__all__ = ["DEFAULT_ENTITIES", "NOTICE", "SynthSummary", "YearTotal", "is_synthetic", "synthesise"]
