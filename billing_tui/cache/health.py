"""How each endpoint is doing, as far as Stripe's counts tell: the last day by the hour, what it has not taken, when it last did.

Stripe counts the endpoints that have not taken an event and names none. Where that is not all that were told of it, an event may
be this endpoint's or another's. Blocking, on a connection that the caller gives.
"""

import sqlite3

from msgspec import Struct

from billing_tui.cache.condition import Condition, any_of, both, opposite
from billing_tui.cache.rows import Heard, Sent
from billing_tui.cache.sent import ARRIVED, hears, outstanding

_DAYS = 30
"""How long Stripe keeps events."""
_HOURS = 24
_LOOKED_AT = 20_000
"""So many of the newest events are looked through for one that was taken."""


class EndpointHour(Struct, frozen=True):
    """The events of an hour that an endpoint was told of: all, those it has not taken, and those that it may not have."""

    events: int
    lost: int
    perhaps: int


class Health(Struct, frozen=True, kw_only=True):
    """`lost` and `perhaps` are of the last 30 days, `hours` of the last day, oldest first.

    `good` is when the newest event was made that it took, in Unix seconds, None where none is known. What is not sent to a
    disabled endpoint is outstanding nowhere: of that one only the app itself can tell.
    """

    hours: tuple[EndpointHour, ...]
    lost: int
    perhaps: int
    good: int | None


def health(database: sqlite3.Connection, held: Heard, sent: Sent, now: int) -> Health:
    """That of one endpoint among all."""
    told = hears(held)
    waits = Condition("events.pending > 0")
    if held.own:
        waits = both(waits, opposite(ARRIVED))
    surely = both(waits, outstanding(sent))
    sql = f"select sum({surely.sql}), count(*) from events where {waits.sql} and created > ? and ({told.sql})"  # noqa: S608
    lost, waiting = database.execute(sql, [*surely.values, *waits.values, now - _DAYS * 86400, *told.values]).fetchone()
    return Health(
        hours=_hours(database, told, surely, waits, now),
        lost=lost or 0,
        perhaps=waiting - (lost or 0),
        good=_good(database, held, told),
    )


def _hours(
    database: sqlite3.Connection, told: Condition, surely: Condition, waits: Condition, now: int
) -> tuple[EndpointHour, ...]:
    sql = f"""select (? - created) / 3600 as ago, count(*), sum({surely.sql}), sum({waits.sql}) from events
        where created > ? - ? * 3600 and created <= ? and ({told.sql}) group by ago"""  # noqa: S608 - our own words
    rows = database.execute(sql, [now, *surely.values, *waits.values, now, _HOURS, now, *told.values])
    found = {ago: EndpointHour(events, lost, waiting - lost) for ago, events, lost, waiting in rows}
    return tuple(found.get(ago, EndpointHour(0, 0, 0)) for ago in reversed(range(_HOURS)))


def _good(database: sqlite3.Connection, held: Heard, told: Condition) -> int | None:
    signs = [*([Condition("events.pending = 0")] if held.enabled else []), *([ARRIVED] if held.own else [])]
    which = both(told, any_of(signs))
    sql = f"""select created from (select * from events order by created desc limit ?) as events
        where {which.sql} limit 1"""  # noqa: S608 - our own words
    row = database.execute(sql, [_LOOKED_AT, *which.values]).fetchone()
    return row[0] if row else None
