"""Every kind of refusal of the sandbox's Stripe: the shape of an error, and the words that people look for."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.peers import schemas
from tests.peers.paths import LISTS, example
from tests.peers.wire import Wire

BAD: list[tuple[str, str, dict[str, Any], int, str | None]] = [
    ("GET", "/v1/customers/cus_nobody", {}, 404, "resource_missing"),
    ("GET", "/v1/customers", {"limit": 101}, 400, None),
    ("GET", "/v1/customers", {"limit": "many"}, 400, "parameter_invalid_integer"),
    ("GET", "/v1/customers", {"no_such_parameter": 1}, 400, "parameter_unknown"),
    ("GET", "/v1/customers", {"starting_after": "cus_nobody"}, 400, "resource_missing"),
    ("GET", "/v1/customers", {"expand": ["data.name"]}, 400, None),
    ("GET", "/v1/subscriptions", {"expand": ["data.items.data.price.product"]}, 400, None),
    ("GET", "/v1/customers/search", {"query": "shoe_size:'44'"}, 400, None),
    ("GET", "/v1/customers/search", {}, 400, "parameter_missing"),
    ("GET", "/v1/subscription_items", {}, 400, "parameter_missing"),
    ("GET", "/v1/no_such_thing", {}, 404, None),
    ("POST", "/v1/events/evt_nothing/retry", {}, 404, "resource_missing"),
    ("DELETE", "/v1/subscriptions/sub_nothing", {}, 404, "resource_missing"),
]


def error_of(answer: httpx.Response, status: int) -> Any:
    """The error in a refusal, after its shape was judged."""
    assert answer.status_code == status, answer.text
    assert schemas.faults(schemas.error(logged=status != 401), answer.json()) == []
    assert answer.headers["Request-Id"].startswith("req_")
    return answer.json()["error"]


@pytest.mark.parametrize(("method", "path", "form", "status", "code"), BAD)
def test_a_bad_request(stripe: Wire, method: str, path: str, form: dict[str, Any], status: int, code: str | None) -> None:
    error = error_of(stripe.send(method, path, form), status)
    assert error["type"] == "invalid_request_error"
    assert error.get("code") == code


@pytest.mark.parametrize(("key", "code"), [
    (None, None), ("sk_test_wrong", None), ("pk_test_51public", "secret_key_required"),
])  # fmt: skip
def test_a_bad_key(sandbox: RunningSandbox, key: str | None, code: str | None) -> None:
    wire = Wire(sandbox.base, key)
    error = error_of(wire.send("GET", "/v1/customers"), 401)
    assert error.get("code") == code
    wire.close()


def test_an_expired_key(sandbox: RunningSandbox, stripe: Wire) -> None:
    minted = stripe.ok("POST", "/_sandbox/keys", json={"mode": "test", "expired": True})
    wire = Wire(sandbox.base, minted["key"])
    assert error_of(wire.send("GET", "/v1/customers"), 401)["code"] == "api_key_expired"
    wire.close()


def test_a_missing_permission(sandbox: RunningSandbox, stripe: Wire) -> None:
    minted = stripe.ok("POST", "/_sandbox/keys", json={"mode": "test", "permissions": ["customer_read"]})
    wire = Wire(sandbox.base, minted["key"])
    assert schemas.faults(schemas.page("customer"), wire.get("/v1/customers", limit=1)) == []
    error = error_of(wire.send("GET", "/v1/subscriptions"), 403)
    assert "rak_subscription_read" in error["message"]
    assert "acct_" in error["message"]
    wire.close()


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind not in {"coupon", "event"}])
def test_an_id_of_the_other_mode(stripes: dict[str, Wire], kind: str) -> None:
    error = error_of(stripes["live"].send("GET", f"{LISTS[kind]}/{example(stripes['test'], kind)['id']}"), 404)
    assert "exists in test mode, but a live mode key was used" in error["message"]


def test_an_idempotency_key_used_for_something_else(stripe: Wire) -> None:
    path = f"/v1/customers/{example(stripe, 'customer')['id']}"
    headers = {"Idempotency-Key": "one key for two changes"}
    assert stripe.send("POST", path, {"phone": "+1"}, headers=headers).status_code == 200
    error = error_of(stripe.send("POST", path, {"phone": "+2"}, headers=headers), 400)
    assert error["type"] == "idempotency_error"


@pytest.fixture
def hurried() -> Iterator[Wire]:
    """A sandbox that lets hardly anything through."""
    running = start(SandboxOptions(customers=1, rate_limit=1, stages=()))
    wire = Wire(running.base, running.ready["stripe"]["test_key"])
    yield wire
    wire.close()
    running.stop()


def test_too_many_requests(hurried: Wire) -> None:
    answers = [hurried.send("GET", "/v1/balance") for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused, "twelve requests at once passed a limit of one a second"
    assert error_of(refused[0], 429)["code"] == "rate_limit"
    assert refused[0].headers["Stripe-Rate-Limited-Reason"] == "global-rate"
