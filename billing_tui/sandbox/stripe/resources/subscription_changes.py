"""Updating and cancelling subscriptions, with Stripe's rules for both ways to schedule an end."""

from billing_tui.sandbox import commerce
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call, whole
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import invalid, resource_missing
from billing_tui.sandbox.stripe.table import Obj

ENDED = {"canceled", "incomplete_expired"}
FEEDBACK = (
    *("customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex"),
    *("too_expensive", "unused"),
)
BEHAVIORS = ("keep_as_draft", "mark_uncollectible", "void")
WRITABLE = frozenset(
    {
        *("billing_cycle_anchor", "cancel_at", "cancel_at_period_end", "cancellation_details", "collection_method"),
        *("days_until_due", "default_payment_method", "description", "items", "metadata", "off_session"),
        *("pause_collection", "payment_behavior", "proration_behavior", "proration_date", "trial_end"),
    }
)
CANCELING = frozenset({"cancellation_details", "invoice_now", "prorate"})
_LATE = {"cancellation_details", "metadata", "expand"}


def update_subscription(call: Call) -> Obj:
    """Only what is sent is written; an ended subscription takes metadata and cancellation details alone."""
    row = call.find("subscription")
    if row["status"] in ENDED and call.params.keys() - _LATE:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    old = before(row)
    merge_metadata(row, call.params.get("metadata"))
    _details(call, row)
    set_texts(call, row, "description", "default_payment_method")
    _schedule(call, row)
    _pause(call, row)
    _items(call, row)
    _trial(call, row)
    method = call.choice("collection_method", ("charge_automatically", "send_invoice"))
    row["collection_method"] = method or row["collection_method"]
    tell(call, "customer.subscription.updated", row, old)
    return row


def cancel_subscription(call: Call) -> Obj:
    """At once. One that has ended already is not found any more."""
    row = call.find("subscription")
    call.flag("invoice_now")
    call.flag("prorate")
    if row["status"] in ENDED:
        raise resource_missing("subscription", row["id"])
    _details(call, row)
    return commerce.cancel(call.account, row)


def _details(call: Call, row: Obj) -> None:
    sent = call.fields("cancellation_details")
    feedback = sent.get("feedback")
    if feedback and feedback not in FEEDBACK:
        raise invalid(
            f"Invalid cancellation_details[feedback]: must be one of {', '.join(FEEDBACK)}",
            param="cancellation_details[feedback]",
        )
    kept = {name: sent[name] or None for name in ("comment", "feedback") if name in sent}
    row["cancellation_details"] = row["cancellation_details"] | kept


def _schedule(call: Call, row: Obj) -> None:
    flag, at = call.flag("cancel_at_period_end"), call.text("cancel_at")
    if row["schedule"] and (flag is not None or at is not None):
        raise invalid(
            f"The subscription is managed by the subscription schedule `{row['schedule']}`, and updating any cancelation "
            "behavior directly is not allowed. Please update the schedule instead."
        )
    if flag and at:
        raise invalid("You cannot set `cancel_at` and `cancel_at_period_end` together.", param="cancel_at")
    ends = [item["current_period_end"] for item in row["items"]["data"]]
    if flag is not None and (flag or row["cancel_at_period_end"]):
        _plan_end(call, row, min(ends) if flag else None, by_flag=flag)
    if at is not None:
        named = {"": None, "min_period_end": min(ends), "max_period_end": max(ends), "max_billed_until": max(ends)}
        moment = named[at] if at in named else whole("cancel_at", at)
        if moment is not None and moment <= call.account.now():
            raise invalid("`cancel_at` must be in the future.", param="cancel_at")
        _plan_end(call, row, moment, by_flag=False)


def _plan_end(call: Call, row: Obj, moment: int | None, *, by_flag: bool) -> None:
    row["cancel_at"], row["cancel_at_period_end"] = moment, by_flag
    row["canceled_at"] = None if moment is None else call.account.now()
    reason = None if moment is None else "cancellation_requested"
    row["cancellation_details"] = row["cancellation_details"] | {"reason": reason}


def _pause(call: Call, row: Obj) -> None:
    if call.params.get("pause_collection") == "":
        row["pause_collection"] = None
    elif "pause_collection" in call.params:
        sent = call.fields("pause_collection")
        behavior = sent.get("behavior")
        if behavior not in BEHAVIORS:
            raise invalid("Invalid pause_collection[behavior]", param="pause_collection[behavior]")
        until = sent.get("resumes_at")
        resumes = whole("pause_collection[resumes_at]", until) if until else None
        row["pause_collection"] = {"behavior": behavior, "resumes_at": resumes}


def _items(call: Call, row: Obj) -> None:
    sent = call.params.get("items", [])
    if not isinstance(sent, list):
        raise invalid("Invalid array: items", param="items")
    for number, entry in enumerate(sent):
        if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
            raise invalid(f"Invalid object: items[{number}]", param=f"items[{number}]")
        _item(call, row, entry, f"items[{number}]")


def _item(call: Call, row: Obj, entry: dict[str, str], param: str) -> None:
    rows = row["items"]["data"]
    price = call.find("price", entry["price"], param=f"{param}[price]", status=400) if "price" in entry else None
    quantity = whole(f"{param}[quantity]", entry["quantity"]) if "quantity" in entry else None
    if "id" not in entry:
        if price is None:
            raise invalid(f"Missing required param: {param}[price].", code="parameter_missing", param=f"{param}[price]")
        period = rows[0]["current_period_start"], None
        rows.append(objects.item(call.account, row["id"], price, quantity or 1, call.account.now(), period))
        return
    found = next((item for item in rows if item["id"] == entry["id"]), None)
    if found is None:
        raise resource_missing("subscription_item", entry["id"], param=f"{param}[id]", status=400)
    if entry.get("deleted") == "true":
        rows.remove(found)
        return
    if price is not None:
        found |= {"price": price, "plan": objects.plan_of(price)}
    found["quantity"] = found["quantity"] if quantity is None else quantity


def _trial(call: Call, row: Obj) -> None:
    sent = call.text("trial_end")
    if sent is None:
        return
    moment = call.account.now() if sent == "now" else whole("trial_end", sent)
    row["trial_start"] = row["trial_start"] or call.account.now()
    row["trial_end"] = moment
    row["status"] = "active" if sent == "now" else "trialing"
