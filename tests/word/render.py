"""Word files of every kind and language rendered by LibreOffice, checked, and pictured.

    python tests/word/render.py [NAME ...]

writes out/word/NAME.docx, .pdf and a picture of each page, for a person to look at. What a program
can see is checked: that LibreOffice reads the file, that no page is empty, that the words of notes
and headings are on a page, that Chinese is set in a Chinese face. Debian's packages are installed
where they are missing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).parents[2]
OUT = ROOT / "out" / "word"
PACKAGES = ("libreoffice-writer", "poppler-utils", "fonts-noto-cjk")
MOST_PAGES = 90
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHORT = ("examples/short-2024.toml", "--on", "2026-10-01", "--decided", "2026-10-01")
OFFSETS = ("examples/power-offsets-2025.toml", "--on", "2027-01-15")
REFORM = (
    "examples/reforms/offset-ten.md", "--case", "examples/power-offsets-2025.toml",
    "--on", "2027-01-15", "--effective", "2026-12-01",
)  # fmt: skip
PORTFOLIO = (
    "examples/portfolio",
    "--kind",
    "portfolio",
    "--on",
    "2026-11-22",
    "--by",
    "sector,year",
)
KINDS: Mapping[str, Sequence[str]] = {
    "compliance": ("memo", *SHORT),
    "opinion": ("memo", *OFFSETS, "--kind", "opinion", "--to", "示例热电有限公司"),
    "penalty": ("memo", *SHORT, "--kind", "penalty"),
    "drafting": ("memo", *REFORM),
    "portfolio": ("memo", *PORTFOLIO),
}
DIFF = ("law", "diff", "legislation-law-2015", "legislation-law-2023")
HOUSE = """
name = "示例律师事务所 Example & Partners"
letterhead = ["北京市朝阳区建国路1号  100020", "电话 +86 10 0000 0000  www.example.cn"]
footer = "本文件仅供收件人使用 Privileged and confidential"
"""
# Faces that are named in Word files and may not be shipped, and what stands in for them here.
STAND_INS = {
    "仿宋": "Noto Serif CJK SC", "楷体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC", "Times New Roman": "Liberation Serif",
}  # fmt: skip


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield what is rendered: a name, and the arguments of carbonlex for it."""
    firm, office = OUT / "firm.toml", OUT / "official.toml"
    for kind, arguments in KINDS.items():
        for lang in ("zh", "en", "both"):
            yield f"{kind}-{lang}", [*arguments, "--lang", lang, "--house", str(firm)]
    for kind in ("opinion", "drafting"):
        yield f"{kind}-official", [*KINDS[kind], "--house", str(office)]
    yield "redline-zh", [*DIFF]
    yield "redline-en", [*DIFF, "--lang", "en"]


def main(wanted: Sequence[str]) -> int:
    """Render all, or those whose names begin as told; return how many are not as they should be."""
    install()
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "firm.toml").write_text(HOUSE, encoding="utf-8")
    (OUT / "official.toml").write_text(
        'name = "示例省生态环境厅文件"\nlayout = "official"\n', encoding="utf-8"
    )
    chosen = [c for c in commands() if not wanted or c[0].startswith(tuple(wanted))]
    for name, arguments in chosen:
        for old in OUT.glob(f"{name}*"):
            old.unlink()
        print(f"carbonlex {' '.join(arguments)}", flush=True)
        made(arguments, OUT / f"{name}.docx")
    print("soffice --convert-to pdf …", flush=True)
    convert([OUT / f"{name}.docx" for name, _ in chosen])
    wrong = [f"{name}: {fault}" for name, _ in chosen for fault in faults(name)]
    print(f"{len(chosen)} files, pictures in {OUT.relative_to(ROOT)}/")
    print("\n".join(wrong), file=sys.stderr if wrong else sys.stdout)
    return len(wrong)


def install() -> None:
    """Install what is missing, or say what to install."""
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    if shutil.which("soffice") and shutil.which("pdftotext") and fonts.stdout:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    for step in (["apt-get", "update", "-qq"], install):
        try:
            subprocess.run([*as_root, *step], check=True)
        except (OSError, subprocess.CalledProcessError):
            sys.exit(
                f"needs Debian's packages, installed by root: apt install {' '.join(PACKAGES)}"
            )


def made(arguments: Sequence[str], out: Path) -> None:
    """Write one Word file by the command line, as a user would."""
    command = [sys.executable, "-m", "carbonlex.interfaces.cli", *arguments, "-o", str(out)]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode or not out.exists():
        sys.exit(done.stderr or f"{out.name}: exit code {done.returncode}")


def convert(files: Sequence[Path]) -> None:
    """Render Word files to PDF, with faces that every machine can have."""
    with tempfile.TemporaryDirectory() as folder:
        rules = "".join(
            f'<match target="pattern"><test name="family"><string>{one}</string></test>'
            '<edit name="family" mode="assign" binding="same">'
            f"<string>{other}</string></edit></match>"
            for one, other in STAND_INS.items()
        )
        fonts = Path(folder, "fonts.conf")
        head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        fonts.write_text(
            f"{head}<include>/etc/fonts/fonts.conf</include>{rules}</fontconfig>", encoding="utf-8"
        )
        command = [
            "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to", "pdf", "--outdir", str(OUT), *(str(f) for f in files),
        ]  # fmt: skip
        env = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        subprocess.run(command, env=env, check=True, capture_output=True, timeout=600)


def faults(name: str) -> Iterator[str]:
    """Yield what is wrong with a file as rendered, and draw its pages."""
    pdf = OUT / f"{name}.pdf"
    if not pdf.exists():
        yield "LibreOffice could not read it"
        return
    subprocess.run(["pdftoppm", "-r", "70", "-png", pdf, OUT / name], check=True)
    pages = shown(["pdftotext", "-layout", str(pdf), "-"]).split("\f")[:-1]
    if not 0 < len(pages) <= MOST_PAGES:
        yield f"{len(pages)} pages"
    yield from (f"page {n} is empty" for n, p in enumerate(pages, 1) if len(plain(p)) < 40)
    rendered = plain(shown(["pdftotext", "-raw", str(pdf), "-"]))
    for said in words(OUT / f"{name}.docx"):
        if plain(said) not in rendered:
            yield f"not on any page: {said}"
    faces = shown(["pdffonts", str(pdf)])
    if not re.search("CJK", faces):
        yield "no Chinese face"
    print(f"  {name}: {len(pages)} pages")


def words(path: Path) -> Iterator[str]:
    """Yield what must be found on a page: headings, and how each note begins."""
    with zipfile.ZipFile(path) as archive:
        for part in ("document", "footnotes", "endnotes"):
            if f"word/{part}.xml" not in archive.namelist():
                continue
            tree = etree.fromstring(archive.read(f"word/{part}.xml"))
            for p in tree.iter(f"{W}p"):
                style = p.find(f"{W}pPr/{W}pStyle")
                name = "" if style is None else str(style.get(f"{W}val"))
                said = "".join(t.text or "" for t in p.iter(f"{W}t"))
                if name.startswith("Heading") or name.endswith("noteText"):
                    # Enough to know a note by, and short enough to stand on one line of a page.
                    yield said.strip()[:18]


def plain(text: str) -> str:
    """Return words without white space and hyphens, which line ends bring in."""
    return re.sub(r"[\s\u00ad-]", "", text)


def shown(command: Sequence[str]) -> str:
    """Return what a program prints."""
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) and 1)
