"""The third step: what reading found out, each line with its evidence, each to be changed by whoever knows better."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from billing_tui.model.problem import Problem
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.setup.drawing import ON, found_rows
from billing_tui.tui.setup.step import StepScreen
from billing_tui.tui.setup.value_dialog import ValueDialog
from billing_tui.tui.theme import DIM
from billing_tui.tui.ticket.table import said
from billing_tui.tui.widgets.rows import Row, Rows

_PAIRS = "Pairs with commas between them: free = NULL, pro = Pro Plan."
_WORDS = "Words with commas between them, in their order."


class FoundStep(StepScreen):
    """Reads, shows, and takes changes."""

    STEP = 3
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "leave_out", "Leave out", show=False),
        Binding("ctrl+r", "read_again", "Read again", show=False),
    ]

    def compose_body(self) -> ComposeResult:
        yield Rows(_reading)

    def hints(self) -> Iterable[Hint]:
        if not self.draft.is_read:
            return [("esc", "stop, and back"), ("ctrl+r", "read again"), ("ctrl+q", "quit")]
        return [("enter", "change; go on"), ("x", "leave out"), ("G", "to the end"), ("ctrl+r", "read again"), ("esc", "back")]

    def entered(self) -> None:
        self._rows.focus()
        if not self.draft.is_read:
            self._read()

    @property
    def _rows(self) -> Rows:
        return self.query_one(Rows)

    def action_read_again(self) -> None:
        self._read()

    @work(exclusive=True, group="read", exit_on_error=False)
    async def _read(self) -> None:
        self._rows.show(_reading, keep=False)
        self.show_keys()
        try:
            await self.draft.read()
        except Problem as problem:
            self._rows.show(lambda _width: ())
            self.tell_of(problem)
        else:
            self._draw(keep=False)

    def action_back(self) -> None:
        self.workers.cancel_group(self, "read")
        super().action_back()

    def _draw(self, *, keep: bool = True) -> None:
        draft, fault = self.draft, self.draft.fault
        words = f"{fault.message} {fault.hint}".strip() if fault else ""
        self._rows.show(lambda width: found_rows(draft.proposals, draft.left_out, words, width), keep=keep)
        self.show_keys()

    # Changing

    @on(Rows.Chosen)
    def _on_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        if event.row.names != ON:
            self._change(event.row.names)
        elif fault := self.draft.fault:
            self.tell_of(fault)
        else:
            self.tell(None)
            self.post_message(self.Onward())

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _change(self, names: str) -> None:
        from billing_tui.setup.proposals import like, shown

        mode, _, key = names.partition("/")
        old = self.draft.entry(mode, key)
        if old is None:
            return
        before = shown(old.value)
        how = _PAIRS if isinstance(old.value, dict) else "" if isinstance(old.value, str | bool) else _WORDS
        typed: str | None = await self.app.push_screen_wait(ValueDialog(key, before, old.why, how))
        if typed is not None and (typed != before or (mode, key) in self.draft.left_out):
            self.tell(None)
            self.draft.change(mode, key, old.value if typed == before else like(old.value, typed))
            self._draw()

    def action_leave_out(self) -> None:
        mode, _, key = (self._rows.current.names if self._rows.current else "").partition("/")
        if key and self.draft.is_read:
            self.draft.change(mode, key, None)
            self.tell(Note(f"{key} is left out; enter on its line brings it back.", "careful"))
            self._draw()


def _reading(width: int) -> tuple[Row, ...]:
    text = "Reading Stripe, Clerk and the database. Nothing is written anywhere."
    return tuple(Row(each.content, stops=False) for each in said(text, width, DIM))
