"""The environment of each peer: a venv of its own, with pinned versions.

They stand in `.envs/` beside this file, or in the folder that CARBONLEX_BENCH_ENVS names. One
that is there with the same pins is used as it is. `python environments.py` makes them all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CARBONLEX_BENCH_ENVS", Path(__file__).parent / ".envs"))

NUMPY = "numpy==2.4.6"

# The versions that the lanes are written for. What has no `==` is told to pip as it is, so that
# an environment may hold this repository: f"--editable={ROOT}[portfolio]".
PINS: dict[str, tuple[str, ...]] = {
    "columns": (NUMPY, "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1"),
    "carbonlex": (
        f"--editable={ROOT}[portfolio]",
        NUMPY,
        "polars==2.1.0",
        "duckdb==2.0.0",
        "pyarrow==26.0.1",
    ),
    "ibis": (NUMPY, "ibis-framework[duckdb]==12.0.0", "duckdb==2.0.0", "pyarrow==26.0.1"),
    "openfisca": ("OpenFisca-Core==46.0.1",),
    "policyengine": ("policyengine-core==3.33.12",),
    "zen": (NUMPY, "zen-engine==2.1.3"),
    "clips": (NUMPY, "clipspy==1.0.6"),
    "durable": (NUMPY, "durable_rules==2.0.28"),
}


class NotInstalled(Exception):
    """An environment could not be made; the message is the installer's last line."""


def python_of(name: str) -> Path:
    """Return the interpreter of an environment, made first where it is not there.

    Raises NotInstalled with the reason where its packages do not install.
    """
    home = FOLDER / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = "\n".join(PINS[name])
    mark = home / "pins.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8") == pins:
        return python
    print(f"making the environment {name}: {', '.join(PINS[name])}", file=sys.stderr)
    venv.create(home, with_pip=True, clear=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PINS[name]],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in said if "error" in line.lower()]
        raise NotInstalled((errors or said or ["pip failed and said nothing"])[-1].strip())
    mark.write_text(pins, encoding="utf-8")
    return python


def versions_of(name: str) -> dict[str, str]:
    """Return the installed versions of the packages that an environment pins."""
    pinned = [pin for pin in PINS[name] if "==" in pin]
    names = [pin.partition("==")[0].partition("[")[0] for pin in pinned]
    code = "import sys, importlib.metadata as m\nfor n in sys.argv[1:]: print(m.version(n))"
    done = subprocess.run(
        [python_of(name), "-c", code, *names], capture_output=True, text=True, check=True
    )
    return dict(zip(names, done.stdout.split(), strict=True))


if __name__ == "__main__":
    for each in PINS:
        try:
            print(each, versions_of(each))
        except NotInstalled as error:
            print(each, "not installed:", error)
