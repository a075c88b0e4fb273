"""`/v1/billing/meters`: what is counted, for the prices that are paid by use."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj

WRITABLE = frozenset({"display_name"})
CREATABLE = WRITABLE | {"customer_mapping", "default_aggregation", "event_name", "event_time_window", "value_settings"}


def list_meters(call: Call) -> Obj:
    """By `status`."""
    status = call.choice("status", ("active", "inactive"))
    return page(call, "billing.meter", lambda row: status in (None, row["status"]))


def create_meter(call: Call) -> Obj:
    """No two active ones count the same event."""
    name, event = call.needed("display_name"), call.needed("event_name")
    formula = call.fields("default_aggregation").get("formula")
    if formula not in ("count", "last", "sum"):
        raise invalid("Invalid default_aggregation[formula]: must be one of count, last, or sum")
    if any(row["status"] == "active" and row["event_name"] == event for row in call.account.table("billing.meter")):
        raise invalid(f"There is already an active meter with event_name {event}.", param="event_name")
    row = objects.meter(
        call.account,
        display_name=name,
        event_name=event,
        formula=formula,
        customer_key=call.fields("customer_mapping").get("event_payload_key", "stripe_customer_id"),
        value_key=call.fields("value_settings").get("event_payload_key", "value"),
        event_time_window=call.choice("event_time_window", ("day", "hour")),
    )
    call.account.emit("billing.meter.created", row)
    return row


def update_meter(call: Call) -> Obj:
    """Its name alone."""
    row = call.find("billing.meter")
    row["display_name"] = call.text("display_name") or row["display_name"]
    row["updated"] = call.account.now()
    call.account.emit("billing.meter.updated", row)
    return row


def switch_meter(call: Call) -> Obj:
    """`…/deactivate` and `…/reactivate`."""
    row = call.find("billing.meter")
    off = call.path.endswith("/deactivate")
    row["status"] = "inactive" if off else "active"
    row["status_transitions"] = {"deactivated_at": call.account.now() if off else None}
    call.account.emit(f"billing.meter.{'deactivated' if off else 'reactivated'}", row)
    return row
