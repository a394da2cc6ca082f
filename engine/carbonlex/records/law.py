"""The law that a run stood on: rules and statutes by digest, kept whole, and laid out again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from carbonlex.corpus import corpus
from carbonlex.errors import ContentError
from carbonlex.records.canonical import canonical, digest_of
from carbonlex.records.content import MAX_FILES, is_digest, is_place
from carbonlex.records.faults import refuse_altered
from carbonlex.records.store import Reading
from carbonlex.rulebook.load import corpus_digest, load_rulebook
from carbonlex.rulebook.rulebook import Rulebook

_SOURCES = {"rules": (".md", ".toml"), "statutes": (".xml",)}


@dataclass(frozen=True)
class HeldLaw:
    """Rules and statutes as they were read: the rulebook's digest, and each file by its place."""

    rulebook: str
    files: Mapping[str, bytes]

    @property
    def listed(self) -> bytes:
        """The places of all files and their digests, as canonical JSON."""
        return canonical({p: digest_of(b) for p, b in self.files.items()}).encode()


def held_law() -> HeldLaw:
    """Return the law in use, with the files of local calendars."""
    files = {
        f"{kind}/{path.relative_to(corpus(kind)).as_posix()}": path.read_bytes()
        for kind, endings in _SOURCES.items()
        for path in sorted(corpus(kind).rglob("*"))
        if path.suffix in endings and path.is_file()
    }
    return HeldLaw(law_digest(), files)


def law_digest() -> str:
    """Return the digest that reports bear of the law in use."""
    return corpus_digest(corpus("rules"), corpus("statutes"))


def listing(found: Reading, digest: str) -> Mapping[str, str]:
    """Return the places and digests that a record lists, or refuse what is no such list."""
    try:
        told = json.loads(found.blob(digest))
    except (ValueError, RecursionError):
        told = None
    good = (
        isinstance(told, dict)
        and len(told) <= MAX_FILES
        and all(
            isinstance(d, str) and is_digest(d) and is_place(p) and _is_source(p)
            for p, d in told.items()
        )
    )
    if not good:
        refuse_altered(found.place, ("法律文件清单不合", "the list of files of law is malformed"))
    return dict(told)


def _is_source(place: str) -> bool:
    kind, _, rest = place.partition("/")
    return bool(rest) and rest.endswith(_SOURCES.get(kind, ()))


def lay_out(found: Reading, digest: str, folder: Path) -> None:
    """Write the law of a record into a folder, for the engine to read."""
    for kind in _SOURCES:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for place, file in listing(found, digest).items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found.blob(file))


def rulebooks_of(found: Reading, *told: Mapping[str, str]) -> tuple[Rulebook, ...]:
    """Return the rulebooks that records stood on (`law` of each), and last today's.

    One that this engine can no longer read is left out: it serves for names only.
    """
    rulebooks = []
    for rulebook, files in dict.fromkeys((one["rulebook"], one["files"]) for one in told):
        if rulebook == law_digest():
            continue
        with tempfile.TemporaryDirectory(prefix="carbonlex-") as folder:
            lay_out(found, files, Path(folder))
            with suppress(ContentError, RecursionError):
                rulebooks.append(load_rulebook(Path(folder) / "rules", Path(folder) / "statutes"))
    return (*rulebooks, load_rulebook())
