"""What a client that knows only the wire sees of one person: Stripe, Clerk, the app's database and its endpoint."""

from dataclasses import dataclass
from typing import Any

from tests.sandbox.app_client import Json, Wire, signed

NEEDED = ("checkout.session.completed", "customer.subscription.created")


@dataclass
class Seen:
    """What a client with the keys sees of one person."""

    wire: Wire
    customers: list[Json]
    subscriptions: list[Json]
    sessions: list[Json]
    charges: list[Json]
    intents: list[Json]
    events: list[Json]
    undelivered: set[str]
    endpoints: list[Json]
    user: Json
    row: Json
    ledger: list[Json]

    @property
    def live(self) -> list[Json]:
        return [s for s in self.subscriptions if s["status"] in ("active", "trialing", "past_due")]

    @property
    def plans(self) -> tuple[str, str]:
        return self.user["public_metadata"]["plan"], self.row["plan"]

    @property
    def products(self) -> list[Json]:
        ids = [s["items"]["data"][0]["price"]["product"] for s in self.live]
        return [self.wire.stripe(f"/products/{one}") for one in ids]

    @property
    def app_endpoints(self) -> list[Json]:
        return [e for e in self.endpoints if e["url"] == self.wire.webhook_url]

    def probe(self) -> int:
        body = b'{"id": "evt_probe", "object": "event", "type": "billing_tui.probe", "data": {"object": {}}}'
        return self.wire.post(body, signed(body, self.wire.secret)).status_code


def look(wire: Wire, email: str) -> Seen:
    user = wire.clerk("/users", email_address=email)[0]
    customers = wire.stripe("/customers/search", query=f"email:'{email}'")["data"]

    def of(path: str, **params: Any) -> list[Json]:
        return [one for c in customers for one in wire.stripe(path, customer=c["id"], **params)["data"]]

    ids = {c["id"] for c in customers}
    events = [e for e in all_events(wire) if e["data"]["object"].get("customer") in ids and e["type"] in NEEDED]
    late = {e["id"] for e in all_events(wire, delivery_success="false")}
    return Seen(
        wire=wire,
        customers=customers,
        subscriptions=of("/subscriptions", status="all"),
        sessions=of("/checkout/sessions"),
        charges=of("/charges"),
        intents=of("/payment_intents"),
        events=events,
        undelivered={e["id"] for e in events} & late,
        endpoints=wire.stripe("/webhook_endpoints")["data"],
        user=user,
        row=wire.row(user["id"]),
        ledger=wire.ledger([e["id"] for e in events]),
    )


def all_events(wire: Wire, **params: Any) -> list[Json]:
    found: list[Json] = []
    page: Json = {"has_more": True}
    while page["has_more"]:
        asked: Json = {"limit": 100, "types[]": list(NEEDED)} | params
        page = wire.stripe("/events", **asked, **({"starting_after": found[-1]["id"]} if found else {}))
        found += page["data"]
    return found
