"""Which stretch of Stripe's event history a ticket needs, and whether what came back covers it.

Events can't be listed by customer, only by type and time, a hundred at a time: so the stretch is kept short, and a full page
is taken for what it is, the newest part of the answer.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from billing_tui.diagnosis.case import moment_of
from billing_tui.model.moment import from_unix
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Customer, Event, Session

KEPT_BY_STRIPE = timedelta(days=30)
_BEFORE = timedelta(minutes=2)
_AFTER = timedelta(minutes=10)
# From opening a checkout to paying.
_CHECKOUT = timedelta(hours=1)
_MOST_TYPES = 20
_USUAL = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "invoice.paid",
    "invoice.payment_failed",
    "charge.refunded",
)
_ENDS = ("customer.subscription.deleted", "customer.subscription.updated", "customer.subscription.paused")


class Window(Struct, frozen=True):
    """Events of these types from `start` to `end`; undelivered ones from `start` to now."""

    types: tuple[str, ...]
    start: datetime
    end: datetime


def types_for(profile: Profile) -> tuple[str, ...]:
    """What the app needs, and what tells the story: as many as one request may name."""
    return tuple(dict.fromkeys((*profile.required_events, *_USUAL)))[:_MOST_TYPES]


def around(moment: datetime, profile: Profile, now: datetime, after: timedelta = _AFTER) -> Window:
    """The stretch in which a purchase, a renewal or an end made its events: so short that others' do not fill the page."""
    return Window(types_for(profile), moment - _BEFORE, min(now, moment + after))


def likely(customers: Iterable[Customer], sessions: Iterable[Session], profile: Profile, now: datetime) -> Window:
    """The best guess before the subscriptions themselves are read.

    Live subscriptions come within their customers; somebody who has none can only be waiting for the end of one.
    """
    moments = [moment_of(held) for customer in customers if customer.subscriptions for held in customer.subscriptions.data]
    if moments:
        return around(max(moments), profile, now)
    started = [from_unix(session.created) for session in sessions]
    untold = any(customer.subscriptions is None for customer in customers)
    if started and (untold or not customers):
        return around(max(started), profile, now, _CHECKOUT)
    if untold:
        return Window(types_for(profile), now - KEPT_BY_STRIPE, now)
    return Window(_ENDS, now - KEPT_BY_STRIPE, now)


def covers(window: Window, moment: datetime, now: datetime, profile: Profile, *, live: bool) -> bool:
    """Whether the events of a moment lie inside; those that Stripe no longer keeps count as inside.

    Somebody who pays needs every type that tells of a purchase; the end of a subscription is told by a few.
    """
    if now - moment > KEPT_BY_STRIPE:
        return True
    if live and not set(types_for(profile)) <= set(window.types):
        return False
    return window.start <= moment <= window.end


def reaches(events: Sequence[Event], has_more: bool, moment: datetime) -> bool:
    """Whether a page, the newest first, goes back as far as a moment."""
    return not has_more or (bool(events) and from_unix(events[-1].created) <= moment - _BEFORE)
