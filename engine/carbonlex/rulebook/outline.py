"""What a rule file still owes a text: the articles that no quote reaches, to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Instrument

FENCE = "```"


def outline(rulebook: Rulebook, instrument: Instrument, reason: str = "") -> Iterator[str]:
    """Yield the articles that the rules of an instrument do not speak of, ready to be put in.

    Each has its heading, its words as a quote, and a `not-encoded` fence with `reason`; without
    one the fence is refused until a person has written why, or a norm in its place.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> list(outline(rulebook, rulebook.instruments["interim-regs-2024"]))
    []
    """
    reached = (c for c in rulebook.coverage if c.rest < c.total)
    spoken = {c.article for c in reached if c.instrument == instrument.key}
    for provision in instrument.provisions.values():
        words = instrument.words(provision.eid)
        if provision.parent or provision.eid in spoken or not words:
            continue
        quote = "\n".join(f"> {line}\n>" for line in words.split("\n")).removesuffix("\n>")
        yield (
            f"## {provision.num or provision.eid} {{#{provision.eid}}}\n\n{quote}\n\n"
            f'{FENCE}not-encoded\nreason = "{reason}"\n{FENCE}\n'
        )
