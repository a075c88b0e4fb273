"""The dashboard on a clock that runs so many times faster where it refreshes in the background; nothing else is hurried."""

from billing_tui.cli.options import Asked
from billing_tui.model.band import Example
from billing_tui.model.profile import Mode
from billing_tui.settings.openings import Openings
from billing_tui.settings.paths import cache_dir, state_dir
from billing_tui.settings.secrets import find_secret
from billing_tui.tui.app import Dashboard
from billing_tui.workspace import Workspace

SPEED = 120.0


class Hastened(Workspace):
    """Plans as ever, in a time of its own."""

    def refresh_after(self, unwatched: float) -> float | None:
        wait = super().refresh_after(unwatched * SPEED)
        return None if wait is None else wait / SPEED


class HastenedDesk:
    """A profile of the configuration."""

    modes: tuple[Mode, ...] = ("test",)
    mode: Mode = "test"

    def __init__(self) -> None:
        self._config = Asked().load()
        self.profile_name = self._config.open(None, self.mode).name
        self.profiles = (self.profile_name,)

    def of(self, profile: str) -> "HastenedDesk":
        """There is no other."""
        del profile
        return self

    def open(self, mode: Mode) -> Workspace:
        """The profile; nothing is read yet."""
        config, name = self._config, self.profile_name
        openings = Openings(config.open(name, mode), lambda slot: find_secret(config, name, mode, slot))
        return Hastened(openings, state_dir(), cache=cache_dir())

    def sealed(self, mode: Mode) -> bool:
        """Its keys are in the environment."""
        del mode
        return False

    def unseal(self, passphrase: str) -> None:
        """There is nothing to open."""

    def examples(self, mode: Mode) -> tuple[Example, ...]:
        """Nobody."""
        del mode
        return ()


if __name__ == "__main__":
    Dashboard(HastenedDesk()).run()
