"""Which engine ran: its version, the digest of its own files, its chainer, its libraries."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from carbonlex.corpus import corpus
from carbonlex.reasoner.chaining.select import chainer_for
from carbonlex.version import ENGINE

Told = dict[str, str | dict[str, str]]


def engine_told(libraries: Iterable[str] = ()) -> Told:
    """Return what a record says of the engine; `libraries` are distributions that computed."""
    return {
        "version": ENGINE,
        "digest": engine_digest(),
        "chainer": chainer_for(()).name,
        "python": ".".join(map(str, sys.version_info[:3])),
        "libraries": versions(libraries),
    }


def engine_digest() -> str:
    """Return the SHA-256 over names and bytes of the package's modules and templates."""
    total = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    for root, pattern in ((package, "*.py"), (corpus("templates"), "*")):
        for path in sorted(p for p in root.rglob(pattern) if p.is_file()):
            total.update(f"{path.relative_to(root).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """Return the versions of the distributions that are installed.

    >>> versions(["no-such-distribution"])
    {}
    """
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
