"""`carbonlex memo REFORM`: the reform applied, tried on cases and examined, for the memo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.interfaces.arguments import chosen_readings, day, day_asked, refusing

if TYPE_CHECKING:
    from carbonlex.reform.whatif import WhatIf
    from carbonlex.validity.finding import Examination


def drafted_reform(
    reform: str,
    cases: list[str],
    on: str,
    decided: str,
    reading: list[str] | None,
    lang: str,
    effective: str = "",
) -> tuple[WhatIf, Examination]:
    """Return what a reform file changes in some cases, and whether it may, or refuse."""
    from carbonlex.cases.read import read_case
    from carbonlex.reform.law import law_on_paper
    from carbonlex.reform.postpone import in_effect_from
    from carbonlex.reform.read import read_reform
    from carbonlex.reform.whatif import what_if
    from carbonlex.validity.examine import examine
    from carbonlex.validity.subject import drafted

    asked, readings = day_asked(on, lang), chosen_readings(reading, lang)
    with refusing(lang):
        law = law_on_paper()
        told = [
            read_case(c, law.rulebook.vocabulary, stdin=sys.stdin.buffer if c == "-" else None)
            for c in cases
        ]
        draft = read_reform(Path(reform))
        moved = day(effective, "--effective", lang)
        draft = in_effect_from(draft, moved) if moved is not None else draft
        found = what_if(law, [draft], told, asked, day(decided, "--decided", lang), readings)
        subject = drafted(found.steps[-1].applied, asked)
        return found, examine(found.after, subject, asked, readings)
