"""The shape of `carbonlex records … --json`, from which docs/records.schema.json is generated."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from carbonlex.interfaces.wire_models import Wire
from carbonlex.records.compare import Part
from carbonlex.records.signing import Role

Words = dict[str, str]


class SignatureOut(Wire):
    """Who signed, as what, when (UTC)."""

    id: str
    role: Role
    name: str
    at: str


class InputOut(Wire):
    """A file that was read; `kept`: the store holds its bytes, and not only the digest."""

    role: Literal["case", "reform", "data", "style"]
    name: str
    stdin: bool
    size: int
    digest: str
    kept: bool


class DocumentOut(Wire):
    """A file that was written, and what it was made with."""

    name: str
    face: str
    size: int
    digest: str
    made_with: dict[str, str]


class RecordOut(Wire):
    """A run that was kept."""

    id: str
    seq: int = Field(description="its place in the chain of this store")
    previous: str
    hash: str
    made: str = Field(description="UTC")
    command: str
    arguments: dict[str, str | list[str]]
    exit: int
    inputs: list[InputOut]
    law: dict[str, str] = Field(description="rulebook: its digest; files: of the list of files")
    engine: dict[str, str | dict[str, str]]
    result: str = Field(description="digest of the text of --json")
    verdicts: dict[str, dict[str, str]] = Field(description="the result in short, by name")
    documents: list[DocumentOut]
    supersedes: str | None
    superseded_by: str | None
    signatures: list[SignatureOut]


class FactOut(Wire):
    """A fact as told: value in the vocabulary's unit, who attests it, where it stood."""

    value: str
    source: str
    at: str


class CaseOut(Wire):
    """The facts of one case, by their places in it."""

    case: str
    digest: str
    told: dict[str, FactOut]


class ListOut(Wire):
    """`records list --json`: the runs, oldest first."""

    schema_version: Literal["1"] = "1"
    answer: Literal["list"] = "list"
    store: str
    records: list[RecordOut]


class ShowOut(Wire):
    """`records show --json`: one run with its facts."""

    schema_version: Literal["1"] = "1"
    answer: Literal["show"] = "show"
    record: RecordOut
    facts: list[CaseOut]


class ChangeOut(Wire):
    """One thing that differs; null: that run has no such thing."""

    part: Part
    name: str
    was: str | None
    now: str | None


class DiffOut(Wire):
    """`records diff --json`: what differs between two runs."""

    schema_version: Literal["1"] = "1"
    answer: Literal["diff"] = "diff"
    one: str
    other: str
    changes: list[ChangeOut]


class ComparedOut(Wire):
    """A result (`name` is null) or a document run again; `place` is a JSON pointer or a line."""

    name: str | None
    same: bool | None = Field(description="null: not compared; `skipped` says why")
    place: str | None
    was: str | None
    now: str | None
    skipped: Words | None


class ReplayOut(Wire):
    """`records replay --json`: the same, or the first difference of each."""

    schema_version: Literal["1"] = "1"
    answer: Literal["replay"] = "replay"
    id: str
    same: bool
    own_law: bool = Field(description="the law of then is not that in use: it ran under its own")
    elsewhere: list[dict[str, str]] = Field(description="of the engine, what is not as then")
    compared: list[ComparedOut]


class HeadOut(Wire):
    """`records head --json`: the end of the chain, on which all that was written hangs."""

    schema_version: Literal["1"] = "1"
    answer: Literal["head"] = "head"
    seq: int
    hash: str


class FaultOut(Wire):
    """The first value that is not what was written."""

    table: str
    row: str
    message: Words


class VerifyOut(Wire):
    """`records verify --json`: every hash and digest worked out again."""

    schema_version: Literal["1"] = "1"
    answer: Literal["verify"] = "verify"
    holds: bool
    entries: int
    files: int
    head: HeadOut
    fault: FaultOut | None


class SignOut(Wire):
    """`records sign --json`: the signature added, and all there are."""

    schema_version: Literal["1"] = "1"
    answer: Literal["sign"] = "sign"
    record: str
    signatures: list[SignatureOut]


class CarriedOut(Wire):
    """`records export` and `import --json`: entries carried over, and how many were there."""

    schema_version: Literal["1"] = "1"
    answer: Literal["export", "import"]
    ids: list[str]
    held: int


AnyOut = ListOut | ShowOut | DiffOut | ReplayOut | HeadOut | VerifyOut | SignOut | CarriedOut


def records_schema() -> str:
    """Return the JSON Schema of all answers as text; `answer` says which one it is."""
    schema: dict[str, Any] = TypeAdapter(AnyOut).json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True)
