"""The screens of one room: each made when it is first visited, and kept as it was left."""

from collections.abc import Iterator

from billing_tui.model.band import Example
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.tickets import TicketsScreen
from billing_tui.tui.visits import Visits


class Screens:
    """Screens by the word that `go` knows them by."""

    def __init__(self, desk: Desk, room: Room, visits: Visits, examples: tuple[Example, ...]) -> None:
        self._desk, self._room, self._visits, self._examples = desk, room, visits, examples
        self._made: dict[str, FramedScreen] = {}

    def __iter__(self) -> Iterator[FramedScreen]:
        return iter(tuple(self._made.values()))

    def at(self, place: str, *, privacy: bool) -> FramedScreen:
        """The screen of a place."""
        if place not in self._made:
            self._made[place] = self._make(place, privacy=privacy)
        return self._made[place]

    def _make(self, place: str, *, privacy: bool) -> FramedScreen:
        if place == "tickets":
            return TicketsScreen(self._room, self._examples, self._visits, privacy=privacy)
        # What draws from the cache is loaded when it is first visited: the first paint has no need of it.
        from billing_tui.tui.audit.screen import AuditScreen
        from billing_tui.tui.drift.screen import DriftScreen
        from billing_tui.tui.golive.screen import GoliveScreen
        from billing_tui.tui.lists.keys import ObjectList
        from billing_tui.tui.lists.listing import LISTINGS
        from billing_tui.tui.tiers.screen import TiersScreen
        from billing_tui.tui.webhooks.screen import WebhooksScreen

        if place == "golive":
            return GoliveScreen(self._room, self._desk)
        if place == "webhooks":
            return WebhooksScreen(self._room, self._room.shelf(), privacy=privacy)
        if place == "audit":
            return AuditScreen(self._room, privacy=privacy)
        if place == "drift":
            return DriftScreen(self._room, privacy=privacy)
        if place == "tiers":
            return TiersScreen(self._room, self._desk, privacy=privacy)
        return ObjectList(self._room, self._room.shelf(), LISTINGS[place], privacy=privacy)
