"""A list of one-line rows with a cursor: drawn line by line, so that a move costs two lines and no more.

It knows what a row looks like and what it names, not what that is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from billing_tui.tui.theme import GREY, LINK

GUTTER = 2
"""Cells at the left for the cursor's mark."""


@dataclass(frozen=True)
class Row:
    """`names` is what the row stands for, e.g. an id; a row without `stops` is passed over by the cursor."""

    content: Content
    names: str = ""
    stops: bool = True


def _looks(row: Row) -> tuple[object, ...]:
    return (row.content.plain, row.content.spans, row.names, row.stops)


Rower = Callable[[int], tuple[Row, ...]]
"""The rows for a width in cells."""


class Rows(ScrollView, can_focus=True):
    """Rows under a cursor that shows where the keys go; marked by `▸`, dimmed while another pane has the keys."""

    DEFAULT_CSS = """
    Rows { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
           text-wrap: nowrap; text-overflow: clip; }
    Rows:focus > .rows--cursor { background: $panel; }
    Rows:focus:ansi > .rows--cursor { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("g,home", "first", "First", show=False),
        Binding("G,end", "last", "Last", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    cursor: var[int] = var(0, init=False)

    @dataclass
    class Chosen(Message):
        """Enter, or a click, on a row."""

        rows: "Rows"
        row: Row
        index: int

        @property
        def control(self) -> "Rows":
            return self.rows

    def __init__(self, rower: Rower = lambda _width: (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rower = rower
        self._rows: tuple[Row, ...] = ()
        self._width = -1

    def show(self, rower: Rower, *, keep: bool = True) -> None:
        """Other rows from now on; with `keep` the cursor stays on what its row names, otherwise it starts over."""
        before, current = self._rows, self.current
        self._rower = rower
        self._lay(self._width)
        if not keep:
            self.scroll_to(y=0, animate=False)
        self.cursor = self._stop(self._where_named(current) if keep else 0, 1)
        if list(map(_looks, before)) != list(map(_looks, self._rows)):
            self.refresh(layout=len(before) != len(self._rows))

    def _where_named(self, row: Row | None) -> int:
        """Where a row stands that names the same, the nearest to the cursor; the cursor's number where there is none."""
        same = [number for number, each in enumerate(self._rows) if row and row.names and each.names == row.names]
        return min(same, key=lambda number: abs(number - self.cursor), default=self.cursor)

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    @property
    def count(self) -> int:
        return len(self._rows)

    def _lay(self, width: int) -> None:
        self._width = width
        self._rows = self._rower(max(width - GUTTER, 1)) if width > 0 else ()
        self.virtual_size = Size(max(width, 0), len(self._rows))

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        if self._width < 0:
            self._lay(width)
        # A scrollbar may have taken some of this width already; how wide the rows are laid is for `_fit` to say.
        return len(self._rower(max(width - GUTTER, 1)))

    def on_resize(self, _event: events.Resize) -> None:
        self._fit()

    def watch_show_vertical_scrollbar(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        width = self.scrollable_content_region.width
        if width != self._width:
            self._lay(width)
        self.cursor = self._stop(self.cursor, 1)
        self._follow()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, number = self.size.width, y + round(self.scroll_y)
        if not 0 <= number < len(self._rows):
            return Strip.blank(width, self.rich_style)
        held, under = self._rows[number], number == self.cursor
        mark = ("▸ ", f"bold {LINK}" if self.has_focus else GREY) if under and held.stops else (" " * GUTTER, "")
        style = self.get_visual_style("rows--cursor") if under else self.visual_style
        return Visual.to_strips(self, Content.assemble(mark, held.content), width, 1, style, pad=True)[0]

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old)
        self.refresh_line(new)
        self._follow()

    def _follow(self) -> None:
        height = self.scrollable_content_region.height
        top = round(self.scroll_y)
        # Going up, what introduces the first row comes into sight with it.
        goal = 0 if not any(row.stops for row in self._rows[: self.cursor]) else self.cursor
        end = self.cursor
        while end + 1 < len(self._rows) and not self._rows[end + 1].stops and self._rows[end + 1].names:
            end += 1  # what belongs to the row under the cursor comes into sight with it
        if not any(row.stops for row in self._rows[self.cursor + 1 :]):
            end = len(self._rows) - 1  # and so does what follows the last of them
        wanted = goal if goal < top else min(max(top, end - height + 1), goal)
        if wanted != top and height > 0:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def _stop(self, start: int, step: int) -> int:
        """The nearest row from here on that the cursor may rest on, or failing that the nearest the other way."""
        last = len(self._rows) - 1
        start = min(max(start, 0), max(last, 0))
        onward = range(start, last + 1) if step > 0 else range(start, -1, -1)
        back = range(start, -1, -1) if step > 0 else range(start, last + 1)
        return next((number for number in (*onward, *back) if number <= last and self._rows[number].stops), 0)

    def action_move(self, step: int) -> None:
        self.cursor = self._stop(self.cursor + step, step)

    def action_first(self) -> None:
        self.cursor = self._stop(0, 1)

    def action_last(self) -> None:
        self.cursor = self._stop(len(self._rows) - 1, -1)

    def action_page(self, direction: int) -> None:
        page = max(self.scrollable_content_region.height - 1, 1)
        self.cursor = self._stop(self.cursor + direction * page, direction)

    def action_choose(self) -> None:
        if self.current is not None and self.current.stops:
            self.post_message(self.Chosen(self, self.current, self.cursor))

    def on_click(self, event: events.Click) -> None:
        number = event.y + round(self.scroll_y)
        if number < len(self._rows) and self._rows[number].stops:
            self.cursor = number
            self.action_choose()
