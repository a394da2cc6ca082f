"""Akoma Ntoso that does not hold, by the schema or by what it cannot see; and hostile XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonlex.rulebook.load import load_rulebook
from carbonlex.statutes.akn import MAX_BYTES, read_instruments
from good_corpus import ACT, GOOD, STATUTE_FILE, Fault, params, read_with
from synthetic import Act, article, read_corpus, write_corpus

XML = GOOD[STATUTE_FILE]
FIRST, SECOND = '<article eId="art_1">', '<article eId="art_2">'
BODY = "单位排放达到一百吨的"


def xml(code: str, old: str, new: str, at: str = "") -> Fault:
    return Fault(code, old, new, at, STATUTE_FILE)


EARLY = article(3, "早。").replace("art_3", "art_8")
RIGHT = [
    xml("statute-invalid", SECOND, '<article eId="art_2" colour="red">'),
    xml("statute-invalid", "<body>", "<body>\n<colour/>", "<colour/>"),
    xml("statute-invalid", 'eId="art_2"', 'eId="art_1"', 'eId="art_1"><num>第2条'),
    xml("statute-invalid", '"art_1__para_2"', '"art_1__para_1"', "清缴期限"),
    xml("statute-invalid", 'eId="art_1__para_2"', "", "清缴期限"),
    xml("statute-invalid", '"art_1__para_2"', '"art_2__para_2"', "清缴期限"),
    xml("statute-invalid", FIRST, f"{EARLY}\n{FIRST}", FIRST),
    xml("statute-invalid", '<eventRef date="2020-02-01"', '<eventRef date="2020-02-30"'),
    xml("statute-invalid", "</act>", "", "</akomaNtoso>"),
    xml("statute-invalid", BODY, "a & b"),
    xml("statute-invalid", BODY, "&undeclared;"),
    xml("statute-dangling", SECOND, '<article eId="art_2" period="#never">'),
    xml("statute-dangling", 'href="#maker"', 'href="#nobody"'),
    xml("statute-dangling", 'refersTo="#effect"', 'refersTo="#begin"'),
]  # fmt: skip
METADATA = [
    xml("statute-invalid", 'key="act" ', "", "<cl:instrument"),
    xml("statute-invalid", 'rank="departmental_rule"', 'rank="rule"'),
    xml("statute-invalid", 'grade="official"', 'grade="excellent"'),
    xml("statute-invalid", 'maker="mee"', "", "<cl:instrument"),
    xml("statute-invalid", 'refersTo="#effect"', "", 'source="#original" />'),
    xml("statute-invalid", f'<FRBRuri value="{ACT.uri}"', f'<FRBRuri value="{ACT.uri}0"'),
]
EVERY = [*RIGHT, *METADATA]


@pytest.mark.parametrize("fault", params(EVERY))
def test_stopped(fault: Fault, tmp_path: Path) -> None:
    found = fault.found(tmp_path)
    assert fault.line
    assert (fault.code, STATUTE_FILE) in {(d.code, d.where.file) for d in found}


@pytest.mark.parametrize("fault", params(EVERY))
def test_the_line_to_look_at(fault: Fault, tmp_path: Path) -> None:
    assert (fault.code, fault.line) in {(d.code, d.where.line) for d in fault.found(tmp_path)}


@pytest.mark.parametrize("eid", ["article_1", "art_", "art_x", "art_1-x", "x"])
def test_an_article_by_another_name(eid: str, tmp_path: Path) -> None:
    found = xml("statute-invalid", '"art_2"', f'"{eid}"').found(tmp_path)
    assert "statute-invalid" in {d.code for d in found}


def test_an_inserted_article_comes_after_its_own(tmp_path: Path) -> None:
    inserted = article(1, "之一。").replace("art_1", "art_1-1")
    text = XML.replace(SECOND, f"{inserted}\n{SECOND}")
    assert [d.code for d in read_with(tmp_path, STATUTE_FILE, text.encode())] == ["coverage-gap"]
    early = XML.replace(FIRST, f"{inserted}\n{FIRST}")
    assert "statute-invalid" in {d.code for d in read_with(tmp_path, STATUTE_FILE, early.encode())}


def test_the_regulations_are_held_whole() -> None:
    regulations = load_rulebook().instruments["interim-regs-2024"]
    articles = [p for p in regulations.provisions.values() if p.level == "article"]
    assert [a.eid for a in articles] == [f"art_{n}" for n in range(1, regulations.articles + 1)]
    assert all(a.held and regulations.words(a.eid) for a in articles)


# ---- files from strangers

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
    "quadratic": (f'<!DOCTYPE a [<!ENTITY q "{"ha" * 5_000}">]>', "&q;" * 5_000),
    "external": ('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>', "&e;"),
    "from the net": ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">', "。"),
    "parameter": ('<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>', "。"),
    "bare": ("<!DOCTYPE akomaNtoso>", "。"),
}


@pytest.mark.parametrize(("doctype", "words"), HOSTILE.values(), ids=HOSTILE)
def test_no_doctype(doctype: str, words: str, tmp_path: Path) -> None:
    text = XML.replace("<akomaNtoso", f"{doctype}\n<akomaNtoso", 1).replace(BODY, words)
    found = read_with(tmp_path, STATUTE_FILE, text.encode())
    assert {d.code for d in found if d.where.file == STATUTE_FILE} == {"statute-invalid"}
    assert all("hostname" not in d.render("en") for d in found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b"<akomaNtoso/>",
        b"{}",
        b"\xff\xfe\x00\x00",
        XML.encode("gb18030"),
        XML.encode()[:-200],
        b"<a>" * 100_000,
        XML.replace("</body>", "</body>" + "<x/>" * 10_000).encode(),
    ],
    ids=lambda data: f"{data[:12]!r} {len(data)}",
)
def test_not_akoma_ntoso(data: bytes, tmp_path: Path) -> None:
    found = read_with(tmp_path, STATUTE_FILE, data)
    mine = [d for d in found if d.where.file == STATUTE_FILE]
    assert {d.code for d in mine} == {"statute-invalid"} and len(mine) <= 20
    assert all(len(d.render("en")) < 2_000 for d in mine)


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "statutes" / ACT.path
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    instruments, (found,) = read_instruments(tmp_path / "statutes")
    assert not instruments and found.code == "statute-invalid" and "20 MiB" in found.message[0]


def test_comments_and_instructions_are_no_words(tmp_path: Path) -> None:
    text = XML.replace(BODY, "单位<!-- 不 --><?x 不?>排放<b>达到</b>一百吨的")
    assert read_with(tmp_path, STATUTE_FILE, text.encode()) == ()


# ---- versions of one work

EMPTY = 'record.entity.label = {zh = "单位", en = "entity"}'


def versions(folder: Path, *acts: Act, keys: bool = True) -> list[str]:
    write_corpus(folder, acts, EMPTY)
    return [d.code for d in read_corpus(folder)[1]]


def test_versions_that_overlap(tmp_path: Path) -> None:
    old = Act("act", effective="2020-01-01", ended="2022-01-02")
    new = Act("act", effective="2022-01-01")
    assert "statute-overlap" in versions(tmp_path, old, new)


def test_two_works_of_one_key(tmp_path: Path) -> None:
    acts = (Act("act", maker="mee"), Act("act", maker="ndrc"))
    assert "statute-overlap" in versions(tmp_path, *acts)


def test_two_versions_of_one_key(tmp_path: Path) -> None:
    old = Act("act", effective="2020-01-01", ended="2022-01-01")
    new = Act("act", effective="2022-01-01")
    write_corpus(tmp_path, (old, new), EMPTY)
    rulebook, wrong = read_corpus(tmp_path)
    loaded = {i.uri for i in rulebook.instruments.values()}
    assert loaded == {old.uri, new.uri} or any("act" in d.render("en") for d in wrong
                                               if d.code.startswith("statute"))  # fmt: skip


PAIRS = [
    (
        "legislation-law-2023",
        "legislation-law-2015",
        {11: 8, 12: 9, 15: 12, 80: 72, 82: 73, 93: 82},
    ),
    ("penalty-law-2021", "penalty-law-1996", {9: 8, 10: 9, 11: 10, 12: 11, 13: 12, 14: 13, 16: 14}),
]


@pytest.mark.parametrize(("new", "old", "numbers"), PAIRS)
def test_articles_under_a_new_number_are_found_by_their_old_one(
    new: str, old: str, numbers: dict[int, int]
) -> None:
    later, earlier = (load_rulebook().instruments[key] for key in (new, old))
    assert later.work == earlier.work and earlier.ended == later.effective
    assert {n: later.by_wid(f"art_{o}") for n, o in numbers.items()} == {
        n: f"art_{n}" for n in numbers
    }
    assert all(f"art_{o}" in earlier.provisions for o in numbers.values())


def test_no_two_provisions_of_an_expression_were_once_the_same() -> None:
    for instrument in load_rulebook().instruments.values():
        wids = [p.wid for p in instrument.provisions.values()]
        assert len(set(wids)) == len(wids), instrument.key
