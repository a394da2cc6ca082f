"""The version of the engine, on every report, and those of what it runs on."""

from pathlib import Path

ENGINE = "0.1.0"


def installed(distribution: str, file: str) -> str:
    """Return the version of the distribution that a module's file came with.

    Read off the folder beside it: importlib.metadata would cost every start 10 ms.
    """
    found = sorted(p.name for p in Path(file).parent.glob(f"{distribution}-*.dist-info"))
    return found[-1].split("-")[1].removesuffix(".dist") if found else "?"
