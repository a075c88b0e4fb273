"""Lists of the sandbox's Stripe: cursors, limits, filters, search and expansion, over real HTTP."""

from typing import Any

import pytest

from tests.peers.wire import Wire


def ids(page: dict[str, Any]) -> list[str]:
    return [row["id"] for row in page["data"]]


def somebody(stripe: Wire) -> dict[str, Any]:
    """One of the seeded people; other tests make customers too."""
    rows = stripe.get("/v1/customers", limit=100)["data"]
    found: dict[str, Any] = next(row for row in rows if "clerkUserId" in row["metadata"])
    return found


def test_pages_hold_every_customer_once(stripe: Wire) -> None:
    whole = ids(stripe.get("/v1/customers", limit=100))
    paged = [key for page in stripe.pages("/v1/customers", limit=7) for key in ids(page)]
    assert paged == whole
    assert len(set(paged)) == len(paged) >= 60


def test_paging_backwards_meets_the_same_rows(stripe: Wire) -> None:
    whole = ids(stripe.get("/v1/customers", limit=100))
    page = stripe.get("/v1/customers", limit=5, ending_before=whole[12])
    assert ids(page) == whole[7:12]
    assert page["has_more"] is True
    assert ids(stripe.get("/v1/customers", limit=5, ending_before=whole[3])) == whole[:3]


def test_newest_come_first_and_created_cuts_inclusively(stripe: Wire) -> None:
    rows = stripe.get("/v1/customers", limit=100)["data"]
    ages = [row["created"] for row in rows]
    assert ages == sorted(ages, reverse=True)
    low, high = ages[40], ages[10]
    window = stripe.ok("GET", "/v1/customers", {"created[gte]": low, "created[lte]": high, "limit": 100})
    assert ids(window) == [row["id"] for row in rows if low <= row["created"] <= high]
    tight = stripe.ok("GET", "/v1/customers", {"created[gt]": low, "created[lt]": high, "limit": 100})
    assert ids(tight) == [row["id"] for row in rows if low < row["created"] < high]


def test_exact_email_minds_the_case(stripe: Wire) -> None:
    email = somebody(stripe)["email"]
    assert len(stripe.get("/v1/customers", email=email)["data"]) == 1
    assert stripe.get("/v1/customers", email=email.upper())["data"] == []


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0", None, "limit"),
        ("limit=101", None, "limit"),
        ("limit=ten", "parameter_invalid_integer", "limit"),
        ("created[around]=5", "parameter_unknown", "created[around]"),
        ("colour=red", "parameter_unknown", "colour"),
        ("starting_after=cus_none", "resource_missing", "starting_after"),
    ],
)
def test_bad_parameters_are_named(stripe: Wire, query: str, code: str | None, param: str) -> None:
    answer = stripe.send("GET", f"/v1/customers?{query}")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error.get("code"), error["param"]) == ("invalid_request_error", code, param)
    assert answer.headers["request-id"] in error["request_log_url"]


def test_search_finds_by_email_whatever_its_case_and_by_metadata(stripe: Wire) -> None:
    row = somebody(stripe)
    by_email = stripe.get("/v1/customers/search", query=f"email:'{row['email'].upper()}'")
    assert ids(by_email) == [row["id"]]
    user = row["metadata"]["clerkUserId"]
    both = stripe.get("/v1/customers/search", query=f"metadata['clerkUserId']:'{user}' AND email~\"{row['email'][:4]}\"")
    assert ids(both) == [row["id"]]
    assert stripe.get("/v1/customers/search", query="email:'nobody@x.example'")["data"] == []


def test_search_pages_by_token(stripe: Wire) -> None:
    first = stripe.get("/v1/customers/search", query="created>0", limit=50)
    second = stripe.get("/v1/customers/search", query="created>0", limit=50, page=first["next_page"])
    assert first["has_more"]
    assert second["next_page"] is None
    assert not set(ids(first)) & set(ids(second))


@pytest.mark.parametrize("query", ["email=x", "shoe:'42'", "name~'ab'", "email:'a' OR name:'b' AND name:'c'", "email:'a"])
def test_search_refuses_what_it_cannot_read(stripe: Wire, query: str) -> None:
    answer = stripe.send("GET", "/v1/customers/search", {"query": query})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "query"


def test_expansion_goes_four_levels_deep_and_no_further(stripe: Wire) -> None:
    key = stripe.get("/v1/subscriptions", limit=1, status="active")["data"][0]["id"]
    deep = ["items.data.price.product", "customer.invoice_settings.default_payment_method", "latest_invoice.payments"]
    row = stripe.get(f"/v1/subscriptions/{key}", expand=deep)
    assert row["items"]["data"][0]["price"]["product"]["metadata"]["plan"] in {"starter", "pro", "enterprise"}
    assert row["customer"]["invoice_settings"]["default_payment_method"]["object"] == "payment_method"
    assert row["latest_invoice"]["payments"]["data"][0]["object"] == "invoice_payment"
    refused = stripe.send("GET", "/v1/subscriptions", {"expand": ["data.items.data.price.product"]})
    assert refused.status_code == 400
    assert "more than 4 levels of a property. Property: data.items.data.price.product" in refused.text


def test_expansion_leaves_the_stored_object_alone(stripe: Wire) -> None:
    path = f"/v1/subscriptions/{stripe.get('/v1/subscriptions', limit=1)['data'][0]['id']}"
    assert isinstance(stripe.get(path, expand=["customer"])["customer"], dict)
    assert isinstance(stripe.get(path)["customer"], str)


def test_an_unknown_expansion_is_refused(stripe: Wire) -> None:
    answer = stripe.send("GET", "/v1/customers", {"expand": ["data.shoes"]})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "This property cannot be expanded (data.shoes)."


def test_customer_with_subscriptions_leaves_out_the_ended(stripe: Wire) -> None:
    pages = stripe.pages("/v1/customers", limit=100, expand=["data.subscriptions"])
    shown = [row for page in pages for customer in page["data"] for row in customer["subscriptions"]["data"]]
    assert shown
    assert {row["status"] for row in shown}.isdisjoint({"canceled", "incomplete_expired"})


def test_subscription_filters(stripe: Wire) -> None:
    everything = stripe.get("/v1/subscriptions", status="all", limit=100)["data"]
    assert any(row["status"] == "canceled" for row in everything)
    assert all(row["status"] != "canceled" for row in stripe.get("/v1/subscriptions", limit=100)["data"])
    price = everything[0]["items"]["data"][0]["price"]["id"]
    found = stripe.get("/v1/subscriptions", status="all", price=price, limit=100)["data"]
    assert [row["id"] for row in found] == [
        row["id"] for row in everything if any(item["price"]["id"] == price for item in row["items"]["data"])
    ]
    end = everything[0]["items"]["data"][0]["current_period_end"]
    ending = stripe.ok("GET", "/v1/subscriptions", {"status": "all", "current_period_end[lte]": end, "limit": 100})
    assert all(min(i["current_period_end"] for i in row["items"]["data"]) <= end for row in ending["data"])


def test_items_and_lines_page_too(stripe: Wire) -> None:
    row = stripe.get("/v1/subscriptions", limit=1)["data"][0]
    items = stripe.get("/v1/subscription_items", subscription=row["id"])
    assert items["data"] == row["items"]["data"]
    assert stripe.send("GET", "/v1/subscription_items").json()["error"]["code"] == "parameter_missing"
