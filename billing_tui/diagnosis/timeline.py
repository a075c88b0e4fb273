"""What happened to one person, in order, from everything that was seen."""

from collections.abc import Iterator

from billing_tui.diagnosis.case import Case
from billing_tui.model.clerk import User
from billing_tui.model.diagnosis import Happening, Mood
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import day, from_unix, from_unix_ms
from billing_tui.model.money import money
from billing_tui.model.stripe import Card, Charge, Event, Subscription
from billing_tui.model.text import plural


def timeline(case: Case) -> tuple[Happening, ...]:
    """Oldest first."""
    made = [
        *_customers(case),
        *_subscriptions(case),
        *_sessions(case),
        *_charges(case),
        *_events(case),
        *_layers(case),
        *_probe(case),
    ]
    return tuple(sorted(made, key=lambda happening: happening.at))


def _customers(case: Case) -> Iterator[Happening]:
    for customer in case.customers:
        yield Happening(at=from_unix(customer.created), what="customer created", id=customer.id, says=customer.name or "")


def _subscriptions(case: Case) -> Iterator[Happening]:
    for held in case.all_subscriptions:
        live = held in case.live
        yield Happening(
            at=from_unix(held.created),
            what=f"subscription {held.status}",
            id=held.id,
            says=price_words(held),
            mood="good" if live else "plain",
        )
        if held.ended_at:
            yield Happening(at=from_unix(held.ended_at), what="subscription ended", id=held.id, mood="attention")
        elif held.ends_at and live:
            says = f"ends on {day(from_unix(held.ends_at))}"
            yield Happening(at=from_unix(held.canceled_at or held.created), what="cancellation scheduled", id=held.id, says=says)


def price_words(held: Subscription) -> str:
    """`Pro  $29.00 / month`, as far as the subscription tells."""
    if not held.items.data:
        return ""
    price = held.items.data[0].price
    each = money(price.unit_amount, price.currency) if price.unit_amount is not None else ""
    recurring = price.recurring
    every = f" / {recurring.interval}" if recurring and recurring.interval_count == 1 else ""
    if recurring and recurring.interval_count > 1:
        every = f" / {recurring.interval_count} {recurring.interval}s"
    more = f" and {plural(len(held.items.data) - 1, 'more item')}" if len(held.items.data) > 1 else ""
    return f"{price.nickname + '  ' if price.nickname else ''}{each}{every}{more}".strip()


def _sessions(case: Case) -> Iterator[Happening]:
    for session in case.sessions:
        done = session.status == "complete"
        says = session.payment_status.replace("_", " ")
        if session.amount_total is not None and session.currency:
            says = f"{money(session.amount_total, session.currency)}  {says}"
        yield Happening(
            at=from_unix(session.created),
            what=f"checkout {session.status}",
            id=session.id,
            says=says,
            mood="plain" if done else "attention",
        )


def _charges(case: Case) -> Iterator[Happening]:
    for charge in known(case.charges, ()):
        what = "refunded" if charge.refunded else "disputed" if charge.disputed else f"payment {charge.status}"
        says = f"{money(charge.amount, charge.currency)}  {_paid_with(charge)}".rstrip()
        failed = charge.status == "failed"
        if failed and (charge.failure_message or charge.failure_code):
            says = f"{says}  {charge.failure_message or charge.failure_code}"
        mood: Mood = "bad" if failed or charge.refunded or charge.disputed else "good"
        yield Happening(at=from_unix(charge.created), what=what, id=charge.id, says=says, mood=mood)


def _paid_with(charge: Charge) -> str:
    card: Card | None = charge.payment_method_details.card if charge.payment_method_details else None
    return f"{card.brand} ···· {card.last4}" if card and card.last4 else ""


def _events(case: Case) -> Iterator[Happening]:
    for event in case.events:
        says, bad = delivery_words(case, event)
        yield Happening(at=from_unix(event.created), what=event.type, id=event.id, says=says, mood="bad" if bad else "plain")


def delivery_words(case: Case, event: Event) -> tuple[str, bool]:
    """What is known of an event's delivery, and whether that is bad."""
    if event in case.undelivered:
        return f"not delivered, {plural(event.pending_webhooks or 1, 'endpoint')} outstanding", True
    if event.id in {entry.event_id for entry in known(case.evidence.ledger, ())}:
        return "in the app's ledger", False
    lost = case.evidence.undelivered
    if isinstance(lost, Gap):
        return "delivery unknown", False
    if event.id in lost or event.pending_webhooks:
        return "on its way", False
    endpoints = known(case.evidence.configuration.endpoints, ())
    heard = any(held.enabled and held.hears(event.type) for held in endpoints)
    needed = event.type in case.profile.required_events
    return ("delivered", False) if heard else ("sent nowhere: no endpoint is subscribed", needed)


def _layers(case: Case) -> Iterator[Happening]:
    if isinstance(case.user, User) and case.user.updated_at:
        says = f"plan {case.clerk}" if case.clerk else ""
        yield Happening(at=from_unix_ms(case.user.updated_at), what="Clerk user last changed", id=case.user.id, says=says)
    row = case.row
    if row and not isinstance(row, Gap) and row.updated_at:
        yield Happening(at=row.updated_at, what="database row last changed", id=row.key, says=f"plan {case.database}")


def _probe(case: Case) -> Iterator[Happening]:
    probes = case.evidence.probes
    if isinstance(probes, Gap):
        return
    held = probes.unsigned if isinstance(probes.valid, Gap) else probes.valid
    answered = f"{held.status} in {held.latency} ms" if held.status else held.error
    mood: Mood = "plain" if held.accepted else "attention"
    yield Happening(
        at=probes.at,
        what="our signed probe" if held is probes.valid else "our probe",
        says=f"{answered}  {held.body[:80]}".rstrip(),
        mood=mood,
    )
