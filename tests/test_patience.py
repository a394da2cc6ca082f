"""Whoever watches a terminal is told what takes more than two seconds; nobody else is."""

from __future__ import annotations

from time import sleep

import pytest

from carbonlex.interfaces import patience as module
from carbonlex.interfaces.patience import patience


@pytest.mark.parametrize(("lang", "said"), [("zh", "\r\x1b[K排版…"), ("en", "\r\x1b[Ksetting…")])
def test_what_takes_long_is_said_and_the_line_is_taken_away(
    lang: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with patience("排版…", "setting…", lang):
        sleep(0.2)
        assert capsys.readouterr().err == said
    assert capsys.readouterr().err == "\r\x1b[K"


def test_what_is_quick_or_watched_by_nobody_is_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with patience("排版…", "setting…", "zh"):
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        with patience("排版…", "setting…", "zh"):
            pass
    assert capsys.readouterr().err == ""
