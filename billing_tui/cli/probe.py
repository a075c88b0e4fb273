"""`billing-tui probe`: what the app's webhook endpoint answers to four requests of ours, and what that means."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import click
from msgspec import to_builtins

from billing_tui.cli.documents import headed
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import print_document
from billing_tui.golive.checks.probe import PROBED
from billing_tui.golive.facts import Both, Side
from billing_tui.model.evidence import Gap, Probe
from billing_tui.model.golive import Checked
from billing_tui.model.problem import BadUsage, OutOfReach
from billing_tui.model.stripe import Account
from billing_tui.workspace import Workspace

_MARKS = {"fail": ("✗", "red"), "unknown": ("?", "yellow"), "manual": ("·", "cyan"), "pass": ("✓", "green")}


@click.command()
@shared_options
def probe(asked: Asked) -> None:
    """Ask the app's webhook endpoint four times: unsigned, signed rightly, wrongly, and an hour ago.

    Only the configured address is asked, and nobody's real id is sent. Exits with 1 where something is not as it should be.
    """
    workspace = asked.open()
    if not workspace.profile.webhook_url:
        raise BadUsage(
            f"The profile {workspace.profile.name} has no webhook_url for {workspace.profile.mode} mode.",
            "Set it in the configuration: the address of the app's webhook endpoint.",
        )
    side = asyncio.run(_side(workspace))
    found = [held.run(Both(datetime.now(UTC), side, side)) for held in PROBED]
    if asked.as_json:
        print_document(_document(side, found))
    else:
        _print(side, found)
    if isinstance(side.probes, Gap) or side.probes.unsigned.status is None:
        raise OutOfReach("The app's endpoint does not answer.", "Look whether it runs, at its DNS and at its certificate.")
    click.get_current_context().exit(1 if any(held.state == "fail" for held in found) else 0)


async def _side(workspace: Workspace) -> Side:
    try:
        return await workspace.side()
    finally:
        await workspace.close()


def _probes(side: Side) -> list[tuple[str, Probe | Gap]]:
    held = side.probes
    if isinstance(held, Gap):
        return []
    return [("unsigned", held.unsigned), ("valid", held.valid), ("wrong key", held.wrong_key), ("old", held.old)]


def _document(side: Side, found: list[Checked]) -> dict[str, Any]:
    account = side.configuration.account
    return {
        **headed("probe", side.profile, account.id if isinstance(account, Account) else ""),
        "url": side.profile.webhook_url,
        "probes": [
            {"name": name, "status": None, "missing": held.message}
            if isinstance(held, Gap)
            else to_builtins(held) | {"name": name}
            for name, held in _probes(side)
        ],
        "checks": [to_builtins(held) for held in found],
    }


def _print(side: Side, found: list[Checked]) -> None:
    click.echo(click.style(side.profile.webhook_url, bold=True))
    for name, held in _probes(side):
        said = held.message if isinstance(held, Gap) else f"{held.status} in {held.latency} ms" if held.status else held.error
        click.echo(f"  {name:<10}  {said}")
    click.echo()
    for each in found:
        glyph, colour = _MARKS[each.state]
        click.echo(f"  {click.style(glyph, fg=colour)} {each.headline}")
        if each.fix and each.state == "fail":
            click.echo(f"    → {each.fix.title}")
