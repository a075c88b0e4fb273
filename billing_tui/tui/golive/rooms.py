"""The room in live mode that go-live writes in: the window's own, or one beside it, which is closed with the screen."""

from billing_tui.model.problem import Problem
from billing_tui.tui.desk import Desk, Room


class LiveRoom:
    """Opened when it is first needed; locked again after each write where it is not the window's own."""

    def __init__(self, room: Room, desk: Desk) -> None:
        self._own = room if room.profile.mode == "live" else None
        self._desk = desk
        self._beside: Room | None = None

    def open(self) -> Room:
        """The room. Raises `Problem` where there are no keys for live mode."""
        if self._own:
            return self._own
        if "live" not in self._desk.modes:
            raise Problem("This profile has no keys for live mode.", "billing-tui keys set stripe_key --mode live takes one.")
        self._beside = self._beside or self._desk.open("live")
        return self._beside

    def lock(self) -> None:
        """Nothing more is written there until somebody unlocks it again."""
        if self._beside:
            self._beside.lock()

    async def close(self) -> None:
        """Closes what was opened here."""
        if self._beside:
            await self._beside.close()
