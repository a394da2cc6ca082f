"""`carbonlex fonts`: fonts made of slices, what serves, and whether a text can be set."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from carbonlex.interfaces import cli
from carbonlex.interfaces.fonts_wire import fonts_schema
from carbonlex.memo import fonts_built, fonts_found
from carbonlex.memo.fonts_built import SOURCES, NotBuilt, Source, build, fetch, sources_in
from carbonlex.memo.fonts_read import faces_in
from font_files import WESTERN, chinese, font_file

ROOT = Path(__file__).resolve().parents[1]
SERIF = SOURCES[0]


def quiet(step: str, done: int, size: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts_found, "system_folders", lambda: ())
    monkeypatch.setenv("CARBONLEX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CARBONLEX_FONTS", raising=False)


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an archive of the registry holds: numbered slices, one of Latin, and the licence."""
    folder = tmp_path_factory.mktemp("slices") / "package"
    words = sorted(set(chinese()) - set(WESTERN))
    for at in range(3):
        name = f"{SERIF.package}-{at}-400-normal.woff"
        font_file(folder / "files" / name, "Noto Serif SC ExtraLight", [*words[at::3], " ", "a"])
    font_file(folder / f"files/{SERIF.package}-latin-400-normal.woff", "Noto Serif SC", WESTERN)
    (folder / f"files/{SERIF.package}-0-700-normal.woff").write_bytes(b"another weight")
    (folder / "LICENSE").write_text("SIL OPEN FONT LICENSE Version 1.1", "utf-8")
    return folder.parent


@pytest.fixture(scope="module")
def archive(slices: Path) -> tuple[Source, Path]:
    """The same as an archive, and the source whose digest it has."""
    path = slices.parent / "serif.tgz"
    with tarfile.open(path, "w:gz") as out:
        out.add(slices / "package", "package")
    digest = hashlib.sha512(path.read_bytes()).digest()
    return replace(SERIF, integrity=base64.b64encode(digest).decode()), path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["carbonlex", "fonts", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    code = left.value.code
    assert isinstance(code, int)
    return code


def test_slices_become_one_font_with_every_character_and_the_licence_beside_it(
    slices: Path, tmp_path: Path
) -> None:
    steps: list[tuple[str, int, int]] = []
    made = build(SERIF, slices, tmp_path / "fonts", lambda *told: steps.append(told))
    (face,) = faces_in(made)
    assert made.name == "NotoSerifSC-Regular.ttf" and face.family == "Noto Serif SC"
    assert face.characters() == {ord(c) for c in chinese()}
    assert "OPEN FONT LICENSE" in (tmp_path / "fonts/OFL.txt").read_text("utf-8")
    assert steps == [("join", at, 4) for at in (1, 2, 3, 4)]
    again = build(SERIF, slices, tmp_path / "again", quiet)
    assert again.read_bytes() == made.read_bytes()


def test_a_font_that_was_made_sets_a_document(slices: Path, tmp_path: Path) -> None:
    from carbonlex.memo.fonts import find_fonts
    from carbonlex.memo.house import PLAIN
    from carbonlex.memo.pdf import pdf
    from pdf_memos import said, short
    from pdf_text import Pdf

    folder = fonts_found.built_folder()
    assert folder is not None
    build(SERIF, slices, folder, quiet)
    found = find_fonts(PLAIN)
    assert found.body[0].path.parent == folder.resolve()
    made = Pdf(pdf(short(said(1, "碳排放 x")), PLAIN, found))
    assert "碳排放x" in made.text and made.fonts == {"NotoSerifSC-Regular"}


def test_an_archive_is_taken_only_by_its_digest(
    archive: tuple[Source, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, path = archive
    monkeypatch.setattr(fonts_built, "SOURCES", (source,))
    assert sources_in(path, quiet) == (source,)
    assert build(source, path, tmp_path / "fonts", quiet).exists()
    changed = tmp_path / "changed.tgz"
    changed.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(NotBuilt, match="digest") as refused:
        build(source, changed, tmp_path / "other", quiet)
    assert "摘要" in refused.value.zh and not (tmp_path / "other").exists()
    with pytest.raises(NotBuilt, match="none of"):
        sources_in(changed, quiet)


def test_what_is_damaged_or_wanting_leaves_no_font(slices: Path, tmp_path: Path) -> None:
    import shutil

    out = tmp_path / "fonts"
    broken = tmp_path / "broken"
    shutil.copytree(slices, broken)
    one = broken / f"package/files/{SERIF.package}-1-400-normal.woff"
    one.write_bytes(one.read_bytes()[:900])
    with pytest.raises(NotBuilt, match="slice 2 is damaged"):
        build(SERIF, broken, out, quiet)
    (broken / "package/LICENSE").unlink()
    with pytest.raises(NotBuilt, match="licence"):
        build(SERIF, broken, out, quiet)
    with pytest.raises(NotBuilt, match="no such file"):
        sources_in(tmp_path / "none", quiet)
    assert not out.exists()


@pytest.fixture
def registry(archive: tuple[Source, Path]) -> Iterator[str]:
    """A registry on this machine that has one archive."""
    data = archive[1].read_bytes()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == f"/{SERIF.address}"
            self.send_response(200 if known else 404)
            self.send_header("Content-Length", str(len(data) if known else 0))
            self.end_headers()
            self.wfile.write(data if known else b"")

        def log_message(self, *_: object) -> None:
            """Nobody reads a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_build_fetches_checks_and_joins(
    registry: str,
    archive: tuple[Source, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(fonts_built, "SOURCES", (archive[0],))
    assert run(monkeypatch, "build", "--registry", registry) == 0
    out = capsys.readouterr().out
    assert "NotoSerifSC-Regular.ttf" in out and "OFL" in out
    assert run(monkeypatch, "list", "--lang", "en") == 0
    assert "[cache] Noto Serif SC" in capsys.readouterr().out


def test_what_cannot_be_fetched_is_said(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.tgz"
    with pytest.raises(NotBuilt, match="404"):
        fetch(SOURCES[1], out, quiet, registry)
    for address in ("file:///etc", "ftp://x", "/etc"):
        with pytest.raises(NotBuilt, match="no web address"):
            fetch(SERIF, out, quiet, address)
    monkeypatch.setattr(fonts_built, "_MOST_BYTES", 100)
    with pytest.raises(NotBuilt, match="too large"):
        fetch(SERIF, out, quiet, registry)


def test_build_from_a_file_that_is_no_archive_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.tgz"
    path.write_bytes(b"x")
    assert run(monkeypatch, "build", "--from", str(path)) == 2
    assert str(path) in capsys.readouterr().err
    monkeypatch.setenv("CARBONLEX_CACHE", "off")
    assert run(monkeypatch, "build", "--from", str(path)) == 2


@pytest.fixture
def boxes(tmp_path: Path) -> str:
    return str(font_file(tmp_path / "song.ttf", "Box Song", chinese()))


def test_list_says_what_serves_what_with_its_digest(
    boxes: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "list", "--font-path", boxes) == 0
    out = capsys.readouterr().out
    assert f"正文: Box Song 400 · {boxes}" in out and "[指定] Box Song" in out
    assert hashlib.sha256(Path(boxes).read_bytes()).hexdigest() in out
    assert run(monkeypatch, "list") == 2
    assert "fonts-noto-cjk" in capsys.readouterr().err


def test_check_names_the_line_of_a_text_that_cannot_be_set(
    boxes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "t.txt"
    text.write_text("甲\n乙𠮷\n", "utf-8")
    assert run(monkeypatch, "check", str(text), "--font-path", boxes, "--lang", "en") == 2
    err = capsys.readouterr().err
    assert f"{text}:2: glyph-missing" in err and "U+20BB7" in err
    text.write_text("甲\u202e\n乙\n", "utf-8")
    assert run(monkeypatch, "check", str(text), "--font-path", boxes) == 0
    assert "每个字都能排出" in capsys.readouterr().out
    text.write_bytes(b"\xff\xfe\x00")
    assert run(monkeypatch, "check", str(text), "--font-path", boxes) == 2


def test_check_of_a_case_looks_at_the_memo_in_both_languages(
    boxes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "c.toml"
    case.write_text('[entity]\nname = "𠮷厂"\nsector = "steel"\n[year.2023]\n', "utf-8")
    assert run(monkeypatch, "check", str(case), "--font-path", boxes) == 2
    assert "U+20BB7" in capsys.readouterr().err
    case.write_text('[entity]\nname = "某厂"\nsector = "steel"\n[year.2023]\n', "utf-8")
    assert run(monkeypatch, "check", str(case), "--font-path", boxes) == 0


def test_check_of_a_font_counts_its_chinese_characters(
    boxes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "check", boxes) == 0
    assert "6763 个汉字中有 6763 个" in capsys.readouterr().out
    latin = font_file(tmp_path / "latin.ttf", "Box Latin", WESTERN)
    assert run(monkeypatch, "check", str(latin), "--lang", "en") == 0
    assert "does not set Chinese" in capsys.readouterr().out
    web = font_file(tmp_path / "w.woff", "Box Web", "甲")
    assert run(monkeypatch, "check", str(web)) == 2


def test_json_follows_its_schema(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    schema = json.loads((ROOT / "docs" / "fonts.schema.json").read_text("utf-8"))
    assert schema == json.loads(fonts_schema())
    song = font_file(tmp_path / "song.ttf", "Box Song", chinese())
    (tmp_path / "bad.otf").write_bytes(b"no font")
    letter = tmp_path / "letter.txt"
    letter.write_text("碳排放权", "utf-8")

    def answer(*words: str) -> Any:
        assert run(monkeypatch, *words, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        jsonschema.validate(told, schema)
        return told

    listed = answer("list", "--font-path", str(tmp_path))
    assert {s["family"] for s in listed["serving"]} == {"Box Song"}
    assert [(c["place"], c["path"]) for c in listed["chinese"]] == [("given", str(song))]
    assert [Path(u["path"]).name for u in listed["useless"]] == ["bad.otf"]
    enough = answer("check", str(letter), "--font-path", str(song))
    assert enough["digest"] == listed["digest"]
    assert answer("check", str(song))["faces"][0]["hanzi"] == 6763


def test_the_name_of_a_font_does_not_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = font_file(tmp_path / "song.ttf", "Box\x1b]0;owned\x07\u202eSong", chinese())
    for words in (("check", str(made)), ("list", "--font-path", str(made))):
        assert run(monkeypatch, *words) == 0
        said = capsys.readouterr().out
        assert "\\u001b" in said and "\\u202e" in said
        assert "\x1b" not in said and "\u202e" not in said
