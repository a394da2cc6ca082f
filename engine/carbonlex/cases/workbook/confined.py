"""A workbook read in a process of its own, whose memory and time are bounded.

A file from a stranger may cost that process, and never this one. Windows has no such bounds;
there the time limit alone holds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from carbonlex.cases.formats import fail
from carbonlex.cases.workbook.grid import Grid, from_wire, to_wire
from carbonlex.errors import ContentError, Diagnostic, Location

MAX_MEMORY = 768 * 1024 * 1024
MAX_SECONDS = 20
_NO_MEMORY = 9

# Isolated and without site, so that it starts in a tenth of a second: the path is passed in.
_PROGRAM = """
import sys
sys.path[:] = sys.argv[1:]
from carbonlex.cases.workbook.confined import serve
serve()
"""


def read_confined(data: bytes, file: str, seconds: float = MAX_SECONDS) -> Grid:
    """Return the grid of an .xlsx file; raises `ContentError` for one that is refused.

    One that takes more than its time or memory is refused too, whatever it holds.
    """
    import json
    import subprocess

    root = str(Path(__file__).resolve().parents[3])
    paths = [root, *(path or os.getcwd() for path in sys.path)]
    try:
        run = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, *paths],
            input=data, capture_output=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        _too_costly(file, f"{seconds:g} 秒内读不完", f"cannot be read within {seconds:g} seconds")
    if run.returncode == _NO_MEMORY or run.returncode < 0:
        mib = MAX_MEMORY // 1024**2
        _too_costly(file, f"{mib} MiB 内存内读不完", f"cannot be read within {mib} MiB of memory")
    if run.returncode:
        raise RuntimeError(run.stderr.decode(errors="replace")[-500:])
    answer = json.loads(run.stdout)
    for code, message, hint in answer.get("wrong", ()):
        raise ContentError((Diagnostic(code, tuple(message), Location(file), hint=tuple(hint)),))
    return from_wire(answer)


def serve() -> None:
    """Read a workbook from standard input, within bounds, and write its grid; the other side."""
    import json

    bound()
    from carbonlex.cases.workbook.markup import read_grid

    try:
        answer = to_wire(read_grid(sys.stdin.buffer.read()))
    except ContentError as error:
        answer = {"wrong": [(d.code, d.message, d.hint) for d in error.diagnostics]}
    except MemoryError:
        sys.exit(_NO_MEMORY)
    sys.stdout.buffer.write(json.dumps(answer).encode())


def bound() -> None:
    """Bound the memory, time and files of this process; where the system has such bounds."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):
            continue  # macOS does not bound memory: the time limit still holds


def _too_costly(file: str, zh: str, en: str) -> NoReturn:
    words = (f"工作簿在 {zh}", f"the workbook {en}")
    hint = ("复制到新的模板", "copy the figures into a new template")
    fail("file-too-large", words, hint, Location(file))
