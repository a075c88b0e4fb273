"""The vault's passphrase on the terminal, asked before any work begins, and only where the vault holds what is needed."""

import os
import sys
from collections.abc import Sequence

import click

from billing_tui.model.problem import KeyRefused
from billing_tui.settings.config import Config
from billing_tui.settings.safes import Safes, secret_name
from billing_tui.settings.secrets import environment_name
from billing_tui.settings.shape import SLOTS
from billing_tui.settings.vault import passphrase_from_file

_ATTEMPTS = 3


def open_safes(config: Config | None, profile: str, modes: Sequence[str]) -> Safes:
    """What keeps this machine's secrets, its vault unlocked where it holds one of the profile's and can be.

    Raises:
        KeyRefused: A passphrase was given, and it is wrong.
        BadUsage: The file that should hold it cannot be used.
    """
    safes = Safes()
    if needs_vault(safes, config, profile, modes):
        unlock(safes)
    return safes


def needs_vault(safes: Safes, config: Config | None, profile: str, modes: Sequence[str]) -> bool:
    """Whether the vault holds what nothing else gives first. Raises `KeyRefused` where it is damaged."""
    if not safes.vault.exists:
        return False
    wanted = [(mode, slot) for mode in modes for slot in SLOTS if not _given(config, profile, mode, slot)]
    held = set(safes.vault.names())
    return any(secret_name(profile, mode, slot) in held for mode, slot in wanted)


def unlock(safes: Safes) -> None:
    """Opens the vault, or makes it; asks where it must, and leaves it locked without a terminal. Raises as `open_safes` does."""
    unlock_unasked(safes, make=True)
    if not safes.vault.locked or not on_terminal():
        return
    fresh = not safes.vault.exists
    for attempt in range(1, _ATTEMPTS + 1):
        asked = "New passphrase for the vault" if fresh else "Passphrase of the vault"
        try:
            safes.unlock(click.prompt(asked, hide_input=True, confirmation_prompt=fresh, err=True))
        except KeyRefused as refusal:
            if attempt == _ATTEMPTS or refusal.code != "vault_passphrase":
                raise
            click.echo(refusal.message, err=True)
        else:
            return


def keep_new(safes: Safes, name: tuple[str, str, str], value: str, *, asked: bool) -> str:
    """Keeps a secret that is told this once, by profile, mode and slot, and says where: the keyring, else the vault.

    Where the vault stays locked in a window, where nobody can be asked, it is kept for as long as the window is open.

    Raises:
        KeyRefused: No place works, or a wrong passphrase was given.
    """
    place = safes.default_place()
    if place == "vault":
        unlock(safes) if asked else unlock_unasked(safes, make=True)
    if place == "vault" and safes.vault.locked and not asked:
        safes.keep(*name, value, "memory")
        return "memory of this window alone (reveal it in Stripe's Dashboard for billing-tui keys set webhook_secret)"
    safes.keep(*name, value, place)
    return place


def unlock_unasked(safes: Safes, *, make: bool = False) -> None:
    """Opens the vault, where there is one or it may be made, with the passphrase from the file that the environment names."""
    passphrase = passphrase_from_file() if make or safes.vault.exists else None
    if passphrase is not None:
        safes.unlock(passphrase)


def on_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _given(config: Config | None, profile: str, mode: str, slot: str) -> bool:
    """Whether the environment or a command of the configuration comes first for this slot."""
    if os.environ.get(environment_name(mode, slot), "").strip():
        return True
    return bool(config and config.secret_command(profile, mode, slot))
