"""`carbonlex fonts`: which fonts set a PDF, whether they suffice, and how to come by one."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.errors import Location
from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    case_or_refuse,
    language,
    refuse_extra,
    refuse_word,
    refusing,
)
from carbonlex.interfaces.house_style import HouseOption, house_style
from carbonlex.interfaces.patience import patience

if TYPE_CHECKING:
    from carbonlex.interfaces.fonts_wire import Held
    from carbonlex.memo.fonts import FontSet
    from carbonlex.memo.fonts_built import Progress

FontPathOption = Annotated[
    list[Path] | None,
    typer.Option("--font-path", help="字体文件或目录，可多次。 A font file or folder, repeatable."),
]
_ROLES = {
    "body": ("正文", "body"),
    "heading": ("标题", "headings"),
    "quote": ("引文", "quotations"),
    "title": ("文件名称", "title of official papers"),
    "latin": ("西文", "Western words"),
    "spare": ("备用", "spare"),
}
_PLACES = {
    "given": ("指定", "given"),
    "told": ("CARBONLEX_FONTS", "CARBONLEX_FONTS"),
    "system": ("系统", "system"),
    "built": ("缓存", "cache"),
}
_STEPS = {"fetch": ("下载", "fetching"), "read": ("核对", "checking"), "join": ("合并", "joining")}
_MOST_REFUSED = 20
_FONT_FILES = (".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2")
_CASES = (".toml", ".json", ".csv", ".xlsx")
_MOST_TEXT = 20_000_000
fonts = typer.Typer(no_args_is_help=True, help="PDF 所用的字体。 The fonts that set a PDF.")


@fonts.command("list")
def list_fonts(
    font_path: FontPathOption = None,
    house: HouseOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """列出 PDF 将用的字体，及各处能排中文的字体。 The fonts in use, and those that set Chinese."""
    language(lang)
    _installed(lang)
    from carbonlex.memo.fonts import find_fonts, setting_chinese
    from carbonlex.memo.fonts_found import shelves

    at = lang == "en"
    paths = font_path or []
    with refusing(lang), patience("查找字体…", "looking for fonts…", lang):
        found = find_fonts(house_style(house, lang), paths)
        held = [(shelf, setting_chinese(shelf)) for shelf in shelves(paths)]
    if as_json:
        from carbonlex.interfaces.fonts_wire import list_json

        print(list_json(found, held))
        return
    _print_set(found, lang)
    print(("能排中文的字体：", "fonts that set Chinese:")[at])
    for shelf, faces in held:
        for face in faces:
            print(f"  [{_PLACES[shelf.place][at]}] {face.family} · {face.path}")
        for one in shelf.refused[:_MOST_REFUSED]:
            print(f"  [{_PLACES[shelf.place][at]}] {one.path}: {(one.zh, one.en)[at]}")


@fonts.command("check")
def check_fonts(
    file: Annotated[
        Path, typer.Argument(help="案情、文本或字体文件。 A case, a text, or a font file.")
    ],
    font_path: FontPathOption = None,
    house: HouseOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """核对字体能否排出一个案情、文本的每个字，或一个字体有多少汉字。 Is every character there."""
    language(lang)
    _installed(lang)
    at = lang == "en"
    if file.suffix.lower() in _FONT_FILES:
        _check_font(file, lang, as_json)
        return
    with refusing(lang), patience("核对字体…", "checking the fonts…", lang):
        if file.suffix.lower() in _CASES:
            found = _of_case(file, font_path or [], house, lang)
        else:
            found = _of_text(file, font_path or [], house, lang)
    if as_json:
        from carbonlex.interfaces.fonts_wire import suffice_json

        print(suffice_json(file, found))
        return
    _print_set(found, lang)
    print(("每个字都能排出", "every character can be set")[at])


@fonts.command("build")
def build_fonts(
    source: Annotated[
        list[Path] | None,
        typer.Option("--from", help="已下载的 .tgz 或解开的目录。 An archive or folder you have."),
    ] = None,
    registry: Annotated[
        str, typer.Option("--registry", help="npm 源的网址。 Address of the npm registry.")
    ] = "",
    lang: LangOption = "zh",
) -> None:
    """下载 Noto 宋体、黑体切片，合成字体存入用户缓存。 Make Noto fonts in the user's cache."""
    language(lang)
    _installed(lang)
    from carbonlex.memo.fonts_built import (
        LICENCE,
        REGISTRY,
        SOURCES,
        NotBuilt,
        build,
        fetch,
        sources_in,
    )
    from carbonlex.memo.fonts_found import built_folder

    folder = built_folder()
    if folder is None:
        refuse_word(
            lang, "没有缓存目录：CARBONLEX_CACHE 为 off", "no cache: CARBONLEX_CACHE is off"
        )
    progress = _progress(lang)
    try:
        with TemporaryDirectory(prefix="carbonlex-") as name:
            wanted = [(one, path) for path in source or () for one in sources_in(path, progress)]
            for one in () if source else SOURCES:
                archive = Path(name) / f"{one.package}.tgz"
                fetch(one, archive, progress, registry or REGISTRY)
                wanted.append((one, archive))
            for one, archive in wanted:
                made = build(one, archive, folder, progress)
                print(f"→ {made}")
    except NotBuilt as error:
        refuse_word(lang, error.zh, error.en)
    except OSError as error:
        said = error.strerror or str(error)
        refuse_word(lang, f"不能写入 {folder}：{said}", f"cannot write to {folder}: {said}")
    print(("许可证：SIL OFL 1.1，", "licence: SIL OFL 1.1, ")[lang == "en"] + str(folder / LICENCE))


def _progress(lang: str) -> Progress:
    """Return what shows, where someone watches, how far each step has come."""

    def show(step: str, done: int, size: int) -> None:
        if sys.stderr.isatty():
            said = _STEPS[step][lang == "en"]
            share = f"{100 * done // size} %" if size else f"{done >> 20} MB"
            end = "\r\033[K" if done == size else "\r"
            print(f"{said} {share}  ", end=end, file=sys.stderr, flush=True)

    return show


def _installed(lang: str) -> None:
    from carbonlex.memo.write import MissingExtra, installed

    try:
        installed("pdf")
    except MissingExtra as missing:
        refuse_extra(("PDF 的字体", "a font for PDF"), missing.extra, lang)


def _print_set(found: FontSet, lang: str) -> None:
    at = lang == "en"
    for role, family in found.roles():
        for face in family:
            place = f"{face.path}#{face.index}" if face.index else str(face.path)
            print(f"{_ROLES[role][at]}: {face.family} {_weight(face.weights)} · {place}")
            print(f"    sha256 {face.digest}")
    print(f"{('字体摘要', 'digest of the fonts')[at]}: {found.digest}")


def _weight(weights: tuple[int, int]) -> str:
    lightest, boldest = weights
    return str(lightest) if lightest == boldest else f"{lightest}–{boldest}"


def _of_case(file: Path, paths: list[Path], house: Path | None, lang: str) -> FontSet:
    """Return the fonts for the memo of a case in both languages, or refuse."""
    from carbonlex.calendar import today
    from carbonlex.memo.compliance import compliance_memo
    from carbonlex.memo.parallel import Parallel
    from carbonlex.memo.pdf import fonts_for
    from carbonlex.reasoner.check import check_case

    style = house_style(house, lang)
    rulebook, facts = case_or_refuse(str(file), lang)
    report = check_case(rulebook, facts, today())
    zh, en = (compliance_memo(rulebook, report, spoken, None, style) for spoken in ("zh", "en"))
    return fonts_for(Parallel(zh, en), style, paths)


def _of_text(file: Path, paths: list[Path], house: Path | None, lang: str) -> FontSet:
    """Return the fonts for a text file, or refuse with the line of what they lack."""
    from carbonlex.memo.escape import visible
    from carbonlex.memo.fonts import find_fonts, missing_glyphs

    try:
        if file.stat().st_size > _MOST_TEXT:
            refuse_word(lang, f"{file}：文件过大", f"{file}: the file is too large")
        lines = file.read_text("utf-8-sig").splitlines()
    except OSError as error:
        said = error.strerror or str(error)
        refuse_word(lang, f"不能读取 {file}：{said}", f"cannot read {file}: {said}")
    except UnicodeDecodeError:
        refuse_word(lang, f"{file}：不是 UTF-8 文本", f"{file}: not a text in UTF-8")
    shown = [str(visible(line)) for line in lines]
    found = find_fonts(house_style(house, lang), paths, "".join(dict.fromkeys("".join(shown))))
    lost = found.missing("".join(shown))
    if lost:
        raise missing_glyphs(
            lost,
            lambda c: Location(str(file), next(n for n, s in enumerate(shown, 1) if c in s)),
        )
    return found


def _check_font(file: Path, lang: str, as_json: bool) -> None:
    """Print what a font file has, or refuse it."""
    from carbonlex.interfaces.fonts_wire import file_json

    held = _held(file, lang)
    if as_json:
        print(file_json(file, held))
        return
    at = lang == "en"
    for one in held:
        names = one.face.families
        print(f"{names[0]} {_weight(one.face.weights)}  ({' / '.join(names)})")
        counted = (
            f"  {one.characters} 个字符；GB 2312 的 6763 个汉字中有 {one.hanzi} 个",
            f"  {one.characters} characters; {one.hanzi} of the 6,763 Chinese ones of GB 2312",
        )
        print(counted[at])
        if lost := one.lacking:
            print((f"  不能排中文：缺 {lost}", f"  does not set Chinese: no {lost}")[at])


def _held(file: Path, lang: str) -> list[Held]:
    from carbonlex.interfaces.fonts_wire import Held
    from carbonlex.memo.fonts import lacking
    from carbonlex.memo.fonts_read import BrokenFont, faces_in

    chinese = _gb2312()
    try:
        return [
            Held(face, len(has), sum(ord(c) in has for c in chinese), lacking(face))
            for face in faces_in(file)
            for has in (face.characters(),)
        ]
    except BrokenFont as broken:
        refuse_word(lang, f"{file}：{broken.zh}", f"{file}: {broken.en}")
    except OSError as error:
        said = error.strerror or str(error)
        refuse_word(lang, f"不能读取 {file}：{said}", f"cannot read {file}: {said}")


def _gb2312() -> str:
    """Return the Chinese characters of GB 2312: rows 16 to 87 of 94 places, five of them empty."""
    places = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(p.decode("gb2312", "ignore") for p in places)
