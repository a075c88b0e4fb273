"""The plan of a write as a dialog: read, shown, confirmed, carried out, verified.

The keys start on Cancel. In live the text that the plan names must be typed; Enter alone never writes.
"""

from collections.abc import Iterable
from time import monotonic
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Change, Wanted
from billing_tui.model.problem import Problem
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.dialogs.plan_box import PlanBox
from billing_tui.tui.dialogs.plan_state import PlanState
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.widgets.pick import Pick

_TITLES = {"resync": "re-sync plan", "cancel": "cancellation", "grant": "a given plan", "sign out": "sign out everywhere"}

_EVERY = 0.2
"""Seconds between two pictures of a bulk."""


def _applying_hints(state: PlanState) -> list[Hint]:
    if not state.bulk:
        return [("…", "being written; this cannot be stopped half-way")]
    if state.reins.stopped:
        return [("…", "stopping; what was sent is looked up")]
    return [("space", "go on" if state.reins.paused else "pause"), ("esc", "stop; what is done stays done"), ("↑ ↓", "scroll")]


class PlanDialog(Dialog[bool]):
    """Answers whether something may have been written, so that the ticket is read again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", show=False),
        Binding("right", "app.focus_next", "Next", show=False),
        Binding("left", "app.focus_previous", "Before", show=False),
        Binding("down", "scroll_plan(1)", "Scroll", show=False, priority=True),
        Binding("up", "scroll_plan(-1)", "Scroll", show=False, priority=True),
        Binding("pagedown", "scroll_plan(8)", "Scroll", show=False, priority=True),
        Binding("pageup", "scroll_plan(-8)", "Scroll", show=False, priority=True),
    ]

    class Unlocked(Message):
        """Live writes were unlocked from in here."""

    def __init__(self, room: Room, wanted: Wanted, mask: Mask) -> None:
        super().__init__(_TITLES.get(wanted.action, wanted.action), room.profile.mode)
        self._wanted, self._mask = wanted, mask
        self.state = PlanState(room)
        self._drawn = 0.0

    def compose_box(self) -> ComposeResult:
        yield PlanBox(self.state, self._mask)

    def hints(self) -> Iterable[Hint]:
        state = self.state
        if state.phase == "applying":
            return _applying_hints(state)
        if not state.writable:
            return [("esc", "close"), *([("L", "unlock live writes")] if state.locked else []), ("↑ ↓", "scroll")]
        return [
            ("esc", "cancel"),
            ("tab", "next"),
            ("enter", "apply, once typed" if state.live else "on Apply writes"),
            ("↑ ↓", "scroll"),
        ]

    def on_mount(self) -> None:
        self.query_one("#cancel").focus()
        self._draw()
        self._read()

    @work(exclusive=True, group="plan", exit_on_error=False)
    async def _read(self) -> None:
        try:
            self.state.change = await self.state.room.plan(self._wanted)
            self.state.phase, self.state.warned = "shown", self.state.change.warnings
        except Problem as problem:
            self.state.problem, self.state.phase = problem, "stopped"
        self._draw()

    @work(exclusive=True, group="apply", exit_on_error=False)
    async def _apply(self, change: Change, typed: str) -> None:
        try:
            async for further in self.state.room.apply(change, typed, self.state.reins):
                self.state.change = further
                self._draw_now_and_then()
            self.state.phase = "done"
        except Problem as problem:
            self.state.problem = problem
        finally:
            # Whatever came of it, the dialog can be closed, and the ticket is read again.
            self.state.phase = "done" if self.state.phase == "done" else "stopped"
            self._draw()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.state.problem, self.state.phase = fault(event.worker.error, writing=self.state.tried), "stopped"
            self._draw()

    def _draw_now_and_then(self) -> None:
        """A bulk goes faster than anybody reads."""
        if not self.state.bulk or monotonic() - self._drawn >= _EVERY:
            self._draw()

    def _draw(self) -> None:
        self._drawn = monotonic()
        if self.is_attached:
            self._box.show(self.query_one("#veil").size.height - 2)
            self.show_keys()

    @property
    def _box(self) -> PlanBox:
        return self.query_one(PlanBox)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    def _on_typed(self) -> None:
        self.state.hint = ""
        self._draw()

    def on_pick_pressed(self, event: Pick.Pressed) -> None:
        event.stop()
        if event.pick.id == "cancel":
            self.action_leave()
        else:
            self._go()

    @on(Input.Submitted)
    def _go(self) -> None:
        state = self.state
        if not state.writable or state.change is None:
            return
        if not state.confirmed(self._box.typed.value):
            state.hint = f"Type exactly {state.confirm} to let this happen."
            self._box.typed.focus()
            self._draw()
            return
        state.phase, state.tried = "applying", True
        self._draw()
        self._apply(state.change, self._box.typed.value.strip())

    def on_key(self, event: events.Key) -> None:
        """`L` unlocks; in live, typing on Cancel goes where it is meant to go."""
        state = self.state
        if event.character == "L" and state.locked:
            event.stop()
            self._unlock()
        elif state.writable and state.live and event.is_printable and event.character and not self._box.typed.has_focus:
            event.stop()
            self._box.typed.focus()
            self._box.typed.insert_text_at_cursor(event.character)

    def _unlock(self) -> None:
        try:
            self.state.room.unlock()
        except Problem as problem:
            self.state.problem = problem
        self.post_message(self.Unlocked())
        self._draw()

    def _stop(self) -> None:
        """Ends a bulk after the step that is under way; anything else is written to its end."""
        if self.state.bulk:
            self.state.reins.stop()
            self._draw()

    def action_scroll_plan(self, by: int) -> None:
        self._box.scroll_plan(by)

    def action_pause(self) -> None:
        """Pauses a bulk, or goes on with it."""
        reins = self.state.reins
        if self.state.phase == "applying" and self.state.bulk and not reins.stopped:
            reins.go_on() if reins.paused else reins.pause()
            self._draw()

    def action_leave(self) -> None:
        if self.state.phase == "applying":
            self._stop()
            return
        change = self.state.change
        following = change.then if change and change.applied and not change.failed else None
        if following:
            self.app.push_screen(PlanDialog(self.state.room, following, self._mask), lambda _: self.dismiss(True))
        else:
            self.dismiss(self.state.tried)
