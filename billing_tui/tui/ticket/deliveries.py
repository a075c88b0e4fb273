"""The Deliveries tab: the events around the purchase, who should have heard them, and what the app answers us."""

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import Gap, Probe, Probes
from billing_tui.model.moment import from_unix
from billing_tui.model.stripe import Endpoint, Event
from billing_tui.model.text import plural, short
from billing_tui.tui.draw import Piece
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK
from billing_tui.tui.ticket.table import Line, gap_rows, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import clock, stamp


def delivery_rows(found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
    """Events, then endpoints, then probes."""
    return parts(_events(found, width), _endpoints(found, mask, width), _probes(found, mask, width))


def _events(found: Diagnosis, width: int) -> list[Row]:
    events = found.evidence.events
    if isinstance(events, Gap):
        return gap_rows(events, width)
    if not events:
        return said("Stripe lists no event for this customer around the purchase.", width)
    lines = [_event(found, event, narrow=width < 90) for event in events]
    return [heading("Events", width), *table(lines, width, caps=(13, 34, 14))]


def _event(found: Diagnosis, event: Event, *, narrow: bool) -> Line:
    """On a narrow terminal the id makes room; it can still be copied."""
    named: list[Piece] = [] if narrow else [(short(event.id), DIM)]
    when = stamp(from_unix(event.created), found.evidence.at)
    return Line(((when, DIM), (event.type, INK), *named, _delivered(found, event)), event.id)


def _delivered(found: Diagnosis, event: Event) -> Piece:
    undelivered = found.evidence.undelivered
    if event.pending_webhooks:
        return (f"✗ not delivered, {plural(event.pending_webhooks, 'endpoint')} outstanding", BAD)
    if not isinstance(undelivered, Gap) and event.id in undelivered:
        return ("✗ not delivered", BAD)
    wanted = event.type in found.evidence.profile.required_events
    return ("nothing outstanding", GOOD if wanted else DIM)


def _endpoints(found: Diagnosis, mask: Mask, width: int) -> list[Row]:
    endpoints = found.evidence.configuration.endpoints
    if isinstance(endpoints, Gap):
        return gap_rows(endpoints, width)
    if not endpoints:
        return [heading("Endpoints", width), *said("none in this mode", width, BAD)]
    lines = [_endpoint(endpoint, found.evidence.profile.required_events, mask, narrow=width < 90) for endpoint in endpoints]
    return [heading("Endpoints", width), *table(lines, width, caps=(14, 10, 24, 20))]


def _endpoint(endpoint: Endpoint, required: tuple[str, ...], mask: Mask, *, narrow: bool) -> Line:
    lacking = [kind for kind in required if not endpoint.hears(kind)]
    hears: Piece = ("hears all it needs", GOOD) if not lacking else (f"lacks {plural(len(lacking), 'event type')}", ATTENTION)
    state: Piece = (endpoint.status or "enabled", GOOD if endpoint.enabled else BAD)
    version: list[Piece] = [] if narrow else [(endpoint.api_version or "account's", DIM)]
    return Line(((short(endpoint.id), INK), state, hears, *version, (mask(endpoint.url), INK)), endpoint.id)


def _probes(found: Diagnosis, mask: Mask, width: int) -> list[Row]:
    probes = found.evidence.probes
    if isinstance(probes, Gap):
        return gap_rows(probes, width)
    rows = [heading("Our probes", width, f"{mask(probes.url)} at {clock(probes.at)}")]
    lines = [_probe(name, probe, expected, mask) for name, probe, expected in _four(probes)]
    return rows + table(lines, width, caps=(20, 12, 10))


def _four(probes: Probes) -> list[tuple[str, Probe | Gap, bool]]:
    return [
        ("without signature", probes.unsigned, False),
        ("well signed", probes.valid, True),
        ("wrong key", probes.wrong_key, False),
        ("signed, but old", probes.old, False),
    ]


def _probe(name: str, probe: Probe | Gap, accept: bool, mask: Mask) -> Line:
    if isinstance(probe, Gap):
        return Line(((name, INK), ("not sent", DIM), ("", DIM), (probe.message or probe.why.value, DIM)))
    fine = probe.accepted == accept and probe.status is not None
    answer = str(probe.status) if probe.status is not None else "no answer"
    glyph = "✓" if fine else "✗"
    return Line(
        (
            (name, INK),
            (f"{glyph} {answer}", GOOD if fine else BAD),
            (f"{probe.latency} ms", DIM),
            (mask(probe.error or probe.body), DIM),
        )
    )
