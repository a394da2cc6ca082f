"""Which chainer runs: durable-rules where it imports, plain Python elsewhere."""

from __future__ import annotations

import os

from carbonlex.reasoner.chaining.plain import PlainChainer
from carbonlex.reasoner.chaining.propositions import Chainer, Rule


def chainer_for(rules: tuple[Rule, ...], prefer: str = "") -> Chainer:
    """Return a chainer for `rules`; its `name` says which one it is.

    `prefer="plain"`, or `CARBONLEX_CHAINER=plain` in the environment, asks for plain Python.
    Raises `ChainingError` for rules that the chainer refuses.

    >>> chainer_for((), prefer="plain").name
    'plain'
    """
    if (prefer or os.environ.get("CARBONLEX_CHAINER")) == "plain":
        return PlainChainer(rules)
    try:
        from carbonlex.reasoner.chaining.durable import DurableChainer
    except ImportError:
        # On Python 3.13 durable-rules 2.0.28 builds, and fails with an undefined symbol.
        return PlainChainer(rules)
    return DurableChainer(rules)
