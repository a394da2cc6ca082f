"""Lanes as processes: each in its own environment, asked by lines of JSON (`worker.py`)."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from pathlib import Path
from typing import Any

from environments import NotInstalled, python_of

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 900.0
"""Seconds to wait for a line: reading ten million rows in is slow, and is not timed."""


class NotRun(Exception):
    """A lane gave no figure; the message is the reason."""


def interpreter(environment: str, here: bool) -> str:
    """Return the Python of an environment, or this one; raises NotRun where there is none."""
    if here:
        return sys.executable
    try:
        return str(python_of(environment))
    except NotInstalled as error:
        raise NotRun(f"not installed: {error}") from None


class Process:
    """A worker of one lane, alive until it is closed."""

    def __init__(self, lane: str, python: str) -> None:
        self.process = subprocess.Popen(
            [python, str(WORKER), lane],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )

    def ask(self, do: str, **words: Any) -> dict[str, Any]:
        """Return the worker's answer; raises NotRun on an error, an end or a long silence."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            print(json.dumps({"do": do, **words}), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            raise NotRun(f"ended with status {self.process.wait()}") from None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE):
                self.process.kill()
                raise NotRun(f"silent for {PATIENCE:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise NotRun(f"ended with status {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise NotRun(str(answer["error"]))
        return answer

    def close(self) -> None:
        """End the worker; its memory is free when this returns."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def drawn(rows: int, here: bool) -> dict[str, Path]:
    """Return the folders of the three sets, drawn in an environment that has what it takes."""
    done = subprocess.run(
        [interpreter("columns", here), str(WORKER.with_name("files.py")), str(rows)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return {name: Path(folder) for name, folder in json.loads(done.stdout).items()}
