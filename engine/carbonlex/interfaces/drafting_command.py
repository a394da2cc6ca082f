"""`carbonlex memo REFORM`: the drafting memo, with the redline, effect, validity, what is open."""

from __future__ import annotations

import sys
from pathlib import Path

from carbonlex.interfaces.arguments import chosen_readings, day, day_asked, refusing
from carbonlex.interfaces.records_keep import keep


def write_drafting(
    reform: str,
    out: Path,
    cases: list[str],
    on: str,
    decided: str,
    reading: list[str] | None,
    lang: str,
    effective: str = "",
) -> None:
    """Write the drafting memo of a reform file, tried on some cases, or refuse."""
    from carbonlex.cases.read import read_case
    from carbonlex.interfaces.whatif_wire import whatif_json
    from carbonlex.memo.drafting import drafting_memo
    from carbonlex.memo.write import write_document
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
        examination = examine(found.after, subject, asked, readings)
    document = drafting_memo(found, examination, lang, source=Path(reform).name)
    write_document(found.after, examination.report, document, out)
    keep(lambda: whatif_json(found), told)
