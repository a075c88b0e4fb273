"""Everything that can be sold, made through the `stripe` package itself, and its answers against the package's own types."""

from typing import Any

import pytest
import stripe as sdk

from billing_tui.sandbox.server import RunningSandbox
from tests.peers import schemas
from tests.peers.test_stripe_sdk import client
from tests.peers.wire import Wire

MONTHLY: Any = {"interval": "month"}
TIERS: Any = [{"up_to": 10, "unit_amount": 500}, {"up_to": "inf", "unit_amount_decimal": "42.5", "flat_amount": 1000}]
EXPAND = ["tiers", "currency_options"]
EUROS: Any = {"eur": {"unit_amount": 1100, "tax_behavior": "inclusive"}}
KINDS: dict[str, Any] = {
    "one time": {"unit_amount": 9900, "nickname": "once"},
    "fraction": {"unit_amount_decimal": "0.25", "recurring": MONTHLY},
    "tiers": {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": TIERS, "recurring": MONTHLY},
    "euros": {"unit_amount": 1200, "currency_options": EUROS, "recurring": MONTHLY, "tax_behavior": "exclusive"},
    "euro tiers": {
        "billing_scheme": "tiered",
        "tiers_mode": "volume",
        "tiers": TIERS,
        "recurring": MONTHLY,
        "currency_options": {"eur": {"tiers": TIERS}},
    },
    "trial": {"unit_amount": 500, "recurring": {"interval": "week", "interval_count": 2, "trial_period_days": 14}},
    "packages": {"unit_amount": 500, "transform_quantity": {"divide_by": 10, "round": "up"}},
    "gift": {"custom_unit_amount": {"enabled": True, "minimum": 500, "preset": 2000}},
}


@pytest.fixture
def official(sandbox: RunningSandbox) -> sdk.StripeClient:
    return client(sandbox)


@pytest.fixture
def product(official: sdk.StripeClient) -> str:
    dimensions: Any = {"height": 1, "length": 2.5, "weight": 3, "width": 4}
    made = official.v1.products.create(
        {
            "name": "Everything",
            "description": "All of it",
            "unit_label": "seat",
            "tax_code": "txcd_10103001",
            "statement_descriptor": "EVERYTHING",
            "images": ["https://a.example/1.png"],
            "shippable": False,
            "marketing_features": [{"name": "fast"}, {"name": "kind"}],
            "package_dimensions": dimensions,
            "metadata": {"plan": "pro"},
        }
    )
    assert [made.marketing_features[1].name, made.unit_label, made.statement_descriptor] == ["kind", "seat", "EVERYTHING"]
    return made.id


@pytest.mark.parametrize("kind", KINDS)
def test_a_price_of_every_kind(official: sdk.StripeClient, stripe: Wire, product: str, kind: str) -> None:
    sent: Any = {"currency": "usd", "product": product, "expand": EXPAND, **KINDS[kind]}
    made = official.v1.prices.create(sent)
    read = stripe.get(f"/v1/prices/{made.id}", expand=EXPAND)
    assert schemas.faults(schemas.one("price"), read) == []
    assert read["currency_options"].keys() == {"usd", *sent.get("currency_options", {})}
    assert (read["unit_amount"] is None) == (kind in ("fraction", "tiers", "euro tiers", "gift"))
    assert "tiers" not in stripe.get(f"/v1/prices/{made.id}")


def test_tiers_are_shown_as_they_were_sent(official: sdk.StripeClient, product: str) -> None:
    sent: Any = {"currency": "usd", "product": product, **KINDS["euro tiers"], "expand": EXPAND}
    made = official.v1.prices.create(sent)
    for tiers in (made.tiers, made.currency_options["eur"].tiers if made.currency_options else None):
        assert tiers
        assert [(one.up_to, one.unit_amount, one.flat_amount) for one in tiers] == [(10, 500, None), (None, None, 1000)]
        assert str(tiers[1].unit_amount_decimal) == "42.5"


def test_a_meter_and_what_it_counts(official: sdk.StripeClient, stripe: Wire, product: str) -> None:
    meter = official.v1.billing.meters.create(
        {"display_name": "Words", "event_name": "words_written", "default_aggregation": {"formula": "sum"}}
    )
    assert schemas.faults(schemas.one("billing.meter"), stripe.get(f"/v1/billing/meters/{meter.id}")) == []
    assert schemas.faults(schemas.page("billing.meter"), stripe.get("/v1/billing/meters")) == []
    recurring: Any = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    made = official.v1.prices.create({"currency": "usd", "product": product, "unit_amount": 2, "recurring": recurring})
    assert made.recurring is not None
    assert (made.recurring.usage_type, made.recurring.meter) == ("metered", meter.id)
    with pytest.raises(sdk.InvalidRequestError, match="already an active meter"):
        official.v1.billing.meters.create(
            {"display_name": "Again", "event_name": "words_written", "default_aggregation": {"formula": "sum"}}
        )
    assert official.v1.billing.meters.deactivate(meter.id).status == "inactive"


def test_a_coupon_and_its_code(official: sdk.StripeClient, stripe: Wire, product: str) -> None:
    terms: Any = {"duration": "repeating", "duration_in_months": 3, "amount_off": 500, "currency": "usd"}
    only: Any = {"applies_to": {"products": [product]}, "currency_options": {"eur": {"amount_off": 450}}}
    sent: Any = {"id": "THREE", **terms, **only, "expand": ["applies_to", "currency_options"]}
    coupon = official.v1.coupons.create(sent)
    assert coupon.applies_to is not None
    assert coupon.applies_to.products == [product]
    shown = stripe.get("/v1/coupons/THREE", expand=["applies_to", "currency_options"])
    assert schemas.faults(schemas.one("coupon"), shown) == []
    first: Any = {"first_time_transaction": True, "minimum_amount": 1000, "minimum_amount_currency": "usd"}
    code = official.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": "THREE"}, "code": "THREEMONTHS", "restrictions": first, "max_redemptions": 2}
    )
    read = stripe.get(f"/v1/promotion_codes/{code.id}")
    assert schemas.faults(schemas.one("promotion_code"), read) == []
    assert read["restrictions"] == first
    with pytest.raises(sdk.InvalidRequestError, match="already exists"):
        official.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": "THREE"}, "code": "threemonths"})
    assert official.v1.coupons.delete("THREE").deleted
    assert not official.v1.promotion_codes.retrieve(code.id).active


def test_a_portal_that_allows_what_was_said_alone(official: sdk.StripeClient, stripe: Wire, product: str) -> None:
    price = official.v1.prices.create({"currency": "usd", "product": product, "unit_amount": 100, "recurring": MONTHLY})
    offered: Any = [{"product": product, "prices": [price.id], "adjustable_quantity": {"enabled": True, "maximum": 5}}]
    update: Any = {"enabled": True, "default_allowed_updates": ["price"], "products": offered}
    made = official.v1.billing_portal.configurations.create({"features": {"subscription_update": update}})
    path = f"/v1/billing_portal/configurations/{made.id}"
    read = stripe.get(path, expand=["features.subscription_update.products"])
    assert schemas.faults(schemas.one("billing_portal.configuration"), read) == []
    assert read["features"]["subscription_update"]["products"] == [
        {"product": product, "prices": [price.id], "adjustable_quantity": {"enabled": True, "maximum": 5, "minimum": 1}}
    ]
    assert [name for name, held in read["features"].items() if held["enabled"]] == ["subscription_update"]
    wrong: Any = {"features": {"subscription_update": {**update, "products": [{"product": product, "prices": ["price_no"]}]}}}
    with pytest.raises(sdk.InvalidRequestError, match="No such price"):
        official.v1.billing_portal.configurations.update(made.id, wrong)


def test_a_way_into_the_portal(official: sdk.StripeClient, stripe: Wire) -> None:
    customer = official.v1.customers.list({"limit": 1}).data[0]
    answer = stripe.ok("POST", "/v1/billing_portal/sessions", {"customer": customer.id})
    assert schemas.faults(schemas.one("billing_portal.session"), answer) == []
    assert answer["url"].startswith("https://billing.stripe.com/")


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({"billing_scheme": "tiered", "tiers_mode": "volume", "tiers": [{"up_to": 5, "unit_amount": 1}]}, "tiers[0][up_to]"),
        ({"billing_scheme": "tiered", "tiers": TIERS}, "tiers_mode"),
        ({"unit_amount": 1, "recurring": {"interval": "month", "usage_type": "metered"}}, "recurring[meter]"),
        ({"unit_amount": 1, "recurring": {"interval": "month", "usage_type": "metered", "meter": "mtr_no"}}, "recurring[meter]"),
        ({"unit_amount_decimal": "a lot"}, "unit_amount_decimal"),
        ({}, "unit_amount"),
    ],
)
def test_terms_that_make_no_sense(official: sdk.StripeClient, product: str, sent: Any, param: str) -> None:
    before = len(official.v1.prices.list({"product": product}).data)
    with pytest.raises(sdk.InvalidRequestError) as caught:
        official.v1.prices.create(sent | {"currency": "usd", "product": product})
    assert caught.value.param == param
    assert len(official.v1.prices.list({"product": product}).data) == before
