"""Which tier a subscription stands for: the app's own chain of places to look, applied as the app would apply it.

Guides for this stack disagree on where the plan is written, so the chain is configuration. Pure functions.
"""

from collections.abc import Mapping

from msgspec import Struct

from billing_tui.model.clerk import Organization, User
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Item, Price, Product, Subscription


class PlanRead(Struct, frozen=True, kw_only=True):
    """What one price leads to.

    `tier` is None when nothing on it is a tier of the app's. `path` is where the deciding value stood (`product.metadata.plan`,
    `prices` for the profile's own map, "" where no place held one), `value` what stood there.
    """

    tier: str | None
    path: str = ""
    value: str | None = None
    price: Price
    product: Product | None


class SubscriptionPlan(Struct, frozen=True, kw_only=True):
    """What a subscription leads to: its best item's reading, and every item's."""

    tier: str | None
    best: PlanRead | None
    items: tuple[PlanRead, ...] = ()


def clerk_plan(holder: User | Organization, profile: Profile) -> str:
    """The plan in Clerk's metadata: the free tier where nothing stands, and whatever else stands there as it is."""
    value = holder.field(profile.clerk_plan_field)
    return profile.free if value is None or value == "" else str(value)


def look_up(path: str, price: Price, product: Product | None) -> str | None:
    """The value at one place of the chain, e.g. `product.metadata.plan` or `price.lookup_key`; None where there is none."""
    root, _, rest = path.partition(".")
    held: Price | Product | None = price if root == "price" else product
    if held is None:
        return None
    if rest.startswith("metadata."):
        written = (held.metadata or {}).get(rest.removeprefix("metadata."))
        return written if isinstance(written, str) else None
    value = getattr(held, rest, None)
    return value if isinstance(value, str) and value else None


def read_price(price: Price, product: Product | None, profile: Profile) -> PlanRead:
    """What a price leads to: the profile's map first, then the first place of the chain that yields a value.

    A lookup key that is no tier does not end the chain: every price may have one, and few are meant as a plan.
    """
    mapped = profile.prices.get(price.id)
    if mapped is not None:
        return PlanRead(tier=mapped, path="prices", value=mapped, price=price, product=product)
    for path in profile.plan_from:
        value = look_up(path, price, product)
        if value is None or (".metadata." not in path and value not in profile.tiers):
            continue
        return PlanRead(tier=value if value in profile.tiers else None, path=path, value=value, price=price, product=product)
    return PlanRead(tier=None, price=price, product=product)


def read_subscription(
    subscription: Subscription, prices: Mapping[str, Price], products: Mapping[str, Product], profile: Profile
) -> SubscriptionPlan:
    """The highest tier that any of its items leads to."""
    reads = tuple(_read_item(item, prices, products, profile) for item in subscription.items.data)
    tiered = [read for read in reads if read.tier is not None]
    best = max(tiered, key=lambda read: profile.rank(read.tier or ""), default=reads[0] if reads else None)
    return SubscriptionPlan(tier=best.tier if best else None, best=best, items=reads)


def _read_item(item: Item, prices: Mapping[str, Price], products: Mapping[str, Product], profile: Profile) -> PlanRead:
    price = prices.get(item.price.id, item.price)
    product = price.product if isinstance(price.product, Product) else products.get(price.product_id)
    return read_price(price, product, profile)
