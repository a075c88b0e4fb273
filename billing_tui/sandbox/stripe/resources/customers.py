"""`/v1/customers`: list, exact e-mail, search, retrieve, create, update, delete."""

from billing_tui.sandbox import commerce
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import resource_missing
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.search import search
from billing_tui.sandbox.stripe.table import Obj

WRITABLE = frozenset({"address", "balance", "description", "email", "invoice_settings", "metadata", "name", "phone"})
_TEXTS = ("description", "email", "name", "phone")


def list_customers(call: Call) -> Obj:
    """`email` is compared exactly, case and all; what stands on a test clock is told to whoever names that."""
    email, clock = call.text("email"), call.text("test_clock")
    return page(call, "customer", lambda row: row["test_clock"] == clock and (email is None or row["email"] == email))


def search_customers(call: Call) -> Obj:
    """By e-mail, name, phone, metadata or age."""
    return search(call, "customer")


def retrieve_customer(call: Call) -> Obj:
    """A deleted one is shown as deleted."""
    gone = call.account.table("deleted_customer").get(call.ids[0])
    return call.find("customer") if gone is None else gone


def create_customer(call: Call) -> Obj:
    """A new customer."""
    row = objects.customer(call.account)
    _write(call, row)
    call.account.emit("customer.created", row)
    return row


def update_customer(call: Call) -> Obj:
    """Only what is sent is written."""
    if call.ids[0] in call.account.table("deleted_customer"):
        raise resource_missing("customer", call.ids[0])
    row = call.find("customer")
    old = before(row)
    _write(call, row)
    tell(call, "customer.updated", row, old)
    return row


def delete_customer(call: Call) -> Obj:
    """Ends all subscriptions at once and for good."""
    row = call.find("customer")
    for subscription in call.account.table("subscription").having("customer", row["id"]):
        if subscription["status"] not in {"canceled", "incomplete_expired"}:
            commerce.cancel(call.account, subscription)
    call.account.table("customer").remove(row["id"])
    call.account.emit("customer.deleted", row)
    gone = {"id": row["id"], "object": "customer", "deleted": True}
    call.account.table("deleted_customer").add(gone)
    return gone


def _write(call: Call, row: Obj) -> None:
    set_texts(call, row, *_TEXTS)
    merge_metadata(row, call.params.get("metadata"))
    if "address" in call.params:
        sent = call.fields("address")
        row["address"] = {**objects.empty_address(), **{key: value or None for key, value in sent.items()}}
    balance = call.integer("balance")
    row["balance"] = row["balance"] if balance is None else balance
    chosen = call.fields("invoice_settings").get("default_payment_method")
    if chosen is not None:
        row["invoice_settings"]["default_payment_method"] = chosen or None
