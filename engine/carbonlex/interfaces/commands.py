"""The commands of carbonlex, each imported when it is asked for: a start pays for no other."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Command

COMMANDS: Mapping[str, str] = {
    "position": "position_command.position",
    "allocation": "allocation_command.allocation",
    "calendar": "calendar_command.calendar",
    "ask": "ask_command.ask",
    "template": "template_command.template",
    "schema": "schema_command.schema",
    "export": "export_command.export",
    "memo": "memo_command.memo",
    "validity": "validity_command.validity",
    "whatif": "whatif_command.whatif",
    "law": "law.law",
    "fonts": "fonts_command.fonts",
    "statutes": "statutes_command.statutes",
    "portfolio": "portfolio_command.portfolio",
    "records": "records_command.records",
}
"""Where each command is: module and name in this package, in the order in which `--help` lists."""
PARTS: Mapping[str, Mapping[str, str]] = {
    "portfolio": {
        "whatif": "portfolio_whatif_command.portfolio_whatif",
        "prepare": "portfolio_cluster_command.portfolio_prepare",
        "cluster": "portfolio_cluster_command.portfolio_cluster",
    },
    "records": {
        "export": "records_bundle_command.records_export",
        "import": "records_bundle_command.records_import",
    },
}
"""Commands of a group that are in modules of their own."""


class OnDemand(TyperGroup):
    """A group that has the commands registered with it, and after them those of `COMMANDS`."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self.commands = _Loading(self.commands)


class _Loading(UserDict[str, Any]):
    """Commands by name; one that is not yet there stands for its place and is made when read."""

    def __init__(self, own: Mapping[str, Command]) -> None:
        super().__init__({**own, **dict.fromkeys(COMMANDS)})

    def __getitem__(self, name: str) -> Any:
        if name in self.data and self.data[name] is None:
            self.data[name] = _made(name)
        return self.data[name]


def _made(name: str) -> Command:
    holder = typer.Typer(callback=lambda: None, add_completion=False, rich_markup_mode=None)
    found = _found(COMMANDS[name])
    if isinstance(found, typer.Typer):
        known = {c.name for c in found.registered_commands}
        for part, place in PARTS.get(name, {}).items():
            if part not in known:
                found.command(part)(_found(place))
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    group = typer.main.get_command(holder)
    assert isinstance(group, TyperGroup)
    return group.commands[name]


def _found(place: str) -> Any:
    module, _, name = place.rpartition(".")
    return getattr(import_module(f"{__package__}.{module}"), name)
