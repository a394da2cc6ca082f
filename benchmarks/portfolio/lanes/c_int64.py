"""C in int64 (`fused.c`), compiled with -O2 and called through ctypes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import ruleset as law
from files import Population
from reference import Columns

from lanes.scaled import from_integers


def compiled() -> ctypes.CDLL:
    """Compile and load the kernel; raises CalledProcessError or FileNotFoundError without gcc."""
    source = Path(__file__).with_name("fused.c")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "fused.so"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        return ctypes.CDLL(str(library))


def pointers(columns: Columns, names: list[str]) -> ctypes.Array[ctypes.c_void_p]:
    """Return a struct of the columns' addresses, which is all that Inputs and Outputs are."""
    return (ctypes.c_void_p * len(names))(*(columns[name].ctypes.data for name in names))


class Fused:
    """One thread over all rows, into outputs made once."""

    threads = 1

    def __init__(self, population: Population) -> None:
        library = compiled()
        library.compute.argtypes = [ctypes.c_void_p] * 2 + [ctypes.c_size_t] * 2
        library.compute.restype = None
        self.compute = library.compute
        self.columns = {
            name: np.ascontiguousarray(column) for name, column in population.columns.items()
        }
        rows = len(self.columns["emissions"])
        self.outputs: Columns = {
            name: np.empty(rows, bool if name in ("covered", "compliant") else np.int64)
            for name in law.OUTPUTS
        }
        self.inputs = pointers(self.columns, [field.name for field in law.FIELDS])
        self.results = pointers(self.outputs, list(law.OUTPUTS))
        bounds = np.linspace(0, rows, self.threads + 1).astype(int).tolist()
        self.parts = list(pairwise(bounds))
        self.pool = ThreadPoolExecutor(self.threads)

    def reset(self) -> None:
        """Nothing: outputs are written over."""

    def run(self) -> None:
        """Fill the outputs; ctypes lets the threads run side by side."""
        list(self.pool.map(self._part, self.parts))

    def _part(self, part: tuple[int, int]) -> None:
        self.compute(self.inputs, self.results, *part)

    def answers(self) -> Columns:
        """Return the outputs."""
        return from_integers(self.outputs.__getitem__)


class Threads(Fused):
    """As many threads as cores."""

    threads = os.cpu_count() or 1
