"""What the screens over the cache share: how a sync stands, how it is asked for and stopped, and the way to a diagnosis."""

from abc import abstractmethod
from dataclasses import dataclass

from textual.message import Message

from billing_tui.tui.actions import allowed
from billing_tui.tui.desk import Room
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.lists.syncing import SyncState, sync_content
from billing_tui.tui.widgets.drawn import Drawn, nothing


class CacheScreen(FramedScreen):
    """A screen that draws from the cache and never waits for Stripe."""

    DEFAULT_CSS = """
    CacheScreen #sync { padding: 0 1; }
    """

    @dataclass
    class SyncAsked(Message):
        """The cache is to be brought up to date, then another room's where there is one."""

        also: Room | None = None

    class SyncStopped(Message):
        """The sync is to end, keeping what was done."""

    @dataclass
    class DiagnosisAsked(Message):
        """Somebody is to be diagnosed."""

        text: str

    @dataclass
    class RowsAsked(Message):
        """The rows of a list that these words find are to be shown."""

        place: str
        words: str

    def __init__(self, room: Room, *, privacy: bool) -> None:
        super().__init__(room.band())
        self._room = room
        self._privacy = privacy
        self.syncing: SyncState | None = None
        self._read_at = 0  # rows of the sync when the cache was last read again
        self._behind = False

    @property
    def also(self) -> Room | None:
        """Another room whose cache this screen draws from, to be brought up to date together with its own."""
        return None

    @abstractmethod
    def reload(self) -> None:
        """Reads the cache again: there may be something new."""

    def show_sync(self, state: SyncState) -> None:
        """Draws how the sync stands; what is in the cache is read again each time it has doubled, and at the end."""
        if not self.is_mounted:
            return
        before, self.syncing = self.syncing, state
        line = self.query_one("#sync", Drawn)
        line.show((lambda width: sync_content(state, width)) if state.running else nothing)
        if not state.running and before and before.running:
            self._tell_end(state)
        self.show_band(self._room.band())
        self.show_keys()
        if not state.running or state.rows >= 2 * self._read_at:
            self._read_at = max(state.rows, 1) if state.running else 0
            self.cache_changed()

    def cache_changed(self) -> None:
        """Reads the cache again now, or when somebody looks."""
        self._behind = not self.is_current
        if self.is_current:
            self.reload()

    def on_screen_resume(self) -> None:
        if self._behind:
            self.cache_changed()

    def _tell_end(self, state: SyncState) -> None:
        if state.problem:
            self.tell(note_of(state.problem))
        elif state.stopped:
            self.tell(Note("Stopped. What was read is kept; ctrl+r goes on from there.", "careful"))
        else:
            self.tell(Note(f"Up to date, for {state.requests:,} request{'' if state.requests == 1 else 's'}."))

    @property
    def is_syncing(self) -> bool:
        """Whether a sync runs."""
        return self.syncing is not None and self.syncing.running

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, self.place, read_only=self._room.profile.read_only)

    def action_sync_now(self) -> None:
        """Brings the cache up to date; a sync that runs already is left alone."""
        self.post_message(self.SyncAsked(self.also))

    def stop_sync(self) -> bool:
        """Ends the sync; says whether there was one."""
        if self.is_syncing:
            self.post_message(self.SyncStopped())
        return self.is_syncing
