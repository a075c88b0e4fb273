"""Which tier a price stands for, by the app's own chain of places; and which endpoint is the app's."""

import pytest

from billing_tui.diagnosis.addresses import near_address, same_address
from billing_tui.model.plans import PlanRead, read_price, read_subscription
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Item, Items, Price, Product, Subscription

PROFILE = Profile(name="acme", mode="test", tiers=("free", "starter", "pro", "enterprise"))


def read(price: Price, product: Product | None = None, profile: Profile = PROFILE) -> PlanRead:
    return read_price(price, product, profile)


def test_the_products_metadata_comes_first() -> None:
    price = Price(id="price_1", metadata={"plan": "starter"}, lookup_key="enterprise")
    found = read(price, Product(id="prod_1", metadata={"plan": "pro"}))
    assert (found.tier, found.path, found.value) == ("pro", "product.metadata.plan", "pro")


def test_then_the_price_s_then_its_lookup_key() -> None:
    nameless = Product(id="prod_1", metadata={})
    price = Price(id="price_1", metadata={"plan": "starter"}, lookup_key="enterprise")
    assert (read(price, nameless).tier, read(price, nameless).path) == ("starter", "price.metadata.plan")
    keyed = Price(id="price_1", lookup_key="enterprise")
    assert (read(keyed, nameless).tier, read(keyed, None).path) == ("enterprise", "price.lookup_key")


def test_the_profile_s_own_map_wins_over_everything() -> None:
    profile = Profile(name="acme", mode="test", tiers=("free", "pro"), prices={"price_1": "pro"})
    found = read(Price(id="price_1"), Product(id="prod_1", metadata={"plan": "free"}), profile)
    assert (found.tier, found.path) == ("pro", "prices")


@pytest.mark.parametrize("value", ["Pro", "pro ", "PRO", "premium"])
def test_a_value_that_is_no_tier_ends_the_chain_without_one(value: str) -> None:
    """The app reads it too, finds nothing, and leaves them on free: looking further would hide that."""
    found = read(Price(id="price_1", metadata={"plan": "pro"}), Product(id="prod_1", metadata={"plan": value}))
    assert (found.tier, found.path, found.value) == (None, "product.metadata.plan", value)


def test_a_lookup_key_that_is_no_tier_means_nothing() -> None:
    assert read(Price(id="price_1", lookup_key="pro_monthly_2024")).tier is None
    assert read(Price(id="price_1", lookup_key="pro_monthly_2024")).path == ""


def test_the_order_is_the_profile_s() -> None:
    profile = Profile(
        name="acme", mode="test", tiers=("free", "pro", "max"), plan_from=("price.lookup_key", "product.metadata.t")
    )
    price, product = Price(id="price_1", lookup_key="pro"), Product(id="prod_1", metadata={"t": "max"})
    assert read(price, product, profile).tier == "pro"
    assert read(Price(id="price_1"), product, profile).tier == "max"


def test_the_best_item_of_a_subscription_counts() -> None:
    products = {tier: Product(id=f"prod_{tier}", metadata={"plan": tier}) for tier in ("starter", "enterprise", "seats")}
    items = tuple(Item(price=Price(id=f"price_{tier}", product=product.id)) for tier, product in products.items())
    held = Subscription(id="sub_1", items=Items(data=items))
    found = read_subscription(held, {}, {product.id: product for product in products.values()}, PROFILE)
    assert found.tier == "enterprise"
    assert [each.tier for each in found.items] == ["starter", "enterprise", None]


def test_a_subscription_without_items_stands_for_nothing() -> None:
    assert read_subscription(Subscription(id="sub_1"), {}, {}, PROFILE).tier is None


OWN = "https://api.acme.dev/webhook/stripe"


@pytest.mark.parametrize("url", [OWN, "https://API.acme.dev/webhook/stripe", "https://api.acme.dev:443/webhook/stripe"])
def test_the_same_address_is_the_app_s_own(url: str) -> None:
    assert same_address(url, OWN)
    assert near_address(url, OWN)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.acme.dev/webhook/stripe",
        "https://www.api.acme.dev/webhook/stripe",
        "https://api.acme.dev/webhook/stripe/",
        "https://api.acme.dev:8443/webhook/stripe",
    ],
)
def test_a_slightly_wrong_address_is_near_and_not_the_same(url: str) -> None:
    assert not same_address(url, OWN)
    assert near_address(url, OWN)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.acme.dev/webhook/clerk",
        "https://api.acme.dev/webhook/Stripe",
        "https://acme.dev/webhook/stripe",
        "https://api.acme.dev.evil.example/webhook/stripe",
        "https://6f2a.tunnel.example/webhook/stripe",
        "http://[bad/webhook/stripe",
        "",
    ],
)
def test_another_address_is_neither(url: str) -> None:
    assert not same_address(url, OWN)
    assert not near_address(url, OWN)


def test_without_a_configured_address_no_endpoint_is_the_app_s() -> None:
    assert not same_address(OWN, "")
    assert not near_address("", "")
