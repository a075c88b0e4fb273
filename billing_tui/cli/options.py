"""The options that every command shares, and the workspace that they open."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec import Struct, structs

from billing_tui.cli.log import keep_log
from billing_tui.cli.safes import keep_new, open_safes
from billing_tui.model.profile import Mode, Profile
from billing_tui.settings.config import Config, load_config
from billing_tui.settings.openings import Openings
from billing_tui.settings.paths import cache_dir, state_dir
from billing_tui.settings.safes import Safes
from billing_tui.settings.secret import Secret
from billing_tui.settings.secrets import environment_name, find_secret, from_environment
from billing_tui.workspace import Workspace

R = TypeVar("R")


class Asked(Struct, frozen=True, kw_only=True):
    """What was said on the command line, beside the command's own."""

    profile: str | None = None
    mode: str | None = None
    config: str | None = None
    as_json: bool = False
    read_only: bool = False
    timeout: float = 10.0

    def load(self) -> Config:
        """The configuration file."""
        return load_config(Path(self.config) if self.config else None)

    def open(self) -> Workspace:
        """The profile asked for, in the mode asked for. Raises `BadUsage` for what the configuration does not allow."""
        config = self.load()
        return open_workspace(config, self.guarded(config.open(self.profile, self.mode)), self.timeout)

    def guarded(self, profile: Profile) -> Profile:
        """The profile, read-only if the command line says so."""
        return structs.replace(profile, read_only=True) if self.read_only else profile


def open_workspace(config: Config, profile: Profile, timeout: float, safes: Safes | None = None) -> Workspace:
    """A workspace on a profile of the configuration, its secrets looked up where the contract says.

    Without `safes`, a vault is opened here, which may ask for its passphrase on the terminal.
    """
    keep_log()
    kept = safes or open_safes(config, profile.name, (profile.mode,))
    mode: Mode = "test" if profile.mode == "live" else "live"
    state = state_dir()

    def openings(of: Profile, other: Openings | None) -> Openings:
        def keep(slot: str, value: str) -> str:
            place = keep_new(kept, (of.name, of.mode, slot), value, asked=safes is None)
            if safes is None and sys.stderr.isatty():
                click.echo(f"Its signing secret, shown this once: {value}", err=True)
            before = from_environment(of.mode, slot)
            return place if before is None else f"{place}, behind {environment_name(of.mode, slot)}, which has to be unset,"

        def find(slot: str) -> Secret | None:
            return find_secret(config, of.name, of.mode, slot, kept)

        return Openings(of, find, timeout, state, other, keep, kept.advice)

    elsewhere = openings(config.open(profile.name, mode), None)
    return Workspace(openings(profile, elsewhere), state, cache=cache_dir())


def shared_options(command: Callable[..., R]) -> Callable[..., R]:
    """Adds the shared options to a command, which gets them as one `asked`."""

    @click.option("--profile", metavar="NAME", help="Profile of the configuration.")
    @click.option("--mode", type=click.Choice(["test", "live"]), help="Mode; the profile says which is the default.")
    @click.option("--config", metavar="PATH", help="Configuration file.")
    @click.option("--json", "as_json", is_flag=True, help="Print the document alone, for programs.")
    @click.option("--no-color", is_flag=True, help="Print no colours; NO_COLOR does the same.")
    @click.option("--read-only", is_flag=True, help="Refuse every write, whatever else is said.")
    @click.option(
        "--timeout", type=click.FloatRange(min=0.1, max=600), default=10.0, show_default=True, help="Seconds for each request."
    )
    @wraps(command)
    def with_options(*args: Any, no_color: bool, **options: Any) -> R:
        if no_color or os.environ.get("NO_COLOR"):
            click.get_current_context().color = False
        shared = {name: options.pop(name) for name in Asked.__struct_fields__}
        return command(*args, asked=Asked(**shared), **options)

    return with_options
