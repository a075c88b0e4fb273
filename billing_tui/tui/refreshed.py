"""The part of the app that keeps the cache fresh while somebody looks: the tail of events, seldom, and not for nobody.

A key only takes down that somebody is there. A sync that somebody asked for wins over one that nobody did.
"""

from datetime import datetime

from textual import events, work
from textual.timer import Timer

from billing_tui.model.problem import Problem
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.synced import GROUP, SyncedApp
from billing_tui.tui.tickets import TicketsScreen
from billing_tui.tui.watching import Watch

_SOON = 2.0
"""Seconds after which a room that was entered is refreshed for the first time."""
_SURVEYED = 900.0
"""Seconds after which everybody is looked at again in Clerk and the database."""
_OLD = 0.9
"""This part of the pause makes a cache old: what another window has read in the meantime is not read again."""


class RefreshedApp(SyncedApp):
    """Reads what has changed in the room that is open, every minute or less often."""

    def __init__(self) -> None:
        super().__init__()
        self._watch = Watch()
        self._next: Timer | None = None
        self._asleep = False
        self._read: datetime | None = None
        self._told_of = ""

    def forget_sync(self) -> None:
        super().forget_sync()
        self._read, self._told_of = None, ""
        self._refresh_later(_SOON)

    async def stop_work(self, *groups: str) -> None:
        self._rest()
        await super().stop_work(*groups)

    def looked(self, event: events.Event) -> None:
        """Heeds a sign that somebody looks: what slept while nobody did goes on at once."""
        if self._watch.heed(event) and self._asleep:
            self._refresh()

    def _rest(self) -> None:
        if self._next:
            self._next.stop()
        self._next, self._asleep = None, False

    def _refresh_later(self, most: float | None = None) -> None:
        self._rest()
        wait = self.room.refresh_after(self._watch.unwatched)
        if wait is None:
            self._asleep = True
        else:
            self._next = self.set_timer(wait if most is None else min(wait, most), self._refresh)

    def _refresh(self) -> None:
        wait = self.room.refresh_after(self._watch.unwatched)
        busy = any(worker.group == GROUP and not worker.is_finished for worker in self.workers)
        if wait is not None and not busy:
            self._read_what_changed(_OLD * wait)
        self._refresh_later()

    @work(group=GROUP, exit_on_error=False)
    async def _read_what_changed(self, older: float) -> None:
        try:
            read = await self.room.refresh(older)
            if read and await self.room.survey(older=_SURVEYED):
                self._read = None
        except Problem as problem:
            self._tell_quietly(problem)
            return
        self._told_of = ""
        if read and read != self._read:
            self._read = read
            self._cache_changed()

    def _cache_changed(self) -> None:
        for screen in self.screens():
            screen.show_band(self.room.band())
            screen.cache_changed()

    def endpoints_known(self) -> None:
        """What needs attention can now be told of the endpoints too."""
        for screen in self.screens():
            if isinstance(screen, TicketsScreen):
                screen.cache_changed()

    def _tell_quietly(self, problem: Problem) -> None:
        """Once, and not again before it has gone well in between."""
        if problem.message != self._told_of:
            self._told_of = problem.message
            for screen in self.screens():
                if screen.is_current:
                    screen.tell(Note(f"Not refreshed: {problem.message}", "careful"))
