"""What the app did with an event in the past: its handler's own decisions, without HTTP and without waiting.

Follows the same order of steps as the live handler, and the same faults, so that history and present look alike.
"""

from billing_tui.sandbox.app import CustomerApp, handler
from billing_tui.sandbox.clerk import ClerkInstance
from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import TIERS


def replay(app: CustomerApp, account: Account, clerk: ClerkInstance, event: Obj, at: float) -> None:
    """Writes Clerk, the row and the ledger as the app would have at `at` (Unix seconds)."""
    customer_id = handler.customer_of(event)
    if event["type"] not in handler.HANDLED or customer_id in app.faults.ignore:
        return
    if customer_id in app.faults.mark_then_crash:
        app.database.mark(event["id"], event["type"], at)
        return
    subscription_id = handler.subscription_of(event)
    if subscription_id is None:
        return
    subscription = expanded(account, account.get("subscription", subscription_id))
    user_id = handler.user_of(event, subscription)
    if user_id is None:
        return
    billing = handler.billing_of(subscription, TIERS, app.faults)
    if customer_id not in app.faults.skip_clerk:
        user = clerk.users[user_id]
        user["public_metadata"] = user["public_metadata"] | {"plan": billing.plan}
        user["updated_at"] = max(round(at * 1000), user["updated_at"])
    if customer_id not in app.faults.skip_database:
        app.database.set_billing(user_id, billing, at)
    app.database.mark(event["id"], event["type"], at)


def expanded(account: Account, subscription: Obj) -> Obj:
    """The subscription as the handler fetches it, with its customer and its items' products."""
    items = [
        item | {"price": item["price"] | {"product": account.get("product", item["price"]["product"])}}
        for item in subscription["items"]["data"]
    ]
    customer = account.get("customer", subscription["customer"])
    return subscription | {"customer": customer, "items": {"data": items}}
