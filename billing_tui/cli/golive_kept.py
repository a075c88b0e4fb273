"""What `billing-tui golive` writes down or hands on: the report to keep, the names that the host knows, what the app is given."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from billing_tui.cli.documents import headed
from billing_tui.cli.options import Asked
from billing_tui.cli.output import print_document
from billing_tui.golive.checks.catalogue import reads
from billing_tui.golive.facts import Both, Side
from billing_tui.golive.handover import WHERE, Where, handover
from billing_tui.golive.host import ask_host
from billing_tui.golive.names import Host, names_in
from billing_tui.golive.report import account_of, text_for
from billing_tui.golive.seen import SeenFile
from billing_tui.model.evidence import known
from billing_tui.model.golive import Checked
from billing_tui.model.problem import BadUsage, OutOfReach, Refused
from billing_tui.model.profile import Profile
from billing_tui.model.text import listed
from billing_tui.settings.paths import state_dir

_MOST = 1_000_000
_TITLES: dict[Where, str] = {"wrangler": "Cloudflare", "vercel": "Vercel", "fly": "Fly", "dotenv": "A file of settings"}


async def host_of(named: str) -> Host | None:
    """The names in a file, or on standard input for `-`; where none is named, what the host of this directory tells.

    Raises:
        BadUsage: The file can't be read, or has no names in it.
    """
    return await (asyncio.to_thread(_pasted, named) if named else ask_host(Path.cwd()))


def _pasted(named: str) -> Host:
    try:
        text = sys.stdin.read(_MOST) if named == "-" else Path(named).read_text(encoding="utf-8", errors="replace")[:_MOST]
    except OSError as error:
        raise BadUsage(f"{named} can't be read ({error.strerror}).", "Name a file, or - for standard input.") from error
    names = names_in(text)
    if not names:
        raise BadUsage("There is no name of a variable in that.", "Paste what wrangler secret list or vercel env ls prints.")
    return Host("the list" if named == "-" else Path(named).name, names)


def write_report(path: Path, profile: Profile, both: Both, checks: Sequence[Checked]) -> None:
    """Markdown, or JSON where the file's name ends so. Raises `OutOfReach` where it can't be written."""
    text = text_for(path, profile.name, both, checks)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutOfReach(f"{path} can't be written ({error.strerror}).", "Name another file.", code="unwritable") from error


def mark_seen(asked: Asked, checks: Sequence[Checked]) -> None:
    """Notes that somebody has looked at these. Raises `BadUsage` where none is named, `Refused` for what is told by itself."""
    if not checks:
        raise BadUsage("It is not said what you have looked at.", "Name the checks: billing-tui golive --seen GL-39 GL-40.")
    told = next((held for held in checks if held.state != "manual"), None)
    if told:
        raise Refused(f"{told.id} is told by what can be read: {told.headline}")
    profile = asked.load().open(asked.profile, "live")
    file = SeenFile(state_dir() / "golive.json", profile.name)
    for held in checks:
        file.mark(held.id, datetime.now(UTC))
    if not asked.as_json:
        click.echo(f"{listed([held.id for held in checks])}: noted that you have looked.")
    else:
        print_document(headed("golive", profile, "") | {"seen": [held.id for held in checks]})


def hand_over(asked: Asked, live: Side, host: Host | None, where: str) -> None:
    """Shows how the app is given its secret and its price ids. No value of a secret is in it."""
    made = handover(live.profile.name, live.mode, reads(live, known(live.prices, {})), host)
    wanted = [one for one in WHERE if where in ("all", one)]
    if asked.as_json:
        given = [{"name": one.name, "what": one.what, "slot": one.slot or None, "value": one.value or None} for one in made.given]
        commands = {one: list(made.commands(one)) for one in wanted}
        print_document(headed("handover", live.profile, account_of(live)) | {"given": given, "commands": commands})
        return
    usual = "the usual names; --host-secrets tells the app's own"
    told = f"the names that {host.source} tells, and the usual ones" if host else usual
    click.echo(f"What the app is to be given for {live.mode} mode, under {told}:")
    width = max(len(one.name) for one in made.given)
    for one in made.given:
        click.echo(f"  {one.name:<{width}}  {one.what}{f'  {one.value}' if one.value else ''}")
    for place in wanted:
        click.echo(f"\n{click.style(_TITLES[place], bold=True)}")
        for command in made.commands(place):
            click.echo(f"  {command}")
