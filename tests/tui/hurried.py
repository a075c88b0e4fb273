"""The sandbox's account in rooms that refresh themselves many times a second, and count how often."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import structs

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.workspace import Workspace

PAUSE = 0.1


class HurriedRoom(Workspace):
    """`looked_at` is what a person's absence is asked of; `refreshed` counts."""

    looked_at: Callable[[float], bool] = staticmethod(lambda _unwatched: True)
    refreshed = 0

    def refresh_after(self, unwatched: float) -> float | None:
        """As soon as possible, for whoever looks."""
        return PAUSE if self.looked_at(unwatched) else None

    async def refresh(self, older: float) -> datetime | None:
        """What the room does, counted when it is done."""
        try:
            return await super().refresh(older)
        finally:
            self.refreshed += 1


class HurriedDesk(DemoDesk):
    """As any profile's: nothing is read unasked."""

    def __init__(self, ready: dict[str, Any], state: Path) -> None:
        super().__init__(ready, state)
        self.rooms: list[HurriedRoom] = []

    def open(self, mode: Mode) -> Workspace:
        """A room that refreshes itself."""
        made = super().open(mode)
        room = HurriedRoom(replace(made._openings, profile=structs.replace(made.profile, demo=False)), self._state)
        self.rooms.append(room)
        return room
