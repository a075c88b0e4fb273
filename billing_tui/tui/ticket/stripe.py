"""The Stripe tab: customers, what they subscribe to, and what they paid or tried to."""

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import day, from_unix
from billing_tui.model.money import money
from billing_tui.model.stripe import Charge, Customer, Price, Session, Subscription, id_of
from billing_tui.model.text import short
from billing_tui.tui.draw import Piece
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK, MONEY
from billing_tui.tui.ticket.table import Line, gap_rows, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row

_STATUS = {
    "active": GOOD, "trialing": GOOD, "succeeded": GOOD, "complete": GOOD, "paid": GOOD,
    "past_due": ATTENTION, "incomplete": ATTENTION, "paused": ATTENTION, "open": ATTENTION, "pending": ATTENTION, "unpaid": BAD,
    "failed": BAD, "incomplete_expired": BAD,
}  # fmt: skip


def stripe_rows(found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
    """Each customer with its subscriptions, then charges and checkout sessions."""
    evidence = found.evidence
    if isinstance(evidence.customers, Gap):
        return tuple(gap_rows(evidence.customers, width))
    groups = [_customer(found, customer, mask, width) for customer in evidence.customers]
    if not groups:
        groups = [said("Stripe has no customer for this ticket in this mode.", width)]
    charges, sessions = evidence.charges, evidence.sessions
    paid = (
        gap_rows(charges, width)
        if isinstance(charges, Gap)
        else _titled("Charges", table([_charge(each) for each in charges], width), width)
    )
    checkout = (
        gap_rows(sessions, width)
        if isinstance(sessions, Gap)
        else _titled("Checkout sessions", table([_session(each) for each in sessions], width), width)
    )
    return parts(*groups, paid, checkout)


def _titled(title: str, rows: list[Row], width: int) -> list[Row]:
    return [heading(title, width), *rows] if rows else []


def _customer(found: Diagnosis, customer: Customer, mask: Mask, width: int) -> list[Row]:
    name = "  ".join(mask(held) for held in (customer.name, customer.email) if held)
    cells: tuple[Piece, ...] = ((customer.id, f"bold {INK}"), (f"{name}  since {day(from_unix(customer.created))}", DIM))
    links = [Line(((f"metadata.{key}", DIM), (mask(value), INK))) for key, value in (customer.metadata or {}).items()]
    rows = [*table([Line(cells, customer.id)], width), *table(links, width, caps=(30,), indent=2)]
    held = found.evidence.subscriptions.get(customer.id, ())
    if isinstance(held, Gap):
        return rows + gap_rows(held, width)
    products = known(found.evidence.configuration.products, {})
    names = {product.id: str(product.name) for product in products.values()}
    subscriptions = [_subscription(each, names) for each in held]
    return rows + (table(subscriptions, width, caps=(34, 12, 20, 24), indent=2) or said("no subscription", width, DIM, indent=2))


def _subscription(held: Subscription, names: dict[str, str]) -> Line:
    first = held.items.data[0].price if held.items.data else Price()
    more = f" +{len(held.items.data) - 1}" if len(held.items.data) > 1 else ""
    every = f" / {first.recurring.interval}" if first.recurring else ""
    amount = money(first.unit_amount, first.currency) + every if first.unit_amount is not None else ""
    product = names.get(first.product_id, "") or (first.nickname or "")
    return Line(
        (
            (short(held.id), INK),
            (held.status, _STATUS.get(held.status, INK)),
            (f"{product}{more}", INK),
            (amount, MONEY),
            (_until(held), DIM),
        ),
        held.id,
    )


def _until(held: Subscription) -> str:
    if held.ended_at:
        return f"ended {day(from_unix(held.ended_at))}"
    if held.ends_at:
        return f"ends {day(from_unix(held.ends_at))}"
    return f"paid to {day(from_unix(held.period_end))}" if held.period_end else ""


def _charge(held: Charge) -> Line:
    card = held.payment_method_details.card if held.payment_method_details else None
    state = "disputed" if held.disputed else "refunded" if held.refunded else held.status
    about = "  ".join(
        filter(None, [f"{card.brand} ···· {card.last4}" if card else "", held.failure_message or held.failure_code or ""])
    )
    when = (day(from_unix(held.created)), DIM)
    style = BAD if state == "disputed" else ATTENTION if state == "refunded" else _STATUS.get(state, INK)
    return Line((when, (money(held.amount, held.currency), MONEY), (state, style), (short(held.id), DIM), (about, INK)), held.id)


def _session(held: Session) -> Line:
    amount = money(held.amount_total, held.currency) if held.amount_total is not None and held.currency else ""
    reference = f"for {held.client_reference_id}" if held.client_reference_id else "client_reference_id is empty"
    state = f"{held.status or '?'}, {held.payment_status}"
    style = _STATUS.get(held.payment_status, INK) if held.status == "complete" else ATTENTION
    customer = short(id_of(held.customer) or "")
    return Line(
        (
            (day(from_unix(held.created)), DIM),
            (amount, MONEY),
            (state, style),
            (short(held.id), DIM),
            (f"{customer}  {reference}", DIM),
        ),
        held.id,
    )
