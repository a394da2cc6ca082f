"""What identifies the files that were read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

WHOLE = 64 * 1024 * 1024
_EDGE = 1024 * 1024
_PIECES = 64


def digest_of(files: Sequence[Path]) -> str:
    """Return a digest of files: names without their folder, sizes, and contents.

    Files of up to 64 MiB are read whole: `sha256:…`. Of a larger one are read its first and last
    MiB, where Parquet keeps what it says of all the rest, and 64 pieces of 64 KiB at equal
    distances; the digest then begins with `sampled-sha256:`, for a change elsewhere could escape.
    """
    told, sampled = hashlib.sha256(), False
    for path in files:
        size = path.stat().st_size
        told.update(f"{path.name}\0{size}\0".encode("utf-8", "surrogateescape"))
        with path.open("rb") as stream:
            if size <= WHOLE:
                told.update(hashlib.file_digest(stream, "sha256").digest())
                continue
            sampled = True
            told.update(stream.read(_EDGE))
            for piece in range(_PIECES):
                stream.seek(size * piece // _PIECES)
                told.update(stream.read(_EDGE // 16))
            stream.seek(-_EDGE, 2)
            told.update(stream.read(_EDGE))
    return f"{'sampled-' if sampled else ''}sha256:{told.hexdigest()}"
