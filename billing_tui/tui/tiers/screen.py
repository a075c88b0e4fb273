"""The Tiers screen. It reads both modes' caches in threads and draws them side by side."""

import asyncio
from collections.abc import Iterable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from billing_tui.cache.lacking import unread
from billing_tui.cache.shelf import Shelf
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.tui.actions import Owner, Place, available, bindings
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.dialogs.pages import link_page
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.links import dashboard_link
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.tiers.drawing import tier_rows
from billing_tui.tui.tiers.help import tiers_help
from billing_tui.tui.tiers.pairs import Side, blocks
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Rower, Rows


class TiersScreen(CacheScreen):
    """A row for each tier and each price; the other mode's room is open for as long as the screen is, for its cache alone."""

    DEFAULT_CSS = "TiersScreen #tiers { margin-top: 1; }"
    PLACE = "Tiers"
    BINDINGS = bindings("tiers")
    AUTO_FOCUS = ""

    def __init__(self, room: Room, desk: Desk, *, privacy: bool) -> None:
        super().__init__(room, privacy=privacy)
        mode: Mode = "live" if room.profile.mode == "test" else "test"
        self._sides = (Side(room.profile.mode), Side(mode))
        self._other, self._why_not = _opened(desk, mode)

    def compose_body(self) -> ComposeResult:
        with Container(id="body"):
            yield Drawn(id="sync")
            yield Rows(id="tiers")

    def on_mount(self) -> None:
        self._draw()
        self.reload()
        self.query_one(Rows).focus(scroll_visible=False)

    async def on_unmount(self) -> None:
        if self._other:
            await self._other.close()

    @property
    def place(self) -> Place:
        return "tiers"

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"tiers": self}

    @property
    def also(self) -> Room | None:
        return self._other

    def help(self) -> Rower:
        return tiers_help(read_only=self._room.profile.read_only)

    def hints(self) -> Iterable[Hint]:
        return [(each.key, each.label) for each in available("tiers", read_only=self._room.profile.read_only) if each.label]

    def set_privacy(self, on: bool) -> None:
        self._privacy = on

    # What is drawn

    def reload(self) -> None:
        self._read_both()

    @work(group="tiers", exclusive=True, exit_on_error=False)
    async def _read_both(self) -> None:
        first, second = self._sides
        here = await _side(self._room, first.mode)
        there = await _side(self._other, second.mode) if self._other else Side(second.mode, why=self._why_not)
        if (here, there) != self._sides:
            self._sides = (here, there)
            self._draw()

    def _draw(self) -> None:
        first, second = self._sides
        found = blocks(first, second, self._room.profile.tiers)
        self.query_one(Rows).show(lambda width: tier_rows(first, second, found, width))

    # What the keys do

    @property
    def _names(self) -> str:
        held = self.query_one(Rows).current
        return held.names if held and held.stops else ""

    @on(Rows.Chosen)
    def action_open_tier(self) -> None:
        """The subscriptions behind a row."""
        kind, _, name = self._names.partition(":")
        words = f'plan:"{name}"' if kind == "tier" and " " in name else f"plan:{name}" if kind == "tier" else f"price:{kind}"
        if kind and (name or kind != "tier"):
            self.post_message(self.RowsAsked("subscriptions", f"{words} ended:no"))

    def action_copy_tier_id(self) -> None:
        text = self._names.removeprefix("tier:")
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied {text}"))

    def action_link_tier(self) -> None:
        band = self._room.band()
        link = dashboard_link(self._names, band.mode, band.account_id)
        if link:
            self.app.push_screen(Reader("Stripe's Dashboard", link_page(link, demo=band.demo), link), self._copy_link)
        else:
            self.tell(Note("Stripe's Dashboard has no page for this.", "careful"))

    def _copy_link(self, link: str | None) -> None:
        if link:
            self.app.copy_to_clipboard(link)
            self.tell(Note(f"Copied {link}"))

    def action_leave_tiers(self) -> None:
        if not self.stop_sync():
            self.tell(None)


def _opened(desk: Desk, mode: Mode) -> tuple[Room | None, str]:
    """The other mode's room, or why it cannot be opened."""
    if mode not in desk.modes:
        return None, "this profile has no keys for it"
    try:
        return desk.open(mode), ""
    except Problem as problem:
        return None, problem.message


async def _side(room: Room, mode: Mode) -> Side:
    try:
        return await asyncio.to_thread(_read, room.shelf(), mode)
    except Problem as problem:
        return Side(mode, why=" ".join(filter(None, [problem.message, problem.hint])))


def _read(shelf: Shelf, mode: Mode) -> Side:
    problem, rows = unread(shelf.lacking, "products", "prices"), tuple(shelf.tiers())
    if problem and not any(row.prices for row in rows):
        return Side(mode, why=f"{problem.message} {problem.hint}")
    return Side(mode, rows, shelf.synced_at)
