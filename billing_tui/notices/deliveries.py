"""What is to be noticed of webhook deliveries: an endpoint disabled or failing, events outstanding, slower than usual. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from billing_tui.cache.delivery_times import DeliveryTimes
from billing_tui.cache.undelivered import Recent, Undelivered
from billing_tui.model.moment import lasting
from billing_tui.model.notice import Notice
from billing_tui.model.stripe import Endpoint

FAILING = 3
"""So many events in a row that nobody took, the newest of all."""
GRACE = 120
"""Seconds in which an event may still be on its way."""
_SLOWER = 3
_SLOW = 60


class Seen(Struct, frozen=True, kw_only=True):
    """What is known without asking anybody: `lately` and `before` are how long deliveries took in the last day and the week
    before; `recent` are the newest events that the app hears of, newest first; `own` are its endpoints, as far as they were read.
    """

    undelivered: Undelivered
    recent: Sequence[Recent]
    lately: DeliveryTimes
    before: DeliveryTimes
    own: Sequence[Endpoint]
    now: int


def delivery_notices(seen: Seen) -> list[Notice]:
    """The worst first."""
    disabled = _disabled(seen)
    return [*disabled, *([] if disabled else _failing(seen)), *_outstanding(seen), *_slower(seen)]


def _disabled(seen: Seen) -> list[Notice]:
    if not seen.own or any(one.enabled for one in seen.own):
        return []
    what = "endpoint is disabled: the app hears of nothing"
    return [Notice(key=f"disabled {seen.own[0].id}", count=1, what=what, note=seen.own[0].url, place="webhooks")]


def _failing(seen: Seen) -> list[Notice]:
    """All of the newest are waited for; one that is young may yet arrive."""
    old = [one for one in seen.recent if one.created <= seen.now - GRACE]
    lost = next((place for place, one in enumerate(old) if not one.pending), len(old))
    if lost < FAILING:
        return []
    since = f"for {lasting(seen.now - old[lost - 1].created)}; enter asks why"
    what = "deliveries in a row not taken"
    return [Notice(key="failing", count=lost, what=what, note=since, ticket=seen.undelivered.newest)]


def _outstanding(seen: Seen) -> list[Notice]:
    held = seen.undelivered
    count = sum(held.types.values())
    if not count:
        return []
    types = ", ".join(f"{kind} {number:,}" for kind, number in held.types.items())
    growing = f"{held.lately:,} in the last hour; " if held.lately and held.lately < count else ""
    what = f"event{'' if count == 1 else 's'} not delivered when read"
    return [Notice(key="undelivered", count=count, what=what, note=f"{growing}{types}", ticket=held.newest, measure=count)]


def _slower(seen: Seen) -> list[Notice]:
    now, before = seen.lately, seen.before
    if before.p95 is None or now.median is None:
        return []
    usual = max(before.p95, _SLOW)
    if now.p95 is not None and now.p95 < usual * _SLOWER:
        return []
    took = f"95 % within {lasting(now.p95)}" if now.p95 is not None else "some not taken yet"
    note = f"{took}; usually {lasting(before.p95)}"
    measure = (now.p95 or now.median).bit_length()
    return [
        Notice(
            key="slow",
            count=now.count,
            what="deliveries of a day slower than usual",
            note=note,
            place="webhooks",
            measure=measure,
        )
    ]
