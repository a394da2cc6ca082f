"""Runs that are kept, as their users meet them: recorded, shown, compared, signed, carried."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.interfaces.records_keep import SHOWN, arguments
from carbonlex.interfaces.records_models import records_schema
from carbonlex.interfaces.records_wire import head_from
from carbonlex.interfaces.records_words import RecordWords
from carbonlex.records.content import ARGUMENTS, COMMANDS, OUTPUTS, PARAMETERS
from carbonlex.records.signing import same_person
from carbonlex.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
POWER = str(ROOT / "examples" / "power-2025.toml")
SCHEMA = ROOT / "docs" / "records.schema.json"


@dataclass(frozen=True)
class Ran:
    """What a command gave: exit code, what it printed, and what it complained of."""

    code: int
    out: str
    err: str

    @property
    def tree(self) -> Any:
        return json.loads(self.out)


def ran(*words: str, given: str | bytes | None = None) -> Ran:
    found = CliRunner().invoke(app, list(words), input=given)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return Ran(found.exit_code, found.stdout, found.stderr)


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one check, to be copied."""
    place = tmp_path_factory.mktemp("records") / "one.sqlite"
    found = ran("check", POWER, "--on", "2027-01-15", "--record", "--store", str(place))
    assert found.code == 1 and "记录 " in found.out
    return place


@pytest.fixture
def store(one_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The usual store of this test, with one check in it."""
    place = tmp_path / "records.sqlite"
    shutil.copy(one_run, place)
    monkeypatch.setenv("CARBONLEX_RECORDS", str(place))
    return place


def valid(found: Ran) -> Any:
    jsonschema.validate(found.tree, json.loads(SCHEMA.read_text("utf-8")))
    return found.tree


def the_record() -> dict[str, Any]:
    found: dict[str, Any] = valid(ran("records", "list", "--json"))["records"][-1]
    return found


def signed(role: str, name: str, *more: str) -> Ran:
    return ran("records", "sign", "last", "--as", role, "--name", name, *more)


def test_nothing_is_kept_unless_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARBONLEX_RECORDS", str(tmp_path / "none.sqlite"))
    assert ran("check", POWER, "--on", "2027-01-15").code == 1
    assert not [*tmp_path.iterdir()]
    found = ran("check", POWER, "--store", "x.sqlite", "--lang", "en")
    assert found.code == 2 and "--store goes with --record" in found.err


def test_the_id_goes_to_standard_error_beside_json(store: Path) -> None:
    found = ran("check", POWER, "--on", "2027-01-15", "--record", "--json", "--lang", "en")
    assert found.tree["exit_code"] == 1
    assert f"record {the_record()['id'][:12]} → " in found.err


def test_a_record_says_what_was_asked_of_what_under_which_law(store: Path) -> None:
    record = valid(ran("records", "show", "last", "--json"))
    told = record["record"]
    assert told["arguments"] == {"lang": "zh", "on": "2027-01-15"}
    assert [(i["role"], i["name"], i["kept"]) for i in told["inputs"]] == [
        ("case", "power-2025.toml", True)
    ]
    assert told["verdicts"]["surrender@2025"]["outcome"] == "breached"
    assert {"version", "digest", "chainer", "python"} <= {*told["engine"]}
    (case,) = record["facts"]
    fact = case["told"]["year.2025.verified_emissions"]
    assert fact["value"] == "123456.78" and fact["at"]


def test_the_day_asked_is_kept_where_it_was_not_told(store: Path) -> None:
    asked = json.loads(ran("check", POWER, "--record", "--json").out)["asked_on"]
    assert the_record()["arguments"]["on"] == asked


def test_who_attests_a_fact_is_kept_and_a_change_of_it_is_a_difference(
    store: Path, tmp_path: Path
) -> None:
    told = Path(POWER).read_text("utf-8")
    case = tmp_path / "power-2025.toml"
    case.write_text(told.replace('source = "2025年度核查结果通知"', 'source = "省厅核定"'))
    assert case.read_text() != told
    before = the_record()["id"]
    ran("check", str(case), "--on", "2027-01-15", "--record")
    changes = valid(ran("records", "diff", before, "last", "--json"))["changes"]
    (fact,) = [c for c in changes if c["part"] == "facts"]
    assert fact["name"] == "year.2025.verified_emissions"
    assert fact["now"] == "123456.78 (省厅核定)"


def test_a_later_fact_is_a_new_run_with_the_difference_shown(store: Path, tmp_path: Path) -> None:
    first = the_record()["id"]
    assert signed("preparer", "甲").code == 0
    case = tmp_path / "power-2025.toml"
    told = Path(POWER).read_text("utf-8").replace("= 96_000", "= 117_456.78")
    assert told != Path(POWER).read_text("utf-8")
    case.write_text(told)
    words = ("check", str(case), "--on", "2027-01-15", "--record", "--supersedes", first[:8])
    found = ran(*words, "--lang", "en")
    said = " ".join(found.out.split())
    assert "allowances surrendered" in said and "96,000 t 117,456.78 t" in said
    assert "verdict breached complied" in said and "gap 21,456.78 –" in said
    second = the_record()
    assert second["supersedes"] == first and second["signatures"] == []
    old = ran("records", "sign", first, "--as", "reviewer", "--name", "乙", "--lang", "en")
    assert old.code == 2 and f"superseded by {second['id'][:12]}" in old.err
    again = ran(*words, "--lang", "en")
    assert again.code == 2 and f"--supersedes {second['id'][:12]}" in again.err
    assert ran("records", "verify").code == 0


def test_three_people_sign_in_their_order(store: Path) -> None:
    early = signed("reviewer", "乙", "--lang", "en")
    assert early.code == 2 and "the preparer has to sign first" in early.err
    assert signed("preparer", "Ann Li").code == 0
    for name in ("ann  li", "ＡＮＮ ＬＩ", " Ann\u200b Li "):
        same = signed("reviewer", name, "--lang", "en")
        assert same.code == 2 and "one person may not sign twice" in same.err
    assert "has signed" in signed("preparer", "丁", "--lang", "en").err
    assert signed("reviewer", "乙").code == 0
    done = valid(signed("approver", "丙", "--json"))
    assert [(s["role"], s["name"]) for s in done["signatures"]] == [
        ("preparer", "Ann Li"), ("reviewer", "乙"), ("approver", "丙"),
    ]  # fmt: skip
    assert "三级签署已齐" in signed("approver", "戊").err
    assert "编制：Ann Li" in ran("records", "show", "last").out
    assert valid(ran("records", "verify", "--json"))["entries"] == 4


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x1b[31m", "\u200b"])
def test_what_is_no_name_signs_nothing(store: Path, name: str) -> None:
    assert signed("preparer", name).code == 2
    assert the_record()["signatures"] == []


def test_one_person_in_many_spellings() -> None:
    assert same_person("Ｓtraße Müller") == same_person("STRASSE mu\u0308ller")
    assert same_person("甲") != same_person("乙")


def test_user_text_is_data_wherever_it_goes(store: Path) -> None:
    name = "'); DROP TABLE carbonlex_entries; -- [red]=HYPERLINK()"
    assert signed("preparer", name).code == 0
    assert name in " ".join(ran("records", "show", "last").out.split())
    assert ran("records", "verify").code == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("ffffffffffff", "no such record"), ("xyz", "no id of a record"), ("ab", "no id"),
        ("%%%%", "no id of a record"), ("", "no id of a record"),
    ],
)  # fmt: skip
def test_an_id_that_names_nothing_is_refused(store: Path, told: str, said: str) -> None:
    for command in ("show", "replay"):
        found = ran("records", command, told, "--lang", "en")
        assert found.code == 2 and said in found.err and "record-unknown" in found.err


def test_a_signature_is_no_record_to_show(store: Path) -> None:
    signature = valid(signed("preparer", "甲", "--json"))["signatures"][0]["id"]
    assert ran("records", "show", signature).code == 2


def test_without_a_store_there_is_nothing_to_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARBONLEX_RECORDS", str(tmp_path / "none.sqlite"))
    found = ran("records", "list")
    assert found.code == 2 and "没有记录库" in found.err and "--record" in found.err


def test_a_store_that_cannot_be_made_stops_the_run_before_it_starts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = str(tmp_path / "file" / "records.sqlite")
    found = ran("check", POWER, "--record", "--store", place)
    assert found.code == 2 and "store-unreadable" in found.err and found.out == ""


def test_refused_input_is_refused_as_ever_and_not_kept(store: Path, tmp_path: Path) -> None:
    found = ran("check", str(tmp_path / "none.toml"), "--record")
    assert found.code == 2 and "file-unreadable" in found.err
    assert len(valid(ran("records", "list", "--json"))["records"]) == 1


def test_a_head_that_was_put_aside_shows_what_came_after(store: Path, tmp_path: Path) -> None:
    head = tmp_path / "head.json"
    assert ran("records", "head", "--json", "-o", str(head)).code == 0
    line = ran("records", "head").out.strip()
    signed("preparer", "甲")
    for told in (str(head), line, line.split(":")[1]):
        assert ran("records", "verify", "--head", told).code == 0
    later = ran("records", "head").out.strip()
    other = ran("records", "verify", "--head", f"2:{'ab' * 32}", "--json")
    assert other.code == 1 and not valid(other)["holds"]
    assert later.startswith("2:")
    assert ran("records", "verify", "--head", "nonsense").code == 2


@pytest.mark.parametrize("text", ["", "x", "1:2", "{}", "1:" + "g" * 64, "²:" + "a" * 64])
def test_what_is_no_head(text: str) -> None:
    assert head_from(text) is None


def test_pages_speak_both_languages(store: Path) -> None:
    signed("preparer", "Ann")
    for words in (("list",), ("show", "last"), ("verify",), ("replay", "last")):
        zh, en = (ran("records", *words, "--lang", lang).out for lang in ("zh", "en"))
        assert zh != en
        own = [c for c in en if "一" <= c <= "鿿"]
        assert not own or words[0] == "show", own


def test_a_record_is_told_in_the_words_of_law(store: Path) -> None:
    """Labels, units, days and outcomes as everywhere; names of the machine are for --json."""
    zh, en = (_seen(ran("records", "show", "last", "--lang", lang).out) for lang in ("zh", "en"))
    for word in ("行业发电", "123,456.78吨", "2025年度核查结果通知", "省级生态环境主管部门"):
        assert word in zh
    for word in ("违反；期限", "21,456.78吨", "《法典》第一千零三十七条", "二手来源"):
        assert word in zh
    for word in ("breached;due", "21,456.78t", "secondarysource"):
        assert word in en
    assert not {
        m for m in ("verified_emissions", "complied@", "entity.", "outcome") if m in zh + en
    }
    for lang, said in (("zh", "违反1、待履行4、符合"), ("en", "breached1,pending4,complied")):
        assert said in _seen(ran("records", "list", "--lang", lang).out)


def test_what_is_only_presumed_is_not_listed_as_done(store: Path) -> None:
    verdicts = the_record()["verdicts"]
    assert verdicts["samples@2025"]["assumed"] == "true"
    assert "assumed" not in verdicts["report@2025"]
    assert "推定符合" in _seen(ran("records", "list").out)


def test_a_prohibition_has_no_deadline_and_a_duty_that_lasts_has_its_end() -> None:
    words = RecordWords((load_rulebook(),), "zh")
    told = {"outcome": "complied", "due": "2026-12-31"}
    found = [
        words.verdict("x@2025", {**told, "norm": norm})[1]
        for norm in (
            "measures-2021/offset-cap",
            "interim-regs-2024/cooperate-with-review",
            "interim-regs-2024/report",
        )
    ]
    assert found == ["符合", "符合；至2026年12月31日", "符合；期限 2026年12月31日"]


@pytest.mark.parametrize("text", ["1e9999999", "9" * 99, "NaN", "二", ""])
def test_what_is_no_number_of_a_case_is_shown_as_it_is(text: str) -> None:
    words = RecordWords((load_rulebook(),), "zh")
    assert words.value("year.2025.verified_emissions", text) == text


def _seen(page: str) -> str:
    return "".join(page.split())


def test_the_schema_that_ships_is_the_schema() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == json.loads(records_schema())


def test_every_parameter_of_a_command_that_is_kept_has_its_place() -> None:
    """A parameter is a file read, a file written, a way of showing, or kept as an argument."""
    root = get_command(app)
    known = {*PARAMETERS, *OUTPUTS, *SHOWN, *ARGUMENTS}
    for command in COMMANDS:
        found: Any = root
        for word in command.split():
            found = found.commands[word]
        own = {p.name for p in found.params} - {
            "record",
            "store",
            "supersedes",
            "keep_data",
            "help",
        }
        assert own <= known | {"explain"}, command


def test_arguments_leave_out_files_and_ways_of_showing() -> None:
    told = {"case": "a.toml", "on": "2026-01-01", "as_json": True, "reading": ["a=b"], "only": ""}
    assert arguments(told) == {"on": "2026-01-01", "reading": ["a=b"]}
