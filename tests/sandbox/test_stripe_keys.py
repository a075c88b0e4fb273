"""Who may ask the sandbox's Stripe what: kinds of keys, permissions, modes, versions, and the exact refusals."""

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.peers.wire import Wire


def minted(controls: Wire, **asked: object) -> str:
    return str(controls.ok("POST", "/keys", json={"mode": "test", **asked})["key"])


def refusal(shop: RunningSandbox, key: str | None, path: str = "/v1/customers") -> tuple[int, dict[str, str]]:
    wire = Wire(shop.base, key)
    answer = wire.send("GET", path)
    wire.close()
    return answer.status_code, answer.json()["error"]


def test_a_restricted_key_does_what_it_may_and_no_more(shop: RunningSandbox, controls: Wire) -> None:
    key = minted(controls, permissions=["customer_write"])
    wire = Wire(shop.base, key)
    row = wire.get("/v1/customers", limit=1)["data"][0]
    wire.ok("POST", f"/v1/customers/{row['id']}", {"description": "seen"})
    wire.close()
    status, error = refusal(shop, key, "/v1/subscriptions")
    assert status == 403
    assert "code" not in error
    assert f"on account '{shop.world.stripe('test').number}'" in error["message"]
    assert "Having the 'rak_subscription_read' permission would allow this request to continue." in error["message"]
    assert key not in error["message"]


def test_reading_is_not_writing(shop: RunningSandbox, controls: Wire) -> None:
    wire = Wire(shop.base, minted(controls, permissions=["customer_read"]))
    row = wire.get("/v1/customers", limit=1)["data"][0]
    answer = wire.send("POST", f"/v1/customers/{row['id']}", {"name": "x"})
    wire.close()
    assert answer.status_code == 403
    assert "rak_customer_write" in answer.text


def test_an_expired_key(shop: RunningSandbox, controls: Wire) -> None:
    key = minted(controls, expired=True)
    status, error = refusal(shop, key)
    assert (status, error["code"]) == (401, "api_key_expired")
    assert error["message"].startswith("Expired API Key provided: rk_test_*")
    assert error["message"].endswith(key[-4:])


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("sk_test_abcdefghijklmnopqrstuvwx", "Invalid API Key provided: sk_test_********************uvwx"),
        ("nonsense", "Invalid API Key provided: nons****"),
        (None, "You did not provide an API key."),
    ],
)
def test_keys_that_nobody_has(shop: RunningSandbox, key: str | None, words: str) -> None:
    status, error = refusal(shop, key)
    assert status == 401
    assert error["message"].startswith(words)
    assert "code" not in error


def test_a_publishable_key_is_told_so(shop: RunningSandbox) -> None:
    status, error = refusal(shop, "pk_test_123")
    assert (status, error["code"]) == (401, "secret_key_required")


def test_basic_authentication_works_like_bearer(shop: RunningSandbox, stripe: Wire) -> None:
    bare = Wire(shop.base, None)
    answer = bare._http.get("/v1/balance", auth=(shop.ready["stripe"]["test_key"], ""))
    bare.close()
    assert answer.json() == stripe.get("/v1/balance")


def test_ids_of_the_other_mode_are_hinted_at_both_ways(stripe: Wire, stripe_live: Wire) -> None:
    for own, other, here, there in ((stripe, stripe_live, "test", "live"), (stripe_live, stripe, "live", "test")):
        key = other.get("/v1/customers", limit=1)["data"][0]["id"]
        answer = own.send("GET", f"/v1/customers/{key}")
        assert answer.status_code == 404
        error = answer.json()["error"]
        assert error["code"] == "resource_missing"
        assert error["message"] == (
            f"No such customer: '{key}'; a similar object exists in {there} mode, but a {here} mode key was used to "
            "make this request."
        )


def test_modes_share_the_account_and_nothing_else(stripe: Wire, stripe_live: Wire) -> None:
    assert stripe.get("/v1/account")["id"] == stripe_live.get("/v1/account")["id"]
    assert stripe.get("/v1/balance")["livemode"] is False
    assert stripe_live.get("/v1/balance")["livemode"] is True
    for path in ("/v1/customers", "/v1/prices", "/v1/products", "/v1/webhook_endpoints"):
        own = {row["id"] for row in stripe.get(path, limit=100)["data"]}
        assert own.isdisjoint(row["id"] for row in stripe_live.get(path, limit=100)["data"])


def test_the_version_asked_for_is_the_version_answered(stripe: Wire) -> None:
    answer = stripe.send("GET", "/v1/balance", headers={"Stripe-Version": "2026-10-28.endive"})
    assert answer.headers["stripe-version"] == "2026-10-28.endive"
    assert answer.headers["request-id"].startswith("req_")


def test_an_unknown_address(stripe: Wire) -> None:
    answer = stripe.send("PATCH", "/v1/customers")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith("Unrecognized request URL (PATCH: /v1/customers).")
