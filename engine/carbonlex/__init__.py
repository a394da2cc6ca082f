"""carbonlex: the law of carbon markets as rules, run against the facts of an entity.

The public API is the names in `__all__`; each loads what it needs when it is first used.

>>> import carbonlex
>>> rulebook = carbonlex.load_rulebook()
>>> rulebook.norm("offset-cap").label.en
'cap on offsets'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from carbonlex.version import ENGINE as __version__  # noqa: N811

if TYPE_CHECKING:
    from carbonlex.cases.read import case_from, read_case
    from carbonlex.errors import CarbonlexError, ContentError, Diagnostic
    from carbonlex.interfaces.wire import report_json
    from carbonlex.memo.write import write_memo
    from carbonlex.model import UNKNOWN, Case
    from carbonlex.reasoner.check import check_case
    from carbonlex.reasoner.proof import Proof
    from carbonlex.reasoner.verdict import Report, Verdict
    from carbonlex.rulebook.load import load_rulebook
    from carbonlex.rulebook.norms import Norm
    from carbonlex.rulebook.rulebook import Rulebook
    from carbonlex.words.explain import explain

__all__ = [
    "UNKNOWN",
    "CarbonlexError",
    "Case",
    "ContentError",
    "Diagnostic",
    "Norm",
    "Proof",
    "Report",
    "Rulebook",
    "Verdict",
    "__version__",
    "case_from",
    "check_case",
    "explain",
    "load_rulebook",
    "read_case",
    "report_json",
    "write_memo",
]

_HOMES = {
    "UNKNOWN": "model",
    "CarbonlexError": "errors",
    "Case": "model",
    "ContentError": "errors",
    "Diagnostic": "errors",
    "Norm": "rulebook.norms",
    "Proof": "reasoner.proof",
    "Report": "reasoner.verdict",
    "Rulebook": "rulebook.rulebook",
    "Verdict": "reasoner.verdict",
    "case_from": "cases.read",
    "check_case": "reasoner.check",
    "explain": "words.explain",
    "load_rulebook": "rulebook.load",
    "read_case": "cases.read",
    "report_json": "interfaces.wire",
    "write_memo": "memo.write",
}


def __getattr__(name: str) -> object:
    """Load a public name from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'carbonlex' has no attribute {name!r}")
    value: object = getattr(import_module(f"carbonlex.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
