"""Every statute held, written out as people have it and imported again, comes back the same."""

from __future__ import annotations

import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from carbonlex.statutes.akn import read_instruments
from carbonlex.statutes.importing.identity import Told
from carbonlex.statutes.importing.importer import imported
from carbonlex.statutes.importing.read import source_of
from carbonlex.statutes.instruments import Instrument
from imported import MADE, bare_body, docx, lines_of, para

ROOT = Path(__file__).resolve().parents[1]
HELD = {i.key: i for i in read_instruments(ROOT / "statutes")[0]}
# A text with no words, or with a paragraph left out of an article, is none that people have.
SPOKEN = [
    key
    for key, held in HELD.items()
    if any(p.text for p in held.provisions.values())
    and not any(p.parent and not p.text and held.words(p.parent) for p in held.provisions.values())
]


def as_text(lines: list[str]) -> bytes:
    return "\n".join(f"　　{line}" if n else line for n, line in enumerate(lines)).encode("gb18030")


def as_page(lines: list[str]) -> bytes:
    title, *rest = (escape(line) for line in lines)
    paragraphs = "\n".join(
        f'<p style="text-indent:2em"><span>{line[:1]}</span><span lang="zh">{line[1:]}</span></p>'
        for line in rest
    )
    return (
        "<html><head><meta charset='utf-8'><title>某网</title>"
        "<script>var a='第九条 x'</script></head>"
        "<body><div class='nav'><ul><li>首页</li><li>政策</li></ul></div>"
        f"<div class='box'><h1>{title}</h1><div class='TRS_Editor'>{paragraphs}</div></div>"
        "<div class='footer'>主办单位</div></body></html>"
    ).encode()


def as_word(lines: list[str]) -> bytes:
    return docx("".join(para(line) for line in lines))


def as_markdown(lines: list[str]) -> bytes:
    marked = [re.sub(r"^(第.{1,6}条)　", r"**\1** ", line) for line in lines]
    return ("# " + "\n\n".join(marked)).encode()


SHAPES = {"txt": as_text, "html": as_page, "docx": as_word, "md": as_markdown}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("key", SPOKEN)
def test_a_statute_comes_back_the_same(key: str, shape: str) -> None:
    instrument: Instrument = HELD[key]
    xml = (ROOT / instrument.file).read_bytes()
    lines = lines_of(instrument, xml)
    data = SHAPES[shape](lines)
    told = Told(instrument.work, instrument.effective, instrument.promulgated, title=lines[0])
    made = imported(source_of(data, f"act.{shape}"), told, HELD, MADE)
    assert bare_body(made.xml) == bare_body(xml)
    assert made.identity.key == key
    assert made.path == instrument.file.removeprefix("statutes/")


def test_a_statute_that_is_imported_in_the_place_of_one_held_keeps_its_wids() -> None:
    instrument = HELD["legislation-law-2023"]
    xml = (ROOT / instrument.file).read_bytes()
    told = Told(instrument.work, instrument.effective)
    source = source_of(as_text(lines_of(instrument, xml)), "act.txt")
    made = imported(source, told, HELD, MADE, instrument)
    assert {e: p.wid for e, p in made.instrument.provisions.items()} == {
        e: p.wid for e, p in instrument.provisions.items()
    }
