"""`carbonlex law apply`: the amended text leaves the program as a statute that can be read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.statutes.akn import read_instruments

ROOT = Path(__file__).resolve().parents[1]
REFORMS, STATUTES = ROOT / "examples" / "reforms", ROOT / "statutes"


def test_the_amended_text_is_a_statute_at_its_own_path(tmp_path: Path) -> None:
    statutes = tmp_path / "statutes"
    ran = CliRunner().invoke(
        app, ["law", "apply", str(REFORMS / "offset-ten.md"), "-o", str(statutes)]
    )
    assert ran.exit_code == 0, ran.stderr
    found, wrong = read_instruments(statutes)
    assert not wrong
    amended = next(i for i in found if i.ended is None)
    assert amended.key == "measures-2021@2027-01-01"
    assert "10%" in amended.words("art_29__para_1")
    assert amended.provisions["art_29__para_1"].grade == "draft"
    assert amended.provisions["art_29__para_2"].grade == "single-page"
    text = Path(statutes / f"{amended.uri.removeprefix('/akn/')}.xml").read_text("utf-8")
    assert '<textualMod type="substitution"' in text and 'href="#art_29__para_1"' in text


@pytest.mark.parametrize(
    "names", [("offset-ten",), ("offset-ten", "ccer-linkage"), ("raise-status",)]
)
def test_what_is_written_fits_into_the_statutes_as_it_is(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    statutes, before = tmp_path / "statutes", {i.uri for i in read_instruments(STATUTES)[0]}
    shutil.copytree(STATUTES, statutes)
    files = [str(REFORMS / f"{name}.md") for name in names]
    ran = CliRunner().invoke(app, ["law", "apply", *files, "-o", str(statutes)])
    assert ran.exit_code == 0, ran.stderr
    found, wrong = read_instruments(statutes)
    assert not wrong
    after = {i.uri: i for i in found}
    assert set(after) > before
    for one in (i for i in found if i.work.endswith("/mee/2020-12-31/19")):
        others = [o for o in found if o.work == one.work and o.effective > one.effective]
        assert one.ended == min((o.effective for o in others), default=None)


def test_what_does_not_apply_writes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("+++\ntitle = 1\n+++\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["law", "apply", str(bad), "-o", str(tmp_path / "out")])
    assert ran.exit_code == 2 and not (tmp_path / "out").exists()
