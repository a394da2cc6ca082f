"""A line on a terminal while something takes its time; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Self

SECONDS = 2.0
"""How long nobody is told anything."""


@contextmanager
def patience(zh: str, en: str, lang: str) -> Iterator[None]:
    """Say what is being done where it takes more than two seconds; take the line away after."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    line = Line()
    timer = Timer(SECONDS, line.put, [en if lang == "en" else zh])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        line.end()


class Line:
    """One line that says how far something has come, from two seconds after it was begun.

    Used in a `with` statement, which takes the line away at its end.
    """

    def __init__(self) -> None:
        # What runs may put another stream in the place of this one: replay does.
        self.watched, self.start, self.told = sys.stderr, monotonic(), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def show(self, said: str) -> None:
        """Show what is said in the place of what stands there, if it is time and there is one."""
        if monotonic() - self.start > SECONDS and self.watched.isatty():
            self.put(said)

    def put(self, said: str) -> None:
        """Show what is said at once."""
        self.told = True
        print(f"\r\x1b[K{said}", end="", file=self.watched, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if self.told:
            print("\r\x1b[K", end="", file=self.watched, flush=True)
