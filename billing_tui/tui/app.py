"""The dashboard: rooms and modes, and a clean end.

It opens rooms through a desk and draws screens; it imports no service, so that the first paint waits for nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from textual import work
from textual.worker import Worker, WorkerState

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.settings.collecting import set_aside
from billing_tui.tui.actions import bindings
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.dialogs.chooser import Choice, Chooser
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.going import Screens
from billing_tui.tui.live_lock import LiveLock
from billing_tui.tui.session import SessionApp
from billing_tui.tui.synced import GROUP
from billing_tui.tui.visits import Visits

_GROUPS = ("ticket", "plan", "apply", "warm", "golive", "golive-run", "audit", "drift", "webhooks", GROUP)
"""Workers that hold the room."""


class Dashboard(SessionApp):
    """One window of the dashboard."""

    TITLE = "billing-tui"
    BINDINGS = bindings("app")

    def __init__(self, desk: Desk, lock: LiveLock | None = None) -> None:
        super().__init__(lock)
        self._desk = desk
        self._mode: Mode = desk.mode
        self._room: Room = desk.open(desk.mode)
        self.refusal: Problem | None = None
        """Why the window has ended, where nobody wanted it to."""
        self._visits: defaultdict[tuple[str, Mode], Visits] = defaultdict(Visits)

    # Beginning and end

    def on_mount(self) -> None:
        self.heed_signals()
        if self._desk.sealed(self._mode):
            self._enter_unsealed()
        else:
            self._enter()

    @work(exclusive=True, group="switch", exit_on_error=False)
    async def _enter_unsealed(self) -> None:
        self.refusal = await self._unsealed(self._desk, self._mode)
        if self.refusal:
            self.exit(self.refusal.exit_code)
        else:
            self._enter()

    async def _unsealed(self, desk: Desk, mode: Mode) -> Problem | None:
        """Asks for the passphrase of the vault; returns what to say where nobody gave it."""
        from billing_tui.settings.vault import vault_locked
        from billing_tui.tui.dialogs.passphrase import PassphraseDialog  # seldom needed

        says = f"The keys of the profile {desk.profile_name} are in a vault. Its passphrase opens it for this run."
        opened: bool | None = await self.push_screen_wait(PassphraseDialog(says, desk.unseal, mode=mode))
        return None if opened else vault_locked()

    def _enter(self) -> None:
        """Shows the room that is open, and once that is drawn asks for what it lacks: nothing competes with the first paint."""
        visits = self._visits[self._desk.profile_name, self._mode]
        self.enter(Screens(self._desk, self._room, visits, self._desk.examples(self._mode)))
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        if self.framed and self.framed.is_mounted:
            self.framed.first_drawn()
            self._warm()
        else:
            self.call_after_refresh(self._fill)

    @work(exclusive=True, group="warm", exit_on_error=False)
    async def _warm(self) -> None:
        room = self._room
        try:
            await room.warm()
            for ended in await room.reconcile():
                self._tell(Note(f"An earlier window left this open; it was looked up: {ended.title}. 8 says more.", "careful"))
        except Problem as problem:
            self._tell(note_of(problem))
        if room.band().warning:
            self._tell(Note(room.band().warning, "careful", sticky=True))
        self._show_band()
        self.endpoints_known()
        self.call_after_refresh(set_aside)

    async def action_leave_app(self) -> None:
        if isinstance(self.screen, PlanDialog) and self.screen.state.phase == "applying":
            self.screen.action_leave()  # a bulk stops after the step that is under way; anything else is written to its end
        else:
            self.exit(0)

    async def action_quit(self) -> None:
        await self.action_leave_app()

    async def on_unmount(self) -> None:
        await self.stop_work(*_GROUPS)
        await self._room.close()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self._tell(note_of(fault(event.worker.error)))

    @property
    def room(self) -> Room:
        return self._room

    @work(exclusive=True, group="switch", exit_on_error=False)
    async def action_switch_billing_mode(self) -> None:
        """Closes the room, with everything in flight, and opens the other one."""
        other: Mode = "live" if self._mode == "test" else "test"
        if other not in self._desk.modes:
            self._tell(Note(f"Profile {self._desk.profile_name} has no keys for {other} mode.", "careful"))
            return
        await self._move(lambda: self._desk, other)

    @work(exclusive=True, group="switch", exit_on_error=False)
    async def action_switch_profile(self) -> None:
        """The same to another profile, in the mode that it opens in."""
        here, others = self._desk.profile_name, self._desk.profiles
        if len(others) < 2:
            self._tell(Note(f"There is no profile but {here}; billing-tui profile init makes another.", "careful"))
            return
        choices = [Choice(name, "", name, why_not="open now" if name == here else "") for name in others]
        chosen = await self.push_screen_wait(Chooser("another profile", choices, filtered=True))
        if chosen:
            await self._move(lambda: self._desk.of(chosen), None)

    async def _move(self, to: Callable[[], Desk], mode: Mode | None) -> None:
        """Opens another room once this one is closed; where that one cannot be opened, this one stays."""
        try:
            desk = await asyncio.to_thread(to)
            entered = mode or desk.mode
            if await asyncio.to_thread(desk.sealed, entered) and (locked := await self._unsealed(desk, entered)):
                raise locked
            room = desk.open(entered)
        except Problem as problem:
            self._tell(note_of(problem))
            return
        await self.stop_work(*_GROUPS)
        await self._room.close()
        self._desk, self._room, self._mode = desk, room, entered
        self._enter()


def run(desk: Desk, *, follows: bool = False) -> int:
    """Opens the dashboard and returns the exit code when it is left; it may follow the window of the first run.

    Raises:
        Problem: It could not be entered.
    """
    app = Dashboard(desk)
    app.follows = follows
    code = app.run() or 0
    if app.refusal:
        raise app.refusal
    return code
