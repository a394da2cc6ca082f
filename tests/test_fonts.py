"""Fonts: which are found, which serve, what they lack, and what is said of those of no use."""

from __future__ import annotations

import os
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from carbonlex.errors import Location
from carbonlex.memo import fonts_found
from carbonlex.memo.fonts import FontSet, MissingGlyphs, NoFont, find_fonts, missing_glyphs
from carbonlex.memo.fonts_read import BrokenFont, faces_in
from carbonlex.memo.house import PLAIN, Fonts, House
from font_files import WESTERN, chinese, collection, font, font_file

SONG, HEI, KAI = "Box Song", "Box Hei", "Box Kai"
OWN = House(fonts=Fonts((SONG,), (HEI,), (KAI,), ("Box Latin",)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of fonts, each in a folder of its own."""
    folder = tmp_path_factory.mktemp("made")
    font_file(folder / "song/song.ttf", SONG, chinese(), names={"zh": "盒宋"})
    font_file(folder / "bold/bold.ttf", SONG, chinese(), weight=700)
    font_file(folder / "hei/hei.ttf", HEI, chinese())
    font_file(folder / "kai/kai.ttf", KAI, chinese())
    font_file(folder / "latin/latin.ttf", "Box Latin", WESTERN)
    font_file(folder / "rare/rare.ttf", "Box Rare", "𠮷😀")
    return folder


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No fonts of this machine: what is found was made for the test."""
    monkeypatch.setattr(fonts_found, "system_folders", lambda: ())
    monkeypatch.setenv("CARBONLEX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CARBONLEX_FONTS", raising=False)


def families(found: FontSet) -> dict[str, list[str]]:
    """The families of each role, with their weights."""
    return {role: [f"{f.family} {f.weights[0]}" for f in family] for role, family in found.roles()}


def refusal(paths: list[Path]) -> NoFont:
    with pytest.raises(NoFont) as refused:
        find_fonts(PLAIN, paths)
    return refused.value


def test_the_families_of_the_house_serve_and_a_bold_face_beside_the_regular(made: Path) -> None:
    assert families(find_fonts(OWN, [made])) == {
        "body": [f"{SONG} 400", f"{SONG} 700"],
        "heading": [f"{HEI} 400"],
        "quote": [f"{KAI} 400"],
        "title": [f"{SONG} 400", f"{SONG} 700"],
        "latin": ["Box Latin 400"],
    }


def test_a_family_is_found_under_its_chinese_name(made: Path) -> None:
    house = House(fonts=replace(Fonts(), body=("盒宋",)))
    assert find_fonts(house, [made / "hei", made / "song"]).body[0].path.name == "song.ttf"


def test_a_font_given_serves_though_the_house_does_not_name_it(made: Path) -> None:
    found = families(find_fonts(PLAIN, [made / "kai"]))
    assert found["body"] == found["quote"] == [f"{KAI} 400"]
    # Of several, a Song before a Hei or a Kai, and these for what they are for.
    found = families(find_fonts(PLAIN, [made / "kai", made / "hei", made / "song"]))
    assert found["body"] == [f"{SONG} 400"]
    assert (found["heading"], found["quote"]) == ([f"{HEI} 400"], [f"{KAI} 400"])


def test_given_comes_before_told_before_the_system_before_the_cache(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body(*given: Path) -> str:
        return find_fonts(OWN, given).body[0].path.parent.name

    built = fonts_found.built_folder()
    assert built is not None
    shutil.copytree(made / "hei", built)
    assert body() == "fonts"
    monkeypatch.setattr(fonts_found, "system_folders", lambda: (made / "song",))
    assert body() == "song"
    monkeypatch.setenv("CARBONLEX_FONTS", str(made / "kai"))
    assert body() == "kai"
    assert body(made / "hei") == "hei"


def test_a_font_without_chinese_is_never_the_body(made: Path) -> None:
    house = House(fonts=Fonts(("Box Latin", SONG), ("Box Latin",), (), ()))
    found = find_fonts(house, [made / "latin", made / "song"])
    assert found.body[0].path.name == found.heading[0].path.name == "song.ttf"


def test_no_chinese_font_says_three_ways_to_get_one(made: Path) -> None:
    with pytest.raises(NoFont) as refused:
        find_fonts(PLAIN, [made / "latin"])
    for words in (refused.value.zh, refused.value.en):
        assert "font-missing" in words
        for way in ("apt install fonts-noto-cjk", "carbonlex fonts build", "--font-path"):
            assert way in words
    assert refused.value.zh != refused.value.en


def test_a_face_of_a_collection_is_known_by_its_number(tmp_path: Path) -> None:
    both = collection(tmp_path / "two.ttc", font(HEI, chinese()), font(SONG, chinese()))
    assert [(f.family, f.index) for f in faces_in(both)] == [(HEI, 0), (SONG, 1)]
    found = find_fonts(OWN, [both])
    assert (found.body[0].index, found.heading[0].index) == (1, 0)


def test_a_variable_font_serves_every_weight_of_its_axis(tmp_path: Path) -> None:
    variable = font_file(tmp_path / "v.ttf", SONG, chinese(), axis=(200, 400, 900))
    assert families(find_fonts(OWN, [variable]))["body"] == [f"{SONG} 200"]
    assert find_fonts(OWN, [variable]).body[0].weights == (200, 900)


def test_an_oblique_face_is_not_taken_for_the_regular_one(tmp_path: Path) -> None:
    font_file(tmp_path / "a-italic.ttf", SONG, chinese(), select=1)
    font_file(tmp_path / "b-oblique.ttf", SONG, chinese(), select=1 << 9)
    font_file(tmp_path / "c-light.ttf", SONG, chinese(), weight=300)
    assert find_fonts(OWN, [tmp_path]).body[0].path.name == "c-light.ttf"


def test_a_file_given_that_is_no_use_is_refused_with_what_is_wrong(
    made: Path, tmp_path: Path
) -> None:
    text = tmp_path / "not.ttf"
    text.write_text("no font", "utf-8")
    cut = tmp_path / "cut.ttf"
    cut.write_bytes((made / "song/song.ttf").read_bytes()[:3000])
    web = font_file(tmp_path / "web.woff", SONG, "甲")
    nothing = tmp_path / "empty"
    nothing.mkdir()
    many = tmp_path / "many.ttc"
    many.write_bytes(b"ttcf\x00\x01\x00\x00" + struct.pack(">L", 1_000_000))
    for path, zh, en in (
        (text, "不是字体文件", "not a font file"),
        (many, "不是字体文件", "not a font file"),
        (cut, "字体损坏", "damaged"),
        (web, "网页字体", "web font"),
        (tmp_path / "none.ttf", "没有这个文件", "no such file"),
        (nothing, "没有字体", "no font in this folder"),
    ):
        error = refusal([path])
        assert str(path) in error.zh and zh in error.zh and "font-broken" in error.zh
        assert en in error.en


def test_a_broken_file_in_a_folder_is_passed_over_and_named(made: Path, tmp_path: Path) -> None:
    shutil.copy(made / "song/song.ttf", tmp_path)
    (tmp_path / "bad.otf").write_bytes(b"OTTO" + b"\xff" * 200)
    assert find_fonts(OWN, [tmp_path]).body[0].path.name == "song.ttf"
    (refused,) = fonts_found.shelves([tmp_path])[0].refused
    assert refused.path.name == "bad.otf"


def test_circles_of_links_and_pipes_in_a_folder_are_passed_over_and_named(
    made: Path, tmp_path: Path
) -> None:
    """Nothing is waited for: a pipe that nobody writes to would never end."""
    folder = tmp_path / "more"
    shutil.copytree(made, folder)
    (folder / "one.ttf").symlink_to("other.ttf")
    (folder / "other.ttf").symlink_to("one.ttf")
    (folder / "gone.ttf").symlink_to("nowhere.ttf")
    (folder / "round").symlink_to(".")
    os.mkfifo(folder / "pipe.ttf")
    shelf = fonts_found.shelves([folder])[0]
    assert {r.path.name for r in shelf.refused} == {"one.ttf", "other.ttf", "gone.ttf", "pipe.ttf"}
    assert find_fonts(PLAIN, [folder]).body
    for name in ("one.ttf", "pipe.ttf"):
        with pytest.raises(NoFont) as wrong:
            find_fonts(PLAIN, [folder / name])
        assert name in wrong.value.zh and len(wrong.value.diagnostics) == 1


def test_a_folder_that_may_not_be_looked_into_is_no_fault_of_the_fonts_elsewhere(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, real = tmp_path / "closed", os.stat

    def stat(path: object, *more: object, **told: object) -> object:
        if str(path).startswith(str(closed)):
            raise PermissionError(13, "Permission denied")
        return real(path, *more, **told)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "stat", stat)
    monkeypatch.setenv("HOME", str(closed))
    monkeypatch.setenv("XDG_DATA_HOME", str(closed / "data"))
    monkeypatch.setenv("CARBONLEX_FONTS", str(closed / "fonts"))
    monkeypatch.setenv("CARBONLEX_CACHE", str(closed / "cache"))
    assert find_fonts(PLAIN, [made]).body


def test_a_table_that_claims_more_characters_than_there_are_is_not_read(tmp_path: Path) -> None:
    made = font(SONG, chinese() + "𠮷")
    (wide,) = (t for t in made["cmap"].tables if t.format == 12)
    data = wide.compile(made)
    lying = data[:-12] + struct.pack(">3L", 0, 0xFFFFFFF0, 0)
    path = tmp_path / "lying.ttf"
    made.save(path)
    path.write_bytes(path.read_bytes().replace(data[-12:], lying[-12:]))
    (face,) = faces_in(path)
    with pytest.raises(BrokenFont, match="not true"):
        face.characters()
    with pytest.raises(NoFont):
        find_fonts(OWN, [path])


def test_what_no_family_has_is_named_and_a_spare_one_is_found_for_it(made: Path) -> None:
    text = "甲A𠮷😀\U0001faf8"
    assert find_fonts(OWN, [made / "song"], text).missing(text) == "𠮷😀\U0001faf8"
    found = find_fonts(OWN, [made], text)
    assert families(found)["spare"] == ["Box Rare 400"]
    assert found.missing(text) == "\U0001faf8"
    assert "spare" not in families(find_fonts(OWN, [made], "甲A"))


def test_a_character_counts_only_if_the_bold_face_has_it_too(made: Path, tmp_path: Path) -> None:
    shutil.copy(made / "song/song.ttf", tmp_path)
    font_file(tmp_path / "bold.ttf", SONG, set(chinese()) - {"锂"}, weight=700)
    assert find_fonts(OWN, [tmp_path]).missing("锂甲") == "锂"


def test_marks_that_choose_a_variant_need_no_glyph(made: Path) -> None:
    assert not find_fonts(OWN, [made]).missing("甲\ufe0f\U000e0100")


def test_the_digest_is_of_the_files_and_not_of_where_they_are(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "else")
    here, there = find_fonts(OWN, [made]), find_fonts(OWN, [tmp_path / "else"])
    assert here.faces != there.faces and here.digest == there.digest
    with (tmp_path / "else/latin/latin.ttf").open("ab") as stream:
        stream.write(b"\0")
    assert find_fonts(OWN, [tmp_path / "else/latin", made]).digest != here.digest
    assert find_fonts(OWN, [made / "song"]).digest != here.digest


def test_many_missing_characters_are_named_in_part_and_counted() -> None:
    error = missing_glyphs("".join(map(chr, range(0x3100, 0x3120))), lambda c: Location("PDF"))
    assert isinstance(error, MissingGlyphs)
    assert len(error.diagnostics) == 13 and "20" in error.en.splitlines()[-2]
    assert "U+3100" in error.zh


def test_the_systems_own_folders_are_where_each_system_keeps_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path / 'more'}")
    for name in ("data/fonts", "more/fonts", "local/Microsoft/Windows/Fonts", "win/Fonts"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(fonts_found.sys, "platform", "linux")
    found = fonts_found.system_folders()
    assert (found[0], found[-1]) == (tmp_path / "data/fonts", tmp_path / "more/fonts")
    monkeypatch.setattr(fonts_found.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setenv("WINDIR", str(tmp_path / "win"))
    found = fonts_found.system_folders()
    assert found == (tmp_path / "local/Microsoft/Windows/Fonts", tmp_path / "win/Fonts")
