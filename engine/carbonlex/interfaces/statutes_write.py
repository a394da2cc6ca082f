"""Where an imported text is written: whole or not at all, and never over what is there unasked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.interfaces.arguments import not_written, refuse_word

if TYPE_CHECKING:
    from carbonlex.statutes.importing.importer import Import


@dataclass(frozen=True)
class Place:
    """The file to write, and the folder of statutes that it belongs to, if any."""

    path: Path
    folder: Path | None


def place_of(
    made: Import, out: Path | None, into: Path | None, replace: bool, lang: str
) -> Place | None:
    """Return where to write; None where it is only to be looked at. Refuses what is there."""
    if out is not None and into is not None:
        refuse_word(lang, "--out 与 --into 只能选一", "--out or --into, not both")
    if out is not None and out.suffix.lower() != ".xml":
        refuse_word(lang, f"{out}：只能写 .xml", f"{out}: .xml only")
    path = out if out is not None else into / made.path if into is not None else None
    if path is None:
        return None
    if path.exists() and not replace:
        refuse_word(
            lang, f"已有 {path}；要替换请加 --replace", f"{path} is there; --replace replaces it"
        )
    return Place(path, into)


def placed(made: Import, place: Place, end_older: bool, lang: str) -> tuple[str, ...]:
    """Write the file; with `end_older`, end the earlier texts of the folder on its first day.

    Returns the keys of the texts that were ended.
    """
    from carbonlex.statutes.akn import read_instruments
    from carbonlex.statutes.modifications import ended
    from carbonlex.writing import write_whole

    if end_older and place.folder is None:
        refuse_word(lang, "--end-older 须与 --into 同用", "--end-older goes with --into")
    new, done = made.instrument, []
    try:
        place.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place.path, made.xml.decode("utf-8"))
        for one in read_instruments(place.folder)[0] if end_older and place.folder else ():
            older = one.work == new.work and one.effective < new.effective
            if older and place.folder and (one.ended is None or one.ended > new.effective):
                path = place.folder / f"{one.uri.removeprefix('/akn/')}.xml"
                write_whole(path, ended(path.read_bytes(), new.effective).decode("utf-8"))
                done.append(one.key)
    except OSError as error:
        not_written(place.path, error, lang)
    return tuple(done)
