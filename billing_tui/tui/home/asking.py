"""The input of the Tickets screen: one line, whatever was pasted, and nothing typed is ever lost."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from billing_tui.model.query import Kind, understand


class TicketInput(Input):
    """One line; the arrow down leads to the list under it, and what was typed stays."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "leave_for_list", "To the list", show=False)]

    def action_leave_for_list(self) -> None:
        """Gives the keys to what stands below."""
        self.screen.focus_next()

    def on_paste(self, event: events.Paste) -> None:
        """Of a whole ticket, takes what can be looked up."""
        event.prevent_default()
        event.stop()
        self.replace(ticket_in(event.text), *sorted(self.selection))


def ticket_in(pasted: str) -> str:
    """The first line that names somebody, else the first word that does, else the first line."""
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    words = [word.strip("().,:;") for line in lines for word in line.split()]
    named = (each for each in (*lines, *words) if understand(each).kind is not Kind.UNKNOWN)
    return next(named, lines[0] if lines else "")
