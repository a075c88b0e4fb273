"""Causes on the way from Stripe to the app: no endpoint, a disabled one, missing types, a refused signature, a redirect.

Stripe has no list of delivery attempts, so nothing in here claims a status code that Stripe saw: what is known is which events
are outstanding, how the endpoint is set up, and what it answers to our own signed probe.
"""

from urllib.parse import urlsplit

from billing_tui.diagnosis.addresses import near_address
from billing_tui.diagnosis.answers import REDIRECTS, REFUSALS, answers, broken_code, walled
from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.database import LedgerEntry
from billing_tui.model.diagnosis import Confidence, Fact, Layer
from billing_tui.model.evidence import Gap
from billing_tui.model.stripe import Endpoint, Event
from billing_tui.model.text import listed, plural


@rule("PBF-050", "No endpoint for this app in this mode", Layer.DELIVERY)
def no_endpoint(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=False)
    if gate:
        return gate
    endpoints = case.evidence.configuration.endpoints
    if isinstance(endpoints, Gap):
        return unknown(endpoints)
    if case.app_endpoints:
        return _made_too_late(case)
    elsewhere = _other_ways(case, endpoints)
    facts = [
        Fact(source="stripe.webhook_endpoint", field="url", value=case.profile.webhook_url, says="No endpoint has this URL.")
    ]
    facts += [
        Fact(source="stripe.webhook_endpoint", id=held.id, field="url", value=held.url, says="Is another one.")
        for held in endpoints[:3]
    ]
    return match(
        "medium" if elsewhere else "high",
        f"Stripe's {case.profile.mode} mode has no webhook endpoint for this app, so the app never hears of a payment.",
        *facts,
        detail="Another destination may be passing events on." if elsewhere else "",
    )


def _made_too_late(case: Case) -> Judgement:
    """Whether the app's endpoint came only after this person's events: who was not there then was never told."""
    needed = [event for event in case.events if event.type in case.profile.required_events]
    first = min(held.created for held in case.app_endpoints)
    if not case.wrong or not needed or any(event.created >= first for event in needed) or in_ledger(case):
        return no()
    held = case.app_endpoints[0]
    return match(
        "medium",
        "When this happened, Stripe had no webhook endpoint for this app yet, so the app was never told.",
        Fact(source="stripe.webhook_endpoint", id=held.id, field="created", value=held.created, says="Was made after that."),
    )


def _other_ways(case: Case, endpoints: tuple[Endpoint, ...]) -> bool:
    """Whether events may reach the app by a way that is no endpoint of its own: an event bus, or a proxy in front."""
    destinations = case.evidence.configuration.destinations
    buses = () if isinstance(destinations, Gap) else destinations
    if any(held.type not in ("", "webhook_endpoint") and held.status == "enabled" for held in buses):
        return True
    local = ("localhost", "127.0.0.1", "ngrok", "preview", ".local")
    return any(
        held.enabled
        and any(held.hears(needed) for needed in case.profile.required_events)
        and not any(word in held.url for word in local)
        for held in endpoints
    )


@rule("PBF-051", "Endpoint disabled", Layer.DELIVERY)
def endpoint_disabled(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=False)
    if gate:
        return gate
    if isinstance(case.evidence.configuration.endpoints, Gap):
        return unknown(case.evidence.configuration.endpoints)
    if not case.app_endpoints or case.app_endpoints[0].enabled:
        return no()
    if in_ledger(case):
        return no(Fact(source="database", says="The app has processed this person's events."))
    held = case.app_endpoints[0]
    return match(
        "high",
        "Stripe's webhook endpoint for this app is switched off, so the app is not told of payments.",
        Fact(source="stripe.webhook_endpoint", id=held.id, field="status", value=held.status, says=f"{held.url} is disabled."),
        detail="Events made while it is off are not sent later.",
    )


@rule("PBF-052", "Needed event types not enabled", Layer.DELIVERY)
def types_not_enabled(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=False)
    if gate:
        return gate
    if isinstance(case.evidence.configuration.endpoints, Gap):
        return unknown(case.evidence.configuration.endpoints)
    asked = [held for held in case.app_endpoints if held.enabled] or list(case.app_endpoints)
    missing = [needed for needed in case.profile.required_events if not any(held.hears(needed) for held in asked)]
    if not asked or not missing:
        return no()
    if isinstance(case.evidence.events, Gap):
        return unknown(case.evidence.events)
    held_there = {entry.event_id for entry in _ledger(case)}
    unheard = [event for event in case.events if event.type in missing and event.id not in held_there]
    if case.events and not unheard:
        return no()
    held = asked[0]
    facts = [
        Fact(
            source="stripe.webhook_endpoint", id=held.id, field="enabled_events", says=f"Is not subscribed to {listed(missing)}."
        )
    ]
    facts += [
        Fact(
            source="stripe.event",
            id=event.id,
            field="pending_webhooks",
            value=event.pending_webhooks,
            says=f"{event.type} was sent nowhere.",
        )
        for event in unheard[:3]
    ]
    return match(
        "high" if unheard else "medium",
        f"The app's webhook endpoint is not subscribed to {listed(missing)}, so the app never hears of it.",
        *facts,
        detail="Sending these events again reaches nobody; only a re-sync helps.",
    )


@rule("PBF-054", "Signature rejected: secret wrong or missing", Layer.DELIVERY)
def signature_rejected(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=True) or reaches_app(case)
    if gate:
        return gate
    probes = case.evidence.probes
    if isinstance(probes, Gap):
        return unknown(probes)
    if probes.unsigned.status not in REFUSALS or walled(probes.unsigned):
        return no(*answers(probes))
    if isinstance(probes.valid, Gap):
        return unknown(probes.valid, facts=answers(probes))
    if probes.valid.status not in REFUSALS or walled(probes.valid) or broken_code(probes.valid):
        return no(*answers(probes))
    return match(
        "high" if case.undelivered else "low",
        "The app refuses Stripe's deliveries: its signing secret is wrong or missing.",
        *outstanding(case.undelivered),
        *answers(probes),
        detail="" if case.wrong else "This person is right everywhere, but what comes next will be lost.",
    )


@rule("PBF-058", "Redirect", Layer.DELIVERY)
def redirect(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=False)
    if gate:
        return gate
    probes = case.evidence.probes
    near = case.near_endpoints
    if near and not case.own_endpoints and case.undelivered:
        return match(
            "high",
            f"Stripe sends to {near[0].url}, which is not the app's address {case.profile.webhook_url}, and follows no redirect.",
            Fact(
                source="stripe.webhook_endpoint",
                id=near[0].id,
                field="url",
                value=near[0].url,
                says="Differs from the app's address.",
            ),
            *outstanding(case.undelivered),
        )
    if not case.undelivered and not cut_off(case) and not (case.deliveries_gap and case.deliveries_gap.exit_code):
        return no()
    if isinstance(probes, Gap):
        return unknown(probes)
    target = probes.unsigned.headers.get("location", "")
    if probes.unsigned.status not in REDIRECTS or walled(probes.unsigned):
        return no(*answers(probes))
    same = near_address(target, case.profile.webhook_url) or not urlsplit(target).netloc
    return match(
        "high" if same and case.undelivered else "medium",
        f"The app's webhook address redirects to {target or 'another address'}, and Stripe follows no redirect.",
        *outstanding(case.undelivered),
        *answers(probes),
    )


def gate_of(case: Case, *, needs_loss: bool) -> Judgement | None:
    """The answer where delivery can't be the matter; None where it can.

    `needs_loss`: the rule speaks only of events that are outstanding, or would be if Stripe sent the app any.
    """
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    if not case.customers or (case.latest is None and not case.undelivered):
        return no()
    if not case.undelivered:
        if case.deliveries_gap and case.deliveries_gap.exit_code and (case.paid or case.wrong):
            return unknown(case.deliveries_gap)
        if (needs_loss and not cut_off(case)) or not case.wrong:
            return unknown(case.layers_gap) if case.layers_gap and case.paid and not needs_loss else no()
    if not case.profile.webhook_url:
        return unknown("webhook_url in the profile")
    return None


def reaches_app(case: Case) -> Judgement | None:
    """The answer where what is outstanding is not the app's: it has no endpoint, and its people lack nothing."""
    if isinstance(case.evidence.configuration.endpoints, Gap) or case.app_endpoints or cut_off(case):
        return None
    return no(Fact(source="stripe.webhook_endpoint", says="What is outstanding is not this app's."))


def cut_off(case: Case) -> bool:
    """Whether somebody lacks what Stripe sends the app nothing of: then nothing is outstanding, however the app would answer.

    An endpoint that is switched off often was so because it had refused for days; to switch it on again mends half.
    """
    if not case.wrong or isinstance(case.evidence.configuration.endpoints, Gap) or in_ledger(case):
        return False
    listening = [held for held in case.app_endpoints if held.enabled]
    needed = [event for event in case.events if event.type in case.profile.required_events]
    return not listening or (bool(needed) and not any(held.hears(event.type) for held in listening for event in needed))


def surely(case: Case) -> Confidence:
    """How sure our own probe alone is of what Stripe meets."""
    return "high" if case.undelivered else "medium"


def _ledger(case: Case) -> tuple[LedgerEntry, ...]:
    return () if isinstance(case.evidence.ledger, Gap) else case.evidence.ledger


def in_ledger(case: Case) -> bool:
    needed = {event.id for event in case.events if event.type in case.profile.required_events}
    return any(entry.event_id in needed for entry in _ledger(case))


def outstanding(events: tuple[Event, ...]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            source="stripe.event",
            id=event.id,
            field="pending_webhooks",
            value=event.pending_webhooks,
            says=f"{event.type} is outstanding at {plural(event.pending_webhooks or 1, 'endpoint')}.",
        )
        for event in events[:4]
    )
