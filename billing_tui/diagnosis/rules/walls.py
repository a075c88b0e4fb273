"""Causes that stand before the app: a sign-in wall, an edge, no path, no answer; and endpoints that are one too many.

What answers our own probe may treat Stripe differently, since we call from another address: each of these also needs an event
that is outstanding, or that Stripe has no endpoint to send to.
"""

from billing_tui.diagnosis.addresses import same_address
from billing_tui.diagnosis.answers import answers, broken_code, edge, signs_in, walled
from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.diagnosis.rules.delivery import gate_of, in_ledger, outstanding, reaches_app, surely
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap, Probe, Probes, known
from billing_tui.model.stripe import Destination, Event
from billing_tui.model.text import plural

# Stripe gives an endpoint about so long to answer.
_PATIENCE = 10_000


@rule("PBF-053", "Wrong scope or payload style", Layer.DELIVERY)
def wrong_style(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=False)
    if gate:
        return gate
    destinations = case.evidence.configuration.destinations
    if isinstance(destinations, Gap):
        # v1 tells nothing of it, so where v2 is not to be had this stays open and holds nothing up.
        return unknown("how the endpoint is to be sent events (event destinations)")
    if in_ledger(case):
        return no()
    ours = [held for held in destinations if _is_apps(held, case)]
    thin = next((held for held in ours if held.event_payload == "thin"), None)
    if thin and all(held.event_payload == "thin" for held in ours):
        return match(
            "high",
            "Stripe sends the app only notes without content (thin events), which its code can't read.",
            Fact(source="stripe.event_destination", id=thin.id, field="event_payload", value="thin", says="Sends thin events."),
            *outstanding(case.undelivered),
            detail="This can't be changed on an endpoint: it takes a new one, with a new secret.",
        )
    deaf = next((held for held in ours if not _hears_scope(held, case.events)), None)
    if deaf is None or any(held is not deaf for held in ours):
        return no()
    return match(
        "high",
        "Stripe's endpoint for the app listens to other accounts' events than those of this payment.",
        Fact(
            source="stripe.event_destination",
            id=deaf.id,
            field="events_from",
            value=", ".join(deaf.events_from or ()),
            says="Is where it takes events from.",
        ),
        detail="This can't be changed on an endpoint: it takes a new one, with a new secret.",
    )


def _is_apps(held: Destination, case: Case) -> bool:
    ids = {endpoint.id for endpoint in case.app_endpoints}
    url = held.webhook_endpoint.url if held.webhook_endpoint else None
    off = held.status == "disabled" and any(endpoint.enabled for endpoint in case.app_endpoints)
    return not off and (held.id in ids or bool(url and same_address(url, case.profile.webhook_url)))


def _hears_scope(held: Destination, events: tuple[Event, ...]) -> bool:
    scopes = held.events_from
    if not scopes or not events:
        return True
    foreign = any(event.account for event in events)
    return any(scope != "@self" for scope in scopes) if foreign else "@self" in scopes


def _probed(case: Case) -> Probes | Judgement:
    """The probes, where they can say something of what is outstanding; or the answer where they can't."""
    gate = gate_of(case, needs_loss=True) or reaches_app(case)
    if gate:
        return gate
    return unknown(case.evidence.probes) if isinstance(case.evidence.probes, Gap) else case.evidence.probes


@rule("PBF-056", "App auth wall", Layer.DELIVERY)
def sign_in_wall(case: Case) -> Judgement:
    probes = _probed(case)
    if isinstance(probes, Judgement):
        return probes
    if not signs_in(probes.unsigned) or (isinstance(probes.valid, Probe) and probes.valid.accepted):
        return no(*answers(probes))
    told = {name: value for name, value in probes.unsigned.headers.items() if name.startswith("x-clerk-auth")}
    return match(
        surely(case) if told else "medium",
        "The app asks Stripe to sign in before it may deliver, so no payment is ever told to it.",
        *(
            Fact(source="probe", id="unsigned", field=name, value=value, says="Came with the answer.")
            for name, value in told.items()
        ),
        *answers(probes),
        *outstanding(case.undelivered),
        detail="The webhook's path must be public in the app's middleware.",
    )


@rule("PBF-057", "Edge wall", Layer.DELIVERY)
def edge_wall(case: Case) -> Judgement:
    probes = _probed(case)
    if isinstance(probes, Judgement):
        return probes
    if not edge(probes.unsigned) or (isinstance(probes.valid, Probe) and probes.valid.accepted):
        return no(*answers(probes))
    headers = probes.unsigned.headers
    who = (
        "Vercel's protection"
        if "x-vercel-id" in headers
        else "Cloudflare"
        if "cf-ray" in headers or "cf-mitigated" in headers
        else "A firewall"
    )
    return match(
        surely(case),
        f"{who} stops Stripe's deliveries before they reach the app.",
        *answers(probes),
        *outstanding(case.undelivered),
        detail="It needs an exception for exactly this path; the app goes on checking signatures.",
    )


@rule("PBF-059", "Wrong path or method", Layer.DELIVERY)
def wrong_path(case: Case) -> Judgement:
    probes = _probed(case)
    if isinstance(probes, Judgement):
        return probes
    status = probes.unsigned.status
    if status not in (404, 405) or walled(probes.unsigned) or (isinstance(probes.valid, Probe) and probes.valid.accepted):
        return no(*answers(probes))
    why = "nothing is there" if status == 404 else "it takes no deliveries"
    return match(
        surely(case),
        f"The app has no webhook at the address that Stripe calls: {why} ({status}).",
        *answers(probes),
        *outstanding(case.undelivered),
    )


@rule("PBF-061", "Timeout, DNS, TLS", Layer.DELIVERY)
def no_answer(case: Case) -> Judgement:
    probes = _probed(case)
    if isinstance(probes, Judgement):
        return probes
    asked = [probes.unsigned] + ([probes.valid] if isinstance(probes.valid, Probe) else [])
    silent = next((probe for probe in asked if probe.status is None), None)
    slow = next((probe for probe in asked if probe.latency > _PATIENCE), None)
    if silent is None and slow is None:
        return no(*answers(probes))
    headline = (
        "The app does not answer at its webhook address, so Stripe can't deliver."
        if silent
        else "The app takes so long to answer that Stripe gives up waiting."
    )
    return match("medium", headline, *answers(probes), *outstanding(case.undelivered))


@rule("PBF-062", "Duplicate endpoints", Layer.DELIVERY)
def duplicates(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    endpoints = case.evidence.configuration.endpoints
    if isinstance(endpoints, Gap):
        return unknown(endpoints) if case.wrong else no()
    enabled = [held for held in case.app_endpoints if held.enabled]
    twins = [held for held in enabled if same_address(held.url, enabled[0].url)] if enabled else []
    if len(twins) < 2:
        return no()
    lost = known(case.evidence.undelivered, frozenset())
    pending = tuple(event for event in case.events if event.id in lost and not case.in_flight(event))
    if not pending:
        return no()
    probes = case.evidence.probes
    if case.wrong and isinstance(probes, Gap):
        return unknown(probes)
    answer = probes.valid if isinstance(probes, Probes) else None
    if case.wrong and (not isinstance(answer, Probe) or broken_code(answer) or (answer.status or 0) >= 500):
        return no()
    refused = case.wrong and isinstance(answer, Probe) and not answer.accepted
    one = "and the app can know the secret of only one" if refused else "and one of them never succeeds"
    return match(
        "low" if refused else "medium",
        f"Stripe has {plural(len(twins), 'endpoint')} for the same address of the app, {one}.",
        *(Fact(source="stripe.webhook_endpoint", id=held.id, field="url", value=held.url, says="Is enabled.") for held in twins),
        *outstanding(pending),
        detail="Each has a secret of its own, and the app knows one. It may be a move under way: ask before disabling one.",
    )
