"""The Drift screen: everyone who pays for one thing and has another, by cause; marked, and re-synced in one plan."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from billing_tui.cache.drift import Drifted
from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Wanted
from billing_tui.model.problem import Problem
from billing_tui.tui.actions import Owner, Place, available, bindings
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.draw import ends, row
from billing_tui.tui.drift.drawing import HELPED, drift_help, drift_rows, standing
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.theme import DIM, GOOD, INK
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Rower, Rows
from billing_tui.tui.words import clock


class DriftScreen(FramedScreen):
    """What the last look found, from the cache; `ctrl+r` looks again. Marks are by customer, and stay when the rows move."""

    DEFAULT_CSS = "DriftScreen #drifted { margin-top: 1; }"
    PLACE = "Drift"
    BINDINGS = bindings("drift")
    AUTO_FOCUS = ""

    def __init__(self, room: Room, *, privacy: bool) -> None:
        super().__init__(room.band())
        self._room = room
        self._privacy = privacy
        self._found: tuple[Drifted, ...] = ()
        self._at: datetime | None = None
        self._looking = self._drawn = False
        self._marks: dict[str, None] = {}

    def compose_body(self) -> ComposeResult:
        with Container(id="body"):
            yield Drawn(self._title, id="title")
            yield Rows(id="drifted")

    def on_mount(self) -> None:
        self.query_one(Rows).focus(scroll_visible=False)

    def on_screen_resume(self) -> None:
        self.cache_changed()

    def cache_changed(self) -> None:
        if not self._looking:
            self._read()

    @property
    def place(self) -> Place:
        return "drift"

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"drift": self}

    def help(self) -> Rower:
        return drift_help(read_only=self._room.profile.read_only)

    def hints(self) -> Iterable[Hint]:
        actions = available("drift", read_only=self._room.profile.read_only)
        return [(each.key, each.label) for each in actions if each.label]

    def set_privacy(self, on: bool) -> None:
        self._privacy = on
        self._draw()

    def _title(self, width: int) -> Content:
        if self._looking:
            state = row(("looking at everybody …", DIM))
        elif self._at:
            state = row((f"{standing(self._found, self._marks)}   looked at {clock(self._at)}", GOOD))
        else:
            state = row(("never looked at", DIM))
        return ends(row(("Who pays for one thing and has another", f"bold {INK}")), state, width)

    # Reading

    @work(exclusive=True, group="drift", exit_on_error=False)
    async def _read(self) -> None:
        await self._take()

    async def _take(self) -> None:
        try:
            (self._at, _), found = await asyncio.to_thread(lambda: (self._room.shelf().surveyed, self._room.shelf().drifted()))
            self._found = tuple(found)
        except Problem as problem:
            self.tell(note_of(problem))
        here = {held.customer_id for held in self._found}
        self._marks = {name: None for name in self._marks if name in here}
        self._draw()

    def action_look_again(self) -> None:
        """Brings the cache up to date, then looks at everybody in Clerk and the database."""
        self._looking = True
        self._draw()
        self._look()

    @work(exclusive=True, group="drift", exit_on_error=False)
    async def _look(self) -> None:
        try:
            await self._room.sync()
            report = await self._room.survey()
            for problem in report.missing.values() if report else ():
                self.tell(note_of(problem))
        except Problem as problem:
            self.tell(note_of(problem))
        finally:
            self._looking = False
        await self._take()
        self.show_band(self._room.band())

    def _draw(self) -> None:
        if self.is_mounted:
            found, marks, mask, now, looked = (
                self._found,
                set(self._marks),
                Mask(self._privacy),
                datetime.now(UTC),
                bool(self._at),
            )
            self.query_one("#title", Drawn).show(self._title)
            self.query_one(Rows).show(lambda width: drift_rows(found, marks, mask, now, width, looked=looked), keep=self._drawn)
            self._drawn = bool(found)

    # What the keys do

    @property
    def _here(self) -> Drifted | None:
        current = self.query_one(Rows).current
        return next((held for held in self._found if current and held.customer_id == current.names), None)

    def action_mark_drifted(self) -> None:
        held = self._here
        if held:
            self._marks.pop(held.customer_id) if held.customer_id in self._marks else self._marks.update({held.customer_id: None})
            self._draw()
            self.query_one(Rows).action_move(1)

    def action_mark_all(self) -> None:
        able = {held.customer_id: None for held in self._found if held.cause in HELPED}
        self._marks = {} if able.keys() <= self._marks.keys() else able
        self._draw()

    def action_resync_drifted(self) -> None:
        """Shows the plan for the marked ones, or for the one under the cursor."""
        held = self._here
        names = list(self._marks) or ([held.customer_id] if held else [])
        if not names:
            self.tell(Note("There is nobody to re-sync.", "careful"))
            return
        action = "resync several" if len(names) > 1 else "resync"
        wanted = Wanted(action=action, query=" ".join(names))
        self.app.push_screen(PlanDialog(self._room, wanted, Mask(self._privacy)), self._after)

    def _after(self, written: bool | None) -> None:
        if written:
            self._marks = {}
            self.action_look_again()

    @on(Rows.Chosen)
    def action_diagnose_drifted(self) -> None:
        held = self._here
        if held:
            self.post_message(CacheScreen.DiagnosisAsked(held.customer_id))

    def action_copy_drifted(self) -> None:
        held = self._here
        if held:
            self.app.copy_to_clipboard(held.customer_id)
            self.tell(Note(f"Copied {held.customer_id}"))
