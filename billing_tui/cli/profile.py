"""`billing-tui profile`: the configuration, made by detection, listed, shown, and where it is."""

from pathlib import Path
from typing import Any

import click
from msgspec import to_builtins

from billing_tui.cli.documents import named
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import print_document
from billing_tui.model.profile import Profile
from billing_tui.settings.paths import config_file


@click.group()
def profile() -> None:
    """The configuration: one profile for each product, each in test and live mode."""


@profile.command("init")
@click.option(
    "--set", "changes", metavar="KEY=VALUE", multiple=True, help='A value that you know better, e.g. tiers=\'["free", "pro"]\'.'
)
@click.option("--yes", is_flag=True, help="Write what was detected without asking.")
@click.option("--dry-run", is_flag=True, help="Show what was detected, and write nothing.")
@shared_options
def init(changes: tuple[str, ...], yes: bool, dry_run: bool, asked: Asked) -> None:
    """Find out how your app is laid out by reading, and write a commented file.

    It needs a key for Stripe at least (a restricted, read-only one will do), and asks for keys on a terminal. What the file holds
    already stays as it is.
    """
    from billing_tui.cli.profile_init import run_init

    run_init(asked, changes, yes=yes, dry_run=dry_run)


@profile.command("list")
@shared_options
def list_(asked: Asked) -> None:
    """Show the profiles of the configuration."""
    config = asked.load()
    rows = [
        {"name": name, "default": name == config.default_profile, "default_mode": mode, "read_only": config.open(name).read_only}
        for name, mode in config.default_modes.items()
    ]
    if asked.as_json:
        print_document(named("profiles") | {"path": str(config.path), "profiles": rows})
        return
    width = max((len(str(row["name"])) for row in rows), default=0)
    for row in rows:
        marks = ["default" if row["default"] else "", "read-only" if row["read_only"] else ""]
        click.echo(f"{row['name']:<{width}}  {row['default_mode']}  {'  '.join(filter(None, marks))}".rstrip())


@profile.command("show")
@shared_options
def show(asked: Asked) -> None:
    """Show what is in force in a profile, defaults included."""
    config = asked.load()
    chosen = asked.guarded(config.open(asked.profile, asked.mode))
    if asked.as_json:
        document = named("profile", chosen.name, chosen.mode)
        print_document(document | {"path": str(config.path), "settings": _settings(chosen)})
        return
    click.echo(f"{chosen.name} in {chosen.mode} mode, from {config.path}")
    lines = [(key, value) for key, value in _flat("", _settings(chosen))]
    width = max(len(key) for key, _ in lines)
    for key, value in lines:
        click.echo(f"  {key:<{width}}  {_written(value)}".rstrip())


@profile.command("path")
@shared_options
def path(asked: Asked) -> None:
    """Show where the configuration is, or would be."""
    where = Path(asked.config).expanduser() if asked.config else config_file()
    if asked.as_json:
        print_document(named("path") | {"path": str(where), "exists": where.is_file()})
    else:
        click.echo(str(where))


def _settings(held: Profile) -> dict[str, Any]:
    settings: dict[str, Any] = to_builtins(held)
    return {key: value for key, value in settings.items() if key not in ("name", "mode", "demo")}


def _flat(before: str, table: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys with dots, as they stand in the file; maps of words stay whole."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        if before == "" and key in ("limits", "database") and isinstance(value, dict):
            found += _flat(f"{key}.", value)
        else:
            found.append((before + key, value))
    return found


def _written(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None | "" | {}:
            return "–"
        case dict():
            return ", ".join(f"{key} = {held or 'NULL'}" for key, held in value.items())
        case list() | tuple():
            return ", ".join(str(held) for held in value)
        case _:
            return str(value)
