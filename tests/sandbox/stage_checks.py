"""What each stage must show, rule by rule, and what none may show: a cause further upstream than its own."""

import time
from collections.abc import Callable

from billing_tui.sandbox.stages import RULES
from tests.sandbox.stage_reader import Seen

PAID = set(RULES) - {"PBF-001", "PBF-010", "PBF-011", "PBF-012", "PBF-013", "PBF-020", "PBF-040", "PBF-084"}


def check_upstream(seen: Seen, rule: str) -> None:
    """The layers above a cause must be sound; each line is one layer, with the causes that live in it left out."""
    linked = [c for c in seen.customers if c["metadata"].get("clerkUserId") == seen.user["id"]]
    if rule not in ("PBF-001", "PBF-004"):
        assert linked
    assert len(seen.customers) == {"PBF-001": 0, "PBF-003": 2}.get(rule, 1)
    assert bool(seen.live) == (rule in PAID)
    if rule in PAID:
        assert all(c["paid"] and not c["refunded"] and not c["disputed"] for c in seen.charges)
        assert all(10 <= (time.time() - c["created"]) / 60 <= 40 for c in seen.charges)
    if rule in PAID - {"PBF-021"}:
        assert len(seen.live) == 1
    if rule not in ("PBF-030", "PBF-031", "PBF-032"):
        assert all(p["metadata"].get("plan") in ("starter", "pro") for p in seen.products)
    if rule not in ("PBF-001", "PBF-004", "PBF-041"):
        assert seen.row["stripe_customer_id"] in {c["id"] for c in seen.customers}
    if not "PBF-050" <= rule <= "PBF-060":
        assert seen.undelivered == set()


def nothing_in_stripe(seen: Seen) -> None:
    assert seen.row["stripe_customer_id"] is None
    found = seen.wire.stripe("/customers/search", query=f"metadata['clerkUserId']:'{seen.user['id']}'")
    assert found["data"] == []


def duplicates(seen: Seen) -> None:
    assert len({c["email"] for c in seen.customers}) == 2
    assert len({c["email"].lower() for c in seen.customers}) == 1
    (payer,) = {s["customer"] for s in seen.live}
    assert payer != seen.row["stripe_customer_id"]
    assert [c["id"] for c in seen.wire.stripe("/customers", email=seen.row["email"])["data"]] != [payer]
    assert seen.plans == ("free", "free")


def no_link(seen: Seen) -> None:
    (session,) = seen.sessions
    places = [seen.customers[0]["metadata"], seen.live[0]["metadata"], session["metadata"]]
    assert places == [{}, {}, {}]
    assert session["client_reference_id"] is None
    assert seen.row["stripe_customer_id"] is None
    assert [e["pending_webhooks"] for e in seen.events] == [0, 0]
    assert seen.plans == ("free", "free")


def declined(seen: Seen) -> None:
    (session,) = seen.sessions
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    (intent,) = seen.intents
    assert intent["status"] == "requires_payment_method"
    assert intent["last_payment_error"]["decline_code"] == "insufficient_funds"
    assert not any(c["paid"] for c in seen.charges)


def unfinished(seen: Seen) -> None:
    assert [s["status"] for s in seen.subscriptions] == ["incomplete"]
    (intent,) = seen.intents
    assert intent["status"] == "requires_action"
    assert seen.charges == []


def refunded(seen: Seen) -> None:
    (charge,), (subscription,) = seen.charges, seen.subscriptions
    assert charge["refunded"]
    assert charge["amount_refunded"] == charge["amount"]
    assert subscription["status"] == "canceled"
    assert time.time() - subscription["ended_at"] < 3600
    assert seen.plans == ("free", "free")


def ended(seen: Seen) -> None:
    (subscription,) = seen.subscriptions
    assert subscription["status"] == "canceled"
    assert all(c["paid"] and not c["refunded"] for c in seen.charges)
    assert seen.row["subscription_status"] == "canceled"
    assert seen.plans == ("free", "free")


def two_live(seen: Seen) -> None:
    plans = {s["id"]: p["metadata"]["plan"] for s, p in zip(seen.live, seen.products, strict=True)}
    assert sorted(plans.values()) == ["pro", "starter"]
    assert plans[seen.row["stripe_subscription_id"]] == "starter"
    assert seen.plans == ("starter", "starter")


def catalogue(seen: Seen) -> None:
    (product,), (subscription,) = seen.products, seen.live
    price = subscription["items"]["data"][0]["price"]
    assert product["metadata"] in ({}, {"planKey": "pro"}, {"Plan": "pro"}, {"plan": "Pro "})
    assert (price["metadata"], price["lookup_key"]) == ({}, None)
    assert seen.row["stripe_subscription_id"] == subscription["id"]
    assert len(seen.ledger) == 2
    assert seen.plans == ("free", "free")


def other_mode(seen: Seen) -> None:
    stale = seen.row["stripe_customer_id"]
    other = "live" if seen.wire.mode == "test" else "test"
    key = seen.wire.sandbox.ready["stripe"][f"{seen.wire.mode}_key"]
    url = f"{seen.wire.sandbox.base}/v1/customers/{stale}"
    answer = seen.wire.http.get(url, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 404
    assert f"a similar object exists in {other} mode" in answer.json()["error"]["message"]
    assert seen.plans == ("pro", "free")


def no_endpoint(seen: Seen) -> None:
    assert seen.app_endpoints == []
    assert all(e["status"] == "disabled" for e in seen.endpoints)
    assert unheard(seen) == [0, 0]


def disabled(seen: Seen) -> None:
    assert [e["status"] for e in seen.app_endpoints] == ["disabled"]
    assert unheard(seen) == [0, 0]


def types_missing(seen: Seen) -> None:
    (endpoint,) = seen.app_endpoints
    assert not any(kind.startswith("customer.subscription") for kind in endpoint["enabled_events"])
    assert endpoint["status"] == "enabled"
    assert seen.sessions == []
    assert unheard(seen) == [0]


def refused(seen: Seen) -> None:
    assert [e["status"] for e in seen.app_endpoints] == ["enabled"]
    assert unheard(seen) == [1, 1]
    assert seen.undelivered == {e["id"] for e in seen.events}


def secret_refused(seen: Seen) -> None:
    refused(seen)
    assert seen.probe() == 400


def redirected(seen: Seen) -> None:
    refused(seen)
    assert seen.probe() == 308


def crashing(seen: Seen) -> None:
    refused(seen)
    assert seen.probe() == 200


def unheard(seen: Seen) -> list[int]:
    assert seen.ledger == []
    assert seen.plans == ("free", "free")
    return [e["pending_webhooks"] for e in seen.events]


def nothing_written(seen: Seen) -> None:
    assert unheard(seen) == [0, 0]


def marked(seen: Seen) -> None:
    assert len(seen.ledger) == 2
    assert all(entry["processed_at"] > seen.row["updated_at"] for entry in seen.ledger)
    assert seen.plans == ("free", "free")


def clerk_lags(seen: Seen) -> None:
    assert seen.plans == ("free", "pro")
    assert len(seen.ledger) == 2
    assert all(entry["processed_at"] <= seen.row["updated_at"] for entry in seen.ledger)


def stale_token(seen: Seen) -> None:
    assert seen.plans == ("pro", "pro")
    (session,) = seen.wire.clerk("/sessions", user_id=seen.user["id"], status="active")
    assert session["last_active_at"] < seen.user["updated_at"]
    assert time.time() * 1000 - seen.user["updated_at"] < 60_000


def healthy(seen: Seen) -> None:
    assert seen.plans == ("pro", "pro")
    assert seen.row["stripe_subscription_id"] == seen.live[0]["id"]
    (session,) = seen.wire.clerk("/sessions", user_id=seen.user["id"], status="active")
    assert session["last_active_at"] > seen.user["updated_at"]


CHECKS: dict[str, Callable[[Seen], None]] = {
    "PBF-001": nothing_in_stripe,
    "PBF-003": duplicates,
    "PBF-004": no_link,
    "PBF-010": declined,
    "PBF-011": unfinished,
    "PBF-013": refunded,
    "PBF-020": ended,
    "PBF-021": two_live,
    "PBF-030": catalogue,
    "PBF-031": catalogue,
    "PBF-032": catalogue,
    "PBF-041": other_mode,
    "PBF-050": no_endpoint,
    "PBF-051": disabled,
    "PBF-052": types_missing,
    "PBF-054": secret_refused,
    "PBF-058": redirected,
    "PBF-060": crashing,
    "PBF-070": nothing_written,
    "PBF-072": marked,
    "PBF-080": clerk_lags,
    "PBF-090": stale_token,
    "PBF-099": healthy,
}
