"""The Audit screen: what this tool wrote on this machine, newest first; each entry opens, and can be taken back."""

import asyncio
from collections.abc import Iterable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from billing_tui.changes.history import Told, Written
from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Wanted
from billing_tui.model.problem import Problem
from billing_tui.tui.actions import Owner, Place, available, bindings
from billing_tui.tui.audit.drawing import audit_help, audit_rows, entry_page, found
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.draw import ends, row
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.theme import DIM, INK
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Rower, Rows


class AuditScreen(FramedScreen):
    """Reads the journal in a thread, when one comes here and after every write."""

    DEFAULT_CSS = "AuditScreen #entries { margin-top: 1; }"
    PLACE = "Audit"
    BINDINGS = bindings("audit")
    AUTO_FOCUS = ""

    def __init__(self, room: Room, *, privacy: bool) -> None:
        super().__init__(room.band())
        self._room = room
        self._privacy = privacy
        self._written: Written | None = None

    def compose_body(self) -> ComposeResult:
        with Container(id="body"):
            yield Drawn(self._title, id="title")
            yield Rows(id="entries")

    def on_mount(self) -> None:
        self.query_one(Rows).focus(scroll_visible=False)

    def on_screen_resume(self) -> None:
        self.action_read_again()

    @property
    def place(self) -> Place:
        return "audit"

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"audit": self}

    def help(self) -> Rower:
        return audit_help(read_only=self._room.profile.read_only)

    def hints(self) -> Iterable[Hint]:
        actions = available("audit", read_only=self._room.profile.read_only)
        return [("enter", "open"), *((each.key, each.label) for each in actions if each.label)]

    @property
    def mask(self) -> Mask:
        return Mask(self._privacy)

    def set_privacy(self, on: bool) -> None:
        self._privacy = on
        self._draw()

    def _title(self, width: int) -> Content:
        return ends(row(("What was written from this machine", f"bold {INK}")), row(("in all profiles and modes", DIM)), width)

    @work(exclusive=True, group="audit", exit_on_error=False)
    async def action_read_again(self) -> None:
        try:
            self._written = await asyncio.to_thread(self._room.written)
        except Problem as problem:
            self.tell(note_of(problem))
        self._draw()

    def _draw(self) -> None:
        written, mask = self._written, self.mask
        if written is not None and self.is_mounted:
            self.query_one(Rows).show(lambda width: audit_rows(written, mask, width))

    @property
    def _here(self) -> Told | None:
        current = self.query_one(Rows).current
        return found(self._written.plans, current.names) if current and self._written else None

    @on(Rows.Chosen)
    def action_open_entry(self) -> None:
        held, mask = self._here, self.mask
        if held:
            page = Reader("what was written", lambda width: entry_page(held, mask, width), held.change.plan_id)
            self.app.push_screen(page, self._copy)

    def action_copy_entry(self) -> None:
        if self._here:
            self._copy(self._here.change.plan_id)

    def _copy(self, text: str | None) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied {text}"))

    def action_undo_entry(self) -> None:
        """Shows the plan that writes back what stood there before."""
        held = self._here
        if held is None:
            return
        here = self._room.profile
        if (held.change.profile, held.change.mode) != (here.name, here.mode):
            said = f"That was written in {held.change.mode} mode of {held.change.profile}: go there to take it back."
            self.tell(Note(said, "careful"))
            return
        wanted = Wanted(action="undo", query=held.change.plan_id)
        self.app.push_screen(PlanDialog(self._room, wanted, self.mask), self._after)

    def _after(self, written: bool | None) -> None:
        if written:
            self.action_read_again()
