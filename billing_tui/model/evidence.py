"""What was found out about one ticket, immutable, with every gap named.

Each piece is either what was seen or a `Gap` that says why it was not. Rules read nothing else, so a rule that lacks
something can say what, and nothing that was not seen is ever taken for "no".
"""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from billing_tui.model.clerk import ClerkSession, Domain, Instance, JwtTemplate, Organization, User
from billing_tui.model.database import AppRow, LedgerEntry
from billing_tui.model.profile import Profile
from billing_tui.model.query import Query
from billing_tui.model.stripe import (
    Account,
    Charge,
    Customer,
    Destination,
    Endpoint,
    Event,
    Price,
    Product,
    Session,
    Subscription,
)


class Why(StrEnum):
    """Why a piece of evidence is not there."""

    PENDING = "pending"  # asked for, no answer yet
    NOT_ASKED = "not asked"  # nothing called for it
    NOT_CONFIGURED = "not configured"  # the profile has no such layer, or lacks what it takes to ask
    REFUSED = "refused"  # a key is wrong, or lacks a permission
    FAILED = "failed"  # no answer, or one that makes no sense
    BROKEN = "broken"  # the configuration does not fit what is there: no such table or column


class Gap(Struct, frozen=True, kw_only=True):
    """A piece of evidence that is not there.

    Attributes:
        what: In the words of a sentence: `Stripe's events`.
        message, hint: As of the `Problem` that caused it; may be empty.
        exit_code: As of that problem; 0 where there was none.
        permission: What the key lacks, by its Dashboard name.
    """

    what: str
    why: Why
    message: str = ""
    hint: str = ""
    exit_code: int = 0
    permission: str = ""

    @property
    def failed(self) -> bool:
        """Whether it was wanted and could not be had."""
        return self.why in (Why.REFUSED, Why.FAILED, Why.BROKEN)


T = TypeVar("T")


def known(piece: T | Gap, otherwise: T) -> T:
    """The piece, or a stand-in where it was not seen."""
    return otherwise if isinstance(piece, Gap) else piece


def not_asked(what: str) -> Gap:
    """A gap for what nothing has called for."""
    return Gap(what=what, why=Why.NOT_ASKED)


class Probe(Struct, frozen=True, kw_only=True):
    """One answer of the app's endpoint to a request of ours. It is not a delivery: Stripe calls from elsewhere.

    `status` is None when no answer came; `error` then says why. `latency` is in milliseconds. `body` is the cleaned start of
    the answer. `headers` holds the few that tell who answered, by their lower-case names.
    """

    name: str
    status: int | None
    latency: int = 0
    body: str = ""
    headers: dict[str, str] = {}
    error: str = ""

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Probes(Struct, frozen=True, kw_only=True):
    """The four signed probes; `valid` and `old` are gaps where the signing secret is not at hand."""

    at: datetime
    url: str
    unsigned: Probe
    valid: Probe | Gap
    wrong_key: Probe
    old: Probe | Gap


class DeadCustomer(Struct, frozen=True):
    """A customer id that the app's database holds and this account and mode do not.

    `other_mode` is the mode in which Stripe says a similar object exists, or "".
    """

    id: str
    other_mode: str
    says: str


class Configuration(Struct, frozen=True, kw_only=True):
    """What every ticket of a profile shares."""

    account: Account | Gap
    prices: dict[str, Price] | Gap
    products: dict[str, Product] | Gap
    endpoints: tuple[Endpoint, ...] | Gap
    destinations: tuple[Destination, ...] | Gap
    templates: tuple[JwtTemplate, ...] | Gap
    instance: Instance | Gap
    domains: tuple[Domain, ...] | Gap


class Evidence(Struct, frozen=True, kw_only=True):
    """All of it.

    Attributes:
        at: When gathering began; every age in a verdict is measured from here.
        settled: Whether everything that will come has come.
        customers: Every candidate, the one asked for first; deleted ones are left out.
        subscriptions: By customer id, ended ones included, newest first.
        user: The subject's Clerk user: whom the link names, or who holds the e-mail; None if there is none.
        users: Every Clerk user who holds the e-mail.
        linked: For a user id that a link names and Clerk was asked for: that user, or None where Clerk has none.
        row: The subject's row in the app's database; None if there is none.
        rows: Every row that the e-mail or the ids lead to.
        events: Around the purchase, this customer's alone.
        undelivered: Ids of those events that Stripe still counts as undelivered somewhere.
        elsewhere: Customers with the e-mail in the other mode, where nobody was found in this one; None where nobody asked.
        linked_elsewhere: Whether the other mode's Clerk has the user whom the payment names and this one has not.
        searched: Whether Stripe's search was asked for every customer that names the subject, and answered.
        owner: The customer whom the object asked for belongs to; "" where no object was asked for.
        memberships: Ids of the organizations of whom the ticket is about; None where nobody asked.
        member_of: The one of them that the ticket is judged by; "" where it is not a member's.
        named_user: The account that the ticket came from, where it was named (`--user`).
        recalled: Which pieces come from the cache, by name, and when each was last true; all others are live.
    """

    query: Query
    at: datetime
    profile: Profile
    settled: bool = False
    configuration: Configuration
    customers: tuple[Customer, ...] | Gap
    subscriptions: dict[str, tuple[Subscription, ...] | Gap]
    sessions: tuple[Session, ...] | Gap
    charges: tuple[Charge, ...] | Gap
    events: tuple[Event, ...] | Gap
    undelivered: frozenset[str] | Gap
    users: tuple[User, ...] | Gap
    linked: dict[str, User | Gap | None] = {}
    organization: Organization | Gap | None = None
    clerk_sessions: tuple[ClerkSession, ...] | Gap
    rows: tuple[AppRow, ...] | Gap
    ledger: tuple[LedgerEntry, ...] | Gap
    dead_customer: DeadCustomer | Gap | None = None
    probes: Probes | Gap
    elsewhere: tuple[Customer, ...] | Gap | None = None
    linked_elsewhere: bool | Gap | None = None
    searched: bool = False
    owner: str = ""
    memberships: tuple[str, ...] | Gap | None = None
    member_of: str = ""
    named_user: str = ""
    recalled: dict[str, datetime] = {}


def age_of(evidence: Evidence, *pieces: str) -> datetime | None:
    """The oldest moment at which these pieces, or any, were last true; None where they are live."""
    return min((at for name, at in evidence.recalled.items() if not pieces or name in pieces), default=None)


class Cost(Struct, frozen=True, kw_only=True):
    """What a ticket cost, as the contract counts it."""

    stripe_requests: int = 0
    clerk_requests: int = 0
    database_queries: int = 0
    configuration_requests: int = 0
    probe_requests: int = 0
    sequential_round_trips: int = 0
    elapsed_ms: int = 0
    from_cache: bool = False
