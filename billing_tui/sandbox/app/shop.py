"""The app's shop, for whoever plays the customer: one address that buys a plan for somebody new, with a code if one is given."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from billing_tui.sandbox.app.application import CustomerApp
from billing_tui.sandbox.clerk import ClerkInstance
from billing_tui.sandbox.commerce import Link, buy
from billing_tui.sandbox.options import MODES, Mode
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.table import Obj


class Town(Protocol):
    """Whatever holds an app, a Clerk and a Stripe for each mode."""

    def app(self, mode: Mode) -> CustomerApp: ...
    def clerk(self, mode: Mode) -> ClerkInstance: ...
    def stripe(self, mode: Mode) -> Account: ...


def shop_routes(town: Town) -> list[Route]:
    """`GET` or `POST /app/{mode}/buy?tier=pro&code=…`."""

    async def endpoint(request: Request) -> PlainTextResponse:
        mode = next((mode for mode in MODES if mode == request.path_params["mode"]), None)
        if mode is None:
            return PlainTextResponse("Not Found", 404)
        try:
            said = sell(town, mode, request.query_params.get("tier", "pro"), request.query_params.get("code", ""))
        except LookupError as refusal:
            return PlainTextResponse(f"{refusal.args[0]}\n", 400)
        return PlainTextResponse(f"{said}\n")

    return [Route("/app/{mode}/buy", endpoint, methods=["GET", "POST"])]


def sell(town: Town, mode: Mode, tier: str, code: str) -> str:
    """Somebody new signs up and buys; Stripe tells the app. Raises LookupError for a tier or a code that is not there."""
    account, clerk, app = town.stripe(mode), town.clerk(mode), town.app(mode)
    price, promotion = _price(account, tier), _promotion(account, code) if code else None
    coupon = account.get("coupon", promotion["promotion"]["coupon"]) if promotion else None
    email = f"first.{account.ids.token(6).lower()}@buyer.example"
    user = clerk.add_user(email=email, first_name="First", last_name="Buyer", public_metadata={"plan": "free"})
    app.add_row(user["id"], email, at=account.now())
    customer = objects.customer(account, email=email, name="First Buyer", metadata={"clerkUserId": user["id"]})
    app.database.set_customer(user["id"], customer["id"], account.now())
    if promotion and coupon:
        _redeem(promotion, coupon)
    buy(account, customer, price, link=Link.to(user["id"]), coupon=coupon)
    return f"{email} has bought {tier}{f' with {code}' if code else ''}."


def _price(account: Account, tier: str) -> Obj:
    for price in account.table("price"):
        monthly = price["active"] and (price["recurring"] or {}).get("interval") == "month" and price["unit_amount"] is not None
        if monthly and account.get("product", price["product"])["metadata"].get("plan") == tier:
            return price
    raise LookupError(f"Nothing sells {tier}.")


def _promotion(account: Account, code: str) -> Obj:
    for row in account.table("promotion_code"):
        if row["active"] and row["code"].casefold() == code.casefold():
            return row
    raise LookupError(f"There is no code {code}.")


def _redeem(promotion: Obj, coupon: Obj) -> None:
    """One use fewer is left, of the code and of its coupon."""
    for row, switch in ((promotion, "active"), (coupon, "valid")):
        row["times_redeemed"] += 1
        if row["max_redemptions"] is not None and row["times_redeemed"] >= row["max_redemptions"]:
            row[switch] = False
