"""The keys and the mouse of a table: moving, marking, opening."""

from typing import ClassVar, Generic

from textual import events
from textual.binding import Binding, BindingType

from billing_tui.tui.table.columns import R
from billing_tui.tui.table.lines import Lines


class Moving(Lines[R], Generic[R]):
    """Lines that somebody goes through."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("g,home", "move_to(0)", "First", show=False),
        Binding("G,end", "move_to(-1)", "Last", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("space", "mark", "Mark", show=False),
        Binding("enter", "open", "Open", show=False),
    ]

    def action_move(self, step: int) -> None:
        self.move_to(self.order.at + step)

    def action_move_to(self, at: int) -> None:
        self.move_to(at if at >= 0 else len(self.order) + at)

    def action_page(self, direction: int) -> None:
        self.move_to(self.order.at + direction * max(self.scrollable_content_region.height - 1, 1))

    def action_mark(self) -> None:
        """Marks the row, and goes on to the next."""
        self.order.toggle()
        self.refresh_line(self.order.at)
        self.action_move(1)
        self.post_message(self.Marked())

    def action_open(self) -> None:
        if self.current is not None:
            self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        at = event.y + round(self.scroll_y)
        if at >= len(self.order):
            return
        again = at == self.order.at
        self.move_to(at)
        if again or event.chain > 1:
            self.action_open()
