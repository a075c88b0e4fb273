"""Causes that lie in the catalogue: a product of its own for each, so that everybody else's stays sound.

The app takes a plan it cannot read for free, answers 200 and logs nothing.
"""

from billing_tui.sandbox.stages.scene import DAY, Scene
from billing_tui.sandbox.stripe import objects


def key_missing(scene: Scene) -> str:
    """PBF-030."""
    return _bought(scene, "Plainsong Pro for Studios", {}, 3900)


def wrong_key(scene: Scene) -> str:
    """PBF-031: each mode has its own wrong spelling."""
    key = "planKey" if scene.mode == "test" else "Plan"
    return _bought(scene, "Plainsong Pro for Choirs", {key: "pro"}, 3500)


def value_not_canonical(scene: Scene) -> str:
    """PBF-032: the trailing space is invisible in Stripe's Dashboard."""
    return _bought(scene, "Plainsong Pro for Schools", {"plan": "Pro "}, 1900)


def _bought(scene: Scene, name: str, metadata: dict[str, str], amount: int) -> str:
    account, created = scene.account, scene.at - 9 * DAY
    product = objects.product(account, name=name, metadata=metadata, created=created)
    price = objects.price(account, product, amount=amount, created=created)
    product["default_price"] = price["id"]
    scene.buy(price)
    return f"{name} has the metadata {metadata}"
