"""Causes that lie between Stripe and the app: the endpoint in Stripe, or the way the app's host answers there.

They concern everybody who buys while they last, so a world has one of them in each mode at a time: `repair` first.
"""

from collections.abc import Callable

from billing_tui.sandbox.app.faults import Wall
from billing_tui.sandbox.commerce import Scribe, pay_invoice
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stages.scene import DAY, Scene
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import World

REQUIRED = (
    "checkout.session.completed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
)


def app_endpoint(world: World, mode: Mode) -> Obj | None:
    """The endpoint with the app's own address."""
    url = world.webhook_url(mode)
    return next((row for row in world.stripe(mode).table("webhook_endpoint") if row["url"] == url), None)


def repair(world: World, mode: Mode) -> Obj:
    """Ends every cause of this file: a sound endpoint and a sound host. Events missed meanwhile stay missed."""
    app, account = world.app(mode), world.stripe(mode)
    app.faults.wrong_secret, app.faults.redirect, app.faults.crash = "", "", False
    app.faults.wall, app.faults.broken_check = "", False
    endpoint = app_endpoint(world, mode)
    for twin in [
        row for row in account.table("webhook_endpoint") if row["url"] == world.webhook_url(mode) and row is not endpoint
    ]:
        account.table("webhook_endpoint").remove(twin["id"])
    account.thin.clear()
    if endpoint is None:
        endpoint = objects.webhook_endpoint(
            account,
            url=world.webhook_url(mode),
            enabled_events=REQUIRED,
            secret=app.secret,
            description="Plainsong app",
            created=account.now() - 300 * DAY,
        )
    endpoint["status"] = "enabled"
    endpoint["enabled_events"] += [kind for kind in REQUIRED if kind not in endpoint["enabled_events"]]
    return endpoint


def deleted(scene: Scene) -> str:
    """PBF-050: what is left is a developer's tunnel, switched off long ago."""
    endpoint = repair(scene.world, scene.mode)
    scene.account.table("webhook_endpoint").remove(endpoint["id"])
    tunnel = "https://6f2a-203-0-113-9.tunnel.example/webhook/stripe"
    if all(row["url"] != tunnel for row in scene.account.table("webhook_endpoint")):
        objects.webhook_endpoint(
            scene.account,
            url=tunnel,
            enabled_events=REQUIRED,
            description="local development",
            status="disabled",
            created=scene.at - 120 * DAY,
        )
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "the app's endpoint is gone from Stripe"


def disabled(scene: Scene) -> str:
    """PBF-051."""
    repair(scene.world, scene.mode)["status"] = "disabled"
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "the endpoint is disabled"


def types_missing(scene: Scene) -> str:
    """PBF-052: sold without a checkout, so the one type that the endpoint hears of never happened."""
    repair(scene.world, scene.mode)["enabled_events"] = ["checkout.session.completed", "invoice.payment_failed"]
    customer = scene.make_customer()
    objects.payment_method(scene.account, customer, created=scene.at)
    price = scene.price("pro")
    customer["currency"] = price["currency"]
    subscription = objects.subscription(
        scene.account,
        customer=customer,
        prices=[(price, 1)],
        metadata={"userId": scene.user_id},
        created=scene.at,
    )
    invoice = objects.invoice(scene.account, customer=customer, subscription=subscription, created=scene.at)
    subscription["latest_invoice"] = invoice["id"]
    scribe = Scribe(scene.account, scene.at, scene.unheard)
    scribe.tell("customer.subscription.created", subscription)
    pay_invoice(scribe, customer, invoice)
    return "the endpoint is not subscribed to customer.subscription.*"


def wrong_secret(scene: Scene) -> str:
    """PBF-054."""
    repair(scene.world, scene.mode)
    scene.app.faults.wrong_secret = f"whsec_{scene.account.ids.token(32)}"
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "the app was deployed with another endpoint's secret"


def redirected(scene: Scene) -> str:
    """PBF-058."""
    repair(scene.world, scene.mode)
    scene.app.faults.redirect = "slash"
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "the app's host redirects the webhook path to one with a trailing slash"


def crashing(scene: Scene) -> str:
    """PBF-060."""
    repair(scene.world, scene.mode)
    scene.app.faults.crash = True
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "the app's handler raises on every event that it handles"


def thin(scene: Scene) -> str:
    """PBF-053: the code reads an event's content, and is sent notes without any."""
    scene.account.thin.add(repair(scene.world, scene.mode)["id"])
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "the endpoint was made for thin events"


def broken_check(scene: Scene) -> str:
    """PBF-055."""
    repair(scene.world, scene.mode)
    scene.app.faults.broken_check = True
    scene.buy(scene.price("pro"), hearing=scene.unheard)
    return "a body parser runs before the signature is checked"


def walled(wall: Wall, note: str) -> Callable[[Scene], str]:
    """PBF-056, PBF-057, PBF-059 and PBF-061: something answers in the app's place, or nothing does."""

    def staged(scene: Scene) -> str:
        repair(scene.world, scene.mode)
        scene.app.faults.wall = wall
        scene.buy(scene.price("pro"), hearing=scene.unheard)
        return note

    return staged


def doubled(scene: Scene) -> str:
    """PBF-062: a second endpoint at the same address, with a secret that the app does not know."""
    endpoint = repair(scene.world, scene.mode)
    twin = objects.webhook_endpoint(
        scene.account,
        url=endpoint["url"],
        enabled_events=endpoint["enabled_events"],
        description="Plainsong app (copy)",
        created=scene.at - 3 * DAY,
    )
    purchase = scene.buy(scene.price("pro"))
    for event in purchase.events:
        owed = scene.account.deliveries[event["id"]].get(twin["id"])
        if owed:
            owed.delivered, event["pending_webhooks"] = False, 1
    return "somebody made the endpoint twice"
