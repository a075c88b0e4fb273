"""The rows of a table under a cursor, drawn line by line from what is held; what is not held yet is blank until it comes.

A key changes numbers and redraws two lines; whatever must be read is read by the `Fetching` below, in threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from rich.style import Style as Ink
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from billing_tui.tui.draw import Piece
from billing_tui.tui.table.columns import Column, R
from billing_tui.tui.table.order import Order
from billing_tui.tui.table.pages import Pages, State
from billing_tui.tui.table.paint import Inks, cells, inks, strip
from billing_tui.tui.theme import DIM, GREY, LINK

GUTTER = 2
"""Cells at the left, for the cursor and the mark."""


class Lines(ScrollView, Generic[R], can_focus=True):
    """What is in sight. The subclass brings the rows."""

    DEFAULT_CSS = """
    Lines { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
            color: $ink; background: $background; }
    Lines > .lines--cursor { color: $ink; background: $panel; }
    Lines:focus > .lines--cursor { color: $chosen-ink; background: $chosen; }
    Lines:ansi > .lines--cursor, Lines:focus:ansi > .lines--cursor { color: $ink; background: $background; }
    Lines:focus:ansi > .lines--cursor { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--cursor"}

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or the row under it has come."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Lines.Moved)

    class Opened(Message):
        """Enter, or a second click, on a row."""

    class Marked(Message):
        """A mark came or went."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.order = Order()
        self.pages: Pages[R] = Pages()
        self._columns: Sequence[Column[R]] = ()
        self._ink: Inks | None = None
        self._inks_of = ""
        self._said: tuple[str, ...] = ()
        self._seen: tuple[object, ...] = ()

    def need(self, first: int, last: int) -> None:
        """Rows from one place to before another are wanted on the screen."""
        raise NotImplementedError

    # Drawing

    def dress(self, columns: Sequence[Column[R]]) -> None:
        """Draws these columns from now on."""
        self._columns = columns
        self.refresh()

    @property
    def room(self) -> int:
        """Cells for the columns."""
        return max(self.scrollable_content_region.width - GUTTER, 0)

    @property
    def current(self) -> R | None:
        """The row under the cursor; None where there is none, or it is gone, or has not come yet."""
        number = self.order.number
        held = self.pages.get(number) if number is not None else None
        return None if isinstance(held, State) else held

    def say(self, lines: Sequence[str]) -> None:
        """What stands there while there are no rows."""
        if tuple(lines) != self._said:
            self._said = tuple(lines)
            if not len(self.order):
                self.refresh()

    def laid(self) -> None:
        """The order has changed: what is in sight is drawn again, unless it is the same rows."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.order))
        self._follow()
        self._look_ahead()
        seen, self._seen = self._seen, self._in_sight()
        if self._seen != seen:
            self.refresh()
        self.post_message(self.Moved())

    def _in_sight(self) -> tuple[object, ...]:
        top = round(self.scroll_y)
        return (*self.order.span(top, top + self.size.height), top, self.order.at, bool(len(self.order)))

    def render_line(self, y: int) -> Strip:
        width, at = self.size.width, y + round(self.scroll_y)
        base = self.rich_style
        if at >= len(self.order):
            text = self._said[at] if not len(self.order) and at < len(self._said) else ""
            return strip([(" " * GUTTER + text, DIM)], width, base, self._inks())
        number = self.order.numbers[at]
        under = at == self.order.at
        if under:
            base = self._cursor_ink()
        mark: Piece = ("▸" if under else " ", LINK if self.has_focus else GREY)
        star: Piece = ("*" if number in self.order.marks else " ", LINK)
        return strip([mark, star, *self._pieces(number)], width, base, self._inks())

    def _pieces(self, number: int) -> list[Piece]:
        held = self.pages.get(number)
        if isinstance(held, State):
            return []
        return cells(self._columns, held, self.room) if held is not None else [("gone since", GREY)]

    def _cursor_ink(self) -> Ink:
        return self.get_component_rich_style("lines--cursor")

    def _inks(self) -> Inks:
        if self._ink is None or self._inks_of != self.app.theme:
            self._ink, self._inks_of = inks(self.app.theme_variables), self.app.theme
        return self._ink

    def redraw(self, numbers: set[int]) -> None:
        """Draws the lines of these rows again, where they are in sight."""
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        for at in range(top, min(top + height, len(self.order))):
            if self.order.numbers[at] in numbers:
                self.refresh_line(at)
        if self.order.number in numbers:
            self.post_message(self.Moved())

    def refresh_line(self, y: int) -> None:
        """Draws one line again, and nothing beside it."""
        self.refresh(Region(0, y - round(self.scroll_y), self.scrollable_content_region.width, 1))

    # Moving

    def move_to(self, at: int) -> None:
        """The cursor to this place, or the nearest that there is."""
        old, self.order.at = self.order.at, self.order.within(at)
        if self.order.at == old:
            return
        self.refresh_line(old)
        self.refresh_line(self.order.at)
        self._seen = ()
        self._follow()
        self._look_ahead()
        self.post_message(self.Moved())

    def _follow(self) -> None:
        height, top = self.scrollable_content_region.height, round(self.scroll_y)
        wanted = min(max(top, self.order.at - height + 1), self.order.at)
        if height > 0 and wanted != top:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def _look_ahead(self) -> None:
        """Asks for what is in sight, and for a screenful on either side."""
        height, top = max(self.scrollable_content_region.height, 1), round(self.scroll_y)
        self.need(max(top - height, 0), min(top + 2 * height, len(self.order)))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._look_ahead()

    def on_resize(self, _event: events.Resize) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.order))
        self._follow()
        self._look_ahead()
        self.refresh()

    def unmark(self) -> None:
        """Takes every mark away."""
        self.order.marks.clear()
        self.refresh()
        self.post_message(self.Marked())

    def on_focus(self) -> None:
        self.refresh_line(self.order.at)

    def on_blur(self) -> None:
        self.refresh_line(self.order.at)
