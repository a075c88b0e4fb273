"""The dashboard: themes, modes, the session's switches, and a clean end.

It opens rooms through a desk and draws screens; it imports no service, so that the first paint waits for nothing.
"""

import asyncio
import os
import signal
from contextlib import suppress
from time import monotonic

from textual import events, work
from textual.app import App
from textual.worker import Worker, WorkerCancelled, WorkerFailed, WorkerState

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.tui.actions import ACTIONS, Place, allowed, bindings
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.dialogs.chooser import Chooser
from billing_tui.tui.dialogs.pages import commands, help_page
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.theme import NIGHT, SIXTEEN
from billing_tui.tui.tickets import TicketsScreen
from billing_tui.tui.visits import Visits

IDLE = 15 * 60.0
"""Seconds without a key after which live writes are locked again."""

_BY_WIDTH: list[tuple[int, str]] = [(0, "-narrow"), (100, "-wide")]
_BY_HEIGHT: list[tuple[int, str]] = [(0, "-short"), (30, "-tall")]


class Dashboard(App[int]):
    """One window of the dashboard."""

    TITLE = "billing-tui"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = _BY_WIDTH
    VERTICAL_BREAKPOINTS = _BY_HEIGHT
    BINDINGS = bindings("app")

    def __init__(self, desk: Desk, *, idle: float = IDLE) -> None:
        super().__init__()
        self.animation_level = "none"
        self._desk = desk
        self._mode: Mode = desk.mode
        self._room: Room = desk.open(desk.mode)
        self._visits: dict[Mode, Visits] = {"test": Visits(), "live": Visits()}
        self._privacy = False
        self._idle, self._last_key = idle, monotonic()
        self.register_theme(NIGHT)
        self.register_theme(SIXTEEN)
        sixteen = self.console.color_system == "standard" or os.environ.get("TEXTUAL_THEME", "").startswith("ansi")
        self.theme = SIXTEEN.name if sixteen else NIGHT.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return NIGHT.variables

    # Beginning and end

    def on_mount(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            with suppress(NotImplementedError, ValueError, RuntimeError):
                asyncio.get_running_loop().add_signal_handler(number, self.exit, 0)
        self._enter()

    def _enter(self) -> None:
        """Shows the room that is open, then asks what the band wants to say."""
        examples = self._desk.examples(self._mode)
        screen = TicketsScreen(self._room, examples, self._visits[self._mode], privacy=self._privacy)
        if isinstance(self.screen, TicketsScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        self.call_after_refresh(self._warm)

    @work(exclusive=True, group="warm", exit_on_error=False)
    async def _warm(self) -> None:
        room = self._room
        try:
            await room.warm()
        except Problem as problem:
            self._tell(note_of(problem))
        warning = room.band().warning
        if warning:
            self._tell(Note(warning, "careful", sticky=True))
        self._show_band()

    async def action_leave_app(self) -> None:
        if isinstance(self.screen, PlanDialog) and self.screen.state.phase == "applying":
            return
        self.exit(0)

    action_quit = action_leave_app

    async def on_unmount(self) -> None:
        await self._stop_work()
        await self._room.close()

    async def _stop_work(self) -> None:
        """Ends everything in flight, and waits until it has ended."""
        flying = [worker for worker in self.workers if worker.group in ("ticket", "plan", "warm")]
        for worker in flying:
            worker.cancel()
        for worker in flying:
            with suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self._tell(note_of(fault(event.worker.error)))

    # What is on the screen

    @property
    def _tickets(self) -> TicketsScreen | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, TicketsScreen)), None)

    @property
    def place(self) -> Place:
        return self._tickets.place if self._tickets else "home"

    def _tell(self, note: Note | None) -> None:
        if self._tickets:
            self._tickets.tell(note)

    def _show_band(self) -> None:
        if self._tickets:
            self._tickets.show_band(self._room.band())

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, self.place, read_only=self._room.profile.read_only)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._last_key = monotonic()
            if self._tickets:
                self._tickets.forget_note()
        await super().on_event(event)

    # What the keys do

    def action_go(self, _place: str) -> None:
        if self._tickets:
            self._tickets.action_new_ticket()

    def action_toggle_privacy(self) -> None:
        self._privacy = not self._privacy
        if self._tickets:
            self._tickets.set_privacy(self._privacy)
        self._tell(Note("Names and e-mails are masked." if self._privacy else "Names and e-mails are shown."))

    def action_toggle_lock(self) -> None:
        if self._mode == "test":
            self._tell(Note("Test mode is never locked.", "careful"))
            return
        try:
            if self._room.locked:
                self._room.unlock()
                self.on_plan_dialog_unlocked()
                self._tell(Note("Live writes are unlocked, until 15 minutes pass without a key.", "careful"))
            else:
                self._room.lock()
                self._tell(Note("Live writes are locked."))
        except Problem as problem:
            self._tell(note_of(problem))
        self._show_band()

    def on_plan_dialog_unlocked(self) -> None:
        """Starts to watch for idleness."""
        self._show_band()
        self.set_timer(self._idle, self._relock)

    def _relock(self) -> None:
        if self._mode == "test" or self._room.locked:
            return
        left = self._idle - (monotonic() - self._last_key)
        if left > 0:
            self.set_timer(left, self._relock)
            return
        self._room.lock()
        self._tell(Note("Live writes are locked again: 15 minutes without a key.", "careful", sticky=True))
        self._show_band()

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
        await self._stop_work()
        await self._room.close()
        self._room, self._mode = room, other
        self._enter()

    def action_palette(self) -> None:
        choices = commands(self.place, read_only=self._room.profile.read_only)
        self.push_screen(Chooser("every command", choices, filtered=True), self._command)

    def _command(self, chosen: str | None) -> None:
        action = next((each for each in ACTIONS if each.id == chosen), None)
        if action:
            target = self._tickets if action.owner == "tickets" and self._tickets else self
            self.call_later(target.run_action, action.run)

    def action_help_here(self) -> None:
        self.push_screen(Reader("keys and signs", help_page(self.place, read_only=self._room.profile.read_only)))


def run(desk: Desk) -> int:
    """Opens the dashboard and returns the exit code when it is left."""
    return Dashboard(desk).run(mouse=True) or 0
