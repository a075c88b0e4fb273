"""Send events again: through Stripe, or signed by us and posted to the app; each only where it can arrive and has not yet.

Stripe sends an event again only to an endpoint that was subscribed when it was made, keeps events for thirty days, and tells
afterwards no more than a count of endpoints that have not taken it. What the app's own ledger holds is never sent again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import structs

from billing_tui.changes.arrival import UNPROCESSED
from billing_tui.changes.desk import Desk
from billing_tui.diagnosis.addresses import same_address
from billing_tui.diagnosis.delivery_log import delivery_log, delivery_of
from billing_tui.diagnosis.sending import endpoint_trouble
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.delivery import Delivery
from billing_tui.model.evidence import Gap
from billing_tui.model.problem import BadUsage
from billing_tui.model.stripe import Endpoint
from billing_tui.model.text import listed, plural, quoted

KEPT = timedelta(days=30)
_MOST_NAMED = 100
_SHOWN = 5


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` holds the events' ids, or is empty with the option `since` (RFC 3339): all that is outstanding from then on.

    Further options: `endpoint`; `via`, "stripe" or "direct"; `again`, "yes" to send also what has arrived, to see what
    the app makes of that.

    Raises:
        BadUsage: An id is no event's, or there are too many.
        NotThere: Stripe has no such event, or no longer.
    """
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    endpoint = await endpoint_of(desk, wanted.options.get("endpoint", ""))
    if isinstance(endpoint, str):
        return structs.replace(draft, refused=draft.refused or endpoint)
    found = await _found(desk, wanted, endpoint)
    draft = structs.replace(
        draft, subject=endpoint.id, targets=("stripe",), confirm=_confirm(found, endpoint), customer_id=_customer(found)
    )
    refused = draft.refused or await endpoint_refusal(desk, endpoint)
    if refused:
        return structs.replace(draft, refused=refused)
    anyway = wanted.options.get("again") == "yes"
    reasons = {held.event: "" if anyway and held.state == "delivered" else why_not(held, stamp) for held in found}
    again = [held for held in found if not reasons[held.event]]
    left_out = tuple(f"{name}: {reason}" for name, reason in reasons.items() if reason)
    more = (f"{len(left_out) - _SHOWN} more are left out.",) if len(left_out) > _SHOWN else ()
    if not again:
        why = " ".join(left_out[:_SHOWN]) or f"Nothing is outstanding at {endpoint.id} since then."
        return structs.replace(draft, refused=why)
    return structs.replace(
        draft,
        title=f"Send {plural(len(again), 'event')} again to {endpoint.url}",
        because=f"{len(again)} of {plural(len(found), 'event')} have not arrived, as far as Stripe and the app's ledger say.",
        steps=tuple(step_for(held, endpoint, wanted.options.get("via", "stripe")) for held in again),
        warnings=left_out[:_SHOWN] + more,
    )


async def endpoint_of(desk: Desk, name: str) -> Endpoint | str:
    """The endpoint that is meant: the one named, or the app's own; why there is none, where there is none."""
    if name:
        return await desk.stripe.endpoint(name)
    endpoints = (await desk.shared.configuration()).endpoints
    if isinstance(endpoints, Gap):
        return f"{endpoints.what} could not be read, so nobody knows where to send: {endpoints.message}".rstrip(": ")
    found = [held for held in endpoints if same_address(held.url, desk.profile.webhook_url)]
    if not found:
        return f"Stripe has no endpoint at {desk.profile.webhook_url or 'webhook_url, which is not set'}: make one first."
    return next((held for held in found if held.enabled), found[0])


async def endpoint_refusal(desk: Desk, endpoint: Endpoint) -> str | None:
    """Why nothing would arrive there."""
    own = endpoint.enabled and same_address(endpoint.url, desk.profile.webhook_url)
    return endpoint_trouble(endpoint, await desk.shared.probes() if own else None)


def why_not(held: Delivery, at: datetime) -> str:
    """Why an event is not sent again; "" where it is."""
    if held.state == "delivered":
        return f"It has arrived. {held.says}"
    if held.state == "unsubscribed":
        return f"{held.says} Stripe does not send it there; a re-sync helps."
    if at - held.created > KEPT:
        return "It is older than thirty days; a re-sync helps."
    return ""


def step_for(held: Delivery, endpoint: Endpoint, via: str) -> Step:
    """The sending of one event."""
    direct = via == "direct"
    return Step(
        target="app" if direct else "stripe",
        object=held.event,
        field="delivery",
        before="outstanding" if held.state != "delivered" else UNPROCESSED,
        after="delivered",
        call=f"POST {endpoint.url}" if direct else f"POST /v1/events/{held.event}/retry",
        params={} if direct else {"webhook_endpoint": endpoint.id},
        made=held.created,
        about=held.customer_id,
    )


async def _found(desk: Desk, wanted: Wanted, endpoint: Endpoint) -> list[Delivery]:
    ids = wanted.query.split()
    if not ids:
        since = datetime.fromisoformat(wanted.options["since"])
        log = await delivery_log(desk.services, desk.shared, desk.profile, now=desk.now, since=since, types=(), undelivered=True)
        return [held for held in log.deliveries if held.endpoint == endpoint.id and held.state != "delivered"]
    strange = next((name for name in ids if not name.startswith("evt_")), None)
    if strange:
        raise BadUsage(f"{quoted(strange)} is not an event's id.", "It begins with evt_; billing-tui deliveries lists them.")
    if len(ids) > _MOST_NAMED:
        raise BadUsage(f"{len(ids)} events are too many to name.", "Use --undelivered --since, or billing-tui recover.")
    log = await delivery_of(desk.services, desk.shared, desk.profile, list(dict.fromkeys(ids)), now=desk.now)
    return [held for held in log.deliveries if held.endpoint == endpoint.id]


def _customer(found: Sequence[Delivery]) -> str | None:
    return next((held.customer_id for held in found if held.customer_id), None)


def _confirm(found: Sequence[Delivery], endpoint: Endpoint) -> str:
    return (_customer(found) or endpoint.id)[-4:]


def people(found: Sequence[Delivery]) -> tuple[str, ...]:
    """Whom deliveries are about, each once."""
    return tuple(dict.fromkeys(held.customer_id for held in found if held.customer_id))


def sample(names: Sequence[str], most: int = 10) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - most
    return listed(list(names[:most])) + (f" and {more} more" if more > 0 else "")
