"""What the cache answers: rows as screens and scripts want them, and how a list is asked for.

Times are Unix seconds, 0 or None where there is none; money is integer minor units beside its currency. Every text was
cleaned when it came in. `n` is a row's number in the cache: the same for as long as the object is cached.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Kind = Literal["customers", "subscriptions", "events"]
Pause = Literal["", "collection", "whole"]


class Heard(Struct, frozen=True):
    """An endpoint: what it is subscribed to, since when in Unix seconds, and whether it is the app's own."""

    id: str
    url: str
    types: tuple[str, ...]
    since: int
    enabled: bool
    own: bool


class Sent(Struct, frozen=True):
    """Where events are sent, and for how many seconds Stripe goes on trying."""

    endpoints: tuple[Heard, ...]
    retries: int


class View(Struct, frozen=True):
    """A list as somebody asked for it: filter words as typed, the column it is sorted by ("" for newest first).

    `sent` is what is known of endpoints, for the words that ask for them; None where nobody has said.
    """

    kind: Kind
    words: str = ""
    sort: str = ""
    reverse: bool = False
    sent: Sent | None = None


class CustomerRow(Struct, frozen=True, kw_only=True):
    """A customer. `tier` and `status` are those of its best live subscription; "" where it has none.

    `live` counts the subscriptions that have not ended. `clock` is the test clock it stands on.
    """

    n: int
    id: str
    email: str
    name: str
    created: int
    delinquent: bool
    clock: str
    metadata: Mapping[str, str]
    tier: str
    status: str
    live: int


class ItemRow(Struct, frozen=True, kw_only=True):
    """One item of a subscription. `amount` is for one, and None where the price has no plain amount."""

    price_id: str
    product_id: str
    product: str
    nickname: str
    quantity: int
    amount: int | None
    currency: str
    interval: str
    interval_count: int
    period_start: int | None
    period_end: int | None
    tier: str | None


class SubscriptionRow(Struct, frozen=True, kw_only=True):
    """A subscription, ended ones too.

    `tier` is None when none of its prices leads to one. `amount` is all items together, None when they differ in currency or
    interval or have no plain amount; `currency`, `interval` and `interval_count` are then the first item's.
    `period_end` is the earliest of its items'. `ends_at` is when a scheduled cancellation takes effect and `ends_by` which form
    it has: `cancel_at` or `cancel_at_period_end`. `paused` is "collection" (invoices are held, the status stays), "whole" (its
    status is paused) or "". `mixed` says that its items' periods end at different times.
    `drift` is why somebody who pays for it lacks it, one of `drift.CAUSES`, "" where they do not, None where nobody has looked;
    `clerk` and `database` are then what those said at `compared_at`.
    """

    n: int
    id: str
    customer_id: str
    email: str
    name: str
    status: str
    paid: bool
    tier: str | None
    amount: int | None
    currency: str
    interval: str
    interval_count: int
    created: int
    period_end: int | None
    mixed: bool
    ends_at: int | None
    ends_by: str
    trial_end: int | None
    canceled_at: int | None
    ended_at: int | None
    paused: Pause
    pause_reason: str
    resumes_at: int | None
    clock: str
    items: tuple[ItemRow, ...]
    metadata: Mapping[str, str]
    drift: str | None = None
    clerk: str | None = None
    database: str | None = None
    compared_at: int | None = None


class EventRow(Struct, frozen=True, kw_only=True):
    """An event. `pending` is what it was when the event was read: endpoints that had not taken it yet.

    `arrived` is who said that the app has it: its `ledger`, or its own answer to this tool's `direct` sending; "" for nobody.
    """

    n: int
    id: str
    type: str
    created: int
    object_id: str
    object: str
    customer_id: str
    subscription_id: str
    email: str
    pending: int
    api_version: str
    arrived: str = ""


class PriceRow(Struct, frozen=True, kw_only=True):
    """A price with its product, and where its tier stands written.

    `value` is what stood at `path`, exactly as written; `tier` is None when that is no tier of the app's. `subscribers` are
    subscriptions in a paid status; `revenue` is what they bring in a month, trials aside, in the price's currency.
    """

    id: str
    product_id: str
    product: str
    product_active: bool
    active: bool
    nickname: str
    lookup_key: str
    amount: int | None
    currency: str
    interval: str
    interval_count: int
    tier: str | None
    path: str
    value: str | None
    subscribers: int
    revenue: int


class TierRow(Struct, frozen=True, kw_only=True):
    """A tier of the app's, lowest first, and last the prices that lead to none (`tier` None), where there are any.

    `revenue` is a month's, for each currency, never added across them. `share` is of all paid subscriptions, 0 to 1.
    """

    tier: str | None
    prices: tuple[PriceRow, ...]
    subscribers: int
    revenue: Mapping[str, int]
    share: float


class Match(Struct, frozen=True, kw_only=True):
    """Somebody found while one types."""

    customer_id: str
    email: str
    name: str
    tier: str
    status: str


Row = CustomerRow | SubscriptionRow | EventRow
