"""The part of the app that brings the cache up to date while one looks: one sync at a time, told to all who draw from it."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on, work

from billing_tui.cache.lacking import unread
from billing_tui.model.problem import Problem
from billing_tui.tui.desk import Room
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.lists.syncing import EVERY, Syncing, SyncState
from billing_tui.tui.terminal import TerminalApp

if TYPE_CHECKING:
    from billing_tui.cache.survey import SurveyReport

GROUP = "sync"
"""The worker that holds the room while it syncs."""


class SyncedApp(TerminalApp):
    """Starts and ends syncs. The subclass says for which room, and who draws."""

    def __init__(self) -> None:
        super().__init__()
        self._syncing: Syncing | None = None

    @property
    @abstractmethod
    def room(self) -> Room:
        """The room that is open."""

    @abstractmethod
    def screens(self) -> Iterable[FramedScreen]:
        """Every screen of the room that was visited."""

    def look_at_sync(self, screen: FramedScreen) -> None:
        """A screen is shown for the first time: in the demo its cache is filled at once, elsewhere by the key that it names."""
        if isinstance(screen, CacheScreen):
            if self._syncing:
                screen.syncing = self._syncing.state
            if self.room.profile.demo and (self._syncing is None or screen.also):
                screen.call_after_refresh(screen.action_sync_now)

    def forget_sync(self) -> None:
        """The room was left."""
        self._syncing = None

    @on(CacheScreen.SyncAsked)
    def _on_sync_asked(self, event: CacheScreen.SyncAsked) -> None:
        if self._syncing is None or not self._syncing.state.running:
            self._sync([self.room, *filter(None, [event.also])])

    @on(CacheScreen.SyncStopped)
    def _on_sync_stopped(self) -> None:
        self.workers.cancel_group(self, GROUP)

    @work(exclusive=True, group=GROUP, exit_on_error=False)
    async def _sync(self, rooms: Iterable[Room]) -> None:
        for room in rooms:
            syncing = self._syncing = Syncing(room.profile.mode, self._told)
            stopped = True
            problem: Problem | None = None
            syncing.begin()
            drawing = self.set_interval(EVERY, syncing.draw)
            try:
                problem = unread((await room.sync(on_progress=syncing.heed)).lacking)
                if room is self.room:
                    self._tell_gaps(await room.survey())
                stopped = False
            except Problem as met:
                stopped, problem = False, met
            finally:
                drawing.stop()
                syncing.end(problem, stopped=stopped)
            if problem:
                return

    def _tell_gaps(self, report: "SurveyReport | None") -> None:
        """Says which layer could not be looked at; its part of the drift stays unknown."""
        for problem in report.missing.values() if report else ():
            for screen in self.screens():
                if screen.is_current:
                    screen.tell(Note(f"Drift is not known in full: {problem.message}", "careful"))

    def _told(self, state: SyncState) -> None:
        for screen in self.screens():
            if isinstance(screen, CacheScreen):
                screen.show_sync(state)
            elif not state.running:
                screen.cache_changed()
