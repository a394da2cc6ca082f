"""A document written where it was asked for; without a Chinese font, beside it in other faces."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.interfaces.arguments import refuse_extra
from carbonlex.interfaces.patience import patience

if TYPE_CHECKING:
    from carbonlex.memo.house import House
    from carbonlex.memo.parallel import Written
    from carbonlex.memo.paths import Source
    from carbonlex.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Faces:
    """The files that were written, and of a PDF the digest of the fonts that set it."""

    files: list[Path]
    fonts: dict[str, str] = field(default_factory=dict)


_INSTEAD = (".html", ".docx")


def write_faces(
    rulebook: Rulebook,
    source: Source,
    written: Written,
    out: Path,
    house: House,
    fonts: list[Path],
    lang: str,
) -> Faces:
    """Write a document and return what was written.

    Where no font covers a PDF, the reason and the remedy are printed, and HTML and Word are
    written beside the name asked for. Raises what `write_document` raises; a missing package is
    refused with the command that installs it.
    """
    from carbonlex.memo.write import MissingExtra, face_of, installed, write_document

    face = face_of(out)
    try:
        installed(face)
    except MissingExtra as missing:
        what = (f"写 {out.suffix}（.md、.html 不必）", f"{out.suffix} (unlike .md and .html)")
        refuse_extra(what, missing.extra, lang)
    if face != "pdf":
        with patience("正在成文…", "writing the document…", lang):
            write_document(rulebook, source, written, out, house)
        return Faces([out])
    from carbonlex.memo.fonts import NoFont
    from carbonlex.memo.pdf import fonts_for
    from carbonlex.memo.verify import verify

    verify(rulebook, source, written)
    try:
        with patience("正在排版…", "setting the pages…", lang):
            chosen = fonts_for(written, house, fonts)
            write_document(rulebook, source, written, out, house, chosen)
    except NoFont as missing:
        print(missing.en if lang == "en" else missing.zh, file=sys.stderr)
        return Faces(_beside(rulebook, source, written, out, house, lang))
    return Faces([out], {"set": chosen.digest})


def _beside(
    rulebook: Rulebook, source: Source, written: Written, out: Path, house: House, lang: str
) -> list[Path]:
    from carbonlex.memo.write import MissingExtra, installed, write_document

    said = ("PDF 未写出；写出 HTML 与 Word：", "no PDF was written, but HTML and Word:")
    print(said[lang == "en"], file=sys.stderr)
    files: list[Path] = []
    for suffix in _INSTEAD:
        # What stands under the shorter name may be someone's work: it is never replaced.
        path = out.with_suffix(suffix)
        path = out.with_name(out.name + suffix) if path.exists() else path
        try:
            installed("docx" if suffix == ".docx" else "html")
        except MissingExtra as missing:
            said = (f"未写 Word，需先安装：{missing}", f"no Word file, which needs: {missing}")
            print(said[lang == "en"], file=sys.stderr)
            continue
        write_document(rulebook, source, written, path, house)
        files.append(path)
    return files
