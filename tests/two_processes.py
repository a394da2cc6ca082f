"""The same program run in two processes that order sets otherwise: what it writes is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import carbonlex

_HERE = Path(__file__).parent
_ENGINE = Path(carbonlex.__file__).parents[1]
_NONE: Mapping[str, str] = {}


def same_bytes(
    code: str, *arguments: str, one: Mapping[str, str] = _NONE, other: Mapping[str, str] = _NONE
) -> bytes:
    """Return what a program writes, the same in both runs and not nothing.

    The modules of the tests can be imported; `one` and `other` are variables of each process.
    """
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ
            | {"PYTHONPATH": f"{_ENGINE}{os.pathsep}{_HERE}", "PYTHONHASHSEED": seed}
            | dict(more),
            capture_output=True,
            check=True,
        ).stdout
        for seed, more in (("1", one), ("2", other))
    ]
    assert runs[0] == runs[1] and runs[0]
    return runs[0]
