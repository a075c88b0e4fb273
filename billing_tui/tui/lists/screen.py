"""A list over the whole account: filter, table and the pane of one object. It asks the cache in threads and draws what comes."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from billing_tui.cache.lacking import unread
from billing_tui.cache.rows import View
from billing_tui.cache.shelf import Shelf
from billing_tui.model.problem import Problem
from billing_tui.tui.actions import Place, available
from billing_tui.tui.desk import Room
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import note_of
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.lists.detail import Detail
from billing_tui.tui.lists.filter import FilterLine
from billing_tui.tui.lists.listing import FromCache, Listing
from billing_tui.tui.lists.look import Look
from billing_tui.tui.lists.state import Standing, empty_lines, state_content
from billing_tui.tui.table.columns import Sorting
from billing_tui.tui.table.fetching import Fetching
from billing_tui.tui.table.sheet import Sheet
from billing_tui.tui.widgets.drawn import Drawn

_TYPING = (("tab", "complete"), ("enter", "to the list"), ("esc", "leave the input"), ("ctrl+p", "command"))


class ListScreen(CacheScreen):
    """Draws a listing. What its keys do with rows is the subclass's."""

    DEFAULT_CSS = """
    ListScreen #panes { height: 1fr; margin-top: 1; layout: vertical; }
    ListScreen.-wide #panes { layout: horizontal; }
    ListScreen.-wide.-detail Detail { width: 52%; margin-left: 2; height: 1fr; border: none; }
    ListScreen.-detail Sheet { height: 2fr; }
    ListScreen.-detail Detail { height: 3fr; border-top: solid $faint; }
    ListScreen #state { padding: 0 0 0 2; }
    """
    AUTO_FOCUS = ""

    def __init__(self, room: Room, shelf: Shelf, listing: Listing, *, privacy: bool) -> None:
        super().__init__(room, privacy=privacy)
        self.PLACE = listing.place
        self._listing, self._shelf = listing, shelf
        self._look = Look(privacy)
        self._standing = Standing()
        self._words = ""

    def compose_body(self) -> ComposeResult:
        listing = self._listing
        with Container(id="body"):
            yield FilterLine(self._shelf, listing.kind, listing.example, self._words)
            yield Drawn(id="state")
            yield Drawn(id="sync")
            with Container(id="panes"):
                yield Sheet[Any](lambda room: listing.columns(self._look, room), Sorting("created"))
                yield Detail(self._shelf)

    def on_mount(self) -> None:
        self.detail.wear(self._look)
        self.filter.veil(self._look.privacy)
        self._ask()
        self.sheet.rows.focus(scroll_visible=False)

    @property
    def place(self) -> Place:
        return "list"

    @property
    def sheet(self) -> Sheet[Any]:
        return self.query_one(Sheet)

    @property
    def detail(self) -> Detail:
        return self.query_one(Detail)

    @property
    def filter(self) -> FilterLine:
        return self.query_one(FilterLine)

    def hints(self) -> Iterable[Hint]:
        if self.is_mounted and self.filter.typing:
            return _TYPING
        actions = available(self.place, read_only=self._room.profile.read_only)
        hints = [(action.key, action.label) for action in actions if action.label]
        moves = [("enter", "open"), ("space", "mark"), ("s", "sort")]
        return [*hints[:1], *moves[:1], *hints[1:2], *moves[1:], *hints[2:]]

    # Rows

    @property
    def view(self) -> View:
        """What is asked of the cache."""
        sorting = self.sheet.sorting
        return View(kind=self._listing.kind, words=self._words, sort=sorting.column, reverse=sorting.reverse)

    def _ask(self, *, same: bool = False) -> None:
        self.sheet.rows.show(FromCache(self._shelf, self.view), same=same)
        self._count()

    def reload(self) -> None:
        self._ask(same=True)
        self.detail.again()

    @work(group="count", exclusive=True, exit_on_error=False)
    async def _count(self) -> None:
        try:
            total, synced, why = await asyncio.to_thread(_facts, self._shelf, self._listing)
        except Problem as problem:
            self.tell(note_of(problem))
        else:
            self._know(replace(self._standing, total=total, synced=synced, unread=why))

    def _know(self, standing: Standing) -> None:
        self._standing = standing
        order, typing = self.sheet.sorted_by, self.filter.typing
        self.query_one("#state", Drawn).show(lambda width: state_content(standing, order, width, typing=typing))
        mode, rows = self._room.profile.mode, self.sheet.rows
        rows.say(empty_lines(standing, self._listing.kind, mode, rows.room, syncing=self.is_syncing))

    @on(Fetching.Ordered)
    def _on_ordered(self, event: Fetching.Ordered) -> None:
        self._know(replace(self._standing, shown=event.count if event.whole else None, problem=None))

    @on(Fetching.Failed)
    def _on_failed(self, event: Fetching.Failed) -> None:
        self._know(replace(self._standing, problem=event.problem))

    @on(Sheet.Sorted)
    def _on_sorted(self) -> None:
        self._ask()


def _facts(shelf: Shelf, listing: Listing) -> tuple[int, datetime | None, Problem | None]:
    return shelf.totals()[listing.kind], shelf.synced_at, unread(shelf.lacking, listing.kind)
