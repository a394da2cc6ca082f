"""`carbonlex law diff -o FILE.docx`: a redline that Word's own commands accept or refuse."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("docx", reason="Word files need python-docx")

from carbonlex.interfaces.cli import app
from carbonlex.memo.word_redline import Around, redline_docx
from carbonlex.statutes.pairing import folded
from carbonlex.statutes.redline import Redline, redline
from memo_cases import rulebook
from ooxml_files import W, check, parts, read_as, text, tree

OLD, NEW = "legislation-law-2015", "legislation-law-2023"


@cache
def found() -> Redline:
    return redline(rulebook().instruments[OLD], rulebook().instruments[NEW])


@cache
def made(lang: str = "zh", whole: bool = False) -> bytes:
    return redline_docx(found(), Around("修订对照表"), lang, whole=whole)


@pytest.mark.parametrize("whole", (False, True))
@pytest.mark.parametrize("lang", ("zh", "en"))
def test_it_is_a_whole_package(lang: str, whole: bool) -> None:
    check(made(lang, whole))


@pytest.mark.parametrize("accepted", (True, False))
def test_all_accepted_is_the_new_text_and_all_refused_the_old(accepted: bool) -> None:
    held = [folded(x) for x in read_as(tree(made()), accepted)]
    compared = 0
    for row in found().amendments:
        if row.kind == "renumbered":
            continue
        words = row.new_words if accepted else row.old_words
        for line in words.split("\n"):
            assert folded(line) in held, line
            compared += 1
    assert compared > 30
    gone = (
        "自治州的人民代表大会及其常务委员会可以依照本条第二款规定行使设区的市制定地方性法规的职权"
    )
    assert any(gone in x for x in held) is not accepted


def test_each_change_has_whose_it_is_and_the_day_the_text_takes_effect() -> None:
    part = tree(made())
    changes = [*part.iter(f"{W}ins", f"{W}del")]
    assert changes
    assert {c.get(f"{W}author") for c in changes} == {"carbonlex"}
    assert {c.get(f"{W}date") for c in changes} == {"2023-03-15T00:00:00Z"}


def test_what_only_has_another_number_is_in_it_when_all_is_asked_for() -> None:
    row = found().of("renumbered")[0]
    first = row.new_words.split("\n")[0]
    assert first not in text(tree(made())) and first in text(tree(made(whole=True)))


def test_words_that_may_not_be_quoted_say_so() -> None:
    weak = next(r for r in found().rows if r.kind == "changed")
    told = replace(found(), rows=(replace(weak, grade="recalled"),))
    assert "不作引文" in text(tree(redline_docx(told, Around("表"))))


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["law", "diff", *args])
    return done.exit_code, done.output


def test_the_command_writes_it_with_the_norms_that_lose_their_words(tmp_path: Path) -> None:
    out = tmp_path / "立法法.docx"
    assert run("measures-2021", "measures-2021", "-o", str(out)) == (0, f"→ {out}\n")
    assert "没有变化" in text(tree(out.read_bytes()))
    assert run(OLD, NEW, "-o", str(out), "--lang", "en") == (0, f"→ {out}\n")
    said = text(tree(out.read_bytes()))
    check(out.read_bytes())
    assert "Redline: " in said and "Norms whose quotes no longer hold" in said
    first = out.read_bytes()
    run(OLD, NEW, "-o", str(out), "--lang", "en")
    assert out.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["立法法.docx"]


def test_it_is_on_the_paper_of_the_house_and_its_changes_are_the_houses(tmp_path: Path) -> None:
    style, out = tmp_path / "house.toml", tmp_path / "a.docx"
    style.write_text('name = "甲所"\nletterhead = ["某路1号"]\n', "utf-8")
    assert run(OLD, NEW, "-o", str(out), "--house", str(style)) == (0, f"→ {out}\n")
    check(out.read_bytes())
    part = tree(out.read_bytes())
    assert {c.get(f"{W}author") for c in part.iter(f"{W}ins", f"{W}del")} == {"甲所"}
    assert "某路1号" in text(part)
    style.write_text("colour = 1\n", "utf-8")
    code, output = run(OLD, NEW, "-o", str(tmp_path / "b.docx"), "--house", str(style))
    assert code == 2 and "house.toml:1" in output and not (tmp_path / "b.docx").exists()
    code, output = run(OLD, NEW, "--house", str(style), "--lang", "en")
    assert code == 2 and "--house goes with -o" in output


@pytest.mark.parametrize(("name", "said"), (("a.pdf", ".docx"), ("a", ".docx")))
def test_another_ending_is_refused(tmp_path: Path, name: str, said: str) -> None:
    code, output = run(OLD, NEW, "-o", str(tmp_path / name))
    assert code == 2 and said in output and not [*tmp_path.iterdir()]


def test_a_folder_that_is_not_there_and_json_beside_it_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "no" / "a.docx"
    code, output = run(OLD, NEW, "-o", str(out))
    assert code == 2 and "不能写入" in output
    assert run(OLD, NEW, "-o", str(tmp_path / "a.docx"), "--json")[0] == 2
    assert not [*tmp_path.iterdir()]


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [m for m in sys.modules if m == "docx" or m.startswith("docx.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "docx", None)
    code, output = run(OLD, NEW, "-o", str(tmp_path / "a.docx"))
    assert code == 2 and 'pip install "carbonlex[word]"' in output
    assert not [*tmp_path.iterdir()]


def test_no_part_of_it_is_compressed_since_builds_of_zlib_differ() -> None:
    with zipfile.ZipFile(BytesIO(made())) as archive:
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
    assert "word/settings.xml" in parts(made())
