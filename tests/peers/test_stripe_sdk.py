"""The `stripe` package, unchanged, against the sandbox: it pages, searches, changes, and verifies a signature."""

import json
from typing import Any

import pytest
import stripe as sdk

from billing_tui.sandbox.server import RunningSandbox
from tests.peers import schemas
from tests.peers.conftest import CUSTOMERS
from tests.peers.receiver import receiving
from tests.peers.wire import Wire


def client(sandbox: RunningSandbox, key: str | None = None) -> sdk.StripeClient:
    """A client as anyone would make it, but for the address."""
    sdk.enable_telemetry = False
    http = sdk.RequestsClient(timeout=10)
    used = sandbox.ready["stripe"]["test_key"] if key is None else key
    return sdk.StripeClient(used, base_addresses={"api": sandbox.base}, http_client=http)


@pytest.fixture
def official(sandbox: RunningSandbox) -> sdk.StripeClient:
    return client(sandbox)


def active(official: sdk.StripeClient) -> Any:
    return official.v1.subscriptions.list({"status": "active", "limit": 1}).data[0]


def test_it_pages_through_all_customers_both_ways(official: sdk.StripeClient) -> None:
    down = [customer.id for customer in official.v1.customers.list({"limit": 100}).auto_paging_iter()]
    assert len(down) == len(set(down)) >= CUSTOMERS
    up = official.v1.customers.list({"limit": 100, "ending_before": down[-1]}).auto_paging_iter()
    assert [customer.id for customer in up] == down[-2::-1]


async def test_it_pages_asynchronously(sandbox: RunningSandbox) -> None:
    http = sdk.HTTPXClient(timeout=10)
    made = sdk.StripeClient(sandbox.ready["stripe"]["test_key"], base_addresses={"api": sandbox.base}, http_client=http)
    page = await made.v1.events.list_async({"limit": 100})
    found = [event.id async for event in page.auto_paging_iter()]
    assert len(found) == len(set(found)) > 100
    await http.close_async()  # type: ignore[no-untyped-call]  # the package's own method has no annotations


def test_it_searches(official: sdk.StripeClient) -> None:
    wanted = official.v1.customers.list({"limit": 1}).data[0]
    found = official.v1.customers.search({"query": f"email:'{wanted.email}'"})
    assert wanted.id in [customer.id for customer in found.auto_paging_iter()]
    everyone = official.v1.customers.search({"query": "created>0", "limit": 100}).auto_paging_iter()
    assert len([customer.id for customer in everyone]) >= CUSTOMERS


def test_it_updates_and_cancels(official: sdk.StripeClient) -> None:
    key = active(official).id
    scheduled = official.v1.subscriptions.update(key, {"cancel_at_period_end": True, "metadata": {"why": "test"}})
    assert (scheduled.cancel_at_period_end, scheduled.metadata["why"]) == (True, "test")
    ended = official.v1.subscriptions.cancel(key, {"cancellation_details": {"comment": "bye", "feedback": "unused"}})
    assert ended.status == "canceled"
    assert ended.cancellation_details is not None
    assert (ended.cancellation_details.comment, ended.cancellation_details.feedback) == ("bye", "unused")


def test_it_reads_expanded_objects_as_such(official: sdk.StripeClient) -> None:
    found = official.v1.subscriptions.retrieve(active(official).id, {"expand": ["customer", "items.data.price.product"]})
    assert isinstance(found.customer, sdk.Customer)
    assert isinstance(found["items"].data[0].price.product, sdk.Product)


def test_it_lists_event_destinations(official: sdk.StripeClient) -> None:
    page = official.v2.core.event_destinations.list({"include": ["webhook_endpoint.url"]})
    urls = [row.webhook_endpoint.url for row in page.auto_paging_iter() if row.webhook_endpoint]
    assert urls
    assert all(url and url.startswith("http") for url in urls)


def test_it_retries_an_event(official: sdk.StripeClient) -> None:
    event, endpoint = official.v1.events.list({"limit": 1}).data[0], official.v1.webhook_endpoints.list().data[0]
    answer = official.raw_request("post", f"/v1/events/{event.id}/retry", webhook_endpoint=endpoint.id)
    assert answer.data["id"] == event.id


@pytest.mark.parametrize("key", ["sk_test_wrong", "pk_test_51public"])
def test_it_knows_a_bad_key(sandbox: RunningSandbox, key: str) -> None:
    with pytest.raises(sdk.AuthenticationError):
        client(sandbox, key).v1.customers.list()


def test_it_knows_a_missing_permission(sandbox: RunningSandbox, stripe: Wire) -> None:
    minted = stripe.ok("POST", "/_sandbox/keys", json={"mode": "test", "permissions": ["customer_read"]})
    with pytest.raises(sdk.PermissionError, match="rak_subscription_read") as caught:
        client(sandbox, minted["key"]).v1.subscriptions.list()
    assert caught.value.request_id
    assert caught.value.error is not None
    assert caught.value.error.request_log_url


def test_it_knows_what_is_missing(official: sdk.StripeClient) -> None:
    with pytest.raises(sdk.InvalidRequestError, match="No such customer: 'cus_nobody'") as caught:
        official.v1.customers.retrieve("cus_nobody")
    assert (caught.value.code, caught.value.param, caught.value.http_status) == ("resource_missing", "id", 404)


def test_an_idempotency_key_replays_and_refuses(official: sdk.StripeClient) -> None:
    key = official.v1.customers.list({"limit": 1}).data[0].id
    options: sdk.RequestOptions = {"idempotency_key": "the same change, sent twice"}
    first = official.v1.customers.update(key, {"description": "once"}, options)
    official.v1.customers.update(key, {"description": "meanwhile"})
    again = official.v1.customers.update(key, {"description": "once"}, options)
    assert again.description == first.description == "once"
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert official.v1.customers.retrieve(key).description == "meanwhile"
    with pytest.raises(sdk.IdempotencyError):
        official.v1.customers.update(key, {"description": "something else"}, options)


def test_it_verifies_a_delivered_webhook(official: sdk.StripeClient) -> None:
    with receiving() as receiver:
        endpoint = official.v1.webhook_endpoints.create(
            {"url": receiver.url, "enabled_events": ["customer.subscription.updated"]}
        )
        assert endpoint.secret is not None
        chosen = active(official).id
        official.v1.subscriptions.update(chosen, {"metadata": {"told": "the endpoint"}})
        delivery = receiver.wait_for(lambda it: json.loads(it.body)["data"]["object"]["id"] == chosen)[0]
        assert schemas.faults(schemas.one("event"), json.loads(delivery.body)) == []
        event = official.construct_event(delivery.body, delivery.signature, endpoint.secret)
        assert event.type == "customer.subscription.updated"
        assert event.data.object["metadata"]["told"] == "the endpoint"
        for body, secret in ((delivery.body + b" ", endpoint.secret), (delivery.body, "whsec_of_another_endpoint")):
            with pytest.raises(sdk.SignatureVerificationError):
                official.construct_event(body, delivery.signature, secret)
        official.v1.webhook_endpoints.delete(endpoint.id)
