"""The shape of `carbonlex fonts list` and `check` with `--json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, TypeAdapter

from carbonlex.interfaces.wire_models import Wire
from carbonlex.version import ENGINE

if TYPE_CHECKING:
    from carbonlex.memo.fonts import FontSet
    from carbonlex.memo.fonts_found import Shelf
    from carbonlex.memo.fonts_read import FoundFace

Place = Literal["given", "told", "system", "built"]
Role = Literal["body", "heading", "quote", "title", "latin", "spare"]
_PLACED = "--font-path, CARBONLEX_FONTS, the system's folders, or what `fonts build` made"


class ServingOut(Wire):
    """A face that serves; a role may have a regular face and a bold one."""

    role: Role
    family: str
    weights: tuple[int, int] = Field(description="lightest and boldest; equal if not variable")
    path: str
    index: int = Field(description="number of the face in a collection, from 0")
    sha256: str = Field(description="of the file")


class ChineseOut(Wire):
    """A family that sets Chinese."""

    place: Place = Field(description=_PLACED)
    family: str
    path: str


class UselessOut(Wire):
    """A file that cannot be used, and why."""

    place: Place = Field(description=_PLACED)
    path: str
    says: dict[str, str]


class FontsListOut(Wire):
    """The whole answer of `carbonlex fonts list --json`."""

    schema_version: Literal["1"] = "1"
    serving: list[ServingOut]
    digest: str = Field(description="of what serves which role, as records keep it")
    chinese: list[ChineseOut]
    useless: list[UselessOut]
    engine: str


class FontsSufficeOut(Wire):
    """The answer of `fonts check --json` for a case or a text; what cannot be set is refused."""

    schema_version: Literal["1"] = "1"
    file: str
    serving: list[ServingOut]
    digest: str
    engine: str


class FaceOut(Wire):
    """A face of a font file; `lacking` are characters that a Chinese font must have."""

    families: list[str]
    weights: tuple[int, int]
    characters: int
    hanzi: int = Field(description="how many of the 6,763 of GB 2312")
    lacking: str = Field(description="empty where it sets Chinese")


class FontFileOut(Wire):
    """The answer of `fonts check --json` for a font file."""

    schema_version: Literal["1"] = "1"
    file: str
    faces: list[FaceOut]
    engine: str


@dataclass(frozen=True)
class Held:
    """What a face of a font file has: how many characters, and how many hanzi of GB 2312."""

    face: FoundFace
    characters: int
    hanzi: int
    lacking: str


def list_json(found: FontSet, held: Iterable[tuple[Shelf, Iterable[FoundFace]]]) -> str:
    """Return which fonts serve, and for each place those that set Chinese, as JSON."""
    chinese: list[ChineseOut] = []
    useless: list[UselessOut] = []
    for shelf, faces in held:
        for face in faces:
            chinese.append(ChineseOut(place=shelf.place, family=face.family, path=str(face.path)))
        for one in shelf.refused:
            says = {"zh": one.zh, "en": one.en}
            useless.append(UselessOut(place=shelf.place, path=str(one.path), says=says))
    return FontsListOut(
        serving=[*_serving(found)],
        digest=found.digest,
        chinese=chinese,
        useless=useless,
        engine=ENGINE,
    ).model_dump_json(indent=2)


def suffice_json(file: Path, found: FontSet) -> str:
    """Return the fonts that set a whole case or text as JSON."""
    return FontsSufficeOut(
        file=str(file), serving=[*_serving(found)], digest=found.digest, engine=ENGINE
    ).model_dump_json(indent=2)


def file_json(file: Path, held: Iterable[Held]) -> str:
    """Return what the faces of a font file have as JSON."""
    faces = [
        FaceOut(
            families=[*one.face.families],
            weights=one.face.weights,
            characters=one.characters,
            hanzi=one.hanzi,
            lacking=one.lacking,
        )
        for one in held
    ]
    return FontFileOut(file=str(file), faces=faces, engine=ENGINE).model_dump_json(indent=2)


def fonts_schema() -> str:
    """Return the JSON Schema of `fonts list` and `fonts check` with `--json` as text."""
    answers = TypeAdapter[object](FontsListOut | FontsSufficeOut | FontFileOut)
    return json.dumps(answers.json_schema(), ensure_ascii=False, indent=2, sort_keys=True)


def _serving(found: FontSet) -> Iterator[ServingOut]:
    for role, family in found.roles():
        for face in family:
            yield ServingOut.model_validate(
                {
                    "role": role,
                    "family": face.family,
                    "weights": face.weights,
                    "path": str(face.path),
                    "index": face.index,
                    "sha256": face.digest,
                }
            )
