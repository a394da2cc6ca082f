"""Where fonts are: given by name, told by the environment, the system's own, the user's cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from carbonlex.memo.fonts_read import ENDINGS, BrokenFont, FoundFace, faces_in
from carbonlex.rulebook.cache import cache_folder

Place = Literal["given", "told", "system", "built"]
VARIABLE = "CARBONLEX_FONTS"
_MOST_FILES = 20_000


@dataclass(frozen=True)
class Refused:
    """A file that cannot be used, and why, in Chinese and in English."""

    path: Path
    zh: str
    en: str


@dataclass(frozen=True)
class Shelf:
    """The fonts of one place, in the order of their file names, and what is no use there."""

    place: Place
    faces: tuple[FoundFace, ...]
    refused: tuple[Refused, ...]


def shelves(paths: Sequence[Path] = ()) -> tuple[Shelf, ...]:
    """Return what each place has, in the order in which places are asked.

    `paths` are files and folders given by name; a file among them that is no font, or that is not
    there, is in `refused` of the first shelf.
    """
    told = tuple(Path(p) for p in os.environ.get(VARIABLE, "").split(os.pathsep) if p)
    built = built_folder()
    places: tuple[tuple[Place, tuple[Path, ...]], ...] = (
        ("given", tuple(paths)),
        ("told", told),
        ("system", system_folders()),
        ("built", (built,) if built and os.path.isdir(built) else ()),
    )
    return tuple(_shelf(place, found) for place, found in places)


def built_folder() -> Path | None:
    """Return where `carbonlex fonts build` puts fonts; None where there is no cache."""
    folder = cache_folder()
    return folder / "fonts" if folder else None


def system_folders() -> tuple[Path, ...]:
    """Return the folders in which this system keeps fonts, the user's own first."""
    home = Path(os.path.expanduser("~"))
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        own = (Path(local) / "Microsoft/Windows/Fonts",) if local else ()
        folders = (*own, Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts")
    elif sys.platform == "darwin":
        system = Path("/System/Library")
        folders = (
            home / "Library/Fonts",
            Path("/Library/Fonts"),
            system / "Fonts",
            *sorted((system / "AssetsV2").glob("com_apple_MobileAsset_Font*")),
        )
    else:
        own_data = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
        data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        found = [Path(p) / "fonts" for p in (own_data, *data.split(":")) if p]
        folders = (found[0], home / ".fonts", *found[1:])
    return tuple(f for f in dict.fromkeys(folders) if os.path.isdir(f))


def _shelf(place: Place, paths: tuple[Path, ...]) -> Shelf:
    faces: list[FoundFace] = []
    refused: list[Refused] = []
    seen: set[Path] = set()
    for path in paths:
        # Those of os.path, unlike those of pathlib, do not fail on links that lead in circles or
        # on folders that may not be looked into: in a folder of fonts neither is anyone's mistake.
        if not os.path.exists(path):
            refused.append(Refused(path, "没有这个文件或目录", "there is no such file or folder"))
            continue
        for file in _files(path):
            real = Path(os.path.realpath(file))
            if real in seen:
                continue
            seen.add(real)
            try:
                faces += faces_in(real)
            except BrokenFont as broken:
                refused.append(Refused(file, broken.zh, broken.en))
            except OSError as error:
                said = error.strerror or str(error)
                refused.append(Refused(file, f"不能读取：{said}", f"cannot be read: {said}"))
    return Shelf(place, tuple(faces), tuple(refused))


def _files(path: Path) -> Iterator[Path]:
    """Yield a file as it is, and of a folder every file that is named as a font, in order."""
    if not os.path.isdir(path):
        yield path
        return
    count = 0
    for folder, inner, names in os.walk(path):
        inner.sort()
        for name in sorted(names):
            if name.lower().endswith(ENDINGS):
                count += 1
                if count > _MOST_FILES:
                    return
                yield Path(folder) / name
