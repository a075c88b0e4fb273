"""Reading invoices, invoice payments, charges, payment intents, refunds and the balance."""

from collections.abc import Callable

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.listing import created_filter, page, page_of
from billing_tui.sandbox.stripe.search import search
from billing_tui.sandbox.stripe.table import Obj

Handler = Callable[[Call], Obj]


def list_invoices(call: Call) -> Obj:
    """By customer, subscription, status, collection method, age and due date."""
    customer, subscription = call.text("customer"), call.text("subscription")
    status = call.choice("status", ("draft", "open", "paid", "uncollectible", "void"))
    method = call.choice("collection_method", ("charge_automatically", "send_invoice"))
    due = created_filter(call, "due_date")

    def wanted(row: Obj) -> bool:
        return (
            (customer is None or row["customer"] == customer)
            and (subscription is None or row["parent"]["subscription_details"]["subscription"] == subscription)
            and (status is None or row["status"] == status)
            and (method is None or row["collection_method"] == method)
            and ("due_date" not in call.params or (row["due_date"] is not None and due(row)))
        )

    return page(call, "invoice", wanted)


def list_lines(call: Call) -> Obj:
    """The lines of one invoice."""
    return page_of(call, call.find("invoice")["lines"]["data"])


def list_invoice_payments(call: Call) -> Obj:
    """By `invoice`, `status` and `payment[payment_intent]`."""
    invoice, status = call.text("invoice"), call.choice("status", ("canceled", "open", "paid"))
    payment = call.tree("payment")
    if payment and payment.get("type") not in {"payment_intent", "charge", "payment_record"}:
        raise invalid("Missing required param: payment[type].", code="parameter_missing", param="payment[type]")
    intent = payment.get("payment_intent")

    def wanted(row: Obj) -> bool:
        return (
            (invoice is None or row["invoice"] == invoice)
            and (status is None or row["status"] == status)
            and (not payment or row["payment"].get("payment_intent") == intent)
        )

    return page(call, "invoice_payment", wanted)


def list_charges(call: Call) -> Obj:
    """By customer, payment intent and age."""
    customer, intent = call.text("customer"), call.text("payment_intent")

    def wanted(row: Obj) -> bool:
        return (customer is None or row["customer"] == customer) and (intent is None or row["payment_intent"] == intent)

    return page(call, "charge", wanted)


def list_payment_intents(call: Call) -> Obj:
    """By customer and age; there is no status filter."""
    customer = call.text("customer")
    return page(call, "payment_intent", lambda row: customer is None or row["customer"] == customer)


def list_refunds(call: Call) -> Obj:
    """By charge, payment intent and age."""
    charge, intent = call.text("charge"), call.text("payment_intent")

    def wanted(row: Obj) -> bool:
        return (charge is None or row["charge"] == charge) and (intent is None or row["payment_intent"] == intent)

    return page(call, "refund", wanted)


def retrieve(kind: str) -> Handler:
    """A handler that gives one object of that kind by the id in the path."""

    def one(call: Call) -> Obj:
        return call.find(kind)

    return one


def searching(kind: str) -> Handler:
    """A handler that searches one kind of object."""

    def found(call: Call) -> Obj:
        return search(call, kind)

    return found


def retrieve_balance(call: Call) -> Obj:
    """Its `livemode` is the surest sign of the key's mode."""
    return objects.balance(call.account)
