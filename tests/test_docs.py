"""What the documents name is what there is."""

from __future__ import annotations

import re
import textwrap
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from carbonlex.errors import CODES
from carbonlex.rulebook.load import load_rulebook
from case_files import CaseFile, mismatches

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINKING = [p for p in PAGES if p.name != "README.md"]  # which test_readme reads
_FENCE = re.compile(r"^```.*?^```|^(?: {4}|\t).*?$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def made_in(page: str) -> set[str]:
    """Return the targets of every `make X`: in a code span, or as a line of a code block."""
    spans = re.findall(r"`([^`\n]+)`", _FENCE.sub("", page))
    lines = "\n".join([*spans, *_FENCE.findall(page)])
    found = re.findall(r"^[ \t]*(?:\$ )?make ((?:[a-z.][a-z-]*\b ?)+)", lines, re.MULTILINE)
    return {target for targets in found for target in targets.split()}


def test_every_code_has_its_section_and_every_section_its_code() -> None:
    headings = re.findall(r"^## (.+)$", text("docs/errors.md"), re.MULTILINE)
    assert headings == list(CODES)


def test_every_section_speaks_chinese_first_then_english() -> None:
    for section in text("docs/errors.md").split("\n## ")[1:]:
        title, chinese, english, *rest = section.strip().split("\n\n")
        assert re.search(r"[一-鿿]", chinese), title
        assert re.match(r"[A-Z]", english), title
        assert any(f": {title}: " in block for block in rest), f"{title}: no example"


def test_the_pages_name_targets_that_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z.][a-z-]*):", text("Makefile"), re.MULTILINE))
    for page in PAGES:
        assert made_in(page.read_text("utf-8")) <= targets, page.name


def test_targets_are_seen_in_code_and_not_in_prose() -> None:
    page = "We make haste, then `make lint`.\n\n```\n$ make demo test\n```\n\n    make clean\n"
    assert made_in(page) == {"lint", "demo", "test", "clean"}


@pytest.mark.parametrize("page", LINKING, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    lost = [to for to in _LINK.findall(page.read_text("utf-8")) if not (page.parent / to).exists()]
    assert not lost


def test_decisions_are_numbered_without_gaps_and_fit_a_page() -> None:
    found = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(p.name[:4]) for p in found] == list(range(1, len(found) + 1))
    for path in found:
        headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "What would change our mind"]
        assert len(path.read_text("utf-8").splitlines()) <= 60


def test_the_case_that_contributors_copy_holds() -> None:
    (block,) = re.findall(
        r"^    title = .*?(?=^\S)", text("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL
    )
    source = textwrap.dedent(block)
    file = CaseFile("contributing", tomllib.loads(source, parse_float=Decimal), source)
    rulebook = load_rulebook()
    assert not [*mismatches(file, rulebook, file.check(rulebook))]
