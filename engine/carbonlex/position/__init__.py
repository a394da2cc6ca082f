"""The surrender position: what is owed, held, usable, missing; what it costs to fix or to miss."""

from carbonlex.position.position import NoPosition, position_of
from carbonlex.position.values import Position

__all__ = ["NoPosition", "Position", "position_of"]
