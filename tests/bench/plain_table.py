"""The peer of our lists: Textual's own table, with the same columns of the same first rows of a cache's file."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from billing_tui.cache.shelf import View, open_shelf

_ROWS = 1_000
_COLUMNS = ("e-mail", "name", "plan", "status", "subscriptions", "since", "customer")


class PlainTable(App[None]):
    """A table and its cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("j", "down", show=False)]

    def compose(self) -> ComposeResult:
        yield DataTable[Text](cursor_type="row")

    def on_mount(self) -> None:
        self.animation_level = "none"
        shelf = open_shelf(Path(sys.argv[1]))
        table = self.query_one(DataTable)
        table.add_columns(*_COLUMNS)
        for held in shelf.rows("customers", shelf.ids(View(kind="customers"), _ROWS)):
            if held:
                since = f"{datetime.fromtimestamp(held.created, UTC):%-d %b}"
                cells = (held.email, held.name, held.tier, held.status, str(held.live), since, held.id)
                table.add_row(*map(Text, cells))

    def action_down(self) -> None:
        self.query_one(DataTable).action_cursor_down()


if __name__ == "__main__":
    PlainTable().run()
