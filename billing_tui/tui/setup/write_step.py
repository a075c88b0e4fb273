"""The last step: what will be written and where, the file itself to look at, and the one key that writes."""

from collections.abc import Iterable

from textual import on, work
from textual.app import ComposeResult

from billing_tui.model.problem import Problem
from billing_tui.model.text import clean
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.setup.drawing import SHOW, WRITE, write_rows
from billing_tui.tui.setup.step import StepScreen
from billing_tui.tui.theme import DIM, INK
from billing_tui.tui.ticket.table import said
from billing_tui.tui.widgets.rows import Row, Rows


class WriteStep(StepScreen):
    """Writes, once somebody says so."""

    STEP = 4

    def compose_body(self) -> ComposeResult:
        yield Rows()

    def hints(self) -> Iterable[Hint]:
        return [("enter", "do it"), ("↑ ↓", "move"), ("esc", "back"), ("ctrl+q", "quit")]

    def entered(self) -> None:
        self._draw()
        self.query_one(Rows).focus()

    def _draw(self, busy: str = "") -> None:
        draft = self.draft
        lines = draft.text.count("\n")
        self.query_one(Rows).show(lambda width: write_rows(draft.keys, str(draft.path), lines, busy, width))

    @on(Rows.Chosen)
    def _on_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        if event.row.names == WRITE:
            self._write()
        elif event.row.names == SHOW:
            text = self.draft.text
            self.app.push_screen(Reader("the file", lambda width: _file(text, width), text))

    @work(exclusive=True, group="write", exit_on_error=False)
    async def _write(self) -> None:
        self.tell(None)
        self._draw("Writing …")
        try:
            written = await self.draft.write()
        except Problem as problem:
            self.tell_of(problem)
        else:
            self.post_message(self.Done(written))
            return
        finally:
            self._draw()

    def action_back(self) -> None:
        if not any(worker.group == "write" and not worker.is_finished for worker in self.workers):
            super().action_back()


def _file(text: str, width: int) -> tuple[Row, ...]:
    styles = ((line, DIM if line.startswith("#") else INK) for line in text.splitlines())
    return tuple(row for line, style in styles for row in said(clean(line), width, style))
