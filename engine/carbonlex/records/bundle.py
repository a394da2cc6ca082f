"""Records that travel: a bundle is a store of its own, and what it holds is verified first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from carbonlex.records.entry import Entry
from carbonlex.records.faults import refuse_altered, refuse_store
from carbonlex.records.store import Reading, Store, Writing, open_store
from carbonlex.records.verify import verify


@dataclass(frozen=True)
class Carried:
    """What came into a store: the entries, and how many it held already."""

    entries: tuple[Entry, ...]
    held: int


def export(store: Store, ids: Sequence[str], out: Path) -> Carried:
    """Write records into a new store, with what they supersede and who signed them.

    Raises `FileExistsError`; nothing is left where it fails.
    """
    if out.exists():
        raise FileExistsError(out)
    beside = out.with_name(f".{out.name}.making")
    beside.unlink(missing_ok=True)
    try:
        with store.reading() as found:
            wanted = _wanted(found, ids)
            with open_store(str(beside), make=True).writing() as made:
                carried = _carry(found, made, wanted)
        beside.rename(out)
    finally:
        beside.unlink(missing_ok=True)
    return carried


def judged(bundle: str) -> Store:
    """Return a bundle opened, to be read only; raises `ContentError` where it does not verify."""
    source = open_store(bundle, read_only=True)
    fault = verify(source).fault
    if fault is not None:
        zh, en = fault.message
        refuse_altered(bundle, (f"{fault.table} {fault.row}：{zh}", f"{fault.row}: {en}"))
    return source


def bring(store: Store, source: Store) -> Carried:
    """Add what a bundle holds to a store; raises `ContentError` where the two contradict."""
    with source.reading() as found, store.writing() as made:
        return _carry(found, made, [*found.entries()])


def _wanted(found: Reading, ids: Sequence[str]) -> list[Entry]:
    """Return entries in their order, each after what it is about."""
    entries = {e.id: e for e in found.entries()}
    wanted: set[str] = set()
    for told in ids:
        one: str | None = found.entry(told).id
        while one is not None and one not in wanted:
            wanted.add(one)
            one = entries[one].about
    signed = {e.id for e in entries.values() if e.told["kind"] == "signature" and e.about in wanted}
    return [e for e in entries.values() if e.id in wanted | signed]


def _carry(source: Reading, target: Writing, entries: Sequence[Entry]) -> Carried:
    held = {e.id: e for e in target.entries()}
    carried = []
    for entry in entries:
        if entry.id in held:
            continue
        _agree(target, entry)
        blobs = {u.digest: source.blob(u.digest) for u in entry.uses}
        carried.append(target.append(entry.content, blobs, entry.about))
    return Carried(tuple(carried), len(entries) - len(carried))


def _agree(target: Writing, entry: Entry) -> None:
    """Refuse signatures and successors that contradict those which the store has."""
    if entry.about is None:
        return
    about = [e for e in target.entries(entry.about) if e.told["kind"] == entry.told["kind"]]
    rival = next((e for e in about if e.told.get("role") == entry.told.get("role")), None)
    if rival is not None:
        words = (
            f"与已有的 {rival.short} 相抵触（同一记录的签署或后续）",
            f"contradicts {rival.short}, which is held (a signature or successor of one record)",
        )
        refuse_store(target.place, words, ("导入到另一个记录库", "import it into another store"))
