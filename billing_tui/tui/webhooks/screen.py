"""The Webhooks screen: a list over the events of the cache, the endpoints above it, and sending again."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import structs
from textual import work
from textual.app import ComposeResult
from textual.widget import Widget

from billing_tui.cache.rows import EventRow, Sent, View
from billing_tui.cache.shelf import Shelf
from billing_tui.diagnosis.privacy import Mask
from billing_tui.diagnosis.sending import heard_types
from billing_tui.model.change import Wanted
from billing_tui.model.evidence import Gap, Probe
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.problem import Problem
from billing_tui.tui.actions import Owner, Place, available, bindings
from billing_tui.tui.desk import Room
from billing_tui.tui.draw import lines
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.lists.keys import ObjectList
from billing_tui.tui.lists.listing import Listing
from billing_tui.tui.lists.look import Look
from billing_tui.tui.lists.screen import ListScreen
from billing_tui.tui.table.columns import Column
from billing_tui.tui.webhooks.drawing import event_columns
from billing_tui.tui.webhooks.endpoints import Top, endpoint_rows, sent_to
from billing_tui.tui.webhooks.payload_dialog import PayloadDialog
from billing_tui.tui.widgets.drawn import Drawn

MOST_AT_ONCE = 100
_TIMED_DAYS = 7


class WebhooksScreen(ObjectList):
    """The log draws from the cache at once; endpoints and what still waits are asked for beside it, when one comes here."""

    DEFAULT_CSS = "WebhooksScreen > #endpoints { padding: 0 2; height: auto; }"
    BINDINGS = bindings("webhooks")

    def __init__(self, room: Room, shelf: Shelf, *, privacy: bool) -> None:
        self._top = Top()
        listing = Listing("events", "Webhooks", self._columns, "state:failed type:invoice.* created:<2d lena")
        super().__init__(room, shelf, listing, privacy=privacy)

    def _columns(self, look: Look, width: int) -> Sequence[Column[EventRow]]:
        return event_columns(look, width, self._sent)

    @property
    def place(self) -> Place:
        return "webhooks"

    @property
    def view(self) -> View:
        return structs.replace(super().view, sent=self._sent)

    @property
    def _sent(self) -> Sent | None:
        return sent_to(self._top.configuration, self._room.profile)

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"list": self, "webhooks": self}

    def hints(self) -> Iterable[Hint]:
        """What is only here comes first."""
        held = list(super().hints())
        own = [
            (each.key, each.label)
            for each in available("webhooks", read_only=self._room.profile.read_only)
            if each.owner == "webhooks"
        ]
        return (
            held if self.is_mounted and self.filter.typing else [*held[:2], *own, *(hint for hint in held[2:] if hint not in own)]
        )

    def compose_body(self) -> ComposeResult:
        yield Drawn(id="endpoints")
        yield from super().compose_body()

    def on_mount(self) -> None:
        super().on_mount()
        self._look_up()

    def reload(self) -> None:
        super().reload()
        self._look_up()

    @work(group="webhooks", exclusive=True, exit_on_error=False)
    async def _look_up(self) -> None:
        """The endpoints, and then which events are still waited for: the app's ledger may take its time with that."""
        await self._gauge()
        try:
            before, known = self._sent, await self._room.configuration()
            self._top = structs.replace(self._top, configuration=known)
            if self._sent != before:
                await self._gauge()
                self._draw_log(anew=bool(self._words))
            if await self._room.recheck():
                await self._gauge()
                self._draw_log(anew=True)
        except Problem as problem:
            self.tell(note_of(problem))
        self._draw_top()
        self.show_band(self._room.band())

    def _draw_log(self, *, anew: bool) -> None:
        """Draws the states again, and `anew` asks which events there are to be drawn."""
        if anew:
            ListScreen.reload(self)
        self.sheet.dress()

    async def _gauge(self) -> None:
        """What the cache tells."""
        heard, sent = heard_types(self._top.configuration, self._room.profile), self._sent

        def counted() -> Top:
            if self._shelf.synced_at is None or "events" in self._shelf.lacking:
                return Top(configuration=self._top.configuration)
            return structs.replace(
                self._top,
                hours=self._shelf.hours(),
                health=self._shelf.health(sent) if sent else {},
                times=self._shelf.delivery_times(heard, _TIMED_DAYS),
            )

        try:
            self._top = await asyncio.to_thread(counted)
        except Problem as problem:
            self.tell(note_of(problem))
        self._draw_top()

    def _draw_top(self) -> None:
        if self.is_mounted:
            top, profile = self._top, self._room.profile
            drawn = self.query_one("#endpoints", Drawn)
            drawn.show(lambda width: lines(each.content for each in endpoint_rows(top, profile, width)))

    # What the keys do

    def _events(self) -> list[str]:
        return [str(held.id) for held in self._taken()][:MOST_AT_ONCE]

    def action_resend(self) -> None:
        """Shows the plan of sending the marked events, or the one under the cursor, again."""
        ids = self._events()
        if ids:
            self.plan(Wanted(action="resend", query=" ".join(ids)))
        else:
            self.tell(Note("There is no event under the cursor.", "careful"))

    def action_recover(self) -> None:
        """Shows the plan of recovering everything since the event under the cursor."""
        held = self.sheet.rows.current
        since = rfc3339(from_unix(held.created)) if held is not None else rfc3339(datetime.now(UTC))
        self.plan(Wanted(action="recover", query=since))

    def _after_plan(self, written: bool | None) -> None:
        super()._after_plan(written)
        if written:
            self._look_up()

    @work(group="webhooks", exclusive=True, exit_on_error=False)
    async def action_payload(self) -> None:
        """Opens what the event under the cursor carries, read now."""
        ids = self._events()
        if not ids:
            return
        try:
            event = await self._room.event(ids[0])
        except Problem as problem:
            self.tell(note_of(problem))
            return
        mask = Mask(self._look.privacy)
        self.app.push_screen(PayloadDialog(self._room, ids[0], event, mask), self._copy_value)

    def _copy_value(self, text: str | None) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied {text[:60]}"))

    @work(group="webhooks", exclusive=True, exit_on_error=False)
    async def action_probe(self) -> None:
        """Asks the app's own endpoint four times, and says what it answered."""
        self.tell(Note("Asking the app's endpoint …"))
        probes = await self._room.probes()
        if isinstance(probes, Gap):
            self.tell(Note(probes.message or f"{probes.what} could not be asked.", "careful"))
            return
        asked = (probes.unsigned, probes.wrong_key, probes.valid, probes.old)
        said = ", ".join(_answer(one) for one in asked if isinstance(one, Probe))
        well = isinstance(probes.valid, Probe) and probes.valid.accepted and not probes.unsigned.accepted
        self.tell(Note(f"Our own requests, not deliveries: {said}.", "done" if well else "careful", sticky=True))


def _answer(one: Probe) -> str:
    return f"{one.name} {one.status} in {one.latency} ms" if one.status is not None else f"{one.name}: no answer"
