"""The README says the truth: its commands, their output, its Python, its links."""

import re

import pytest

from readme import BLOCK, ROOT, output

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = BLOCK.findall(README)


def test_there_are_commands() -> None:
    assert len(BLOCKS) >= 3


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[c for c, _ in BLOCKS])
def test_output_is_real(command: str, shown: str) -> None:
    # Digests and the name of the chainer differ between machines and versions of a file.
    def stable(text: str) -> str:
        text = re.sub(r"\b[0-9a-f]{16}\b", "…", text)
        return re.sub(r"durable-rules [\d.]+|plain", "chainer", text)

    assert stable(output(command)) == stable(shown)


def test_python_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    exec(compile(code[1], "README.md", "exec"), {})
    assert "surrender 2025 pending" in capsys.readouterr().out


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
