"""`carbonlex export`: what it is asked, what it refuses, where it writes, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from carbonlex.exports import writing
from carbonlex.exports.scope import Exported, NotExported, head_of, scope_of
from carbonlex.exports.writing import write_exported
from carbonlex.interfaces.cli import app
from carbonlex.rulebook.load import load_rulebook
from two_processes import same_bytes

RULEBOOK = load_rulebook()
ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["export", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("option", "start"),
    [
        ("--legalruleml", "<?xml"),
        ("--akn", "<?xml"),
        ("--jsonld", '{\n "@context"'),
    ],
)
def test_one_document_goes_to_standard_output(option: str, start: str) -> None:
    code, out, _ = run(option, "--instrument", "measures-2021")
    assert code == 0 and out.startswith(start) and RULEBOOK.digest in out


def test_the_schema_of_a_case_is_of_no_text_and_no_day() -> None:
    assert json.loads(run("--json-schema")[1])["$id"] == "urn:carbonlex:1:case"
    for more in (["--on", "2024-01-01"], ["--instrument", "measures-2021"]):
        assert run("--json-schema", *more)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "须选其一"),
        (["--akn", "--jsonld", "--lang", "en"], "choose one of"),
        (["--akn", "--lang", "en"], "-o FOLDER/"),
        (["--akn", "--instrument", "measures-2020"], "可选：penalty-law-1996、"),
        (["--jsonld", "--instrument", "x", "--lang", "en"], "choose from: penalty-law-1996,"),
        (["--jsonld", "--on", "2024-02-30"], "不是日期"),
        (["--jsonld", "--on", "1980-01-01", "--lang", "en"], "no text is in force on 1980-01-01"),
        (["--akn", "--instrument", "measures-2021", "--on", "2020-01-01", "--lang", "en"],
         "held: measures-2021 (2021-02-01 to date)"),
        (["--jsonld", "--versions"], "--versions"),
        (["--jsonld", "--base", "file:///etc"], "https://"),
        (["--jsonld", "--base", "https://x.example/ y"], "https://"),
        (["--jsonld", "-o", "/nowhere/at/all.jsonld"], "不能写入"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_and_nothing_printed(
    arguments: list[str], said: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and said in err


def test_a_text_of_a_day_stands_for_whichever_version_is_in_force() -> None:
    arguments = ["--akn", "--instrument", "legislation-law-2023", "--on", "2020-06-01"]
    assert "/31/zho:2020-06-01" in run(*arguments)[1]


def test_uris_are_resolved_on_the_host_that_is_told() -> None:
    arguments = ["--instrument", "measures-2021", "--base", "https://law.example/cn/"]
    root = etree.fromstring(run("--legalruleml", *arguments)[1].encode())
    assert root.get("{http://www.w3.org/XML/1998/namespace}base") == "https://law.example/cn/"
    sources = [n.get("sameAs") for n in root.iter("{*}LegalSource") if n.get("sameAs")]
    assert all(str(s).startswith("https://law.example/cn/akn/cn/act/") for s in sources)
    made = json.loads(run("--jsonld", *arguments)[1])
    assert made["@context"]["@base"] == "https://law.example/cn/"


def test_several_documents_make_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "akn"
    code, said, _ = run("--akn", "--on", "2024-06-01", "-o", f"{out}/")
    files = [p for p in out.rglob("*") if p.is_file()]
    assert code == 0 and f"({len(files)})" in said
    assert [*tmp_path.iterdir()] == [out]
    assert (out / "cn/act/guizhang/mee/2020-12-31/19/zho-on-2024-06-01.xml").is_file()
    code, _, err = run("--akn", "--on", "2024-06-01", "-o", str(out))
    assert code == 2 and "已有内容" in err


def test_one_document_goes_into_a_folder_under_its_name(tmp_path: Path) -> None:
    assert run("--json-schema", "-o", str(tmp_path))[0] == 0
    assert run("--json-schema", "-o", f"{tmp_path}/new/")[0] == 0
    text = (tmp_path / "case.schema.json").read_text("utf-8")
    assert text == (tmp_path / "new/case.schema.json").read_text("utf-8")


def test_a_folder_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        if path.name == "two":
            raise OSError(28, "No space left on device")
        path.write_text(text)

    monkeypatch.setattr(writing, "write_whole", full)
    made = [Exported("one", "1"), Exported("deep/two", "2")]
    with pytest.raises(OSError, match="space"):
        write_exported(made, tmp_path / "out", folder=True)
    assert not [*tmp_path.iterdir()]


def test_a_pipe_is_written_to_and_not_put_aside(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with (tmp_path / "read").open("wb") as read:
        reader = subprocess.Popen(["cat", str(pipe)], stdout=read)
    assert run("--json-schema", "-o", str(pipe))[0] == 0
    assert reader.wait(timeout=30) == 0 and pipe.is_fifo()
    assert (tmp_path / "read").read_text("utf-8") == run("--json-schema")[1]


def test_many_documents_go_into_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotExported):
        write_exported([Exported("a", "1"), Exported("b", "2")], tmp_path / "pipe", folder=False)


def test_a_file_of_many_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(NotExported):
        write_exported([Exported("a", "1"), Exported("b", "2")], tmp_path / "out", folder=False)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_schema_of_the_user_is_run_and_what_fails_it_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema, out = tmp_path / "lrml-compact.xsd", tmp_path / "out.xml"
    monkeypatch.setenv("CARBONLEX_LRML_XSD", str(schema))
    arguments = ["--legalruleml", "--instrument", "measures-2021", "-o", str(out)]
    code, _, err = run(*arguments)
    assert code == 2 and "不能用作模式" in err
    # As the OASIS files do, this one imports two others by their address; neither is fetched.
    head = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'targetNamespace="http://docs.oasis-open.org/legalruleml/ns/v1.0/">'
        '<xs:import namespace="http://www.w3.org/XML/1998/namespace" '
        'schemaLocation="http://www.w3.org/2009/01/xml.xsd"/>'
        '<xs:import namespace="http://www.w3.org/2001/XMLSchema-datatypes" '
        'schemaLocation="http://www.w3.org/2001/XMLSchema-datatypes"/>'
    )
    schema.write_text(f'{head}<xs:element name="Other"/></xs:schema>')
    code, _, err = run(*arguments)
    assert code == 2 and "未写出" in err and not out.exists()
    content = (
        '<xs:element name="LegalRuleML"><xs:complexType><xs:sequence><xs:any maxOccurs="unbounded" '
        'processContents="skip"/></xs:sequence><xs:attribute name="key"/>'
        '<xs:attribute ref="xml:base"/></xs:complexType></xs:element>'
    )
    schema.write_text(f"{head}{content}</xs:schema>")
    assert run(*arguments)[0] == 0 and out.is_file()


def test_every_head_names_engine_rulebook_grades_and_what_is_unofficial() -> None:
    said = " ".join(head_of(scope_of(RULEBOOK, ["measures-2021"])).lines())
    for words in (
        RULEBOOK.digest,
        "carbonlex ",
        "measures-2021",
        "recalled",
        "unofficial",
        "非官方",
    ):
        assert words in said


def test_bytes_do_not_hang_on_the_order_of_sets() -> None:
    script = (
        "import hashlib\n"
        "from carbonlex.exports.akoma.document import akoma_ntoso\n"
        "from carbonlex.exports.case_form import case_form\n"
        "from carbonlex.exports.legalruleml.document import legal_rule_ml\n"
        "from carbonlex.exports.linked.document import linked_data\n"
        "from carbonlex.exports.scope import scope_of\n"
        "from carbonlex.rulebook.load import load_rulebook\n"
        "scope = scope_of(load_rulebook())\n"
        "made = [*akoma_ntoso(scope), case_form(scope), legal_rule_ml(scope), linked_data(scope)]\n"
        "print(hashlib.sha256(repr(made).encode()).hexdigest())\n"
    )
    assert same_bytes(script)


def test_check_starts_without_what_exports_need() -> None:
    script = (
        "import sys\nimport carbonlex.interfaces.cli\n"
        "print([m for m in sys.modules if m.startswith(('lxml', 'carbonlex.exports'))])\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine")},
    )  # fmt: skip
    assert found.stdout.strip() == "[]"
