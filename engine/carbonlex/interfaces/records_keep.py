"""How a run is kept: options that a command gets, and one call in it that says what came out."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carbonlex.interfaces.arguments import refuse_extra, refuse_word, refusing
from carbonlex.interfaces.patience import patience

if TYPE_CHECKING:
    from carbonlex.interfaces.records_inputs import Taken
    from carbonlex.interfaces.records_words import RecordWords
    from carbonlex.model import Case
    from carbonlex.records.entry import Entry
    from carbonlex.records.store import Reading, Store

StoreOption = Annotated[
    str,
    typer.Option(
        "--store", help="记录库：文件或数据库 URL。 Where records are kept: a file, or a URL."
    ),
]
_RecordOption = Annotated[bool, typer.Option("--record", help="保存本次运行。 Keep this run.")]
_SupersedesOption = Annotated[
    str,
    typer.Option("--supersedes", help="取代哪条记录（编号）。 The RECORD whose place it takes."),
]
_DataOption = Annotated[
    bool,
    typer.Option("--keep-data/--digests-only", help="数据是否存入（至多32MB）。 Keep small data."),
]
_OPTIONS: Mapping[str, tuple[Any, object]] = {
    "record": (_RecordOption, False),
    "store": (StoreOption, ""),
    "supersedes": (_SupersedesOption, ""),
}
SHOWN = frozenset(("as_json", "brief", "explain", "fonts", "proofs"))
"""Parameters that are not kept: ways of showing, and folders of fonts, whose digests are."""

_LIBRARIES = {"polars": ("polars", "pyarrow"), "duckdb": ("duckdb", "polars", "pyarrow")}


@dataclass(frozen=True)
class _Keeping:
    """A run that is to be kept once it is done."""

    command: str
    told: Mapping[str, Any]
    store: Store
    superseded: Entry | None
    taken: Taken
    law: str
    keep_data: bool
    lang: str


@dataclass
class Heard:
    """What a command that runs again would have kept."""

    result: str = ""
    fonts: Mapping[str, str] = field(default_factory=dict)


_NOW: ContextVar[_Keeping | Heard | None] = ContextVar("keeping", default=None)


@contextmanager
def heard() -> Iterator[Heard]:
    """Hear what the commands that run meanwhile would keep; nothing is kept."""
    found = Heard()
    token = _NOW.set(found)
    try:
        yield found
    finally:
        _NOW.reset(token)


def kept(command: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options `--record`, `--store` and `--supersedes`.

    The command calls `keep` when it is done. Nothing is read or opened without `--record`.
    """
    options = dict(_OPTIONS)
    if command.startswith("portfolio"):
        options["keep_data"] = (_DataOption, True)

    def decorated(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(**told: Any) -> None:
            chosen = {name: told.pop(name, default) for name, (_, default) in options.items()}
            lang = told.get("lang", "zh")
            if not chosen["record"]:
                for name in ("store", "supersedes"):
                    if chosen[name]:
                        words = (f"--{name} 须与 --record 同用", f"--{name} goes with --record")
                        refuse_word(lang, *words)
                return function(**told)
            token = _NOW.set(_begun(command, told, chosen, lang))
            try:
                return function(**told)
            finally:
                _NOW.reset(token)

        signature = inspect.signature(function, eval_str=True)
        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=value, annotation=kind)
            for name, (kind, value) in options.items()
        ]
        merged = signature.replace(parameters=[*signature.parameters.values(), *added])
        run.__signature__ = merged  # type: ignore[attr-defined]
        run.__annotations__ = {
            **function.__annotations__,
            **{name: kind for name, (kind, _) in options.items()},
        }
        return run

    return decorated


def _begun(
    command: str, told: Mapping[str, Any], chosen: Mapping[str, Any], lang: str
) -> _Keeping | None:
    """Open the store and take the files before anything is worked out, or refuse."""
    lang = lang if lang == "en" else "zh"
    if command.startswith("portfolio") and told.get("explain"):
        refuse_word(
            lang,
            "--explain 只看一行，不与 --record 同用；先把该行写成案件再 check --record",
            "--explain is of one row and is not kept: check it as a case with --record",
        )
    with refusing(lang):
        store = opened(chosen["store"], lang, make=True)
        superseded = None
        if chosen["supersedes"]:
            with store.reading() as found:
                superseded = found.entry(chosen["supersedes"])
        from carbonlex.interfaces.records_inputs import named_files, refuse_unfit, taken
        from carbonlex.records.law import law_digest

        refuse_unfit(told, arguments(told))
        files = taken(named_files(command, told))
        if files is None:
            return None  # the command refuses what cannot be read
        keep_data = chosen.get("keep_data", True)
        return _Keeping(command, told, store, superseded, files, law_digest(), keep_data, lang)


def opened(place: str, lang: str, *, make: bool = False) -> Store:
    """Return the store that `--store` names, or the usual one, or refuse."""
    from carbonlex.records.connect import default_place

    place = place or default_place()
    refuse_lacking(place, lang)
    from carbonlex.records.store import open_store

    with refusing(lang):
        return open_store(place, make=make)


def refuse_lacking(place: str, lang: str) -> None:
    """Refuse where what opens a store is not installed."""
    from carbonlex.records.connect import lacking

    if extra := lacking(place):
        refuse_extra(("保存记录", "a store of records"), extra, lang)


def keep(
    result: Callable[[], str],
    cases: Sequence[Case] = (),
    fonts: Mapping[str, str] | None = None,
    exit_code: int | None = None,
) -> None:
    """Keep the run of the command that calls, where `--record` was given; say its id.

    `result` gives the text of `--json`; `cases` are the facts read; `fonts` are the digests of
    the fonts that a PDF was set in. `exit_code` is that of the result where it is not told.
    """
    now = _NOW.get()
    if now is None:
        return
    if isinstance(now, Heard):
        now.result, now.fonts = result(), fonts or {}
        return
    with refusing(now.lang), patience("保存记录…", "keeping the record…", now.lang):
        entry = _kept(now, result(), cases, fonts or {}, exit_code)
    aside = sys.stderr if now.told.get("as_json") else sys.stdout
    said = f"record {entry.short}" if now.lang == "en" else f"记录 {entry.short}"
    print(f"{said} → {now.store.place}", file=aside)
    if now.superseded is not None:
        from carbonlex.interfaces.records_page import print_changes
        from carbonlex.records.compare import compare

        with now.store.reading() as found:
            words = words_of(found, now.lang, now.superseded, entry)
            print_changes(compare(found, now.superseded, entry), words, aside)


def words_of(found: Reading, lang: str, *entries: Entry) -> RecordWords:
    """Return what says in words what records hold: by their own law, then by today's."""
    from carbonlex.interfaces.records_words import RecordWords
    from carbonlex.records.law import rulebooks_of

    return RecordWords(rulebooks_of(found, *(e.told["law"] for e in entries)), lang)


def _kept(
    now: _Keeping,
    result: str,
    cases: Sequence[Case],
    fonts: Mapping[str, str],
    exit_code: int | None,
) -> Entry:
    import json
    from datetime import UTC, datetime

    from carbonlex.cases.formats import fail
    from carbonlex.errors import Location
    from carbonlex.interfaces.records_brief import in_short, placeless
    from carbonlex.interfaces.records_documents import written
    from carbonlex.records.engine import engine_told
    from carbonlex.records.law import held_law
    from carbonlex.records.runs import Run
    from carbonlex.records.runs import keep as keep_run

    inputs, law = now.taken.again(now.keep_data), held_law()
    if law.rulebook != now.law:
        words = ("运行期间法律文件有改动，记录未保存", "the law changed during the run; no record")
        fail("file-unreadable", words, ("再运行一次", "run it again"), Location("rules, statutes"))
    tree = json.loads(result)
    told = {**now.told, "on": tree["asked_on"]}
    run = Run(
        command=now.command,
        arguments=arguments(told),
        inputs=inputs,
        cases=cases,
        law=law,
        engine=engine_told(_LIBRARIES.get(str(told.get("engine")), ())),
        result=placeless(result),
        exit=tree["exit_code"] if exit_code is None else exit_code,
        verdicts=in_short(tree),
        documents=written(now.told, fonts),
        supersedes=now.superseded.id if now.superseded is not None else None,
    )
    return keep_run(now.store, run, datetime.now(UTC).isoformat(timespec="microseconds"))


def arguments(told: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return the arguments of a command that matter for its result, in words."""
    from carbonlex.records.content import OUTPUTS, PARAMETERS

    found: dict[str, str | list[str]] = {}
    for name, value in sorted(told.items()):
        key = name == "subject" and not str(value).lower().endswith((".md", ".markdown"))
        if name in (*SHOWN, *OUTPUTS) or (name in PARAMETERS and not key) or not value:
            continue
        found[name] = [str(v) for v in value] if isinstance(value, list | tuple) else str(value)
    return found
