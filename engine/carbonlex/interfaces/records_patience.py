"""A line on a terminal while records take their time; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS = 2.0


@contextmanager
def patience(zh: str, en: str, lang: str) -> Iterator[None]:
    """Say what is being done where it takes more than two seconds; take the line away after."""
    watched = sys.stderr
    if not watched.isatty():
        yield
        return
    from threading import Timer

    told = []

    def tell() -> None:
        told.append(True)
        print(en if lang == "en" else zh, end="", file=watched, flush=True)

    timer = Timer(_SECONDS, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if told:
            print("\r\x1b[K", end="", file=watched, flush=True)
