"""What can honestly be said of an event's deliveries: from Stripe's count, the endpoints' settings and the app's own ledger.

Stripe tells how many endpoints have not taken an event, never which, and never with what status. Where that leaves more than
one answer, the answer is unknown. Pure.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from billing_tui.diagnosis.addresses import near_address
from billing_tui.model.delivery import Delivery, DeliveryState, Source
from billing_tui.model.evidence import Gap
from billing_tui.model.moment import from_unix
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint, Event

RETRIES = {"live": timedelta(days=3), "test": timedelta(hours=6)}
"""How long Stripe goes on trying by itself, at most."""


class Seen(Struct, frozen=True, kw_only=True):
    """What an event's deliveries are judged by.

    `lost` are ids of events that Stripe counts as undelivered somewhere; `ledger` those that the app says it has processed.
    """

    at: datetime
    profile: Profile
    endpoints: tuple[Endpoint, ...] | Gap
    lost: frozenset[str] | Gap
    ledger: Collection[str] | Gap


def deliveries(events: Sequence[Event], seen: Seen) -> tuple[Delivery, ...]:
    """One entry for each event and endpoint, in the events' order."""
    return tuple(made for event in events for made in _of(event, seen))


def _of(event: Event, seen: Seen) -> list[Delivery]:
    if isinstance(seen.endpoints, Gap) and not isinstance(seen.ledger, Gap) and event.id in seen.ledger:
        return [_made(event, None, "delivered", "ledger", "The app's own ledger holds it.")]
    if isinstance(seen.endpoints, Gap):
        return [_made(event, None, "unknown", "inferred", "The endpoints could not be read.")]
    if not seen.endpoints:
        return [_made(event, None, "unsubscribed", "inferred", "There is no endpoint.")]
    hearing = [held for held in seen.endpoints if held.hears(event.type) and held.created <= event.created]
    return [_at(event, endpoint, hearing, seen) for endpoint in seen.endpoints]


def _at(event: Event, endpoint: Endpoint, hearing: list[Endpoint], seen: Seen) -> Delivery:
    if _is_apps(endpoint, seen.profile) and not isinstance(seen.ledger, Gap) and event.id in seen.ledger:
        return _made(event, endpoint, "delivered", "ledger", "The app's own ledger holds it.")
    if endpoint not in hearing:
        why = "made after it" if endpoint.hears(event.type) else "not subscribed to its type"
        return _made(event, endpoint, "unsubscribed", "inferred", f"The endpoint was {why}.")
    if isinstance(seen.lost, Gap):
        return _made(event, endpoint, "unknown", "inferred", "Undelivered events could not be read.")
    if event.id not in seen.lost and not event.pending_webhooks:
        if endpoint.enabled:
            return _made(event, endpoint, "delivered", "stripe", "Stripe counts no endpoint as outstanding.")
        return _made(event, endpoint, "unknown", "inferred", "The endpoint is disabled now, and may have been then.")
    return _outstanding(event, endpoint, hearing, seen)


def _outstanding(event: Event, endpoint: Endpoint, hearing: list[Endpoint], seen: Seen) -> Delivery:
    """Some endpoint has not taken it: which one can be told only where it is all of them, or the only one left."""
    count = max(event.pending_webhooks or 0, 1)
    taken = [
        held for held in hearing if _is_apps(held, seen.profile) and not isinstance(seen.ledger, Gap) and event.id in seen.ledger
    ]
    if len(hearing) - len(taken) > count:
        return _made(event, endpoint, "unknown", "stripe", f"{count} of {len(hearing)} endpoints have not taken it.")
    if seen.at - from_unix(event.created) < RETRIES[seen.profile.mode] and endpoint.enabled:
        return _made(event, endpoint, "pending", "stripe", "Not taken yet; Stripe still tries.")
    return _made(event, endpoint, "failed", "stripe", "Never taken; Stripe has stopped trying.")


def _is_apps(endpoint: Endpoint, profile: Profile) -> bool:
    return near_address(endpoint.url, profile.webhook_url)


def _made(event: Event, endpoint: Endpoint | None, state: DeliveryState, source: Source, says: str) -> Delivery:
    return Delivery(
        event=event.id,
        type=event.type,
        created=from_unix(event.created),
        customer_id=event.customer_id,
        subscription_id=event.data.object.subscription_id,
        endpoint=endpoint.id if endpoint else None,
        url=endpoint.url if endpoint else "",
        state=state,
        source=source,
        says=says,
    )
