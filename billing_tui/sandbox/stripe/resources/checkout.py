"""`/v1/checkout/sessions`, the account itself, and the lists that it leaves empty."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import resource_missing
from billing_tui.sandbox.stripe.listing import page, page_of
from billing_tui.sandbox.stripe.table import Obj


def list_sessions(call: Call) -> Obj:
    """There is no filter by `client_reference_id`, here as at Stripe."""
    named = {name: call.text(name) for name in ("customer", "payment_intent", "payment_link", "subscription")}
    status, email = call.choice("status", ("complete", "expired", "open")), call.tree("customer_details").get("email")

    def wanted(row: Obj) -> bool:
        return (
            all(value is None or row[name] == value for name, value in named.items())
            and (status is None or row["status"] == status)
            and (email is None or (row["customer_details"] or {}).get("email") == email)
        )

    return page(call, "checkout.session", wanted)


def retrieve_session(call: Call) -> Obj:
    """One session."""
    return call.find("checkout.session")


def list_line_items(call: Call) -> Obj:
    """What was in the cart."""
    return page_of(call, objects.line_items_of(call.account, call.find("checkout.session"))["data"])


def list_payment_methods(call: Call) -> Obj:
    """The cards of one customer."""
    owner = call.ids[0] if call.ids else call.text("customer")
    if owner is not None and owner not in call.account.table("customer"):
        raise resource_missing("customer", owner, param="customer", status=404 if call.ids else 400)
    kind = call.text("type")
    return page(
        call,
        "payment_method",
        lambda row: (owner is None or row["customer"] == owner) and kind in {None, row["type"]},
    )


def list_nothing(call: Call) -> Obj:
    """For what this account does not use: schedules and entitlements."""
    return page_of(call, [])


def retrieve_account(call: Call) -> Obj:
    """The account that the key belongs to; it cannot see any other."""
    if call.ids and call.ids[0] != call.account.number:
        raise resource_missing("account", call.ids[0], param="account")
    return call.account.get("account", call.account.number)
