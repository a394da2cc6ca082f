"""Where the corpus is: rules, statutes and templates, in a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path


def corpus(kind: str) -> Path:
    """Return the folder of `rules`, `statutes` or `templates` that came with the package."""
    here = Path(__file__).resolve().parent
    shipped = here / "_corpus" / kind
    return shipped if shipped.is_dir() else here.parents[1] / kind
