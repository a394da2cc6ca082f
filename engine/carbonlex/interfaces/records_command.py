"""`carbonlex records`: runs that were kept, listed, compared, run again, verified and signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    language,
    not_written,
    refuse_word,
    refusing,
)
from carbonlex.interfaces.patience import patience
from carbonlex.interfaces.records_keep import StoreOption, opened, words_of

if TYPE_CHECKING:
    from carbonlex.records.entry import Entry
    from carbonlex.records.store import Head, Reading, Store

DIFFERS = 1
_MAX_HEAD = 4_096
records = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="保存的运行：查看、比较、重放、核验、签署。 Runs that were kept.",
)
_Id = Annotated[str, typer.Argument(help="记录编号，或 last。 Id of a record, or last.")]


@contextmanager
def _read(place: str, lang: str) -> Iterator[tuple[Store, Reading]]:
    """Open a store and read it at one moment, or refuse."""
    store = opened(place, lang)
    with refusing(lang), store.reading() as found:
        yield store, found


@records.command("list")
def records_list(
    store: StoreOption = "", lang: LangOption = "zh", as_json: JsonOption = False
) -> None:
    """列出记录。 The runs that were kept, oldest first."""
    language(lang)
    with (
        _read(store, lang) as (held, found),
        patience("读取记录…", "reading records…", lang),
    ):
        entries = [*found.entries()]
        about: dict[str | None, list[Entry]] = {}
        for entry in entries:
            about.setdefault(entry.about, []).append(entry)
        rows = [(e, about.get(e.id, [])) for e in entries if e.told["kind"] == "run"]
    if as_json:
        from carbonlex.interfaces.records_wire import list_json

        print(list_json(held.place, rows))
    else:
        from carbonlex.interfaces.records_page import print_list

        print_list(rows, lang)


@records.command("show")
def records_show(
    record: _Id, store: StoreOption = "", lang: LangOption = "zh", as_json: JsonOption = False
) -> None:
    """查看一条记录。 One run: facts and their sources, law, engine, verdicts, signatures."""
    language(lang)
    with _read(store, lang) as (_, found):
        from carbonlex.records.compare import facts_held

        entry = found.entry(record)
        about = [*found.entries(entry.id)]
        facts = facts_held(found, entry.told)
        if as_json:
            from carbonlex.interfaces.records_wire import show_json

            print(show_json(entry, about, facts))
        else:
            from carbonlex.interfaces.records_page import print_record

            print_record(entry, about, facts, words_of(found, lang, entry))


@records.command("diff")
def records_diff(
    one: _Id,
    other: _Id,
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """比较两次运行。 What differs between two runs: facts, law, engine, verdicts."""
    language(lang)
    with _read(store, lang) as (_, found):
        from carbonlex.records.compare import compare

        pair = found.entry(one), found.entry(other)
        changes = compare(found, *pair)
        if as_json:
            from carbonlex.interfaces.records_wire import changes_json

            print(changes_json(*pair, changes))
        else:
            from carbonlex.interfaces.records_page import print_changes

            print_changes(changes, words_of(found, lang, *pair))


@records.command("replay")
def records_replay(
    record: _Id,
    data: Annotated[
        Path | None, typer.Option("--data", help="只存了摘要的数据在何处。 DATA of then.")
    ] = None,
    fonts: Annotated[
        list[Path] | None, typer.Option("--font-path", help="PDF 的字体。 Fonts for a PDF.")
    ] = None,
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """按当时的法律和事实重放，逐字节比较。 Run it again under its own law; byte for byte."""
    language(lang)
    with _read(store, lang) as (_, found), patience("重放中…", "running it again…", lang):
        from carbonlex.interfaces.records_replay import replay

        done = replay(found, found.entry(record), data, fonts or [])
    if as_json:
        from carbonlex.interfaces.records_wire import replay_json

        print(replay_json(done))
    else:
        from carbonlex.interfaces.records_page import print_replay

        print_replay(done, lang)
    raise typer.Exit(done.exit_code)


@records.command("verify")
def records_verify(
    head: Annotated[
        str,
        typer.Option("--head", help="以前导出的链尾：文件或 序号:摘要。 A HEAD exported before."),
    ] = "",
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """重算全部摘要，指出首个改动。 Work every hash out again; name the first change."""
    language(lang)
    held = opened(store, lang)
    exported = _head(head, lang) if head else None
    from carbonlex.records.verify import verify

    with refusing(lang), patience("重算中…", "working it out again…", lang):
        found = verify(held, exported)
    if as_json:
        from carbonlex.interfaces.records_wire import verify_json

        print(verify_json(found))
    else:
        from carbonlex.interfaces.records_page import print_verified

        print_verified(found, held.place, lang)
    raise typer.Exit(0 if found.fault is None else DIFFERS)


def _head(told: str, lang: str) -> Head:
    from carbonlex.interfaces.records_wire import head_from

    found = head_from(told)
    if found is None and Path(told).is_file():
        with open(told, encoding="utf-8", errors="replace") as stream:
            found = head_from(stream.read(_MAX_HEAD))
    if found is None:
        refuse_word(
            lang,
            f"--head：{told[:80]} 不是链尾；写 records head 导出的文件，或 序号:摘要",
            f"--head: {told[:80]} is no head; a file that records head wrote, or SEQ:HASH",
        )
    return found


@records.command("head")
def records_head(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写入文件。 Write it to a file.")
    ] = None,
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """链尾摘要：另存他处，日后可查出被删的末尾。 The head; kept elsewhere, it shows a cut tail."""
    language(lang)
    with _read(store, lang) as (_, found):
        head = found.head()
    from carbonlex.interfaces.records_wire import head_json
    from carbonlex.writing import write_whole

    text = head_json(head) if as_json else f"{head.seq}:{head.hash}"
    if out is None:
        print(text)
        return
    try:
        write_whole(out, text + "\n")
    except OSError as error:
        not_written(out, error, lang)
    print(f"→ {out}")


@records.command("sign")
def records_sign(
    record: _Id,
    role: Annotated[
        str, typer.Option("--as", help="preparer、reviewer 或 approver。 As what one signs.")
    ],
    name: Annotated[str, typer.Option("--name", help="签署人姓名。 Who signs.")],
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """签署一条记录：编制、复核、批准，各为一人。 Sign it; the order is kept, people differ."""
    language(lang)
    from datetime import UTC, datetime

    held = opened(store, lang)
    from carbonlex.records.signing import ROLES, sign

    if role not in ROLES:
        listed = ", ".join(ROLES)
        refuse_word(lang, f"--as {role}：可选 {listed}", f"--as {role}: choose from {listed}")
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    with refusing(lang), held.writing() as found:
        entry = found.entry(record)
        sign(found, entry, role, name, at)
        about = [*found.entries(entry.id)]
    if as_json:
        from carbonlex.interfaces.records_wire import sign_json

        print(sign_json(entry, about))
    else:
        from carbonlex.interfaces.records_page import print_signed

        print_signed(entry, about, lang)
