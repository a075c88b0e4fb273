"""The pane's rows for a page: the object's own values, then what belongs to it, each row naming what it leads to. Pure."""

from collections.abc import Iterable

from billing_tui.cache.rows import CustomerRow, EventRow, ItemRow, SubscriptionRow
from billing_tui.model.moment import from_unix
from billing_tui.model.text import short
from billing_tui.tui.draw import Piece
from billing_tui.tui.lists.look import NOTHING, Look, amount, customer_words, drift, item_amount, notes, plan, status
from billing_tui.tui.lists.pages import Page
from billing_tui.tui.theme import ATTENTION, DIM, GREY, INK, MONEY
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import stamp

_LABEL = 14
_ENDED_BY = {"cancel_at": "cancel_at", "cancel_at_period_end": "cancel_at_period_end"}


def page_rows(page: Page, look: Look, width: int) -> tuple[Row, ...]:
    """Everything of a page."""
    if page.held is None and not page.events:
        return tuple(said(f"The cache does not have {page.id}.", width))
    if page.event:
        return parts(_event(page.event, look, width), _owner(page.customer, look, width))
    if page.subscription:
        held = page.subscription
        return parts(
            _subscription(held, look, width),
            _items(held, look, width),
            _owner(page.customer, look, width) or _deleted(held.customer_id, width),
            _metadata(held.metadata, look, width),
            _events(page.events, look, width),
        )
    return parts(
        _customer(page.customer, look, width) if page.customer else [heading(page.id, width)],
        _subscriptions(page.subscriptions, look, width) if page.customer else [],
        _metadata(page.customer.metadata, look, width) if page.customer else [],
        _events(page.events, look, width),
    )


def _pairs(pairs: Iterable[tuple[str, Piece, str]], width: int) -> list[Row]:
    shown = [Line(((label, DIM), piece), names) for label, piece, names in pairs if piece[0]]
    return table(shown, width, caps=(_LABEL,))


def _customer(held: CustomerRow, look: Look, width: int) -> list[Row]:
    title = look.who(held.name, held.name) or look.who(held.email) or held.id
    pairs: list[tuple[str, Piece, str]] = [
        ("id", (held.id, INK), held.id),
        ("e-mail", (look.who(held.email), INK), held.id),
        ("plan", (held.tier, INK) if held.tier else NOTHING, held.id),
        ("since", (look.day(held.created), INK), held.id),
        ("delinquent", ("yes", ATTENTION) if held.delinquent else ("", INK), held.id),
        ("test clock", (held.clock, INK), held.clock),
    ]
    return [heading(title, width), *_pairs(pairs, width)]


def _subscription(held: SubscriptionRow, look: Look, width: int) -> list[Row]:
    ends = (f"{look.day(held.ends_at)} by {_ENDED_BY.get(held.ends_by, held.ends_by)}", ATTENTION) if held.ends_at else ("", INK)
    pairs: list[tuple[str, Piece, str]] = [
        ("id", (held.id, INK), held.id),
        ("status", status(held.status), held.id),
        ("plan", plan(held.tier), held.id),
        ("amount", amount(held), held.id),
        ("since", (look.day(held.created), INK), held.id),
        ("period end", _period(held, look), held.id),
        ("trial to", (look.day(held.trial_end), INK), held.id),
        ("ends", ends, held.id),
        ("paused", _paused(held, look), held.id),
        ("canceled", (look.day(held.canceled_at), INK), held.id),
        ("ended", (look.day(held.ended_at), INK), held.id),
        ("drift", _drift(held, look), held.id),
        ("test clock", (held.clock, INK), held.clock),
    ]
    title = f"{customer_words(held.email, held.name, look) or held.customer_id}"
    return [heading(title, width), *_pairs(pairs, width)]


def _period(held: SubscriptionRow, look: Look) -> Piece:
    when = look.day(held.period_end)
    return (f"{when} the earliest; its items differ", ATTENTION) if held.mixed else (when, INK)


def _drift(held: SubscriptionRow, look: Look) -> Piece:
    if held.drift is None or held.compared_at is None:
        return ("Clerk and the database were not looked at yet", GREY) if held.paid else ("", INK)
    seen = stamp(from_unix(held.compared_at), look.now)
    if not held.drift:
        return (f"none, as of {seen}" if held.paid else "", DIM)
    said = [f"{name} says {plan}" for name, plan in (("Clerk", held.clerk), ("the database", held.database)) if plan is not None]
    return (f"{', '.join(said) or drift(held)[0].removeprefix('! ')}, as of {seen}", ATTENTION)


def _paused(held: SubscriptionRow, look: Look) -> Piece:
    if not held.paused:
        return ("", INK)
    how = "wholly: its status is paused" if held.paused == "whole" else "collection: invoices are held, the status stays"
    until = f", resumes {look.day(held.resumes_at)}" if held.resumes_at else ""
    return (" ".join(filter(None, [how + until, f"({held.pause_reason})" if held.pause_reason else ""])), ATTENTION)


def _items(held: SubscriptionRow, look: Look, width: int) -> list[Row]:
    if not held.items:
        return []
    title = heading("Items", width, str(len(held.items)) if len(held.items) > 1 else "")
    return [title, *table([_item(each, look, held.mixed) for each in held.items], width, caps=(20, 20), indent=1)]


def _item(held: ItemRow, look: Look, mixed: bool) -> Line:
    to = f"to {look.day(held.period_end)}" if mixed else ""
    tier = (held.tier, INK) if held.tier else ("no tier", ATTENTION)
    name = held.product or held.nickname or short(held.price_id)
    cells: tuple[Piece, ...] = ((name, INK), (item_amount(held), MONEY), tier, (to, DIM))
    return Line(cells if to else cells[:3], held.price_id)


def _owner(held: CustomerRow | None, look: Look, width: int) -> list[Row]:
    if held is None:
        return []
    words = (customer_words(held.email, held.name, look), INK)
    cells: tuple[Piece, ...] = (words, (short(held.id), DIM), status(held.status))
    return [heading("Customer", width), *table([Line(cells, held.id)], width, caps=(30, 14), indent=1)]


def _deleted(customer_id: str, width: int) -> list[Row]:
    return [heading("Customer", width), *said(f"{customer_id} is not in the cache: deleted, or not read yet.", width, indent=1)]


def _subscriptions(held: tuple[SubscriptionRow, ...], look: Look, width: int) -> list[Row]:
    title = heading("Subscriptions", width, str(len(held)) if len(held) > 1 else "")
    lines = [_line(each, look) for each in held]
    return [title, *(table(lines, width, caps=(10, 18, 16), indent=1) or said("none", width, DIM, indent=1))]


def _line(held: SubscriptionRow, look: Look) -> Line:
    odd = ", ".join(text for text, _ in notes(held, look))
    to = f"to {look.day(held.period_end)}" if held.period_end else ""
    return Line((plan(held.tier), status(held.status), amount(held), (odd or to, DIM)), held.id)


def _metadata(held: "Iterable[str] | object", look: Look, width: int) -> list[Row]:
    pairs = dict(held) if isinstance(held, dict) else {}
    lines = [Line(((key, DIM), (look.who(value, value), INK)), value) for key, value in sorted(pairs.items())]
    return [heading("Metadata", width), *table(lines, width, caps=(20,), indent=1)] if lines else []


def _events(held: tuple[EventRow, ...], look: Look, width: int) -> list[Row]:
    lines = [
        Line(((stamp(from_unix(each.created), look.now), DIM), (each.type, INK), (short(each.object_id), DIM)), each.id)
        for each in held
    ]
    if not lines:
        return [heading("Events", width), *said("none in the last 30 days", width, DIM, indent=1)]
    return [heading("Events", width, "newest first"), *table(lines, width, caps=(13, 34), indent=1)]


def _event(held: EventRow, look: Look, width: int) -> list[Row]:
    pending = f"{held.pending} endpoint(s) had not taken it when it was read" if held.pending else ""
    pairs: list[tuple[str, Piece, str]] = [
        ("id", (held.id, INK), held.id),
        ("when", (stamp(from_unix(held.created), look.now), INK), held.id),
        ("about", (held.object_id, INK), held.object_id),
        ("subscription", (held.subscription_id, INK), held.subscription_id),
        ("pending", (pending, ATTENTION), held.id),
        ("API version", (held.api_version, DIM), held.id),
    ]
    return [heading(held.type, width), *_pairs(pairs, width)]
