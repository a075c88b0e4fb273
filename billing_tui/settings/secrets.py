"""Where a secret is looked up, in the contract's order: environment, command, keyring, vault, the memory of this run.

A value is guarded before it is handed out, so that nobody can use a key of the other mode. Blocking, since a command
may take its time; callers on an event loop run it in a thread.
"""

import os

from billing_tui.settings.config import Config
from billing_tui.settings.key_command import output_of
from billing_tui.settings.key_shape import guard_secret
from billing_tui.settings.safes import Safes
from billing_tui.settings.secret import Secret
from billing_tui.settings.shape import SLOTS

__all__ = ["SLOTS", "Secret", "environment_name", "find_secret", "from_environment", "guard_secret"]


def find_secret(config: Config, profile_name: str, mode: str, slot: str, safes: Safes | None = None) -> Secret | None:
    """The secret of a slot from the first place that has one; None when no place has.

    Without `safes`, what this tool keeps by itself is left out.

    Raises:
        KeyRefused: What was found is no such key, its command failed, or it is in a vault that is locked.
        Refused: It is a key of the other mode (`mode_mismatch`).
        BadUsage: There is no such profile or mode.
    """
    profile = config.open(profile_name, mode)
    found = _given(config, profile_name, mode, slot)
    if found is None and safes:
        found = safes.find(profile_name, mode, slot)
    if found:
        guard_secret(found.reveal(), slot, mode, allow_mode_mix=profile.allow_mode_mix)
    return found


def _given(config: Config, profile_name: str, mode: str, slot: str) -> Secret | None:
    return from_environment(mode, slot) or _from_command(config, profile_name, mode, slot)


def environment_name(mode: str, slot: str) -> str:
    """`BILLING_TUI_LIVE_STRIPE_KEY`."""
    return f"BILLING_TUI_{mode}_{slot}".upper()


def from_environment(mode: str, slot: str) -> Secret | None:
    """The secret as the environment gives it, not guarded."""
    value = os.environ.get(environment_name(mode, slot), "").strip()
    return Secret(value, slot, "environment") if value else None


def _from_command(config: Config, profile_name: str, mode: str, slot: str) -> Secret | None:
    command = config.secret_command(profile_name, mode, slot)
    value = output_of(command, slot) if command else ""
    return Secret(value, slot, "command") if value else None
