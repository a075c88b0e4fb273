"""A profile in a mode as far as its keys are concerned: one of the configuration, or one that is not written yet."""

import os
from dataclasses import dataclass

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
    """Without `config` the profile is only a name so far."""

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


def unwritten(name: str, mode: str | None) -> Profile:
    """A profile that no file describes yet, in test mode unless another is asked for. Raises `BadUsage` for what is no name."""
    if not name.strip() or name != clean(name).strip() or "/" in name:
        raise BadUsage(f"{quoted(clean(name))} is no name for a profile.", "Use letters, digits, - and _.", code="no_profile")
    return Profile(name=name, mode="live" if mode == "live" else "test")
