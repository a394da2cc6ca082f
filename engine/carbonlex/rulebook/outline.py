"""What a rule file still owes a text: the articles that no quote reaches, to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Instrument

FENCE = "```"


def unspoken(rulebook: Rulebook, instrument: Instrument) -> tuple[str, ...]:
    """Return the articles of a text, by eId, whose words are held and of which no rule speaks.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> unspoken(rulebook, rulebook.instruments["interim-regs-2024"])
    ()
    """
    reached = (c for c in rulebook.coverage if c.rest < c.total)
    spoken = {c.article for c in reached if c.instrument == instrument.key}
    outer = (p.eid for p in instrument.provisions.values() if not p.parent)
    return tuple(e for e in outer if e not in spoken and instrument.words(e))


def outline(rulebook: Rulebook, instrument: Instrument, reason: str = "") -> Iterator[str]:
    """Yield the articles that the rules of an instrument do not speak of, ready to be put in.

    Each has its heading, its words as a quote, and a `not-encoded` fence with `reason`; without
    one the fence is refused until a person has written why, or a norm in its place.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> list(outline(rulebook, rulebook.instruments["interim-regs-2024"]))
    []
    """
    for eid in unspoken(rulebook, instrument):
        provision, words = instrument.provisions[eid], instrument.words(eid)
        quote = "\n".join(f"> {line}\n>" for line in words.split("\n")).removesuffix("\n>")
        yield (
            f"## {provision.num or eid} {{#{eid}}}\n\n{quote}\n\n"
            f'{FENCE}not-encoded\nreason = "{reason}"\n{FENCE}\n'
        )
