"""`billing-tui doctor`: whether this machine, this terminal and the way to the services are in order."""

import asyncio

import click

from billing_tui.cli.doctor_checks import Check, clipboard, files, keyring, locale, terminal, vault, versions
from billing_tui.cli.doctor_services import configuration, services
from billing_tui.cli.documents import named
from billing_tui.cli.log import keep_log
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import print_document
from billing_tui.cli.safes import unlock_unasked
from billing_tui.settings.safes import Safes
from billing_tui.setup.key_place import KeyPlace

_GLYPHS = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "unknown": ("?", "yellow")}


@click.command()
@shared_options
def doctor(asked: Asked) -> None:
    """Check the machine: terminal, colours, clipboard, keyring, file permissions, clock, versions, reachability."""
    found = files(asked.config, repair=not asked.read_only)
    keep_log()
    safes = Safes()
    place, configured = configuration(asked)
    checks = [*versions(), terminal(), locale(), clipboard(), keyring(safes), vault(safes), *found, configured]
    if place:
        checks += _services(asked, place, safes)
    if asked.as_json:
        head = named("doctor", place.name if place else None, place.mode if place else None)
        rows = [{"id": one.id, "state": one.state, "headline": one.headline, "hint": one.hint} for one in checks]
        print_document(head | {"checks": rows})
    else:
        for one in checks:
            _say(one)
    click.get_current_context().exit(1 if any(one.state in ("warn", "fail") for one in checks) else 0)


def _services(asked: Asked, place: KeyPlace, safes: Safes) -> list[Check]:
    unlock_unasked(safes)
    return asyncio.run(services(place, safes, asked.timeout))


def _say(check: Check) -> None:
    glyph, colour = _GLYPHS[check.state]
    click.echo(f"{click.style(glyph, fg=colour)} {check.id:<14} {check.headline}")
    if check.hint and check.state != "pass":
        click.echo(f"{'':<17}{check.hint}")
