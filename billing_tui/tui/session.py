"""The part of the app that holds the session's switches: the lock of live writes and the mask over names, and who is there."""

from textual import events, work

from billing_tui.model.problem import Problem
from billing_tui.tui.commanded import CommandedApp
from billing_tui.tui.copied import show_to_select
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.live_lock import LiveLock


class SessionApp(CommandedApp):
    """Keeps the lock and the mask for as long as the window is open."""

    def __init__(self, lock: LiveLock | None = None) -> None:
        super().__init__()
        self._lock = lock or LiveLock()

    def _tell(self, note: Note | None) -> None:
        if self.framed:
            self.framed.tell(note)

    def _show_band(self) -> None:
        if self.framed:
            self.framed.show_band(self.room.band())

    async def on_event(self, event: events.Event) -> None:
        self.looked(event)
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._lock.touch()
            if self.framed and self.framed.is_mounted:
                self.framed.forget_note()
        await super().on_event(event)

    @work(exclusive=True, group="copied", exit_on_error=False)
    async def action_show_copied(self) -> None:
        """What was copied, where the terminal's own selection can take it."""
        if not self.clipboard:
            self._tell(Note("Nothing was copied in this window yet.", "careful"))
            return
        try:
            await show_to_select(self, self.clipboard)
        except Problem as problem:
            self._tell(note_of(problem))

    def action_toggle_privacy(self) -> None:
        self.privacy = not self.privacy
        for screen in self.screens():
            screen.set_privacy(self.privacy)
        self._tell(Note("Names and e-mails are masked." if self.privacy else "Names and e-mails are shown."))

    def action_toggle_lock(self) -> None:
        self._tell(self._lock.toggle(self.room))
        self.on_plan_dialog_unlocked()

    def on_plan_dialog_unlocked(self) -> None:
        """Watches, from when live writes are unlocked, for nobody being here."""
        self._show_band()
        if self.room.profile.mode == "live" and not self.room.locked:
            self.set_timer(max(self._lock.left(), 0.01), self._relock)

    def _relock(self) -> None:
        if self.room.profile.mode == "live" and not self.room.locked and self._lock.left() <= 0:
            self._tell(self._lock.relock(self.room))
        self.on_plan_dialog_unlocked()
