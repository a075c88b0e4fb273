"""`/v1/checkout/sessions`, the customer portal's configurations, and the lists that this account leaves empty."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import invalid, resource_missing, unknown_parameter
from billing_tui.sandbox.stripe.listing import page, page_of
from billing_tui.sandbox.stripe.table import Obj

PORTAL_WRITABLE = frozenset({"active", "business_profile", "default_return_url", "features", "metadata", "name"})


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


def list_configurations(call: Call) -> Obj:
    """By `active` and `is_default`."""
    active, default = call.flag("active"), call.flag("is_default")

    def wanted(row: Obj) -> bool:
        return (active is None or row["active"] == active) and (default is None or row["is_default"] == default)

    return page(call, "billing_portal.configuration", wanted)


def retrieve_configuration(call: Call) -> Obj:
    """One configuration."""
    return call.find("billing_portal.configuration")


def create_configuration(call: Call) -> Obj:
    """The first one of an account becomes its default."""
    first = not len(call.account.table("billing_portal.configuration"))
    row = objects.portal_configuration(call.account, is_default=first)
    _write(call, row)
    call.account.emit("billing_portal.configuration.created", row)
    return row


def update_configuration(call: Call) -> Obj:
    """Only what is sent is written."""
    row = call.find("billing_portal.configuration")
    old = before(row)
    _write(call, row)
    row["updated"] = call.account.now()
    tell(call, "billing_portal.configuration.updated", row, old)
    return row


def _write(call: Call, row: Obj) -> None:
    set_texts(call, row, "default_return_url", "name")
    merge_metadata(row, call.params.get("metadata"))
    active = call.flag("active")
    row["active"] = row["active"] if active is None else active
    for part in ("business_profile", "features"):
        row[part] = _merged(row[part], call.tree(part), part)


def _merged(held: Obj, sent: Obj, path: str) -> Obj:
    result = dict(held)
    for name, value in sent.items():
        here = f"{path}[{name}]"
        if name not in held:
            raise unknown_parameter(here)
        if isinstance(held[name], dict):
            if not isinstance(value, dict):
                raise invalid(f"Invalid object: {here}", param=here)
            result[name] = _merged(held[name], value, here)
        else:
            result[name] = _plain(held[name], value)
    return result


def _plain(held: object, sent: object) -> object:
    if isinstance(held, bool):
        return sent == "true"
    return [] if isinstance(held, list) and sent == "" else sent


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
