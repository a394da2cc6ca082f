"""The rulebook of a corpus: from the cache, or read, checked and compiled."""

from __future__ import annotations

import hashlib
from pathlib import Path

from carbonlex.corpus import corpus
from carbonlex.errors import ContentError
from carbonlex.rulebook.cache import cached
from carbonlex.rulebook.rulebook import Rulebook


def load_rulebook(rules: Path | None = None, statutes: Path | None = None) -> Rulebook:
    """Return the rulebook of a corpus (the one that came with the package by default).

    Raises `ContentError` with every diagnostic where anything is wrong. The compiled rulebook
    is kept in the user's cache under the digest of its sources.

    >>> load_rulebook().norm("offset-cap").id
    'measures-2021/offset-cap'
    """
    rules, statutes = rules or corpus("rules"), statutes or corpus("statutes")
    return cached(corpus_digest(rules, statutes), lambda: _checked(rules, statutes))


def _checked(rules: Path, statutes: Path) -> Rulebook:
    # Reading needs parsers that a start from the cache does without.
    from carbonlex.rulebook.assemble import read_rulebook

    rulebook, wrong = read_rulebook(rules, statutes)
    if wrong:
        raise ContentError(wrong)
    return rulebook


def corpus_digest(rules: Path, statutes: Path) -> str:
    """Return the SHA-256 over names and bytes of all sources."""
    total = hashlib.sha256()
    for folder, pattern in ((statutes, "*.xml"), (rules, "*.md"), (rules, "*.toml")):
        for path in sorted(folder.rglob(pattern)):
            place = path.relative_to(folder)
            if place.parts[0] == "overlays":
                continue  # calendars of local authorities: no verdict hangs on them
            total.update(str(place).encode())
            if path.is_file():
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
