"""Causes in the app's handler: it fails after verifying, or takes an event and writes nothing."""

from datetime import timedelta

from billing_tui.diagnosis.case import IN_FLIGHT, Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import from_unix
from billing_tui.model.stripe import Endpoint, Event
from billing_tui.model.text import plural, short

_GRANTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
)
# So long Stripe's API shows events.
_KEPT = timedelta(days=29)


@rule("PBF-060", "Handler error", Layer.HANDLER)
def handler_fails(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    if not case.undelivered:
        gap = case.deliveries_gap
        return unknown(gap) if gap and gap.exit_code and (case.paid or case.wrong) else no()
    probes = case.evidence.probes
    if isinstance(probes, Gap):
        return unknown(probes)
    if isinstance(probes.valid, Gap):
        refused = probes.unsigned.status is not None and 400 <= probes.unsigned.status < 500
        return unknown(probes.valid) if refused else no()
    status = probes.valid.status
    crashed = status is not None and status >= 500
    if not probes.valid.accepted and not crashed:
        return no()
    if not case.app_endpoints or not case.app_endpoints[0].enabled:
        return no()
    others = [held for held in _endpoints(case) if held not in case.app_endpoints]
    if others and not case.wrong:
        return no(Fact(source="stripe.webhook_endpoint", says="What is outstanding may be another endpoint's."))
    facts = [
        Fact(
            source="stripe.event",
            id=event.id,
            field="pending_webhooks",
            value=event.pending_webhooks,
            says=f"{event.type} is outstanding.",
        )
        for event in case.undelivered[:4]
    ]
    said = f"answered {status} in {probes.valid.latency} ms"
    facts.append(Fact(source="probe", id="valid", field="status", value=status, says=f"Our rightly signed probe was {said}."))
    off = next((held for held in case.own_endpoints if not held.enabled), None)
    lost = f"Outstanding for this person: {plural(len(case.undelivered), 'event')}."
    other = f" Or the app holds the secret of {short(off.id)}, which is switched off: compare." if off and not crashed else ""
    return match(
        "high" if crashed else "low" if other else "medium",
        "The app accepts Stripe's signature but fails while handling the event.",
        *facts,
        detail=lost + other,
    )


def _endpoints(case: Case) -> list[Endpoint]:
    held = case.evidence.configuration.endpoints
    return [] if isinstance(held, Gap) else [endpoint for endpoint in held if endpoint.enabled]


@rule("PBF-070", "Accepted, but nothing written", Layer.HANDLER, residual=True)
def nothing_written(case: Case) -> Judgement:
    gap = case.stripe_gap or case.layers_gap or case.deliveries_gap
    if gap and (gap.exit_code or case.stripe_gap):
        return unknown(gap)
    if not case.lacking or case.expected is None or not case.layers:
        return no()
    if (
        any(plan == case.expected for plan in case.layers)
        or case.undelivered
        or any(case.in_flight(event) for event in case.events)
    ):
        return no()
    if case.moment and case.evidence.at - case.moment < IN_FLIGHT:
        return no(Fact(source="stripe.subscription", says="The payment is so young that its events are still on their way."))
    told = [event for event in case.events if event.type in _GRANTS and _was_told(case, event)]
    lost = known(case.evidence.undelivered, frozenset())
    if any(event.pending_webhooks and event.id not in lost for event in told):
        return unknown("whether the event was delivered, on which Stripe's own lists differ")
    if not case.events and case.moment and case.evidence.at - case.moment < _KEPT:
        return unknown("the purchase's events, of which Stripe shows none")
    facts = [
        Fact(source="stripe.event", id=event.id, field="pending_webhooks", value=0, says=f"{event.type} was accepted.")
        for event in told
    ]
    detail = "" if told else "Stripe keeps events for 30 days, so how they were delivered can no longer be seen."
    headline = (
        "The app was told of the payment and accepted it, but wrote nothing."
        if told
        else "The app should have been told of the payment, but has written nothing."
    )
    return match("medium" if told else "low", headline, *facts[:4], detail=detail)


def _was_told(case: Case, event: Event) -> bool:
    """Whether an endpoint of the app's was there to take it; only then does nothing outstanding mean accepted."""
    return any(held.enabled and held.hears(event.type) and held.created <= event.created for held in case.app_endpoints)


@rule("PBF-072", "Idempotency marker swallowed the retry", Layer.HANDLER)
def marker_swallowed(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    table = case.profile.database
    if table is None or not case.wrong or case.database is None or case.database == case.expected:
        return unknown(case.database_gap) if case.wrong and case.database_gap else no()
    if not table.events_table:
        return unknown("events_table in the profile")
    if isinstance(case.evidence.ledger, Gap):
        return unknown(case.evidence.ledger)
    row = None if isinstance(case.row, Gap) else case.row
    if row is None:
        return no(Fact(source="database", says="There is no row that the work could have been done on."))
    marks = {entry.event_id: entry.processed_at for entry in case.evidence.ledger}
    for event in case.events:
        if event.id not in marks or event.type not in _GRANTS:
            continue
        marked = marks[event.id]
        if row.updated_at and row.updated_at >= (marked or from_unix(event.created)):
            continue
        return match(
            "high",
            "The app marked the payment's event as processed without doing the work, so a retry is taken for a duplicate.",
            Fact(source="database", id=event.id, field=f"{table.events_table}.{table.events_id_column}", value=event.id,
                 says=f"{event.type} is in the app's ledger."),
            Fact(source="database", id=row.key, field=table.plan_column, value=row.raw_plan,
                 says="The row was not written since."),
            detail="Sending the event again would be answered as a duplicate.",
        )  # fmt: skip
    return no()
