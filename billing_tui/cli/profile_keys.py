"""The keys that a new profile needs, asked for one after the other, tried, and kept."""

import asyncio
from collections.abc import Sequence

import click

from billing_tui.cli.key_report import report_lines
from billing_tui.cli.safes import unlock
from billing_tui.detection.key_check import check_secret
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.settings.key_shape import guard_secret
from billing_tui.settings.safes import Place, Safes
from billing_tui.settings.secret import Secret
from billing_tui.setup.key_place import KeyPlace

_ASKED = (
    ("stripe_key", "Stripe's secret or restricted key (a read-only one will do)"),
    ("clerk_key", "Clerk's secret key"),
    ("database_url", "The address of the app's database"),
    ("webhook_secret", "The webhook's signing secret"),
)


def ask_for_keys(places: Sequence[KeyPlace], safes: Safes, limit: float) -> Mode | None:
    """Asks on the terminal; the first key decides the mode. None where there was none."""
    chosen: KeyPlace | None = None
    kept_in = _place_for(safes)
    for slot, what in _ASKED:
        while True:
            value = str(click.prompt(f"{what} (Enter skips)", default="", show_default=False, hide_input=True, err=True)).strip()
            if not value:
                break
            place = chosen or _of_mode(places, value)
            try:
                _keep(place, slot, value, safes, kept_in, limit)
            except Problem as problem:
                click.echo(f"{problem.message} {problem.hint}".strip(), err=True)
                continue
            chosen = place
            break
        if chosen is None:
            return None
    return chosen.mode if chosen else None


def _place_for(safes: Safes) -> Place:
    """Where the keys go: the keyring, the vault, or nowhere when no passphrase is wanted for one."""
    if safes.default_place() == "keyring":
        return "keyring"
    trouble = safes.keyring.trouble
    click.echo(
        f"{trouble.says if trouble else ''} Keys go into an encrypted vault, or with no passphrase nowhere.".strip(), err=True
    )
    if click.confirm("Keep them in a vault?", default=True, err=True):
        unlock(safes)
    return "memory" if safes.vault.locked else "vault"


def _of_mode(places: Sequence[KeyPlace], value: str) -> KeyPlace:
    return next((place for place in places if f"_{place.mode}_" in value[:12]), places[-1])


def _keep(place: KeyPlace, slot: str, value: str, safes: Safes, kept_in: Place, limit: float) -> None:
    guard_secret(value, slot, place.mode, allow_mode_mix=place.profile.allow_mode_mix)
    report = asyncio.run(check_secret(Secret(value, slot, kept_in), place.profile, limit))
    safes.keep(place.name, place.mode, slot, value, kept_in)
    click.echo(f"{Secret(value, slot, kept_in).hint}: {' '.join(report_lines(report))}", err=True)
