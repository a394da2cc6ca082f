"""An entry of the chain: what it says, what it uses, and the hash that ties it to those before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from carbonlex.records.canonical import canonical, digest_of
from carbonlex.records.content import malformed

GENESIS = "0" * 64
"""What the first entry of a store has for the hash before it."""

SHORT = 12
"""Digits of an id that people see and may type; the beginning of it is enough, from four on."""


@dataclass(frozen=True, order=True)
class Use:
    """A file that an entry uses: the digest of its bytes, and of the packed bytes stored."""

    digest: str
    packed: str


@dataclass(frozen=True)
class Entry:
    """One entry: a run, or a signature under one.

    Attributes:
        seq: its place in the chain, from 1 and without gaps.
        id: the SHA-256 of `content`; the same in every store that holds the entry.
        about: the id of the run that it supersedes, or signs; None: neither.
        previous, hash: of the chain up to the entry before, and up to this one.
        content: canonical JSON.
        uses: the files, sorted.
    """

    seq: int
    id: str
    about: str | None
    previous: str
    hash: str
    content: str
    uses: tuple[Use, ...] = ()

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """What `content` says; its `kind` is `run` or `signature`."""
        told: Mapping[str, Any] = json.loads(self.content)
        return told

    @property
    def sound(self) -> bool:
        """Whether it is what was written: its id and hash are right, and it says what one can."""
        name = digest_of(self.content.encode("utf-8", "surrogatepass"))
        right = hash_of(self.seq, name, self.about, self.previous, self.uses) == self.hash
        try:
            return right and self.id == name and not malformed(self.told)
        except (ValueError, RecursionError):
            return False

    @property
    def short(self) -> str:
        """The id as people see it."""
        return self.id[:SHORT]


def chained(
    seq: int, content: str, about: str | None, previous: str, uses: tuple[Use, ...]
) -> Entry:
    """Return the entry that follows the hash `previous`.

    >>> first = chained(1, '{"kind":"run"}', None, GENESIS, ())
    >>> chained(2, '{"kind":"run"}', None, first.hash, ()).hash == first.hash
    False
    """
    uses = tuple(sorted(uses))
    name = digest_of(content.encode())
    return Entry(
        seq, name, about, previous, hash_of(seq, name, about, previous, uses), content, uses
    )


def hash_of(seq: int, name: str, about: str | None, previous: str, uses: tuple[Use, ...]) -> str:
    """Return the hash over the chain before, the entry's id, and the files as they are stored."""
    said = [previous, seq, name, about, [[u.digest, u.packed] for u in sorted(uses)]]
    return digest_of(canonical(said).encode())
