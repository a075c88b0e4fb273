"""Live writes: locked until somebody unlocks them, and again when nobody has touched a key for a while."""

from time import monotonic

from billing_tui.model.problem import Problem
from billing_tui.tui.desk import Room
from billing_tui.tui.frame.notice import Note, note_of

IDLE = 15 * 60.0
"""Seconds without a key after which live writes are locked again."""


class LiveLock:
    """The lock of whichever room is open. It keeps no timer: it says how long there is still to wait."""

    def __init__(self, idle: float = IDLE) -> None:
        self.idle = idle
        self._touched = monotonic()

    def touch(self) -> None:
        """Somebody is here."""
        self._touched = monotonic()

    def toggle(self, room: Room) -> Note:
        """Locks or unlocks, and says what came of it."""
        if room.profile.mode == "test":
            return Note("Test mode is never locked.", "careful")
        if not room.locked:
            room.lock()
            return Note("Live writes are locked.")
        try:
            room.unlock()
        except Problem as problem:
            return note_of(problem)
        return Note(f"Live writes are unlocked, until {self._words} pass without a key.", "careful")

    def left(self) -> float:
        """Seconds until it is time to lock."""
        return self.idle - (monotonic() - self._touched)

    def relock(self, room: Room) -> Note:
        """Locks, because nobody is here."""
        room.lock()
        return Note(f"Live writes are locked again: {self._words} without a key.", "careful", sticky=True)

    @property
    def _words(self) -> str:
        return f"{self.idle / 60:.0f} minutes" if self.idle >= 60 else f"{self.idle:g} seconds"
