"""Records run again: byte for byte, under their own law, elsewhere; bundles, also of strangers."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from carbonlex.corpus import corpus, law_at
from carbonlex.records.canonical import canonical, digest_of
from carbonlex.records.store import open_store
from records_store import AT, a_run, kept_in, signed_in
from records_store import keep as keep_run
from test_records import POWER, ROOT, Ran, ran, valid

DRAFT = str(ROOT / "examples" / "reforms" / "offset-ten.md")
MANY = ROOT / "examples" / "portfolio"
RUNS: dict[str, tuple[str, ...]] = {
    "check": (
        "check", POWER, "--on", "2027-01-15", "--decided", "2027-01-15", "--only", "surrender",
    ),
    "whatif": (
        "whatif", DRAFT, str(ROOT / "examples" / "power-offsets-2025.toml"), "--on", "2027-01-15",
        "--effective", "2026-12-01", "--sweep", "offset_cap=0:0.10:0.05",
    ),
    "validity": ("validity", "measures-2021#art_40", "--on", "2024-06-01"),
    "draft": ("validity", DRAFT, "--on", "2027-01-15", "--maker", "gwy"),
    "portfolio check": ("portfolio", "check", str(MANY), "--on", "2026-11-22", "--by", "sector"),
    "portfolio whatif": ("portfolio", "whatif", DRAFT, str(MANY), "--on", "2027-01-15"),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "records.sqlite"
    monkeypatch.setenv("CARBONLEX_RECORDS", str(place))
    return place


def replayed(*words: str) -> tuple[int, Any]:
    found = ran("records", "replay", *(words or ("last",)), "--json")
    return found.code, valid(found)


def last() -> dict[str, Any]:
    found: dict[str, Any] = valid(ran("records", "list", "--json"))["records"][-1]
    return found


@pytest.mark.parametrize("name", RUNS)
def test_each_command_is_kept_and_gives_the_same_again(name: str, store: Path) -> None:
    plain = ran(*RUNS[name])
    kept = ran(*RUNS[name], "--record")
    assert kept.code == plain.code and kept.out.startswith(plain.out)
    code, found = replayed()
    assert code == 0 and found["same"] and not found["own_law"]
    assert found["elsewhere"] == []
    assert last()["verdicts"]


@pytest.mark.parametrize("face", ["md", "html", "docx"])
@pytest.mark.parametrize("given", [POWER, DRAFT])
def test_a_memo_is_written_again_byte_for_byte(
    given: str, face: str, store: Path, tmp_path: Path
) -> None:
    if face == "docx" and find_spec("docx") is None:
        pytest.skip("python-docx is not installed")
    out = tmp_path / f"memo.{face}"
    more = ("--to", "某公司 [A & B] {{ 7*7 }}", "--lang", "both")
    assert ran("memo", given, "-o", str(out), "--on", "2027-01-15", *more, "--record").code == 0
    shutil.move(out, tmp_path / "away")
    code, found = replayed()
    assert code == 0 and [c["name"] for c in found["compared"]] == [None, f"memo.{face}"]
    assert all(c["same"] for c in found["compared"])
    assert not out.exists()


def test_the_cases_of_a_drafting_memo_are_facts_of_its_record(store: Path, tmp_path: Path) -> None:
    words = ("memo", DRAFT, "--case", POWER, "-o", str(tmp_path / "d.md"), "--on", "2027-01-15")
    assert ran(*words, "--record").code == 0
    (case,) = valid(ran("records", "show", "last", "--json"))["facts"]
    assert case["told"]["year.2025.verified_emissions"]["value"] == "123456.78"


def test_facts_by_standard_input_are_kept(store: Path) -> None:
    given = Path(POWER).read_text("utf-8").replace('name = "示例发电有限公司", ', "")
    assert ran("check", "-", "--on", "2027-01-15", "--record", given=given).code == 1
    assert last()["inputs"][0]["stdin"]
    assert replayed()[0] == 0


def test_a_record_replays_under_its_own_law(store: Path, tmp_path: Path) -> None:
    """Law that has changed since is not asked; the store has the law of then."""
    for kind in ("rules", "statutes"):
        shutil.copytree(corpus(kind), tmp_path / "law" / kind)
    rule = next((tmp_path / "law" / "rules").rglob("measures-2021.md"))
    told = rule.read_text("utf-8")
    rule.write_text(told.replace("2021-02-01 = 0.05", "2021-02-01 = 0.01"), "utf-8")
    assert rule.read_text("utf-8") != told
    terms = tmp_path / "law" / "rules" / "vocabulary" / "entity.toml"
    named = terms.read_text("utf-8")
    terms.write_text(named.replace('"行业"', '"门类"'), "utf-8")
    assert terms.read_text("utf-8") != named
    with law_at(tmp_path / "law"):
        ran(*RUNS["check"][:4], "--record")
    shutil.rmtree(tmp_path / "law")
    then = last()
    ran(*RUNS["check"][:4], "--record")
    code, found = replayed(then["id"])
    assert code == 0 and found["own_law"]
    assert "门类" in ran("records", "show", then["id"]).out  # as the law of then called it
    assert "门类" not in ran("records", "show", "last").out
    changes = valid(ran("records", "diff", then["id"], "last", "--json"))["changes"]
    names = {(c["part"], c["name"]) for c in changes}
    assert ("law", "rulebook") in names
    assert ("law", f"rules/{rule.parent.name}/measures-2021.md") in names
    assert ("verdicts", "offset-cap@2025 · outcome") in names


def test_a_result_that_differs_is_told_by_its_first_difference(store: Path) -> None:
    """A record made up, or of an engine that answered otherwise, does not pass."""
    ran(*RUNS["check"], "--record")
    held = open_store(str(store))
    with held.reading() as found:
        entry = found.entry("last")
        told = entry.told
        result = found.blob(told["result"]).decode().replace('"breached"', '"complied"', 1)
        blobs = {u.digest: found.blob(u.digest) for u in entry.uses}
    blobs[digest_of(result.encode())] = result.encode()
    content = {**told, "result": digest_of(result.encode()), "nonce": "0"}
    with held.writing() as writing:
        writing.append(canonical(content), blobs, None)
    code, answer = replayed()
    (compared,) = answer["compared"]
    assert code == 1 and not answer["same"]
    assert compared["place"] == "/verdicts/1/outcome"
    assert (compared["was"], compared["now"]) == ('"complied"', '"breached"')
    page = ran("records", "replay", "last").out
    assert "首个差别在" in page and '原为 "complied"' in page


def test_a_memo_that_differs_is_told_by_its_line(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "memo.md"
    ran("memo", POWER, "-o", str(out), "--on", "2027-01-15", "--record")
    held = open_store(str(store))
    with held.reading() as found:
        entry = found.entry("last")
        blobs = {u.digest: found.blob(u.digest) for u in entry.uses}
    spoilt = out.read_bytes().replace("示例".encode(), "试例".encode(), 1)
    (document,) = entry.told["documents"]
    told = {**document, "digest": digest_of(spoilt)}
    content = {**entry.told, "documents": [told], "nonce": "0"}
    blobs[digest_of(spoilt)] = spoilt
    with held.writing() as writing:
        writing.append(canonical(content), blobs, None)
    code, answer = replayed()
    assert code == 1 and answer["compared"][0]["same"]
    assert answer["compared"][1]["place"].startswith("line ")
    assert "试例" in answer["compared"][1]["was"]


@pytest.mark.skipif(find_spec("docx") is None, reason="python-docx is not installed")
def test_a_document_that_cannot_be_made_here_is_left_out_with_the_reason(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = str(tmp_path / "memo.docx")
    assert ran("memo", POWER, "-o", out, "--on", "2027-01-15", "--record").code == 0
    monkeypatch.setattr("carbonlex.memo.write.find_spec", lambda name: None)
    code, found = replayed()
    result, document = found["compared"]
    assert code == 0 and result["same"] and document["same"] is None
    assert "carbonlex[word]" in document["skipped"]["en"]
    assert "未比较" in ran("records", "replay", "last").out


@pytest.mark.parametrize("chainer", ["plain", "durable"])
def test_the_chainer_of_then_runs_again(
    chainer: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chainer == "plain":
        monkeypatch.setenv("CARBONLEX_CHAINER", "plain")
    ran(*RUNS["check"], "--record")
    assert (last()["engine"]["chainer"] == "plain") == (chainer == "plain")
    other = {"plain": "", "durable": "plain"}[chainer]
    monkeypatch.setenv("CARBONLEX_CHAINER", other)
    assert replayed()[0] == 0
    assert os.environ["CARBONLEX_CHAINER"] == other


def test_data_held_by_digest_only_are_asked_for(store: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(MANY, data)
    words = ("portfolio", "check", str(data), "--on", "2026-11-22", "--record", "--digests-only")
    ran(*words)
    assert not any(i["kept"] for i in last()["inputs"])
    without = ran("records", "replay", "last", "--lang", "en")
    assert without.code == 2 and "replay-impossible" in without.err and "--data" in without.err
    assert replayed("last", "--data", str(data))[0] == 0
    told = (data / "entities.csv").read_text("utf-8")
    (data / "entities.csv").write_text(told + "\n")
    changed = ran("records", "replay", "last", "--data", str(data), "--lang", "en")
    assert changed.code == 2 and "its digest differs" in changed.err


def test_one_row_of_a_portfolio_is_not_kept(store: Path) -> None:
    found = ran(*RUNS["portfolio check"], "--explain", "1", "--record", "--lang", "en")
    assert found.code == 2 and "--explain" in found.err
    assert not store.exists()


def test_a_file_that_changes_while_it_is_read_makes_no_record(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "case.toml"
    shutil.copy(POWER, case)
    from carbonlex.interfaces import cli

    before = cli.checked

    def checked(*words: Any) -> Any:
        found = before(*words)
        case.write_text(case.read_text("utf-8") + "# more\n", "utf-8")
        return found

    monkeypatch.setattr(cli, "checked", checked)
    found = ran("check", str(case), "--on", "2027-01-15", "--record", "--lang", "en")
    assert found.code == 2 and "changed during the run" in found.err
    assert valid(ran("records", "list", "--json"))["records"] == []


def fresh(place: Path, home: Path, *words: str, **env: str) -> Ran:
    """Run a command in another process, that has another home, folder and language."""
    home.mkdir(exist_ok=True)
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "engine"), "HOME": str(home)}
    found = subprocess.run(
        [sys.executable, "-m", "carbonlex.interfaces.cli", *words, "--store", str(place)],
        env={**given, **env}, cwd=home, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return Ran(found.returncode, found.stdout, found.stderr)


def test_two_fresh_environments_agree(tmp_path: Path) -> None:
    one, other = tmp_path / "one.sqlite", tmp_path / "two" / "copied.sqlite"
    memo = str(tmp_path / "memo.md")
    words = ("memo", POWER, "-o", memo, "--on", "2027-01-15", "--record")
    made = fresh(one, tmp_path / "one", *words, PYTHONHASHSEED="1", TZ="Asia/Shanghai")
    assert made.code == 0, made.err
    Path(memo).unlink()
    other.parent.mkdir()
    shutil.copy(one, other)
    settings = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C"}
    found = fresh(other, tmp_path / "two", "records", "replay", "last", **settings)
    assert found.code == 0 and found.out.count("✓") == 2, found.out + found.err


def test_records_travel_with_all_that_they_use(store: Path, tmp_path: Path) -> None:
    ran(*RUNS["check"], "--record")
    ran("records", "sign", "last", "--as", "preparer", "--name", "甲")
    ran(*RUNS["validity"], "--record")
    first = valid(ran("records", "list", "--json"))["records"][0]["id"]
    bundle = tmp_path / "bundle.sqlite"
    out = valid(ran("records", "export", first, "-o", str(bundle), "--json"))
    assert len(out["ids"]) == 2  # the run, and who signed it
    again = ran("records", "export", first, "-o", str(bundle))
    assert again.code == 2 and "已存在" in again.err
    elsewhere = str(tmp_path / "elsewhere.sqlite")
    found = valid(ran("records", "import", str(bundle), "--store", elsewhere, "--json"))
    assert found["ids"] == out["ids"]
    assert ran("records", "verify", "--store", elsewhere).code == 0
    assert ran("records", "replay", first, "--store", elsewhere).code == 0
    twice = valid(ran("records", "import", str(bundle), "--store", elsewhere, "--json"))
    assert (twice["ids"], twice["held"]) == ([], 2)


def test_a_bundle_that_contradicts_signatures_is_refused(store: Path, tmp_path: Path) -> None:
    held = open_store(str(store), make=True)
    record = kept_in(held)
    bundle = tmp_path / "b.sqlite"
    ran("records", "export", record.id, "-o", str(bundle))
    signed_in(held, record, ("preparer", "甲"))
    signed_in(open_store(str(bundle)), record, ("preparer", "乙"))
    found = ran("records", "import", str(bundle), "--lang", "en")
    assert found.code == 2 and "contradicts" in found.err
    assert ran("records", "verify").code == 0


def test_a_bundle_that_was_changed_is_refused_and_nothing_comes_in(
    store: Path, tmp_path: Path
) -> None:
    held = open_store(str(store), make=True)
    kept_in(held)
    bundle = tmp_path / "b.sqlite"
    ran("records", "export", "last", "-o", str(bundle))
    with closing(sqlite3.connect(bundle)) as connection:
        connection.execute("DROP TRIGGER carbonlex_blobs_no_update")
        connection.execute("UPDATE carbonlex_blobs SET packed = x'00'")
        connection.commit()
    new = str(tmp_path / "new.sqlite")
    found = ran("records", "import", str(bundle), "--store", new, "--lang", "en")
    assert found.code == 2 and "store-altered" in found.err
    assert not Path(new).exists()


HOSTILE: dict[str, dict[str, Any]] = {
    "a file outside": {"inputs": [{"name": "../../outside.toml"}]},
    "a device": {"inputs": [{"name": "/dev/null"}]},
    "an option": {"arguments": {"out": "/tmp/outside"}},
    "another command": {"command": "law apply"},
    "a document outside": {
        "documents": [{
            "option": "out", "name": "../../outside.md", "face": ".md", "size": 1,
            "digest": "ab" * 32, "made_with": {}, "kept": False,
        }],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_record_of_a_stranger_reaches_nothing_outside(
    name: str, store: Path, tmp_path: Path
) -> None:
    """A chain that is whole says nothing of who made it: what it says is judged too."""
    told = tmp_path / "hostile.sqlite"
    held = open_store(str(told), make=True)
    entry = kept_in(held)
    content = {**entry.told, **HOSTILE[name], "nonce": "1"}
    if "inputs" in HOSTILE[name]:
        content["inputs"] = [{**entry.told["inputs"][0], **HOSTILE[name]["inputs"][0]}]
    with held.writing() as found:
        blobs = {u.digest: found.blob(u.digest) for u in entry.uses}
        made = found.append(canonical(content), blobs, None)
    for words in (("records", "replay", made.id), ("records", "show", made.id)):
        refused = ran(*words, "--store", str(told))
        assert refused.code == 2 and "store-altered" in refused.err
    assert ran("records", "verify", "--store", str(told)).code == 1
    assert ran("records", "import", str(told)).code == 2
    assert not [*tmp_path.parent.glob("outside*")]


def test_a_record_of_a_law_that_cannot_be_read_is_shown_all_the_same(store: Path) -> None:
    """A stranger's law, or one for a later engine: today's labels serve, and machine names."""
    held = open_store(str(store), make=True)
    run = a_run("one")
    files = {**run.law.files, "rules/cn/broken.md": b"no rule"}
    keep_run(held, replace(run, law=replace(run.law, files=files, rulebook="f" * 64)), AT)
    found = ran("records", "show", "last")
    assert found.code == 0 and "f" * 64 in found.out


def test_facts_that_are_none_are_refused(store: Path) -> None:
    held = open_store(str(store), make=True)
    entry = kept_in(held)
    for facts in (b"[1]", b"{", b'[{"case": 1, "digest": "", "told": {}}]', b"[" * 100_000):
        with held.writing() as found:
            blobs = {u.digest: found.blob(u.digest) for u in entry.uses}
            blobs[digest_of(facts)] = facts
            content = {**entry.told, "facts": digest_of(facts)}
            found.append(canonical(content), blobs, None)
        for words in (("show", "last"), ("diff", entry.id, "last")):
            refused = ran("records", *words)
            assert refused.code == 2 and "store-altered" in refused.err


def test_values_are_no_options(store: Path, tmp_path: Path) -> None:
    """An argument that looks like an option is taken for a value when it runs again."""
    held = open_store(str(store), make=True)
    run = a_run()
    entry = keep_run(held, replace(run, arguments={"only": f"--out={tmp_path / 'x'}"}), AT)
    found = ran("records", "replay", entry.id)
    assert found.code == 2 and not (tmp_path / "x").exists()


def test_law_that_is_listed_elsewhere_is_not_laid_out(store: Path, tmp_path: Path) -> None:
    held = open_store(str(store), make=True)
    run = a_run()
    files = {"rules/../../../outside.md": b"x", "statutes/cn/a.xml": b"<a/>"}
    entry = keep_run(held, replace(run, law=replace(run.law, files=files)), AT)
    assert ran("records", "replay", entry.id).code == 2
    assert not [*tmp_path.parent.glob("**/outside.md")]


def test_json_of_a_result_has_no_place_of_this_machine(store: Path) -> None:
    ran(*RUNS["portfolio check"], "--record")
    with open_store(str(store)).reading() as found:
        result = json.loads(found.blob(found.entry("last").told["result"]))
    assert result["data"] == "portfolio" and result["written"] == []
