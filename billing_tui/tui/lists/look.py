"""How money, times and states are written in a list, and what is masked there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from billing_tui.cache.rows import ItemRow, SubscriptionRow
from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.moment import from_unix
from billing_tui.model.money import money
from billing_tui.tui.draw import Piece
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, GREY, INK, LINK, MONEY

NOTHING: Piece = ("–", GREY)
_EVERY = {"month": "mo", "year": "yr", "week": "wk", "day": "day"}

STATUSES: dict[str, Piece] = {
    "active": ("●", GOOD),
    "trialing": ("●", LINK),
    "past_due": ("!", ATTENTION),
    "unpaid": ("✗", BAD),
    "incomplete": ("!", ATTENTION),
    "paused": ("=", ATTENTION),
    "incomplete_expired": ("–", GREY),
    "canceled": ("–", GREY),
}
"""The sign before a status, and its colour."""


@dataclass(frozen=True)
class Look:
    """Whether names are masked, and what day it is."""

    privacy: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def who(self, text: str, *names: str) -> str:
        """An e-mail address, or a text in which these names stand."""
        return Mask(self.privacy, names)(text) if self.privacy else text

    def day(self, seconds: int | None) -> str:
        """`20 Dec`, with the year where it is another one."""
        if not seconds:
            return ""
        there, here = from_unix(seconds).astimezone(), self.now.astimezone()
        return f"{there:%-d %b}" if there.year == here.year else f"{there:%-d %b %Y}"


def status(word: str) -> Piece:
    """A status with its sign; blank where there is none."""
    glyph, style = STATUSES.get(word, ("?", DIM))
    return (f"{glyph} {word}", style) if word else NOTHING


def every(interval: str, count: int) -> str:
    """`mo`, or `3 mo`."""
    word = _EVERY.get(interval, interval)
    return f"{count} {word}" if count > 1 else word


def price(amount: int | None, currency: str, interval: str, count: int) -> str:
    """`$29.00 /mo`; `varies` where there is no one amount."""
    if amount is None:
        return "varies"
    return money(amount, currency) + (f" /{every(interval, count)}" if interval else "")


def amount(held: SubscriptionRow) -> Piece:
    """What a subscription costs, all its items together."""
    text = price(held.amount, held.currency, held.interval, held.interval_count)
    return (text, MONEY if held.amount is not None else DIM)


def item_amount(held: ItemRow) -> str:
    """What an item costs, for one."""
    times = f"{held.quantity} × " if held.quantity != 1 else ""
    return times + price(held.amount, held.currency, held.interval, held.interval_count)


def plan(tier: str | None) -> Piece:
    """A tier's name; what leads to none is the app's trouble and says so."""
    return (tier, INK) if tier else ("no tier", ATTENTION) if tier is None else NOTHING


def notes(held: SubscriptionRow, look: Look) -> Iterable[Piece]:
    """What is out of the ordinary about a subscription, the weightiest first."""
    if held.ended_at:
        yield f"ended {look.day(held.ended_at)}", GREY
        return
    if held.paused == "collection":
        yield "paused" + (f" to {look.day(held.resumes_at)}" if held.resumes_at else ""), ATTENTION
    if held.ends_at:
        yield f"ends {look.day(held.ends_at)}", ATTENTION
    if held.status == "trialing" and held.trial_end:
        yield f"trial to {look.day(held.trial_end)}", LINK
    if len(held.items) > 1:
        yield f"{len(held.items)} items" + (", mixed" if held.mixed else ""), DIM
    if held.clock:
        yield "test clock", DIM


def note(held: SubscriptionRow, look: Look, *, but_ends: bool = False) -> Piece:
    """The notes in one cell, in the colour of the first; without the scheduled end where that has a column of its own."""
    found = [each for each in notes(held, look) if not (but_ends and each[0].startswith("ends "))]
    return (", ".join(text for text, _ in found), found[0][1]) if found else ("", DIM)


def customer_words(email: str, name: str, look: Look) -> str:
    """Whom a row is about: the e-mail address, or the name where there is none."""
    return look.who(email) if email else look.who(name, name)


_DRIFTS = {"no_user": "no user", "no_link": "no link", "no_tier": "no plan"}


def drift(held: SubscriptionRow) -> Piece:
    """Who of Clerk and the database says what else; "?" where nobody has looked."""
    if held.drift is None:
        return ("?", GREY) if held.paid else ("", GREY)
    if held.drift in _DRIFTS:
        return (f"! {_DRIFTS[held.drift]}", ATTENTION)
    plans = {"both": held.clerk if held.clerk == held.database else "differ", "clerk": held.clerk, "database": held.database}
    where = {"both": "both", "clerk": "Clerk", "database": "db"}.get(held.drift, "")
    return (f"! {where} {plans.get(held.drift) or '?'}", ATTENTION) if where else ("", GREY)
