"""Where events were to be sent, which the cache does not hold and a filter may ask: `state:failed`, `endpoint:we_1Rk`.

Whoever looks at the list says which endpoints there are. What can be told of a delivery is told as everywhere: of the app's own
endpoint, from Stripe's count of those that have not taken an event.
"""

from collections.abc import Sequence
from datetime import datetime

from billing_tui.cache.condition import Condition
from billing_tui.cache.rows import Heard, Sent
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, listed, quoted

STATES = ("delivered", "pending", "failed", "unsubscribed", "unknown")
KEYS = ("state", "endpoint")


def sent_condition(key: str, value: str, sent: Sent | None, now: datetime) -> Condition:
    """Events in a state, or that an endpoint is told of. Raises `BadUsage` for a word that makes no sense."""
    if sent is None:
        hint = "On the command line: billing-tui deliveries --state …"
        raise BadUsage(f"{quoted(f'{key}:{clean(value)[:40]}')} needs the endpoints, which are not known here.", hint)
    if key == "endpoint":
        return _told(_named(value, sent))
    if value not in STATES:
        raise BadUsage(f"There is no state {quoted(clean(value)[:40])}.", f"It is one of {listed(STATES)}.")
    return _in_state(value, sent, int(now.timestamp()))


def _named(value: str, sent: Sent) -> list[Heard]:
    found = [held for held in sent.endpoints if value in held.id or value in held.url]
    if not found:
        known = listed([held.id for held in sent.endpoints]) or "none"
        raise BadUsage(f"Stripe has no endpoint {quoted(clean(value)[:40])}.", f"There is {known}.")
    return found


def _in_state(state: str, sent: Sent, now: int) -> Condition:
    own = [held for held in sent.endpoints if held.own]
    told = _told(own) if own else Condition("1")
    if state == "unsubscribed":
        return Condition(f"not ({told.sql})", told.values) if own else Condition("0")
    if state in ("delivered", "unknown"):
        if (state == "unknown") == bool(own):
            return Condition("0")
        return Condition(f"({told.sql}) and events.pending = 0", told.values)
    tried = "events.created > ?" if not own or any(held.enabled for held in own) else "0 and ?"
    never = "" if state == "pending" else "not "
    return Condition(f"({told.sql}) and events.pending > 0 and {never}({tried})", (*told.values, now - sent.retries))


def _told(endpoints: Sequence[Heard]) -> Condition:
    """What one of these was there for, and subscribed to."""
    parts = [_hears(held) for held in endpoints]
    return Condition(" or ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def _hears(held: Heard) -> Condition:
    if "*" in held.types:
        return Condition("events.created >= ?", (held.since,))
    marks = ", ".join("?" * len(held.types))
    return Condition(f"(events.created >= ? and events.type in ({marks}))", (held.since, *held.types))
