"""`/v1/subscriptions` and `/v1/subscription_items`, for reading; what changes them is in `subscription_changes`."""

from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import invalid, missing_parameter
from billing_tui.sandbox.stripe.listing import bounds, page, page_of
from billing_tui.sandbox.stripe.search import search
from billing_tui.sandbox.stripe.table import Obj

STATUSES = ("incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused")
ENDED = ("canceled", "incomplete_expired")
FILTERS = (
    "automatic_tax collection_method current_period_end current_period_start customer customer_account plan price "
    "status test_clock"
)


def list_subscriptions(call: Call) -> Obj:
    """Leaves out canceled ones unless `status` asks for them."""
    status = call.choice("status", (*STATUSES, "all", "ended"))
    ends = _period(call, "current_period_end")
    starts = _period(call, "current_period_start")
    price, customer = call.text("price") or call.text("plan"), call.text("customer")
    method = call.choice("collection_method", ("charge_automatically", "send_invoice"))
    clock, automatic = call.text("test_clock"), call.tree("automatic_tax").get("enabled")
    if customer:
        call.find("customer", customer, param="customer", status=400)

    def wanted(row: Obj) -> bool:
        items = row["items"]["data"]
        return (
            _of_status(row["status"], status)
            and (customer is None or row["customer"] == customer)
            and (price is None or any(item["price"]["id"] == price for item in items))
            and (method is None or row["collection_method"] == method)
            and (row["test_clock"] == clock if clock else customer is not None or row["test_clock"] is None)
            and (automatic is None or str(row["automatic_tax"]["enabled"]).lower() == automatic)
            and (ends is None or ends[0] <= min(item["current_period_end"] for item in items) <= ends[1])
            and (starts is None or starts[0] <= max(item["current_period_start"] for item in items) <= starts[1])
        )

    return page(call, "subscription", wanted)


def _of_status(status: str, asked: str | None) -> bool:
    if asked is None:
        return status not in ENDED
    return asked == "all" or status == asked or (asked == "ended" and status in ENDED)


def _period(call: Call, name: str) -> tuple[float, float] | None:
    value = call.params.get(name)
    return None if value is None else bounds(name, value)


def search_subscriptions(call: Call) -> Obj:
    """By status, metadata or age."""
    return search(call, "subscription")


def retrieve_subscription(call: Call) -> Obj:
    """Canceled ones too."""
    return call.find("subscription")


def list_items(call: Call) -> Obj:
    """The items of one subscription, which must be named."""
    name = call.text("subscription")
    if not name:
        raise missing_parameter("subscription")
    owner = call.account.table("subscription").get(name)
    if owner is None:
        raise invalid(f"No such subscription: '{name}'", code="resource_missing", param="subscription")
    return page_of(call, owner["items"]["data"])


def retrieve_item(call: Call) -> Obj:
    """One item."""
    return call.find("subscription_item")
