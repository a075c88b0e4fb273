"""The log's states, its filter and the endpoints' health say what the delivery log of the same events says, whatever there is."""

import json
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_tui.cache import schema, store
from billing_tui.cache.arrivals import arrive
from billing_tui.cache.objects import ListedEvent, event_values
from billing_tui.cache.rows import EventRow, Sent, View
from billing_tui.cache.sent import STATES, source_of, state_of
from billing_tui.cache.shelf import Shelf, open_shelf
from billing_tui.diagnosis.configuration import NOTHING_YET
from billing_tui.diagnosis.deliveries import Seen, deliveries
from billing_tui.model.delivery import DeliveryState, Source
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint, Event
from billing_tui.tui.webhooks.endpoints import sent_to

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE = int(NOW.timestamp())
PROFILE = Profile(name="acme", mode="live", tiers=("free", "pro"), webhook_url="https://app.example/hook")
TYPES = ("invoice.paid", "invoice.voided", "charge.failed")
AGES = (30, 3000, 80_000, 100_000, 5 * 86400)
WIRE: list[dict[str, Any]] = [
    {"id": f"evt_{place}", "type": kind, "created": HERE - age, "pending_webhooks": pending}
    for place, (kind, age, pending) in enumerate(product(TYPES, AGES, range(4)))
]
LEDGER = {wire["id"] for wire in WIRE[::7]}
EVENTS = msgspec.json.decode(json.dumps(WIRE), type=list[Event])

endpoints = st.builds(
    Endpoint,
    id=st.uuids().map(lambda each: f"we_{each.hex[:8]}"),
    url=st.just("https://other.example/in"),
    status=st.sampled_from(["enabled", "disabled"]),
    enabled_events=st.one_of(st.just(("*",)), st.lists(st.sampled_from(TYPES), unique=True).map(tuple)),
    created=st.sampled_from([0, HERE - 90_000, HERE - 300]),
)
OWN = endpoints.map(lambda each: msgspec.structs.replace(each, url="https://APP.example:443/hook"))
several = st.tuples(OWN, st.lists(endpoints, max_size=3)).map(lambda held: (*held[1], held[0]))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    path: Path = tmp_path_factory.mktemp("cache") / "cache.db"
    with closing(schema.connect(path)) as database:
        listed = msgspec.json.decode(json.dumps(WIRE), type=list[ListedEvent])
        store.put(database, "events", [event_values(each) for each in listed], 1)
        assert arrive(database, LEDGER, "ledger") == len(LEDGER)
    return open_shelf(path, now=lambda: NOW)


def told(held: tuple[Endpoint, ...]) -> dict[tuple[str, str], tuple[DeliveryState, Source]]:
    """By event and endpoint."""
    lost = frozenset(event.id for event in EVENTS if event.pending_webhooks)
    seen = Seen(at=NOW, profile=PROFILE, endpoints=held, lost=lost, ledger=LEDGER)
    return {(each.event, each.endpoint or ""): (each.state, each.source) for each in deliveries(EVENTS, seen)}


def sent(held: tuple[Endpoint, ...]) -> Sent:
    made = sent_to(msgspec.structs.replace(NOTHING_YET, endpoints=held), PROFILE)
    assert made is not None
    return made


def rows(shelf: Shelf, view: View) -> list[EventRow]:
    return [row for row in shelf.rows("events", shelf.ids(view)) if row]


@given(several)
@settings(max_examples=60, deadline=None)
def test_an_event_is_drawn_and_found_as_the_delivery_log_has_it(shelf: Shelf, held: tuple[Endpoint, ...]) -> None:
    known, expected = sent(held), told(held)
    for row in rows(shelf, View("events")):
        assert (state_of(row, known, HERE), source_of(row, known, HERE)) == expected[row.id, held[-1].id]
    for state in STATES:
        found = {row.id for row in rows(shelf, View("events", f"state:{state}", sent=known))}
        assert found == {event for (event, endpoint), each in expected.items() if endpoint == held[-1].id and each[0] == state}


@given(several)
@settings(max_examples=60, deadline=None)
def test_an_endpoints_health_counts_the_delivery_log(shelf: Shelf, held: tuple[Endpoint, ...]) -> None:
    expected = told(held)
    health = shelf.health(sent(held))
    for endpoint in held:
        heard = [event for event in EVENTS if endpoint.hears(event.type) and endpoint.created <= event.created]
        here = [(event, expected[event.id, endpoint.id][0]) for event in heard]
        lost = [event for event, state in here if state in ("pending", "failed")]
        perhaps = [event for event, state in here if state == "unknown" and event.pending_webhooks]
        good = [event.created for event, state in here if state == "delivered"]
        found = health[endpoint.id]
        assert (found.lost, found.perhaps) == (len(lost), len(perhaps))
        assert found.good == max(good, default=None)
        day = [event for event, _ in here if event.created > HERE - 86400]
        assert sum(hour.events for hour in found.hours) == len(day)
        assert sum(hour.lost for hour in found.hours) == sum(event in lost for event in day)
        assert sum(hour.perhaps for hour in found.hours) == sum(event in perhaps for event in day)


@pytest.mark.parametrize("held", [(), (Endpoint(id="we_1", url="https://other.example", enabled_events=("*",), created=0),)])
def test_without_an_own_endpoint_every_event_is_in_one_state(shelf: Shelf, held: tuple[Endpoint, ...]) -> None:
    known = sent(held)
    for state in STATES:
        found = rows(shelf, View("events", f"state:{state}", sent=known))
        assert {state_of(row, known, HERE) for row in found} <= {state}
    assert sum(shelf.count(View("events", f"state:{state}", sent=known)) for state in STATES) == len(EVENTS)
