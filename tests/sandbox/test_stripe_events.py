"""Events of the sandbox's Stripe and their deliveries: signed, retried, counted, resent under Stripe's conditions."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe as package

from billing_tui.sandbox import commerce
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.sandbox.stripe.account import EVENT_LIFE
from tests.peers.wire import Wire


class Receiver:
    """An endpoint that answers whatever `status` says and keeps what it got."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, Any], bytes, str]] = []
        self.changed = threading.Condition()
        self.url = ""

    def take(self, body: bytes, signature: str) -> int:
        with self.changed:
            self.got.append((json.loads(body), body, signature))
            self.changed.notify_all()
            return self.status

    def wait(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.got) >= count, 15), f"{len(self.got)} of {count} came"


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(body, self.headers["Stripe-Signature"])
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Standard error stays quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield receiver
        server.shutdown()
        thread.join(10)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def endpoint(stripe: Wire, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """Hears of customers made and changed, nothing else."""
    kinds = ["customer.created", "customer.updated"]
    row = stripe.ok("POST", "/v1/webhook_endpoints", {"url": receiver.url, "enabled_events": kinds})
    yield row
    stripe.ok("DELETE", f"/v1/webhook_endpoints/{row['id']}")


def made(stripe: Wire, name: str) -> dict[str, Any]:
    """The event of a customer made just now."""
    row = stripe.ok("POST", "/v1/customers", {"name": name})
    events = stripe.get("/v1/events", type="customer.created", limit=5)["data"]
    event: dict[str, Any] = next(event for event in events if event["data"]["object"]["id"] == row["id"])
    return event


def pending(stripe: Wire, event: dict[str, Any]) -> int:
    return int(stripe.get(f"/v1/events/{event['id']}")["pending_webhooks"])


def until(condition: Callable[[], bool]) -> None:
    done = threading.Event()
    for _ in range(600):
        if condition():
            return
        done.wait(0.02)
    raise AssertionError("it did not come true")


def test_a_delivery_is_signed_as_stripe_signs(stripe: Wire, receiver: Receiver, endpoint: dict[str, Any]) -> None:
    event = made(stripe, "Signed")
    receiver.wait(1)
    sent, body, signature = receiver.got[0]
    assert sent["id"] == event["id"]
    package.WebhookSignature.verify_header(body.decode(), signature, endpoint["secret"], 300)
    with pytest.raises(package.SignatureVerificationError):
        package.WebhookSignature.verify_header(body.decode(), signature, "whsec_other", 300)
    until(lambda: pending(stripe, event) == 0)


@pytest.mark.parametrize("status", [500, 400, 308])
def test_a_refused_delivery_stays_pending_and_comes_again(
    stripe: Wire, receiver: Receiver, endpoint: dict[str, Any], status: int
) -> None:
    receiver.status = status
    event = made(stripe, f"Refused {status}")
    receiver.wait(1)
    assert pending(stripe, event) == 1
    undelivered = stripe.get("/v1/events", delivery_success=False, limit=100)["data"]
    assert event["id"] in {row["id"] for row in undelivered}
    receiver.status = 200
    receiver.wait(2)
    until(lambda: pending(stripe, event) == 0)
    delivered = stripe.get("/v1/events", delivery_success=True, limit=100)["data"]
    assert event["id"] in {row["id"] for row in delivered}
    assert {got[0]["id"] for got in receiver.got} == {event["id"]}


def test_a_resend_reaches_the_endpoint_it_names(stripe: Wire, receiver: Receiver, endpoint: dict[str, Any]) -> None:
    event = made(stripe, "Resent")
    receiver.wait(1)
    answer = stripe.ok("POST", f"/v1/events/{event['id']}/retry", {"webhook_endpoint": endpoint["id"]})
    assert answer["id"] == event["id"]
    receiver.wait(2)
    assert receiver.got[1][0]["data"] == receiver.got[0][0]["data"]


def test_a_resend_to_nobody_sends_nothing(stripe: Wire, controls: Wire, receiver: Receiver, endpoint: dict[str, Any]) -> None:
    event = made(stripe, "Not resent")
    receiver.wait(1)
    stripe.ok("POST", f"/v1/events/{event['id']}/retry", {"for_stripecli": "true"})
    stripe.ok("POST", f"/v1/events/{event['id']}/retry")
    assert controls.ok("POST", "/settle") == {"settled": True}
    assert len(receiver.got) == 1


def test_who_was_not_subscribed_then_is_not_reached_now(stripe: Wire, controls: Wire, receiver: Receiver) -> None:
    event = made(stripe, "Before")
    late = stripe.ok("POST", "/v1/webhook_endpoints", {"url": receiver.url, "enabled_events": ["customer.created"]})
    stripe.ok("POST", f"/v1/events/{event['id']}/retry", {"webhook_endpoint": late["id"]})
    controls.ok("POST", "/settle")
    stripe.ok("DELETE", f"/v1/webhook_endpoints/{late['id']}")
    assert receiver.got == []


def test_a_disabled_endpoint_is_owed_nothing(stripe: Wire, controls: Wire, receiver: Receiver, endpoint: dict[str, Any]) -> None:
    path = f"/v1/webhook_endpoints/{endpoint['id']}"
    assert stripe.ok("POST", path, {"disabled": True})["status"] == "disabled"
    event = made(stripe, "Unheard")
    assert event["pending_webhooks"] == 0
    assert stripe.ok("POST", path, {"disabled": False})["status"] == "enabled"
    controls.ok("POST", "/settle")
    assert receiver.got == []


def test_types_filter_by_name_and_pattern(stripe: Wire) -> None:
    kinds = ["customer.created", "invoice.paid"]
    found = stripe.get("/v1/events", types=kinds, limit=100)["data"]
    assert {row["type"] for row in found} == set(kinds)
    family = stripe.get("/v1/events", type="customer.subscription.*", limit=100)["data"]
    assert {row["type"].rpartition(".")[0] for row in family} == {"customer.subscription"}
    assert stripe.send("GET", "/v1/events", {"type": "a", "types": kinds}).status_code == 400
    assert stripe.send("GET", "/v1/events", {"types": [f"t{n}" for n in range(21)]}).status_code == 400


def test_events_are_told_forward_from_the_last_one_seen(stripe: Wire) -> None:
    last = stripe.get("/v1/events", limit=1)["data"][0]["id"]
    new = [made(stripe, f"Tail {number}")["id"] for number in range(3)]
    page = stripe.get("/v1/events", ending_before=last, limit=2)
    assert [row["id"] for row in page["data"]] == new[:2][::-1]
    assert page["has_more"]


def test_events_live_for_thirty_days(shop: RunningSandbox, stripe: Wire) -> None:
    account = shop.world.stripe("test")
    customer = next(iter(account.table("customer")))
    old = account.emit("customer.updated", customer, {}, at=account.now() - EVENT_LIFE - 60, hearing="settled")
    listed = [row["id"] for page in stripe.pages("/v1/events", limit=100) for row in page["data"]]
    assert listed
    assert old["id"] not in listed
    assert stripe.send("GET", f"/v1/events/{old['id']}").status_code == 404
    refused = stripe.send("POST", f"/v1/events/{old['id']}/retry")
    assert refused.status_code == 404
    assert refused.json()["error"]["message"] == f"No such notification: '{old['id']}'"


def test_a_purchase_tells_its_whole_story_and_the_app_believes_it(shop: RunningSandbox, stripe: Wire, controls: Wire) -> None:
    world, account = shop.world, shop.world.stripe("test")
    user = world.clerk("test").add_user(email="buyer@new.example", public_metadata={"plan": "free"})
    world.app("test").add_row(user["id"], "buyer@new.example", at=account.now())
    row = stripe.ok("POST", "/v1/customers", {"email": "buyer@new.example", "metadata[clerkUserId]": user["id"]})
    price = next(row for row in account.table("price") if row["lookup_key"] == "pro_monthly")
    bought = commerce.buy(account, account.get("customer", row["id"]), price, link=commerce.Link.to(user["id"]))
    assert controls.ok("POST", "/settle") == {"settled": True}
    told = {event["type"] for event in bought.events}
    assert {"checkout.session.completed", "customer.subscription.created", "invoice.paid", "charge.succeeded"} <= told
    assert all(pending(stripe, event) == 0 for event in bought.events)
    assert user["public_metadata"]["plan"] == "pro"
    kept = world.app("test").database.row(user["id"])
    assert kept is not None
    assert (kept["plan"], kept["stripe_subscription_id"]) == ("pro", bought.subscription["id"])


def test_secrets_are_shown_once_and_destinations_hide_addresses(stripe: Wire, endpoint: dict[str, Any]) -> None:
    assert endpoint["secret"].startswith("whsec_")
    assert "secret" not in stripe.get(f"/v1/webhook_endpoints/{endpoint['id']}")
    path = f"/v2/core/event_destinations/{endpoint['id']}"
    assert stripe.get(path)["webhook_endpoint"] == {"signing_secret": None, "url": None}
    shown = stripe.send("GET", f"{path}?include[0]=webhook_endpoint.url").json()
    assert shown["webhook_endpoint"]["url"] == endpoint["url"]


def test_nothing_leaves_this_machine(stripe: Wire, controls: Wire) -> None:
    far = "https://elsewhere.example/hook"
    row = stripe.ok("POST", "/v1/webhook_endpoints", {"url": far, "enabled_events": ["customer.created"]})
    event = made(stripe, "Far away")
    controls.ok("POST", "/settle")
    assert pending(stripe, event) == 1
    stripe.ok("DELETE", f"/v1/webhook_endpoints/{row['id']}")


@pytest.mark.parametrize("url", ["https://[b]acme.example/hook", "ftp://acme.example", "hook"])
def test_an_address_that_is_none_is_refused(stripe: Wire, url: str) -> None:
    answer = stripe.send("POST", "/v1/webhook_endpoints", {"url": url, "enabled_events": ["customer.created"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "url_invalid")
