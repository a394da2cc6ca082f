"""The README says the truth: commands, output, Python, links. So does docs/cases.md."""

import re

import pytest

from fact_tables import with_tables
from readme import BLOCK, ROOT, excerpt, output

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = BLOCK.findall(README)


def test_there_are_commands() -> None:
    assert len(BLOCKS) >= 3


def test_it_shows_every_job_of_a_compliance_officer() -> None:
    shown = {command.split()[1] for _, command, _ in BLOCKS}
    assert shown >= {"calendar", "allocation", "position", "check", "law", "ask", "memo"}
    assert "carbonlex template" in README


@pytest.mark.parametrize(("sections", "command", "shown"), BLOCKS, ids=[c for _, c, _ in BLOCKS])
def test_output_is_real(sections: str, command: str, shown: str) -> None:
    # Digests and the name of the chainer differ between machines and versions of a file.
    def stable(text: str) -> str:
        text = re.sub(r"\b[0-9a-f]{16}\b", "…", text)
        return re.sub(r"durable-rules [\d.]+|plain", "chainer", text)

    assert stable(output(command, sections)) == stable(shown)


def test_an_excerpt_says_where_it_leaves_something_out() -> None:
    printed = "head\n\nA\n  1\n\n\nB\n  2\n\nC\n  3\n\nD\n  4\n"
    assert excerpt(printed, ["A", "D"]) == "head\n\nA\n  1\n……\n\nD\n  4\n"
    assert excerpt(printed, ["B"]) == "head\n……\n\nB\n  2\n……\n"
    with pytest.raises(SystemExit, match="E"):
        excerpt(printed, ["E"])


def test_the_facts_of_a_case_are_those_of_the_vocabulary() -> None:
    page = (ROOT / "docs/cases.md").read_text("utf-8")
    assert with_tables(page) == page, "make readme"


def test_python_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    exec(compile(code[1], "README.md", "exec"), {})
    assert "surrender 2025 pending" in capsys.readouterr().out


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_the_index_of_documents_names_every_page() -> None:
    index = (ROOT / "docs/README.md").read_text("utf-8")
    pages = [p for p in (ROOT / "docs").iterdir() if p.name != "README.md"]
    assert [p.name for p in pages if f"({p.name})" not in index] == []
