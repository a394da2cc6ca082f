"""The tables of docs/cases.md: every fact that a case may tell, as the vocabulary has it."""

from __future__ import annotations

from carbonlex.interfaces.facts_page import Place, form, places, untold
from carbonlex.model import Label
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term

BEGIN, END = "<!-- facts: make readme -->", "<!-- /facts -->"
_HEAD = "| 名称 name | 含义 what it is | 写法 form | 证明 attested by | 未告知时 not told |"
_ROOT = {
    "entity": Label("单位，各年度相同", "the entity, the same in every year"),
    "year.Y": Label("单位，履约年度 Y", "the entity, compliance year Y"),
}


def with_tables(page: str) -> str:
    """Return a page with its tables as the vocabulary of today makes them."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{tables(load_rulebook())}\n{END}{after}"


def tables(rulebook: Rulebook) -> str:
    """Return every place of a case file with its facts, in Markdown, in both languages."""
    return "\n".join(_section(rulebook, place) for place in places(rulebook))


def _section(rulebook: Rulebook, place: Place) -> str:
    if place.is_list:
        title = [f"### `[[{place.table}]]` {_both(place.record.label)}"]
    else:
        title = [f"### `[{place.table}]` {_both(_ROOT[place.table])}"]
    sectors = rulebook.vocabulary.terms["sector"].choices
    said = []
    if place.record.sectors:
        named = (_both(sectors[s]) for s in place.record.sectors)
        said.append(f"只限 only: {'、'.join(named)}。")
    if place.record.presumed_none:
        said.append("未告知视为没有。Taken as none where not told.")
    title += ["", " ".join(said)] if said else []
    rows = [_row(term) for term in place.terms]
    return "\n".join([*title, "", _HEAD, "|---|---|---|---|---|", *rows, ""])


def _row(term: Term) -> str:
    written = Label(form(term, "zh"), form(term, "en"))
    if term.type == "choice":
        listed = "<br>".join(f"`{name}` {_both(label)}" for name, label in term.choices.items())
        written = Label(listed, listed)
    cells = (
        f"`{term.name}`",
        _both(term.label),
        _both(written),
        _both(term.attester) if term.attester is not None else "",
        _both(Label(untold(term, "zh"), untold(term, "en"))),
    )
    return f"| {' | '.join(cells)} |"


def _both(label: Label) -> str:
    return label.zh if label.zh == label.en else f"{label.zh} · {label.en}"
