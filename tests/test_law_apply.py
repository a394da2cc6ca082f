"""`carbonlex law apply`: the amended text leaves the program as a statute that can be read back."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.statutes.akn import read_instruments

REFORMS = Path(__file__).resolve().parents[1] / "examples" / "reforms"


def test_the_amended_text_is_a_statute_at_its_own_path(tmp_path: Path) -> None:
    statutes = tmp_path / "statutes"
    ran = CliRunner().invoke(
        app, ["law", "apply", str(REFORMS / "offset-ten.md"), "-o", str(statutes)]
    )
    assert ran.exit_code == 0, ran.stderr
    found, wrong = read_instruments(statutes)
    assert not wrong
    (amended,) = found
    assert amended.key == "measures-2021@2027-01-01"
    assert "10%" in amended.words("art_29__para_1")
    assert amended.provisions["art_29__para_1"].grade == "draft"
    assert amended.provisions["art_29__para_2"].grade == "single-page"
    text = Path(statutes / f"{amended.uri.removeprefix('/akn/')}.xml").read_text("utf-8")
    assert '<textualMod type="substitution"' in text and 'href="#art_29__para_1"' in text


def test_what_does_not_apply_writes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("+++\ntitle = 1\n+++\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["law", "apply", str(bad), "-o", str(tmp_path / "out")])
    assert ran.exit_code == 2 and not (tmp_path / "out").exists()
