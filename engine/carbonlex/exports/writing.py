"""Documents onto the disk: whole or not at all, one file or a folder of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from carbonlex.exports.scope import Exported, NotExported
from carbonlex.writing import write_whole


def write_exported(made: Sequence[Exported], out: Path, folder: bool) -> tuple[Path, ...]:
    """Write documents to a file or below a folder; raises `NotExported` or `OSError`.

    Several documents need a folder that does not exist yet, or is empty: it appears whole. One
    document replaces the file of its name, or goes into the pipe that is there.
    """
    if len(made) == 1 and not folder and not out.is_dir():
        write_whole(out, made[0].text)
        return (out,)
    if len(made) == 1:
        below = out / made[0].name
        below.parent.mkdir(parents=True, exist_ok=True)
        write_whole(below, made[0].text)
        return (below,)
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise NotExported(
            f"{out} 已有内容；{len(made)} 个文件须写入新的或空的目录",
            f"{out} is not empty; {len(made)} files go into a new or an empty folder",
        )
    _write_folder(made, out)
    return tuple(out / one.name for one in made)


def _write_folder(made: Sequence[Exported], out: Path) -> None:
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        for one in made:
            path = beside / one.name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, one.text)
        if out.is_dir():
            out.rmdir()
        os.replace(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
