"""Which profile a `keys` command is about: one of the configuration, or one that is not written yet, since keys come first."""

import os
from dataclasses import dataclass

from billing_tui.cli.options import Asked
from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import Mode, Profile
from billing_tui.model.text import clean, quoted
from billing_tui.settings.config import Config
from billing_tui.settings.key_shape import guard_secret
from billing_tui.settings.safes import Safes
from billing_tui.settings.secret import Secret
from billing_tui.settings.secrets import environment_name, find_secret, from_environment


@dataclass(frozen=True)
class KeyPlace:
    """A profile in a mode, as far as keys are concerned; without `config` it is only a name so far."""

    profile: Profile
    config: Config | None

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def mode(self) -> Mode:
        return self.profile.mode

    def find(self, mode: str, slot: str, safes: Safes) -> Secret | None:
        """The secret of a slot. Raises as `find_secret` does."""
        if self.config:
            return find_secret(self.config, self.name, mode, slot, safes)
        found = from_environment(mode, slot) or safes.find(self.name, mode, slot)
        if found:
            guard_secret(found.reveal(), slot, mode)
        return found

    def in_environment(self, mode: str, slot: str) -> bool:
        """Whether the environment, which comes first, has a value."""
        return bool(os.environ.get(environment_name(mode, slot), "").strip())


def key_place(asked: Asked) -> KeyPlace:
    """The profile and mode asked for.

    Raises:
        BadUsage: There is no such profile; or no configuration yet, and no name was given either.
    """
    try:
        config = asked.load()
    except BadUsage as problem:
        if problem.code != "no_config" or not asked.profile:
            raise
        return KeyPlace(unwritten(asked.profile, asked.mode), None)
    return KeyPlace(asked.guarded(config.open(asked.profile, asked.mode)), config)


def unwritten(name: str, mode: str | None) -> Profile:
    """A profile that no file describes yet, in test mode unless another is asked for. Raises `BadUsage` for what is no name."""
    if not name.strip() or name != clean(name).strip() or "/" in name:
        raise BadUsage(f"{quoted(clean(name))} is no name for a profile.", "Use letters, digits, - and _.", code="no_profile")
    return Profile(name=name, mode="live" if mode == "live" else "test")
