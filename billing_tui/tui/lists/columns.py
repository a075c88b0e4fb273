"""The columns of customers and subscriptions, for a wide terminal and a narrow one. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from billing_tui.cache.rows import CustomerRow, SubscriptionRow
from billing_tui.model.text import short
from billing_tui.tui.draw import Piece
from billing_tui.tui.lists.look import NOTHING, Look, amount, customer_words, drift, note, plan, status
from billing_tui.tui.table.columns import Column, R
from billing_tui.tui.theme import ATTENTION, DIM, INK

WIDE = 98
"""Cells from which on there is room for every column."""
SLIM = 70
"""Cells below which there is room for the most telling ones alone, as beside an open pane."""


def customer_columns(look: Look, room: int) -> Sequence[Column[CustomerRow]]:
    """Who, on which tier by the best of their subscriptions, since when."""
    email = Column[CustomerRow]("E-MAIL", lambda held: (look.who(held.email), INK), 25, 3, "email")
    name = Column[CustomerRow]("NAME", lambda held: (look.who(held.name, held.name), INK), 12, 2, "name")
    tier = Column[CustomerRow]("PLAN", lambda held: (held.tier, INK) if held.tier else NOTHING, 10, 0, "plan")
    state = Column[CustomerRow]("STATUS", _standing, 12, 0, "status")
    since = Column[CustomerRow]("SINCE", lambda held: (look.day(held.created), DIM), 11, 0, "created", falls=True)
    if room < SLIM:
        return (email, tier, state)
    if room < WIDE:
        return (email, name, _narrower(tier, 8), state, since)
    live = Column[CustomerRow]("SUBS", lambda held: (str(held.live) if held.live else "", DIM), 4, right=True)
    ids = Column[CustomerRow]("ID", lambda held: (short(held.id), DIM), 13, 0, "id")
    return (email, name, tier, state, live, since, ids)


def subscription_columns(look: Look, room: int) -> Sequence[Column[SubscriptionRow]]:
    """Whose, which tier, in which state, for how much, until when, and what is out of the ordinary."""
    who = Column[SubscriptionRow]("CUSTOMER", lambda held: (customer_words(held.email, held.name, look), INK), 20, 1, "customer")
    tier = Column[SubscriptionRow]("PLAN", lambda held: plan(held.tier), 10, 0, "plan")
    state = Column[SubscriptionRow]("STATUS", lambda held: status(held.status), 12, 0, "status")
    price = Column[SubscriptionRow]("AMOUNT", amount, 13, 0, "amount", right=True)
    if room < SLIM:
        return (who, tier, state)
    if room < WIDE:
        until = Column[SubscriptionRow]("NOTE", lambda held: _until(held, look), 14, 0, "period_end")
        return (who, _narrower(tier, 8), _narrower(state, 11), _narrower(price, 12), until)
    period = Column[SubscriptionRow]("PERIOD END", lambda held: (look.day(held.period_end), DIM), 11, 0, "period_end")
    ends = Column[SubscriptionRow]("ENDS", lambda held: (look.day(held.ends_at), ATTENTION), 11, 0, "ends")
    off = Column[SubscriptionRow]("DRIFT", drift, 12, 0, "drift")
    rest = Column[SubscriptionRow]("NOTE", lambda held: note(held, look, but_ends=True), 10)
    return (who, tier, state, price, period, ends, off, rest)


def _standing(held: CustomerRow) -> Piece:
    return ("! delinquent", ATTENTION) if held.delinquent and held.status != "unpaid" else status(held.status)


def _until(held: SubscriptionRow, look: Look) -> Piece:
    text, style = drift(held) if held.drift else note(held, look)
    return (text, style) if text else (f"to {look.day(held.period_end)}" if held.period_end else "", DIM)


def _narrower(column: Column[R], width: int) -> Column[R]:
    return replace(column, width=width)
