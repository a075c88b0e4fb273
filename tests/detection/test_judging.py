"""What the catalogue, the links, the endpoints and Clerk's metadata tell, and how the one helps to read the other."""

from typing import Any

import pytest

from billing_tui.detection.clerk import detect_clerk
from billing_tui.detection.endpoint import detect_endpoint
from billing_tui.detection.findings import Detected, Found
from billing_tui.detection.links import detect_links
from billing_tui.detection.plans import detect_plans
from billing_tui.diagnosis.links import Carriers
from billing_tui.model.clerk import JwtTemplate, User
from billing_tui.model.stripe import Customer, Endpoint, Price, Product, Recurring, Session, Subscription
from billing_tui.model.text import Loose
from tests.detection.apps import CLERK, UUIDS


def price(number: int, amount: int, every: str = "month", **held: Any) -> Price:
    """A price of a product with that name and metadata."""
    product = Product(id=f"prod_{number}", name=Loose(held.pop("name", "")), metadata=held.pop("product", None))
    return Price(
        id=f"price_{number}", active=True, unit_amount=amount, recurring=Recurring(interval=every), product=product, **held
    )


def values(found: list[Found]) -> dict[str, object]:
    return {one.key: one.value for one in found}


def test_tiers_are_those_of_the_metadata_cheapest_first() -> None:
    prices = [
        price(1, 9900, product={"planKey": "team"}),
        price(2, 2900, product={"planKey": "pro"}),
        price(3, 29000, "year", product={"planKey": "pro"}),
        price(4, 500, product={"addon": "seat"}),
    ]
    found = values(detect_plans(prices, {"pro", "free"}))
    assert found == {"tiers": ("free", "pro", "team"), "plan_from": ("product.metadata.planKey",)}


def test_the_app_decides_how_a_tier_is_spelt_and_what_free_is_called() -> None:
    prices = [price(number, 2900, product={"plan": "Pro"}) for number in (1, 2)] + [price(3, 2900, product={"plan": "pro"})]
    found = detect_plans(prices, {"pro", "hobby"})
    assert values(found)["tiers"] == ("hobby", "pro")
    assert "misspelt as Pro" in found[0].evidence


def test_a_plan_that_costs_nothing_is_the_free_one() -> None:
    prices = [price(1, 0, metadata={"tier": "community"}), price(2, 2900, metadata={"tier": "pro"})]
    assert values(detect_plans(prices, ()))["tiers"] == ("community", "pro")


def test_a_slip_on_one_price_is_no_second_place() -> None:
    prices = [price(number, 2900, product={"plan": "pro"}) for number in range(9)] + [price(9, 2900, product={"planKey": "pro"})]
    assert values(detect_plans(prices, ()))["plan_from"] == ("product.metadata.plan",)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("pro", "team"), {"tiers": ("free", "pro", "team"), "plan_from": ("price.lookup_key",)}),
        (
            ("pro_monthly", "team-yearly"),
            {"tiers": ("free", "pro", "team"), "prices": {"price_1": "pro", "price_2": "team"}},
        ),
    ],
)
def test_lookup_keys_stand_in_for_metadata_and_are_doubted(keys: tuple[str, str], expected: dict[str, object]) -> None:
    found = detect_plans([price(1, 2900, lookup_key=keys[0]), price(2, 9900, lookup_key=keys[1])], ())
    assert values(found) == expected
    assert not any(one.sure for one in found)


def test_names_are_the_last_resort() -> None:
    prices = [price(1, 2900, name="Acme Pro Plan"), price(2, 9900, name="Team Subscription")]
    assert values(detect_plans(prices, {"pro"}))["prices"] == {"price_1": "pro", "price_2": "team"}
    exact = detect_plans(prices, {"Acme Pro Plan", "Team Subscription"})
    assert values(exact) == {"tiers": ("free", "Acme Pro Plan", "Team Subscription"), "plan_from": ("product.name",)}


def test_nothing_sold_is_nothing_found() -> None:
    assert detect_plans([Price(id="price_1", active=True, unit_amount=100)], ()) == []


def test_links_are_read_where_they_really_are() -> None:
    carriers = Carriers(
        customers=tuple(Customer(id=f"cus_{one}", metadata={"owner": one}) for one in CLERK),
        subscriptions=(
            Subscription(id="sub_1", metadata={"userId": CLERK[0]}),
            Subscription(id="sub_2", metadata={"source": "web"}),
        ),
        sessions=(Session(id="cs_1", client_reference_id="1234"),),
    )
    found = detect_links(carriers)
    assert values(found) == {"user_id_from": ("subscription.metadata.userId", "customer.metadata.owner")}
    assert "on 1 of 2 subscriptions" in found[0].evidence


def test_organizations_that_are_linked_hold_the_plan() -> None:
    carriers = Carriers(subscriptions=(Subscription(id="sub_1", metadata={"orgId": "org_2aBcDeFgHiJkLmNoPq"}),))
    assert values(detect_links(carriers)) == {"user_id_from": ("subscription.metadata.orgId",), "scope": "organization"}


def test_ids_of_another_kind_are_no_links() -> None:
    carriers = Carriers(
        customers=tuple(Customer(id=f"cus_{one}", metadata={"supabaseUUID": one}) for one in UUIDS),
        sessions=(Session(id="cs_1", client_reference_id="1234"),),
    )
    assert values(detect_links(carriers)) == {"user_id_from": ("customer.metadata.supabaseUUID",)}
    assert detect_links(Carriers(customers=(Customer(id="cus_1", metadata={}),))) == []


def endpoint(number: int, url: str, *events: str, status: str = "enabled") -> Endpoint:
    return Endpoint(id=f"we_{number}", url=url, status=status, enabled_events=events)


def test_the_endpoint_is_the_one_that_hears_of_subscriptions() -> None:
    paid = endpoint(1, "https://tax.example/hook", "invoice.paid")
    app = endpoint(2, "https://api.acme.dev/hook", "customer.subscription.updated", "customer.subscription.deleted")
    old = endpoint(3, "https://old.acme.dev/hook", "*", status="disabled")
    found = detect_endpoint([paid, old, app])
    assert (found[0].value, found[0].sure) == ("https://api.acme.dev/hook", True)
    everything = endpoint(4, "https://zapier.example/hook", "*")
    doubted = detect_endpoint([app, everything])
    assert not doubted[0].sure
    assert "api.acme.dev" in doubted[0].evidence + str(doubted[0].value)
    assert detect_endpoint([paid]) == []
    assert detect_endpoint([endpoint(5, "http://api.acme.dev/\x1b[2J", "*")]) == []


def test_the_plan_in_clerk_is_where_people_carry_it() -> None:
    bag = {"plan": "pro", "stripeSubscriptionId": "sub_1abc", "billing": {"customer": "cus_1abc", "status": "active"}}
    users = [User(id=CLERK[0], public_metadata=bag), User(id=CLERK[1], public_metadata={"theme": "dark"})]
    template = JwtTemplate(name="app", claims={"plan": "{{user.public_metadata.plan}}"})
    found = values(detect_clerk(users, [JwtTemplate(name="other", claims={"a": 1}), template], "users"))
    assert found == {
        "clerk_plan_field": "public_metadata.plan",
        "clerk_fields": {
            "subscription_id": "public_metadata.stripeSubscriptionId",
            "customer_id": "public_metadata.billing.customer",
            "status": "public_metadata.billing.status",
        },
        "clerk_jwt_template": "app",
    }
    assert detect_clerk(users[1:], [], "users") == []


def test_detected_values_are_had_by_key() -> None:
    assert Detected((Found("scope", "organization", "x"),)).value("scope") == "organization"
    assert Detected().value("scope") is None
