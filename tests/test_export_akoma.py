"""Akoma Ntoso out: texts as held, of a day, in all versions; links to norms both ways."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from carbonlex.exports.akoma import lifecycle, versions
from carbonlex.exports.akoma.document import akoma_ntoso, check, faults
from carbonlex.exports.akoma.held import held_tree
from carbonlex.exports.akoma.lifecycle import describe
from carbonlex.exports.akoma.versions import Versions, merged_body
from carbonlex.exports.scope import NotExported, scope_of
from carbonlex.rulebook.load import load_rulebook
from carbonlex.statutes.akn import instrument_in
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.metadata import AKN, OWN

RULEBOOK = load_rulebook()
LAWS = ("legislation-law-2015", "legislation-law-2023")
LEVELS = tuple(f"{AKN}{t}" for t in ("article", "paragraph", "point"))


def tree(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


def provisions(node: etree._Element) -> dict[str, tuple[str, str, str]]:
    """Return number, words and grade of each provision of a body, by its id."""
    found = {}
    for one in node.iter(*LEVELS):
        told = [
            "".join(map(str, c.itertext())).strip()
            for c in one
            if c.tag not in LEVELS and c.tag != f"{AKN}num"
        ]
        number = one.findtext(f"{AKN}num", "")
        found[one.get("eId", "")] = (number, "".join(told), one.get(f"{OWN}held", ""))
    return found


def on(root: etree._Element, day: date) -> etree._Element:
    """Return a document with several versions as it was on a day: what a reader would do."""
    events = {f"#{e.get('eId')}": e.get("date", "") for e in root.iter(f"{AKN}eventRef")}
    holds: dict[str, bool] = {}
    for group in root.iter(f"{AKN}temporalGroup"):
        holds[f"#{group.get('eId')}"] = any(
            events[i.get("start", "")] <= day.isoformat() < events.get(i.get("end", ""), "9999")
            for i in group
        )
    for node in [n for n in root.iter(f"{AKN}*") if not holds.get(n.get("period", ""), True)]:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    return root


def original(eid: str) -> str:
    """Return an id without the number of its version."""
    first, *rest = eid.split("__")
    return "__".join([first.partition("v")[0], *rest])


# ---- one text


@pytest.mark.parametrize("key", [*RULEBOOK.instruments])
def test_a_text_as_held_reads_as_the_text_that_is_held(key: str) -> None:
    (made,) = akoma_ntoso(scope_of(RULEBOOK, [key]))
    read, wrong = instrument_in(made.text.encode(), "out.xml")
    held = RULEBOOK.instruments[key]
    assert read is not None and not wrong
    assert replace(read, file=held.file, digest=held.digest) == held
    assert made.name == held.uri.removeprefix("/akn/") + ".xml"


def test_provisions_and_norms_are_linked_both_ways() -> None:
    root = tree(akoma_ntoso(scope_of(RULEBOOK, ["measures-2021"]))[0].text)
    by_id = {e.get("eId"): e for e in root.iter(f"{AKN}*")}
    told = {e.get("id"): e for e in root.iter(f"{OWN}norm")}
    norms = [n for n in RULEBOOK.norms.values() if n.instrument == "measures-2021"]
    assert set(told) == {n.id for n in norms}
    for norm in norms:
        places = [str(p.get("href")) for p in told[norm.id].iter(f"{OWN}provision")]
        assert places == [f"#{eid}" for eid in norm.provisions]
        for eid in norm.provisions:
            assert norm.id in (by_id[eid].get(f"{OWN}norms") or "").split()
        assert told[norm.id].get("grade") == norm.grade


def test_the_head_names_engine_rulebook_and_the_file_it_was_made_from() -> None:
    root = tree(akoma_ntoso(scope_of(RULEBOOK, ["measures-2021"]))[0].text)
    (head,) = root.iter(f"{OWN}export")
    assert head.get("rulebook") == f"sha256:{RULEBOOK.digest}"
    (held,) = head.iter(f"{OWN}held")
    assert held.get("digest") == f"sha256:{RULEBOOK.instruments['measures-2021'].digest}"
    english = [r for r in head.iter(f"{OWN}remark") if r.get("lang") == "en"]
    assert english and all(r.get("unofficial") == "true" for r in english)


def test_a_file_that_changed_since_the_rules_were_read_is_not_exported() -> None:
    changed = replace(RULEBOOK.instruments["measures-2021"], digest=hashlib.sha256(b"").hexdigest())
    with pytest.raises(NotExported, match="改动"):
        held_tree(changed)


@pytest.mark.parametrize(
    ("day", "key"), [("2023-03-14", LAWS[0]), ("2023-03-15", LAWS[1]), ("2026-11-22", LAWS[1])]
)
def test_the_text_of_a_day_is_a_virtual_expression(day: str, key: str) -> None:
    (made,) = akoma_ntoso(scope_of(RULEBOOK, [LAWS[1]], date.fromisoformat(day)))
    root = tree(made.text)
    uris = [e.get("value") for e in root.iter(f"{AKN}FRBRuri")]
    assert uris[1] == f"/akn/cn/act/falv/npc/2000-03-15/31/zho:{day}"
    held = held_tree(RULEBOOK.instruments[key])
    assert provisions(root) == provisions(held)
    (master,) = root.iter(f"{AKN}FRBRmasterExpression")
    assert master.get("href") == RULEBOOK.instruments[LAWS[0]].uri
    assert made.name.endswith(f"/31/zho-on-{day}.xml")


# ---- all versions


def test_the_whole_rulebook_has_every_text_and_works_with_several_versions_together() -> None:
    names = [m.name for m in akoma_ntoso(scope_of(RULEBOOK))]
    works = [n for n in names if n.endswith("/zho.xml")]
    assert len(names) == len(RULEBOOK.instruments) + len(works) and len(works) == 2


@pytest.mark.parametrize("key", [LAWS[0], "penalty-law-2021"])
def test_versions_project_onto_each_day_as_the_text_held(key: str) -> None:
    (made,) = akoma_ntoso(scope_of(RULEBOOK, [key]), versions=True)
    work = RULEBOOK.instruments[key].work
    for text in (i for i in RULEBOOK.instruments.values() if i.work == work):
        for day in (text.effective, date(2026, 11, 22)):
            if text.in_force(day):
                there = provisions(on(tree(made.text), day))
                assert {original(e): v for e, v in there.items()} == provisions(held_tree(text))


def test_a_renumbered_article_keeps_its_first_id_and_links_to_the_norms_of_its_version() -> None:
    (made,) = akoma_ntoso(scope_of(RULEBOOK, [LAWS[1]]), versions=True)
    root = tree(made.text)
    by_id = {e.get("eId"): e for e in root.iter(f"{AKN}*") if e.get("eId")}
    assert by_id["art_91"].get("wId") == by_id["art_80v1"].get("wId") == "art_80"
    assert root[0].get("contains") == "multipleVersions"
    norms = {e.get("id"): e for e in root.iter(f"{OWN}norm")}
    assert {str(i).partition("/")[0] for i in norms} == set(LAWS)
    (old,) = norms["legislation-law-2015/rules-sc"].iter(f"{OWN}provision")
    assert "v1" in str(old.get("href"))


# ---- a work of our own: what the corpus does not have yet

_WORK = "/akn/cn/act/falv/npc/2001-01-01/trial"
_TEXT = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
 xmlns:cl="urn:carbonlex:1"><act name="act" contains="singleVersion"><meta>
<identification source="#carbonlex"><FRBRWork><FRBRthis value="{work}/!main"/>
<FRBRuri value="{work}"/><FRBRdate date="2001-01-01" name="x"/><FRBRauthor href="#npc"/>
<FRBRcountry value="cn"/></FRBRWork><FRBRExpression><FRBRthis value="{uri}/!main"/>
<FRBRuri value="{uri}"/><FRBRdate date="{start}" name="x"/><FRBRauthor href="#npc"/>
<FRBRlanguage language="zho"/></FRBRExpression><FRBRManifestation>
<FRBRthis value="{uri}/!main.xml"/><FRBRuri value="{uri}.xml"/>
<FRBRdate date="2026-01-01" name="x"/><FRBRauthor href="#carbonlex"/></FRBRManifestation>
</identification><lifecycle source="#carbonlex">
<eventRef eId="eref_1" date="{start}" type="{kind}" source="#original" refersTo="#promulgation"/>
<eventRef eId="eref_2" date="{start}" type="{kind}" source="#original" refersTo="#effect"/>
{ended}</lifecycle><references source="#carbonlex"><original eId="original" href="{uri}"
 showAs="试"/><TLCOrganization eId="carbonlex" href="/o/carbonlex" showAs="c"/>
<TLCOrganization eId="npc" href="/o/npc" showAs="n"/>
<TLCEvent eId="promulgation" href="/e/p" showAs="公布"/>
<TLCEvent eId="effect" href="/e/e" showAs="施行"/><TLCEvent eId="end" href="/e/end" showAs="废"/>
</references><proprietary source="#carbonlex"><cl:instrument key="trial-{n}" rank="law"
 maker="npc" number="" grade="{grade}" articles="9"><cl:title lang="zh">试</cl:title>
<cl:maker lang="zh">全国人大</cl:maker><cl:short lang="zh">试</cl:short></cl:instrument>
</proprietary></meta><body>{body}</body></act></akomaNtoso>"""
_END = '<eventRef eId="eref_3" date="{}" type="repeal" source="#original" refersTo="#end"/>'


def article(number: int, words: str, wid: str = "") -> str:
    eid = f"art_{number}"
    first = f' wId="{wid}"' if wid else ""
    return (
        f'<article eId="{eid}"{first}><num>第{number}条</num><paragraph eId="{eid}__para_1">'
        f"<content><p>{words}</p></content></paragraph></article>"
    )


def chapter(number: int, heading: str, inside: str) -> str:
    title = f"<num>第{number}章</num><heading>{heading}</heading>"
    return f'<chapter eId="chp_{number}">{title}{inside}</chapter>'


REFERENCE = '见<ref href="#art_2">第二条</ref>'
_FIRST = chapter(1, "总则", article(1, "甲") + article(2, "乙"))
_SECOND = chapter(1, "总则", article(1, "甲") + article(2, "乙改"))
# Two years without this law, then again, with a new article in second place.
_THIRD = chapter(1, "总则", article(1, "甲") + article(2, "新") + article(3, "乙改", "art_2"))
BODIES = (
    ("2001-01-01", "2005-01-01", _FIRST + chapter(2, "罚", article(3, REFERENCE))),
    ("2005-01-01", "2010-01-01", _SECOND + chapter(2, "责任", article(3, REFERENCE))),
    ("2012-01-01", "", _THIRD),
)


def trial(grades: tuple[str, str, str] = ("official",) * 3) -> tuple[list[Instrument], list[bytes]]:
    texts, files = [], []
    for n, ((start, end, body), grade) in enumerate(zip(BODIES, grades, strict=True), 1):
        ended = _END.format(end) if end else ""
        xml = _TEXT.format(
            work=_WORK, uri=f"{_WORK}/zho@{start}", start=start, ended=ended, body=body, n=n,
            kind="generation" if n == 1 else "amendment", grade=grade,
        ).encode()  # fmt: skip
        text, wrong = instrument_in(xml, f"trial-{n}.xml")
        assert text is not None and not wrong, wrong
        texts.append(text)
        files.append(xml)
    return texts, files


def merged(
    monkeypatch: pytest.MonkeyPatch, grades: tuple[str, str, str] = ("official",) * 3
) -> etree._Element:
    texts, files = trial(grades)
    held = {t.key: f for t, f in zip(texts, files, strict=True)}
    for module in (versions, lifecycle):
        monkeypatch.setattr(module, "held_tree", lambda text: etree.fromstring(held[text.key]))
    work = Versions(tuple(texts))
    root = merged_body(work)
    describe(root, work)
    check(root)
    return tree(etree.tostring(root, encoding="unicode"))


@pytest.mark.parametrize("day", ["2001-01-01", "2004-12-31", "2005-01-01", "2009-12-31"])
def test_three_versions_project_onto_their_days(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    root = on(merged(monkeypatch), date.fromisoformat(day))
    held = next(b for s, e, b in BODIES if s <= day < e)
    there = {original(k): v for k, v in provisions(root).items()}
    assert there == provisions(etree.fromstring(_in_body(held)))


def _in_body(body: str) -> str:
    return f'<body xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">{body}</body>'


def test_in_a_gap_between_versions_nothing_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    root = merged(monkeypatch)
    assert not provisions(on(root, date(2011, 6, 1)))
    assert len(provisions(on(merged(monkeypatch), date(2012, 1, 1)))) == 6


def test_what_never_changed_stands_once_and_in_two_intervals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = merged(monkeypatch)
    first = [a for a in root.iter(f"{AKN}article") if (a.get("wId") or a.get("eId")) == "art_1"]
    assert len(first) == 1
    chapter_period = first[0].getparent().get("period", "")  # type: ignore[union-attr]
    (group,) = (g for g in root.iter(f"{AKN}temporalGroup") if f"#{g.get('eId')}" == chapter_period)
    assert len(group) == 2


def test_a_chapter_with_another_heading_is_another_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    root = merged(monkeypatch)
    named = {c.get("eId"): c.findtext(f"{AKN}heading") for c in root.iter(f"{AKN}chapter")}
    assert named == {"chp_1": "总则", "chp_2v1": "罚", "chp_2v2": "责任"}


def test_references_lead_to_the_provision_of_their_own_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = merged(monkeypatch)
    places = {
        a.get("eId"): [r.get("href") for r in a.iter(f"{AKN}ref")]
        for a in root.iter(f"{AKN}article")
    }
    assert places["art_3v1"] == ["#art_2v1"] and places["art_3v2"] == ["#art_2v2"]


def test_words_of_another_grade_are_another_form(monkeypatch: pytest.MonkeyPatch) -> None:
    root = merged(monkeypatch, ("official", "single-page", "official"))
    first = [a for a in root.iter(f"{AKN}article") if (a.get("wId") or a.get("eId")) == "art_1"]
    assert [a.get(f"{OWN}grade") for a in first] == ["official", "single-page", "official"]


def test_parts_beside_the_body_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, files = trial()
    held = {t.key: f for t, f in zip(texts, files, strict=True)}
    held["trial-1"] = held["trial-1"].replace(
        b"</body>", b"</body><conclusions><p>x</p></conclusions>"
    )
    monkeypatch.setattr(versions, "held_tree", lambda text: etree.fromstring(held[text.key]))
    with pytest.raises(NotExported, match="conclusions"):
        merged_body(Versions(tuple(texts)))


def test_the_checks_find_references_that_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    root = merged(monkeypatch)
    next(root.iter(f"{AKN}article")).set("period", "#tmpg_99")
    next(root.iter(f"{AKN}article")).set(f"{OWN}norms", "trial-1/none")
    assert [*faults(root)] == ["period #tmpg_99 leads nowhere", "no norm trial-1/none"]
    next(root.iter(f"{AKN}article")).set("eId", "art_2v1")
    with pytest.raises(ValueError, match="eId"):
        check(root)
