"""The dashboard: rooms and modes, the session's switches, and a clean end.

It opens rooms through a desk and draws screens; it imports no service, so that the first paint waits for nothing.
"""

from textual import events, work
from textual.worker import Worker, WorkerState

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.tui.actions import ACTIONS, Place, allowed, bindings
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.dialogs.chooser import Chooser
from billing_tui.tui.dialogs.pages import commands
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.going import Screens
from billing_tui.tui.live_lock import LiveLock
from billing_tui.tui.placed import PlacedApp
from billing_tui.tui.synced import GROUP
from billing_tui.tui.visits import Visits

_GROUPS = ("ticket", "plan", "apply", "warm", "golive", GROUP)
"""Workers that hold the room."""


class Dashboard(PlacedApp):
    """One window of the dashboard."""

    TITLE = "billing-tui"
    BINDINGS = bindings("app")

    def __init__(self, desk: Desk, lock: LiveLock | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._mode: Mode = desk.mode
        self._room: Room = desk.open(desk.mode)
        self._visits: dict[Mode, Visits] = {"test": Visits(), "live": Visits()}
        self._lock = lock or LiveLock()

    # Beginning and end

    def on_mount(self) -> None:
        self.heed_signals()
        self._enter()

    def _enter(self) -> None:
        """Shows the room that is open, then asks what the band wants to say."""
        self.enter(Screens(self._desk, self._room, self._visits[self._mode], self._desk.examples(self._mode)))
        self.call_after_refresh(self._warm)

    @work(exclusive=True, group="warm", exit_on_error=False)
    async def _warm(self) -> None:
        room = self._room
        try:
            await room.warm()
        except Problem as problem:
            self._tell(note_of(problem))
        if room.band().warning:
            self._tell(Note(room.band().warning, "careful", sticky=True))
        self._show_band()

    async def action_leave_app(self) -> None:
        writing = isinstance(self.screen, PlanDialog) and self.screen.state.phase == "applying"
        if not writing:
            self.exit(0)

    async def action_quit(self) -> None:
        await self.action_leave_app()

    async def on_unmount(self) -> None:
        await self.stop_work(*_GROUPS)
        await self._room.close()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self._tell(note_of(fault(event.worker.error)))

    # What is on the screen

    @property
    def room(self) -> Room:
        return self._room

    @property
    def _place(self) -> Place:
        return self.framed.place if self.framed and self.framed.is_mounted else "home"

    def _tell(self, note: Note | None) -> None:
        if self.framed:
            self.framed.tell(note)

    def _show_band(self) -> None:
        if self.framed:
            self.framed.show_band(self._room.band())

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, self._place, read_only=self._room.profile.read_only)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._lock.touch()
            if self.framed and self.framed.is_mounted:
                self.framed.forget_note()
        await super().on_event(event)

    # What the keys do

    def action_toggle_privacy(self) -> None:
        self.privacy = not self.privacy
        for screen in self.screens():
            screen.set_privacy(self.privacy)
        self._tell(Note("Names and e-mails are masked." if self.privacy else "Names and e-mails are shown."))

    def action_toggle_lock(self) -> None:
        self._tell(self._lock.toggle(self._room))
        self.on_plan_dialog_unlocked()

    def on_plan_dialog_unlocked(self) -> None:
        """Watches, from when live writes are unlocked, for nobody being here."""
        self._show_band()
        if self._mode == "live" and not self._room.locked:
            self.set_timer(max(self._lock.left(), 0.01), self._watch)

    def _watch(self) -> None:
        if self._mode == "live" and not self._room.locked and self._lock.left() <= 0:
            self._tell(self._lock.relock(self._room))
        self.on_plan_dialog_unlocked()

    @work(exclusive=True, group="switch", exit_on_error=False)
    async def action_switch_billing_mode(self) -> None:
        """Closes the room, with everything in flight, and opens the other one."""
        other: Mode = "live" if self._mode == "test" else "test"
        if other not in self._desk.modes:
            self._tell(Note(f"Profile {self._desk.profile_name} has no keys for {other} mode.", "careful"))
            return
        try:
            room = self._desk.open(other)
        except Problem as problem:
            self._tell(note_of(problem))
            return
        await self.stop_work(*_GROUPS)
        await self._room.close()
        self._room, self._mode = room, other
        self._enter()

    def action_palette(self) -> None:
        choices = commands(self._place, read_only=self._room.profile.read_only)
        self.push_screen(Chooser("every command", choices, filtered=True), self._command)

    async def _command(self, chosen: str | None) -> None:
        action = next((each for each in ACTIONS if each.id == chosen), None)
        if action and self.framed:
            owner = self if action.owner == "app" else self.framed.owners.get(action.owner)
            if owner:
                await owner.run_action(action.run)

    def action_help_here(self) -> None:
        if self.framed:
            self.push_screen(Reader("keys and signs", self.framed.help()))


def run(desk: Desk) -> int:
    """Opens the dashboard and returns the exit code when it is left."""
    return Dashboard(desk).run() or 0
