"""Where events were to be sent, which the cache does not hold and a filter may ask: `state:failed`, `endpoint:we_1Rk`.

Whoever looks at the list says which endpoints there are. What can be told of a delivery is told as everywhere: of the app's own
endpoint, from Stripe's count of those that have not taken an event. It tells no names, so that nothing is known where more
endpoints were told of an event than have not taken it; and an endpoint that is disabled may have been when it took nothing.
"""

from datetime import datetime
from typing import get_args

from billing_tui.cache.condition import Condition, any_of, both, opposite
from billing_tui.cache.rows import EventRow, Heard, Sent
from billing_tui.model.delivery import DeliveryState, Source
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, listed, quoted

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
KEYS = ("state", "endpoint")


def sent_condition(key: str, value: str, sent: Sent | None, now: datetime) -> Condition:
    """Events in a state, or that an endpoint is told of. Raises `BadUsage` for a word that makes no sense."""
    if sent is None:
        hint = "On the command line: billing-tui deliveries --state …"
        raise BadUsage(f"{quoted(f'{key}:{clean(value)[:40]}')} needs the endpoints, which are not known here.", hint)
    if key == "endpoint":
        return any_of([hears(held) for held in _named(value, sent)])
    if value not in STATES:
        raise BadUsage(f"There is no state {quoted(clean(value)[:40])}.", f"It is one of {listed(STATES)}.")
    return _in_state(value, sent, int(now.timestamp()))


def _named(value: str, sent: Sent) -> list[Heard]:
    found = [held for held in sent.endpoints if value in held.id or value in held.url]
    if not found:
        known = listed([held.id for held in sent.endpoints]) or "none"
        raise BadUsage(f"Stripe has no endpoint {quoted(clean(value)[:40])}.", f"There is {known}.")
    return found


def state_of(event: EventRow, sent: Sent, now: int) -> DeliveryState:
    """The state that `state:` finds an event under."""
    if event.arrived:
        return "delivered"
    told = [held for held in sent.endpoints if held.since <= event.created and ("*" in held.types or event.type in held.types)]
    own = [held for held in told if held.own]
    known = any(held.own for held in sent.endpoints)
    if known and not own:
        return "unsubscribed"
    if not event.pending:
        return "delivered" if any(held.enabled for held in own) else "unknown"
    if known and event.pending < len(told):
        return "unknown"
    trying = event.created > now - sent.retries and (not known or any(held.enabled for held in own))
    return "pending" if trying else "failed"


def source_of(event: EventRow, sent: Sent, now: int) -> Source:
    """Where `state_of` has it from."""
    if event.arrived:
        return "direct" if event.arrived == "direct" else "ledger"
    state = state_of(event, sent, now)
    return "inferred" if state == "unsubscribed" or (state == "unknown" and not event.pending) else "stripe"


def _in_state(state: str, sent: Sent, now: int) -> Condition:
    """The same as `state_of`, in SQL."""
    own = [held for held in sent.endpoints if held.own]
    told = any_of([hears(held) for held in own]) if own else Condition("1")
    awake = any_of([hears(held) for held in own if held.enabled])
    taken = both(awake, Condition("events.pending = 0"))
    lost = outstanding(sent) if own else Condition("events.pending > 0")
    young = Condition("events.created > ?", (now - sent.retries,))
    trying = both(young, awake) if own else young
    match state:
        case "delivered":
            return any_of([ARRIVED, taken])
        case "unsubscribed":
            return both(opposite(ARRIVED), opposite(told))
        case "pending":
            return both(opposite(ARRIVED), told, lost, trying)
        case "failed":
            return both(opposite(ARRIVED), told, lost, opposite(trying))
        case _:
            return both(opposite(ARRIVED), told, opposite(lost), opposite(taken))


ARRIVED = Condition("events.arrived <> ''")
"""Events of which the app itself has said that it has them."""


def outstanding(sent: Sent) -> Condition:
    """Events that none of the endpoints has taken that were told of them, but for those of which it is known."""
    count = [both(hears(held), opposite(ARRIVED)) if held.own else hears(held) for held in sent.endpoints]
    sql = " + ".join(f"({part.sql})" for part in count) or "0"
    return Condition(f"events.pending > 0 and events.pending >= {sql}", tuple(value for part in count for value in part.values))


def hears(held: Heard) -> Condition:
    """What an endpoint was there for, and subscribed to."""
    if "*" in held.types:
        return Condition("events.created >= ?", (held.since,))
    marks = ", ".join("?" * len(held.types))
    return Condition(f"events.created >= ? and events.type in ({marks})", (held.since, *held.types))
