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


Break = Callable[[Scene], None]


def app_endpoint(world: World, mode: Mode) -> Obj | None:
    """The endpoint with the app's own address."""
    url = world.webhook_url(mode)
    return next((row for row in world.stripe(mode).table("webhook_endpoint") if row["url"] == url), None)


def _ours(scene: Scene) -> Obj:
    endpoint = app_endpoint(scene.world, scene.mode)
    if endpoint is None:
        raise LookupError("the app has no endpoint to be broken")
    return endpoint


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


def _delete(scene: Scene) -> None:
    """PBF-050: what is left is a developer's tunnel, switched off long ago."""
    scene.account.table("webhook_endpoint").remove(_ours(scene)["id"])
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


def _disable(scene: Scene) -> None:
    _ours(scene)["status"] = "disabled"


def _unsubscribe(scene: Scene) -> None:
    _ours(scene)["enabled_events"] = ["checkout.session.completed", "invoice.payment_failed"]


def _thin(scene: Scene) -> None:
    """PBF-053: the code reads an event's content, and is sent notes without any."""
    scene.account.thin.add(_ours(scene)["id"])


def _double(scene: Scene) -> None:
    """PBF-062: a second endpoint at the same address, with a secret that the app does not know."""
    endpoint = _ours(scene)
    objects.webhook_endpoint(
        scene.account,
        url=endpoint["url"],
        enabled_events=endpoint["enabled_events"],
        description="Plainsong app (copy)",
        created=scene.at - 3 * DAY,
    )


def _deploy_wrong_secret(scene: Scene) -> None:
    scene.app.faults.wrong_secret = f"whsec_{scene.account.ids.token(32)}"


def _redirect(scene: Scene) -> None:
    scene.app.faults.redirect = "slash"


def _crash(scene: Scene) -> None:
    scene.app.faults.crash = True


def _parse_first(scene: Scene) -> None:
    scene.app.faults.broken_check = True


def _wall(wall: Wall) -> Break:
    """PBF-056, PBF-057, PBF-059 and PBF-061: something answers in the app's place, or nothing does."""

    def put_up(scene: Scene) -> None:
        scene.app.faults.wall = wall

    return put_up


IN_STRIPE: dict[str, tuple[Break, str]] = {
    "PBF-050": (_delete, "the app's endpoint is gone from Stripe"),
    "PBF-051": (_disable, "the endpoint is disabled"),
    "PBF-052": (_unsubscribe, "the endpoint is not subscribed to customer.subscription.*"),
    "PBF-053": (_thin, "the endpoint was made for thin events"),
    "PBF-062": (_double, "somebody made the endpoint twice"),
}
AT_THE_APP: dict[str, tuple[Break, str]] = {
    "PBF-054": (_deploy_wrong_secret, "the app was deployed with another endpoint's secret"),
    "PBF-055": (_parse_first, "a body parser runs before the signature is checked"),
    "PBF-056": (_wall("sign-in"), "the app's middleware asks everybody to sign in, Stripe too"),
    "PBF-057": (_wall("edge"), "the edge before the app challenges whoever comes"),
    "PBF-058": (_redirect, "the app's host redirects the webhook path to one with a trailing slash"),
    "PBF-059": (_wall("no path"), "the app was deployed without this path"),
    "PBF-060": (_crash, "the app's handler raises on every event that it handles"),
    "PBF-061": (_wall("hang up"), "the app's host breaks every connection off"),
}
"""How each cause is brought about on a sound endpoint; one of Stripe's side and one of the app's can stand together."""


def staged(rule: str) -> Callable[[Scene], str]:
    """The stage of one cause: an otherwise sound endpoint, and somebody who buys meanwhile."""
    spoil, note = (IN_STRIPE | AT_THE_APP)[rule]

    def stage(scene: Scene) -> str:
        repair(scene.world, scene.mode)
        spoil(scene)
        _PURCHASES.get(rule, _unheard)(scene)
        return note

    return stage


def _unheard(scene: Scene) -> None:
    scene.buy(scene.price("pro"), hearing=scene.unheard)


def _without_checkout(scene: Scene) -> None:
    """Sold in a way in which the one type that the endpoint still hears of never happens."""
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


def _heard_by_one(scene: Scene) -> None:
    """The app takes what its own endpoint is sent; the twin's share stays outstanding."""
    url, ours = scene.world.webhook_url(scene.mode), _ours(scene)
    twin = next(row for row in scene.account.table("webhook_endpoint") if row["url"] == url and row is not ours)
    for event in scene.buy(scene.price("pro")).events:
        owed = scene.account.deliveries[event["id"]].get(twin["id"])
        if owed:
            owed.delivered, event["pending_webhooks"] = False, 1


_PURCHASES = {"PBF-052": _without_checkout, "PBF-062": _heard_by_one}
