"""What Plainsong sells and how its account is set up: products, prices, coupons, portal and the app's endpoint."""

from dataclasses import dataclass

from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import World

EVENTS = (
    "checkout.session.completed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.payment_failed",
)
OFFERS = (
    ("starter", "Plainsong Starter", "For one person who writes every day.", 900, 9000),
    ("pro", "Plainsong Pro", "Everything, for people who live from it.", 2900, 29000),
    ("enterprise", "Plainsong Enterprise", "For houses with an editor, a lawyer and a budget.", 24900, 249000),
)


@dataclass(frozen=True)
class Shop:
    """`monthly` and `yearly` are prices by tier."""

    monthly: dict[str, Obj]
    yearly: dict[str, Obj]
    legacy: Obj
    seats: Obj
    coupon: Obj


def stock(world: World, mode: Mode) -> Shop:
    """Sets up the account as it was when it opened, a little over three years ago, and what was added since."""
    account = world.stripe(mode)
    opened = account.now() - (3 * 365 + 40) * 86400
    objects.own_account(account, created=opened - 86400)
    monthly, yearly = _plans(account, opened)
    pro = account.get("product", monthly["pro"]["product"])
    legacy = objects.price(account, pro, amount=1900, nickname="Plainsong Pro, founders' price", created=opened, active=False)
    seats = objects.product(account, name="Extra seat", metadata={"addon": "seat"}, created=opened + 200 * 86400)
    seat = objects.price(account, seats, amount=700, nickname="Extra seat", created=seats["created"])
    coupon = _coupons(account, opened)
    _portal(account, opened, monthly, yearly)
    objects.webhook_endpoint(
        account,
        url=world.webhook_url(mode),
        enabled_events=EVENTS,
        secret=world.webhook_secrets[mode],
        description="Plainsong app",
        created=opened,
    )
    return Shop(monthly, yearly, legacy, seat, coupon)


def _plans(account: Account, opened: int) -> tuple[dict[str, Obj], dict[str, Obj]]:
    monthly: dict[str, Obj] = {}
    yearly: dict[str, Obj] = {}
    for tier, name, text, by_month, by_year in OFFERS:
        product = objects.product(account, name=name, description=text, metadata={"plan": tier}, created=opened)
        for prices, amount, interval in ((monthly, by_month, "month"), (yearly, by_year, "year")):
            prices[tier] = objects.price(
                account,
                product,
                amount=amount,
                interval=interval,
                lookup_key=f"{tier}_{interval}ly",
                nickname=f"{name}, {interval}ly",
                created=opened,
            )
        product["default_price"] = monthly[tier]["id"]
    return monthly, yearly


def _portal(account: Account, opened: int, monthly: dict[str, Obj], yearly: dict[str, Obj]) -> None:
    portal = objects.portal_configuration(account, created=opened)
    portal["features"]["subscription_update"]["products"] = [
        {
            "adjustable_quantity": {"enabled": False, "maximum": None, "minimum": 1},
            "prices": [monthly[tier]["id"], yearly[tier]["id"]],
            "product": monthly[tier]["product"],
        }
        for tier in monthly
    ]


def _coupons(account: Account, opened: int) -> Obj:
    welcome = objects.coupon(account, id="WELCOME20", name="20% off", percent_off=20.0, created=opened, times_redeemed=31)
    objects.promotion_code(account, welcome, code="WELCOME", created=opened, times_redeemed=31)
    spring = objects.coupon(
        account,
        id="SPRING10",
        name="$10 off in spring",
        amount_off=1000,
        currency="usd",
        created=opened + 400 * 86400,
        redeem_by=opened + 460 * 86400,
        valid=False,
    )
    objects.promotion_code(account, spring, code="SPRING10", active=False, created=spring["created"])
    return welcome
