"""The option `--house`: whose paper a document is written on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import refusing

if TYPE_CHECKING:
    from carbonlex.memo.house import House

HouseOption = Annotated[
    Path | None, typer.Option("--house", "--style", help="版式文件 .toml。 House style.")
]


def house_style(path: Path | None, lang: str) -> House:
    """Return the house style of a file, a plain one where none is named, or refuse."""
    from carbonlex.memo.house import PLAIN

    if path is None:
        return PLAIN
    from carbonlex.memo.house_file import read_house

    with refusing(lang):
        return read_house(path)
