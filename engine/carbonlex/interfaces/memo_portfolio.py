"""`carbonlex memo DATA --kind portfolio`: the data judged, for the report to be read off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.interfaces.arguments import (
    chosen_readings,
    day_asked,
    refusing,
    rulebook_or_refuse,
)

if TYPE_CHECKING:
    from carbonlex.portfolio.survey import Survey


def surveyed(
    data: Path, on: str, reading: list[str] | None, by: list[str] | None, lang: str
) -> Survey:
    """Return what a portfolio comes to, with its progress on a terminal, or refuse."""
    from carbonlex.interfaces.portfolio_arguments import Progress, known_groupings, need_for

    asked_on, readings = day_asked(on, lang), chosen_readings(reading, lang)
    rulebook = rulebook_or_refuse(lang)
    groupings = known_groupings(rulebook, by or [], lang)
    need_for(data, lang)
    from carbonlex.portfolio.judge import Asked
    from carbonlex.portfolio.survey import survey

    with refusing(lang), Progress(lang) as progress:
        return survey(rulebook, data, Asked(asked_on, readings), groupings, progress=progress.tell)
