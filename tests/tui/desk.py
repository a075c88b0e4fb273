"""The dashboard's desk over a running sandbox: real workspaces, real HTTP, real SQLite."""

from pathlib import Path
from typing import cast

from msgspec import structs

from billing_tui.model.band import Example
from billing_tui.model.profile import Mode
from billing_tui.opening import Openings
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.settings.config import load_config
from billing_tui.settings.secret import Secret
from billing_tui.workspace import Workspace


class SandboxDesk:
    """Opens workspaces on a sandbox; `rooms` remembers them, to see what became of each."""

    profile_name = "demo"
    modes: tuple[Mode, ...] = ("test", "live")

    def __init__(self, sandbox: RunningSandbox, state: Path, mode: Mode = "test", *, read_only: bool = False) -> None:
        self.mode = mode
        self.rooms: list[Workspace] = []
        self._sandbox, self._state, self._read_only = sandbox, state, read_only

    def open(self, mode: Mode) -> Workspace:
        profile = load_config(Path(self._sandbox.ready["config"])).open("demo", mode)
        profile = structs.replace(profile, demo=True, read_only=self._read_only)
        self.rooms.append(Workspace(Openings(profile, lambda slot: self._secret(mode, slot)), self._state))
        return self.rooms[-1]

    def examples(self, mode: Mode) -> tuple[Example, ...]:
        return tuple(
            Example(each["email"], each["stages"], cast("Mode", each["mode"]))
            for each in self._sandbox.ready["examples"]
            if each["mode"] == mode
        )

    def _secret(self, mode: Mode, slot: str) -> Secret | None:
        ready = self._sandbox.ready
        held = {
            "stripe_key": ready["stripe"][f"{mode}_key"],
            "clerk_key": ready["clerk"][f"{mode}_key"],
            "webhook_secret": ready["app"]["webhook_secret"][mode],
            "database_url": ready["app"]["database_url"][mode],
        }
        return Secret(held[slot], slot, "environment") if slot in held else None
