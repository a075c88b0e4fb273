"""What a ticket costs, as the services counted it: requests, and how many of them had to wait for others."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stages import RULES
from tests.cli.office import Office, opened
from tests.cli.program import Json

MOST_REQUESTS, MOST_OF_CONFIGURATION, PROBES, MOST_ROUND_TRIPS = 12, 10, 4, 2
LATENCY = 250
SHARED = ("/v1/account", "/v1/prices", "/v1/webhook_endpoints", "/v2/core/event_destinations", "/v1/billing_portal")
SHARED_OF_CLERK = ("/clerk/v1/jwt_templates", "/clerk/v1/instance", "/clerk/v1/domains")


@pytest.fixture(scope="module")
def far_away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose services are so far away that what is sent at once overlaps on the busiest machine."""
    with opened(tmp_path_factory.mktemp("home"), latency_ms=LATENCY) as office:
        yield office


def counted(seen: list[Json]) -> Counter[str]:
    """Requests as the contract sorts them."""
    return Counter(_sort(one) for one in seen)


def _sort(one: Json) -> str:
    if one["service"] == "app":
        return "probe"
    if one["path"].startswith((*SHARED, *SHARED_OF_CLERK)):
        return "configuration"
    return str(one["service"])


def in_sequence(seen: list[Json]) -> int:
    """The longest chain of requests of which each was sent after the answer to the one before.

    Probes are left out: the app is not far away, and answers one before it looks at the next.
    """
    length, free_from = 0, 0.0
    for one in sorted(seen, key=lambda one: one["finished"]):
        if one["service"] != "app" and one["started"] >= free_from:
            length, free_from = length + 1, one["finished"]
    return length


def in_time(office: Office, query: str, rule: str) -> tuple[Json, int]:
    """A ticket's cost, and its longest chain in the best of three: a busy machine sends late, and then what overlaps does not."""
    cost: Json = {}
    chain = 0
    for _ in range(3):
        office.forget()
        ran = office.program.ask("diagnose", query)
        assert ran.primary == rule
        cost, chain = ran.document["cost"], in_sequence(office.seen())
        if chain <= MOST_ROUND_TRIPS:
            break
    return cost, chain


def ids_of(office: Office, staged: Json, mode: Mode = "test") -> dict[str, str]:
    """Everything that a ticket about somebody may hold, by kind."""
    wire = office.wires[mode]
    customer = staged["customer_id"]
    charge = wire.stripe("/charges", customer=customer)["data"][0]
    invoice = wire.stripe("/invoices", customer=customer)["data"][0]
    events = [one for one in wire.stripe("/events", limit=100)["data"] if one["data"]["object"].get("customer") == customer]
    return {
        "e-mail": staged["email"],
        "e-mail in capitals": staged["email"].upper(),
        "e-mail as pasted": f'"{staged["email"]}" <{staged["email"]}>,',
        "customer": customer,
        "subscription": wire.stripe("/subscriptions", customer=customer)["data"][0]["id"],
        "invoice": invoice["id"],
        "payment intent": wire.stripe("/payment_intents", customer=customer)["data"][0]["id"],
        "charge": charge["id"],
        "session": wire.stripe("/checkout/sessions", customer=customer)["data"][0]["id"],
        "event": events[0]["id"],
        "user": staged["user_id"],
        "invoice number": invoice["number"],
        "receipt number": charge["receipt_number"],
    }


KINDS = (
    "e-mail",
    "e-mail in capitals",
    "e-mail as pasted",
    "customer",
    "subscription",
    "invoice",
    "payment intent",
    "charge",
    "session",
    "event",
    "user",
    "invoice number",
    "receipt number",
)


AT_A_TIME = 10


@pytest.mark.parametrize("first", range(0, len(RULES), AT_A_TIME))
def test_a_cold_ticket_keeps_within_its_limits_and_says_what_it_cost(tmp_path: Path, first: int) -> None:
    """Few at a time: where more than a hundred events of others lie around a purchase, a third trip is right."""
    with opened(tmp_path) as office:
        for rule in sorted(RULES)[first : first + AT_A_TIME]:
            keeps_within_its_limits(office, office.stage(rule))


def keeps_within_its_limits(office: Office, staged: Json) -> None:
    office.forget()
    cost = office.program.ask("diagnose", staged["email"]).document["cost"]
    seen = counted(office.seen())
    assert seen["stripe"] + seen["clerk"] <= MOST_REQUESTS
    assert seen["configuration"] <= MOST_OF_CONFIGURATION
    assert seen["probe"] in (0, PROBES)
    assert cost["sequential_round_trips"] <= MOST_ROUND_TRIPS
    assert {name: cost[f"{name}_requests"] for name in ("stripe", "clerk", "configuration", "probe")} == {
        name: seen[name] for name in ("stripe", "clerk", "configuration", "probe")
    }


@pytest.mark.parametrize("rule", ["PBF-001", "PBF-003", "PBF-010", "PBF-041", "PBF-054", "PBF-099"])
def test_a_ticket_waits_for_no_more_than_two_round_trips(far_away: Office, rule: str) -> None:
    cost, chain = in_time(far_away, far_away.stage(rule)["email"], rule)
    assert chain <= MOST_ROUND_TRIPS
    assert cost["sequential_round_trips"] == chain
    assert cost["elapsed_ms"] >= LATENCY * chain


@pytest.mark.parametrize("rule", ["PBF-003", "PBF-054"])
def test_every_way_to_name_somebody_leads_to_the_same_verdict_within_the_limits(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    ids = ids_of(office, staged)
    told: dict[str, tuple[str | None, str, tuple[int, ...]]] = {}
    for kind in KINDS:
        office.forget()
        document = office.program.ask("diagnose", ids[kind]).document
        seen = counted(office.seen())
        over = tuple(count for count, most in ((seen["stripe"] + seen["clerk"], 12), (seen["configuration"], 10)) if count > most)
        told[kind] = (document["verdict"]["primary"], document["subject"]["user_id"], over)
    assert told == dict.fromkeys(KINDS, (rule, staged["user_id"], ()))


@pytest.mark.parametrize("kind", ["customer", "session", "event", "user", "invoice number"])
def test_every_way_to_name_somebody_takes_two_round_trips(far_away: Office, kind: str) -> None:
    far_away.stage("PBF-099")
    query = ids_of(far_away, far_away.stage("PBF-072"))[kind]
    assert in_time(far_away, query, "PBF-072")[1] <= MOST_ROUND_TRIPS


def test_the_probe_costs_no_round_trip_of_its_own(far_away: Office) -> None:
    staged = far_away.stage("PBF-060")
    far_away.forget()
    far_away.program.ask("diagnose", staged["email"])
    seen = far_away.seen()
    probes = [one["started"] for one in seen if one["service"] == "app"]
    assert len(probes) == PROBES
    assert max(probes) < max(one["finished"] for one in seen if one["service"] != "app")


def test_a_chain_of_requests_is_told_from_requests_at_once() -> None:
    """The measure itself: three at once are one round trip, one after another three."""
    at_once: list[Json] = [{"service": "stripe", "started": 0.01 * n, "finished": 1.0 + 0.01 * n} for n in range(3)]
    after: list[Json] = [{"service": "clerk", "started": 2.0 * n, "finished": 2.0 * n + 1} for n in range(3)]
    assert (in_sequence(at_once), in_sequence(after)) == (1, 3)
