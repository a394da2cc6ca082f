"""Files onto the disk: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(out: Path, content: str | bytes) -> None:
    """Write a file in one step: readers see the old one or the new one, never a part.

    What is no regular file, such as a pipe or `/dev/stdout`, is written to where it stands: a
    file in its place would end it.
    """
    data = content.encode() if isinstance(content, str) else content
    if out.exists() and not out.is_file() and not out.is_dir():
        with open(out, "wb") as stream:
            stream.write(data)
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with open(beside, "xb") as stream:
            stream.write(data)
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)
