"""Where the rules speak of a term: the provisions of the norms whose expressions name it."""

from __future__ import annotations

from typing import TypeAlias

from carbonlex.expressions.tree import names
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of

Provision: TypeAlias = tuple[str, str]


def provisions_naming(rulebook: Rulebook) -> dict[str, tuple[Provision, ...]]:
    """Return, for each name of an expression, who asks for it: instrument and eId, in order.

    A norm counts under every reading of its question. A name that no norm mentions is absent.

    >>> import carbonlex
    >>> found = provisions_naming(carbonlex.load_rulebook())["from_covered_project"]
    >>> ("measures-2021", "art_29__para_2") in found
    True
    """
    found: dict[str, dict[Provision, None]] = {}
    for norm in rulebook.norms.values():
        places = dict.fromkeys((norm.instrument, eid) for eid in norm.provisions)
        for version in every_version(norm):
            for _, node, _ in expressions_of(version):
                for name in names(node):
                    found.setdefault(name, {}).update(places)
    return {name: tuple(places) for name, places in found.items()}
