"""The columns of the log of events. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from billing_tui.cache.rows import EventRow, Sent
from billing_tui.cache.sent import source_of, state_of
from billing_tui.model.delivery import DeliveryState, Source
from billing_tui.model.moment import from_unix
from billing_tui.model.text import short
from billing_tui.tui.draw import Piece
from billing_tui.tui.lists.look import Look
from billing_tui.tui.table.columns import Column
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK
from billing_tui.tui.words import stamp

_STATES: dict[DeliveryState, Piece] = {
    "delivered": ("✓ delivered", GOOD),
    "pending": ("… pending", ATTENTION),
    "failed": ("✗ failed", BAD),
    "unsubscribed": ("· not subscribed", DIM),
    "unknown": ("? unknown", DIM),
}


_SOURCES: dict[Source, str] = {
    "stripe": "Stripe",
    "ledger": "the ledger",
    "direct": "our request",
    "inferred": "inferred",
}


def event_columns(look: Look, room: int, sent: Sent | None) -> Sequence[Column[EventRow]]:
    """State, where that is known from, type, when, whose, and the id."""
    now = datetime.now(UTC)
    state = Column[EventRow]("STATE", lambda held: _state(held, sent, int(now.timestamp())), 16, 0, "pending")
    kind = Column[EventRow]("TYPE", lambda held: (held.type, INK), 22 if room < 70 else 30, 2, "type")
    when = Column[EventRow]("WHEN", lambda held: (stamp(from_unix(held.created), now), DIM), 13, 0, "created", falls=True)
    who = Column[EventRow]("WHOSE", lambda held: (look.who(held.email) or short(held.customer_id), INK), 18, 1, "customer")
    if room < 70:
        return (state, kind, when)
    if room < 98:
        return (state, kind, when, who)
    source = Column[EventRow]("KNOWN BY", lambda held: (_source(held, sent, int(now.timestamp())), DIM), 11, 0)
    name = Column[EventRow]("EVENT", lambda held: (short(held.id), DIM), 13, 0, "id")
    return (state, source, kind, when, who, name)


def _state(held: EventRow, sent: Sent | None, now: int) -> Piece:
    """What can be said of its delivery to the app's own endpoint; before the endpoints are known, that some have not taken it."""
    if sent is None:
        return ("… outstanding", ATTENTION) if held.pending else _STATES["unknown"]
    return _STATES[state_of(held, sent, now)]


def _source(held: EventRow, sent: Sent | None, now: int) -> str:
    return _SOURCES[source_of(held, sent, now)] if sent else ""
