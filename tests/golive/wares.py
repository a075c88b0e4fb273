"""A catalogue of every kind of price that Stripe sells, as large as is wanted, and what of it both modes must have alike."""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from tests.cli.office import Office
from tests.cli.program import Json

TIERS = [{"up_to": 10, "unit_amount": 500, "flat_amount": 100}, {"up_to": "inf", "unit_amount_decimal": "42.5"}]
MONTHLY = {"recurring": {"interval": "month"}}
KINDS: tuple[Json, ...] = (
    {"unit_amount": 900, **MONTHLY, "tax_behavior": "exclusive"},
    {"unit_amount": 9000, "recurring": {"interval": "year", "trial_period_days": 14}, "nickname": "by the year [/b]"},
    {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": TIERS, **MONTHLY},
    {
        "billing_scheme": "tiered",
        "tiers_mode": "volume",
        "tiers": TIERS,
        **MONTHLY,
        "currency_options": {"eur": {"tiers": TIERS}},
    },
    {"unit_amount": 1200, **MONTHLY, "currency_options": {"eur": {"unit_amount": 1100, "tax_behavior": "inclusive"}}},
    {"unit_amount": 3, "recurring": {"interval": "month", "usage_type": "metered", "meter": "METER"}},
    {"unit_amount_decimal": "0.25", **MONTHLY, "transform_quantity": {"divide_by": 10, "round": "up"}},
    {"custom_unit_amount": {"enabled": "true", "minimum": 500, "preset": 2000}},
    {"unit_amount": 700, "recurring": {"interval": "week", "interval_count": 2}, "currency": "jpy"},
    {"unit_amount": 0, "recurring": {"interval": "day"}},
)
SHOWN = ["data.tiers", "data.currency_options"]


def sent(value: Any, path: str = "") -> dict[str, str]:
    """Nested values as a form."""
    if isinstance(value, dict):
        return {name: text for key, one in value.items() for name, text in sent(one, f"{path}[{key}]" if path else key).items()}
    if isinstance(value, list):
        return {name: text for place, one in enumerate(value) for name, text in sent(one, f"{path}[{place}]").items()}
    return {path: str(value)}


def empty(account: Account) -> None:
    """Nothing is for sale."""
    for kind in ("price", "product", "billing.meter", "coupon", "promotion_code", "billing_portal.configuration"):
        for row in list(account.table(kind)):
            account.table(kind).remove(row["id"])


def stocked(office: Office, products: int, prices: int) -> None:
    """Test mode with so many products and prices, every second price of which has a lookup key; live mode with nothing."""
    empty(office.sandbox.world.stripe("live"))
    empty(office.sandbox.world.stripe("test"))
    test = office.wires["test"]
    meter = test.stripe(
        "/billing/meters",
        "POST",
        **sent({"display_name": "Words", "event_name": "words", "default_aggregation": {"formula": "sum"}}),
    )
    names = []
    for number in range(products):
        extra = (
            {"description": f"{number} of them", "unit_label": "seat", "images": ["https://a.example/a.png"]}
            if number % 2
            else {}
        )
        features = {"marketing_features": [{"name": "fast"}]} if number % 3 == 0 else {}
        facts = {"name": f"Ware {number}", "metadata": {"plan": "pro", "a.b": str(number)}, **extra, **features}
        names.append(test.stripe("/products", "POST", **sent(facts))["id"])
    made = [_price(test, number, names[number % products], meter["id"])["id"] for number in range(prices)]
    test.stripe(f"/products/{names[0]}", "POST", default_price=made[0])
    _around(test, names[0], made[0])


def _price(test: Any, number: int, product: str, meter: str) -> Json:
    terms = {"currency": "usd", "product": product, "metadata": {"n": str(number)}, **KINDS[number % len(KINDS)]}
    keyed = {"lookup_key": f"key_{number}"} if number % 2 else {}
    form = {name: meter if value == "METER" else value for name, value in sent(terms | keyed).items()}
    found: Json = test.stripe("/prices", "POST", **form)
    return found


def _around(test: Any, product: str, price: str) -> None:
    """A portal that offers the price, and a coupon with its code."""
    update = {"enabled": "true", "default_allowed_updates": ["price"], "products": [{"product": product, "prices": [price]}]}
    features = {"subscription_update": update, "invoice_history": {"enabled": "true"}}
    test.stripe("/billing_portal/configurations", "POST", **sent({"features": features}))
    coupon = {"id": "TEN", "percent_off": "12.5", "duration": "repeating", "duration_in_months": 3}
    test.stripe("/coupons", "POST", **sent(coupon | {"applies_to": {"products": [product]}}))
    first = {"first_time_transaction": "true", "minimum_amount": 1000, "minimum_amount_currency": "usd"}
    test.stripe(
        "/promotion_codes",
        "POST",
        **sent({"promotion": {"type": "coupon", "coupon": "TEN"}, "code": "TEN1", "restrictions": first}),
    )


_OWN = {"id", "created", "updated", "livemode", "default_price"}


def sold(office: Office, mode: Any) -> dict[str, list[Json]]:
    """What a mode sells, without the ids that Stripe gives."""
    wire = office.wires[mode]
    meters = {row["id"]: row["event_name"] for row in _pages(wire, "/billing/meters")}
    prices = []
    for row in _pages(wire, "/prices", **{f"expand[{place}]": name for place, name in enumerate(SHOWN)}):
        held = {name: value for name, value in row.items() if name not in _OWN}
        if (row["recurring"] or {}).get("meter"):
            held["recurring"] = row["recurring"] | {"meter": meters[row["recurring"]["meter"]]}
        prices.append(held)
    products = [
        {name: value for name, value in row.items() if name not in _OWN - {"id"}} | {"chosen": bool(row["default_price"])}
        for row in _pages(wire, "/products")
    ]
    codes = [row["code"] for row in _pages(wire, "/promotion_codes")]
    coupons = [{name: value for name, value in row.items() if name not in _OWN - {"id"}} for row in _pages(wire, "/coupons")]
    return {
        "products": sorted(products, key=str),
        "prices": sorted(prices, key=str),
        "meters": sorted([{"event": name} for name in meters.values()], key=str),
        "coupons": sorted(coupons, key=str),
        "codes": [{"code": code} for code in sorted(codes)],
    }


def _pages(wire: Any, path: str, **params: Any) -> list[Json]:
    rows: list[Json] = []
    while True:
        page = wire.stripe(path, limit=100, **params, **({"starting_after": rows[-1]["id"]} if rows else {}))
        rows += page["data"]
        if not page["has_more"]:
            return rows
