"""What the dashboard is started with: a profile of the configuration, or the embedded sandbox."""

from functools import partial
from pathlib import Path
from typing import Any

from msgspec import structs

from billing_tui.cli.log import keep_log
from billing_tui.cli.options import Asked, open_workspace
from billing_tui.cli.safes import needs_vault, unlock_unasked
from billing_tui.model.band import Example
from billing_tui.model.profile import Mode
from billing_tui.settings.config import Config, load_config
from billing_tui.settings.openings import Openings
from billing_tui.settings.safes import Safes
from billing_tui.settings.secret import Secret
from billing_tui.workspace import Workspace

MODES: tuple[Mode, ...] = ("test", "live")


class ProfileDesk:
    """A profile of the configuration."""

    modes = MODES

    def __init__(self, config: Config, asked: Asked, safes: Safes | None = None) -> None:
        profile = asked.guarded(config.open(asked.profile, asked.mode))
        self._config = config
        self._asked = asked
        self.profile_name = profile.name
        self.mode: Mode = profile.mode
        self.safes = safes or Safes()
        if needs_vault(self.safes, config, profile.name, MODES):
            unlock_unasked(self.safes)

    @property
    def profiles(self) -> tuple[str, ...]:
        """Those of the configuration."""
        return self._config.profiles

    def of(self, profile: str) -> "ProfileDesk":
        """Another profile of it, with the same keyring and vault."""
        return ProfileDesk(self._config, structs.replace(self._asked, profile=profile, mode=None), self.safes)

    def open(self, mode: Mode) -> Workspace:
        """The profile in a mode; nothing is read yet."""
        profile = self._asked.guarded(self._config.open(self.profile_name, mode))
        return open_workspace(self._config, profile, self._asked.timeout, self.safes)

    def sealed(self, mode: Mode) -> bool:
        """Whether keys of the mode are in the vault, which is locked."""
        return self.safes.vault.locked and needs_vault(self.safes, self._config, self.profile_name, (mode,))

    def unseal(self, passphrase: str) -> None:
        """Opens the vault for this run. Raises `KeyRefused` for a wrong passphrase."""
        self.safes.unlock(passphrase)

    def examples(self, mode: Mode) -> tuple[Example, ...]:
        """Nobody: real people are not suggested."""
        del mode
        return ()


class DemoDesk:
    """The embedded sandbox, as its ready document describes it; its keys stay in memory."""

    modes = MODES
    mode: Mode = "test"

    def __init__(self, ready: dict[str, Any], state: Path) -> None:
        self._ready = ready
        self._state = state
        self._config = load_config(Path(ready["config"]))
        self.profile_name = self._config.open(None, "test").name
        self._kept: dict[tuple[str, str], str] = {}

    @property
    def profiles(self) -> tuple[str, ...]:
        """The sandbox is one product."""
        return (self.profile_name,)

    def of(self, profile: str) -> "DemoDesk":
        """There is no other."""
        del profile
        return self

    def open(self, mode: Mode) -> Workspace:
        """One of the sandbox's two modes, with the guards of the real ones."""
        keep_log()
        other: Mode = "test" if mode == "live" else "live"
        return Workspace(self._openings(mode, self._openings(other, None)), self._state)

    def sealed(self, mode: Mode) -> bool:
        """Never: the demo's keys are no secrets."""
        del mode
        return False

    def unseal(self, passphrase: str) -> None:
        """There is nothing to open."""

    def _openings(self, mode: Mode, other: Openings | None) -> Openings:
        profile = structs.replace(self._config.open(None, mode), demo=True)
        return Openings(
            profile, lambda slot: self._secret(mode, slot), state=self._state, other=other, keep=partial(self._keep, mode)
        )

    def _keep(self, mode: Mode, slot: str, value: str) -> str:
        self._kept[mode, slot] = value
        return "memory of this demo"

    def examples(self, mode: Mode) -> tuple[Example, ...]:
        """The people whom the sandbox has broken something for."""
        from billing_tui.diagnosis.rules import RULES

        names = {rule.id: rule.name for rule in RULES}
        held = [each for each in self._ready["examples"] if each.get("mode", "test") == mode]
        return tuple(Example(each["email"], each["stages"], mode, names.get(each["stages"], "")) for each in held)

    def _secret(self, mode: Mode, slot: str) -> Secret | None:
        values = {
            "stripe_key": self._ready["stripe"][f"{mode}_key"],
            "clerk_key": self._ready["clerk"][f"{mode}_key"],
            "webhook_secret": self._ready["app"]["webhook_secret"][mode],
            "database_url": self._ready["app"]["database_url"][mode],
        }
        value = self._kept.get((mode, slot), values.get(slot))
        return Secret(value, slot, "memory") if value else None
