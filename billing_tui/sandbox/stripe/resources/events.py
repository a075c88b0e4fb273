"""`/v1/events`: thirty days of them, by type, age and delivery; and the resend that the official CLI calls."""

from fnmatch import fnmatchcase

from billing_tui.sandbox.stripe.account import EVENT_LIFE, Account, Delivery
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import invalid, resource_missing
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj

MAX_TYPES = 20
RETRYING = frozenset({"account", "for_stripecli", "webhook_endpoint"})


def list_events(call: Call) -> Obj:
    """`delivery_success=false` are those that some endpoint has not acknowledged."""
    one, several, success = call.text("type"), call.texts("types"), call.flag("delivery_success")
    if one and several:
        raise invalid("You cannot specify both `type` and `types`.", param="types")
    if len(several) > MAX_TYPES:
        raise invalid(f"You may specify up to {MAX_TYPES} event types.", param="types")
    patterns, oldest = [one] if one else several, call.account.now() - EVENT_LIFE

    def wanted(row: Obj) -> bool:
        return (
            row["created"] >= oldest
            and (not patterns or any(fnmatchcase(row["type"], pattern) for pattern in patterns))
            and (success is None or heard(call.account, row) == success)
        )

    return page(call, "event", wanted)


def heard(account: Account, event: Obj) -> bool:
    """Whether every endpoint that the event is owed to has acknowledged it."""
    return all(delivery.delivered for delivery in account.deliveries.get(event["id"], {}).values())


def retrieve_event(call: Call) -> Obj:
    """One event, for thirty days."""
    row = call.find("event")
    if row["created"] < call.account.now() - EVENT_LIFE:
        raise resource_missing("event", row["id"])
    return row


def retry_event(call: Call) -> Obj:
    """Sends once more to one endpoint, if that was subscribed when the event was made and is enabled now.

    Without `webhook_endpoint` nobody is sent anything: the replay would go to a listening CLI.
    """
    row = call.account.table("event").get(call.ids[0])
    if row is None or row["created"] < call.account.now() - EVENT_LIFE:
        raise resource_missing("notification", call.ids[0])
    name = call.text("webhook_endpoint")
    call.flag("for_stripecli")
    if name:
        endpoint = call.find("webhook_endpoint", name, param="webhook_endpoint")
        if endpoint["status"] == "enabled" and name in call.account.subscribers.get(row["id"], ()):
            owed = call.account.deliveries[row["id"]]
            delivery = owed.get(name) or Delivery(row["id"], name, delivered=True)
            call.account.carry(delivery, 0.0)
    return row
