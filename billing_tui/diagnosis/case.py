"""What the evidence of one ticket comes to before any rule is asked: who it is, what they should have, what each layer says.

Rules share these readings so that two of them never disagree on who the subject is. Pure: nothing in here asks anybody.
"""

from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from billing_tui.diagnosis.links import Carriers, Link, links
from billing_tui.diagnosis.plans import SubscriptionPlan, read_subscription
from billing_tui.model.clerk import User
from billing_tui.model.database import AppRow
from billing_tui.model.evidence import Evidence, Gap, known
from billing_tui.model.moment import from_unix
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Customer, Endpoint, Event, Session, Subscription, id_of

# A delivery takes seconds; an event younger than this is on its way, not lost.
IN_FLIGHT = timedelta(minutes=2)


class Case:
    """Readings of one piece of evidence, each made once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.profile = evidence.profile

    # Who.

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        return known(self.evidence.customers, ())

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        return known(self.evidence.sessions, ())

    @cached_property
    def users(self) -> tuple[User, ...]:
        return known(self.evidence.users, ())

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link at a place where the app looks; the best subscription's and its customer's before the others'."""
        best = self.best
        customers, subscriptions = list(self.customers), list(self.all_subscriptions)
        if best:
            customers.sort(key=lambda held: held.id != best.customer_id)
            subscriptions.sort(key=lambda held: (held.id != best.id, held.customer_id != best.customer_id))
        return links(Carriers(tuple(customers), tuple(subscriptions), self.sessions), self.profile)

    @cached_property
    def linked_ids(self) -> tuple[str, ...]:
        """The subjects that the links name, the best customer's first, each once."""
        return tuple(dict.fromkeys(link.value for link in self.links))

    @cached_property
    def stored_link(self) -> str | None:
        """The subject whose row in the app's database names one of the customers: a link as good as any on Stripe."""
        ids = {customer.id for customer in self.customers}
        for row in self.rows:
            if row.customer_id in ids and self.table_key_is_subject:
                return row.key
        return None

    @property
    def table_key_is_subject(self) -> bool:
        table = self.profile.database
        return table is not None and table.key_is == "clerk_id"

    @cached_property
    def subject_id(self) -> str | None:
        """Who the ticket is about: as named, as asked for, as linked, or as the only user who holds the e-mail."""
        evidence = self.evidence
        if evidence.named_user:
            return evidence.named_user
        if evidence.query.kind in (Kind.USER, Kind.ORGANIZATION):
            return evidence.query.text
        users = self.users
        for candidate in self.linked_ids:
            if any(user.id == candidate for user in users):
                return candidate
        if self.linked_ids:
            return self.linked_ids[0]
        if self.stored_link:
            return self.stored_link
        return users[0].id if users else (self.rows[0].key if self.rows and self.table_key_is_subject else None)

    @cached_property
    def user(self) -> User | Gap | None:
        """The subject's Clerk user; None where Clerk has none."""
        found = {user.id: user for user in self.users}
        if self.subject_id in found:
            return found[self.subject_id]
        if self.subject_id in self.evidence.linked:
            return self.evidence.linked[self.subject_id]
        if isinstance(self.evidence.users, Gap):
            return self.evidence.users
        return None

    @cached_property
    def rows(self) -> tuple[AppRow, ...]:
        return known(self.evidence.rows, ())

    @cached_property
    def row(self) -> AppRow | Gap | None:
        """The subject's row; None where the table has none."""
        if isinstance(self.evidence.rows, Gap):
            return self.evidence.rows
        ids = {customer.id for customer in self.customers}
        ours = [row for row in self.rows if row.key == self.subject_id]
        ours += [row for row in self.rows if not self.evidence.named_user and (row.customer_id in ids or row.key in ids)]
        if not ours and not self.evidence.named_user:
            ours = list(self.rows)
        return ours[0] if ours else None

    # What Stripe says.

    @cached_property
    def all_subscriptions(self) -> tuple[Subscription, ...]:
        return tuple(held for found in self.evidence.subscriptions.values() for held in known(found, ()))

    @cached_property
    def live(self) -> tuple[Subscription, ...]:
        """Those that entitle, by the profile's own list of statuses."""
        return tuple(held for held in self.all_subscriptions if held.status in self.profile.paid_statuses)

    @cached_property
    def catalogue_gap(self) -> Gap | None:
        prices = self.evidence.configuration.prices
        return prices if isinstance(prices, Gap) else None

    def plan_of(self, subscription: Subscription) -> SubscriptionPlan:
        """What a subscription leads to."""
        configuration = self.evidence.configuration
        return read_subscription(subscription, known(configuration.prices, {}), known(configuration.products, {}), self.profile)

    @cached_property
    def best(self) -> Subscription | None:
        """The live subscription that decides: highest tier, then the one that the app has on record, then the newest."""
        recorded = self.recorded_subscription

        def rank(held: Subscription) -> tuple[int, bool, int]:
            return self.profile.rank(self.plan_of(held).tier or ""), held.id == recorded, held.created

        return max(self.live, key=rank, default=None)

    @cached_property
    def recorded_subscription(self) -> str | None:
        """The subscription that the app's database has on record for somebody of this ticket."""
        return next((row.subscription_id for row in self.rows if row.subscription_id), None)

    @cached_property
    def latest(self) -> Subscription | None:
        """The deciding subscription, or the newest of those that do not entitle."""
        return self.best or max(self.all_subscriptions, key=lambda held: held.created, default=None)

    @cached_property
    def stripe_gap(self) -> Gap | None:
        """What of Stripe's subscriptions could not be seen, if anything: then nobody can say what somebody should have."""
        pieces = [self.evidence.customers, *self.evidence.subscriptions.values()]
        return next((piece for piece in pieces if isinstance(piece, Gap)), None)

    @cached_property
    def expected(self) -> str | None:
        """The tier that Stripe's facts come to; None where that can't be said."""
        if self.stripe_gap or (self.best and self.catalogue_gap):
            return None
        return self.plan_of(self.best).tier if self.best else self.profile.free

    @property
    def paid(self) -> bool:
        """Whether a live subscription stands for anything but the free tier, or for something unknown."""
        return self.best is not None and self.plan_of(self.best).tier != self.profile.free

    # What the layers say.

    @cached_property
    def clerk(self) -> str | None:
        """The plan in Clerk; None where there is no such layer or it can't be known."""
        if not self.profile.clerk_plan_field:
            return None
        holder = self.evidence.organization if self.profile.scope == "organization" else self.user
        if holder is None or isinstance(holder, Gap):
            return None
        value = holder.field(self.profile.clerk_plan_field)
        return self.profile.free if value is None or value == "" else str(value)

    @cached_property
    def clerk_gap(self) -> Gap | None:
        """Why the plan in Clerk is not known, where there is such a layer."""
        holder = self.evidence.organization if self.profile.scope == "organization" else self.user
        return holder if self.profile.clerk_plan_field and isinstance(holder, Gap) else None

    @cached_property
    def database(self) -> str | None:
        """The plan in the database; somebody without a row has the free one."""
        if self.profile.database is None or isinstance(self.row, Gap):
            return None
        if self.row is None:
            return self.profile.free if self.customers or self.users else None
        return self.row.plan or self.profile.free

    @cached_property
    def database_gap(self) -> Gap | None:
        return self.row if self.profile.database is not None and isinstance(self.row, Gap) else None

    @property
    def layers(self) -> tuple[str, ...]:
        """The plans in the layers that are known."""
        return tuple(plan for plan in (self.clerk, self.database) if plan is not None)

    @property
    def layers_gap(self) -> Gap | None:
        return self.clerk_gap or self.database_gap

    @property
    def drifted(self) -> bool:
        """Whether a known layer differs from what Stripe's facts come to."""
        return self.expected is not None and any(plan != self.expected for plan in self.layers)

    @property
    def lacking(self) -> bool:
        """Whether somebody who pays lacks it in a known layer; an unknown tier counts as lacking where nothing is paid."""
        if not self.paid:
            return False
        if self.expected is None:
            return not self.stripe_gap and any(plan == self.profile.free for plan in self.layers)
        return self.drifted

    @property
    def wrong(self) -> bool:
        """Whether there is something to explain: a layer that differs, or a payer without a tier."""
        return self.drifted or self.lacking

    # Deliveries.

    @cached_property
    def moment(self) -> datetime | None:
        """When what the ticket is about last happened in Stripe: the purchase, the renewal, or the end."""
        if self.latest is None:
            return from_unix(self.sessions[0].created) if self.sessions else None
        return max(moment_of(held) for held in self.live or (self.latest,))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        return known(self.evidence.events, ())

    @cached_property
    def undelivered(self) -> tuple[Event, ...]:
        """Events of this customer that some endpoint still has not taken and that are past being on their way.

        One that the app's own ledger holds was taken by the app: what is outstanding then is somebody else's endpoint.
        """
        lost = known(self.evidence.undelivered, frozenset())
        in_ledger = {entry.event_id for entry in known(self.evidence.ledger, ())}
        return tuple(
            event for event in self.events if event.id in lost and event.id not in in_ledger and not self.in_flight(event)
        )

    def in_flight(self, event: Event) -> bool:
        """Whether it is too young to be called lost."""
        return self.evidence.at - from_unix(event.created) < IN_FLIGHT

    @cached_property
    def deliveries_gap(self) -> Gap | None:
        pieces = (self.evidence.events, self.evidence.undelivered)
        return next((piece for piece in pieces if isinstance(piece, Gap)), None)

    @cached_property
    def own_endpoints(self) -> tuple[Endpoint, ...]:
        """The app's own, at exactly the configured address; enabled ones first."""
        held = known(self.evidence.configuration.endpoints, ())
        ours = [endpoint for endpoint in held if same_address(endpoint.url, self.profile.webhook_url)]
        return tuple(sorted(ours, key=lambda endpoint: not endpoint.enabled))

    @cached_property
    def near_endpoints(self) -> tuple[Endpoint, ...]:
        """Those at a slightly wrong address of the app's: another scheme or port, `www.`, a trailing slash."""
        held = known(self.evidence.configuration.endpoints, ())
        return tuple(
            endpoint
            for endpoint in held
            if near_address(endpoint.url, self.profile.webhook_url) and not same_address(endpoint.url, self.profile.webhook_url)
        )

    @property
    def app_endpoints(self) -> tuple[Endpoint, ...]:
        """The app's, at a slightly wrong address only where there is none at the right one."""
        return self.own_endpoints or self.near_endpoints

    @property
    def emails(self) -> tuple[str, ...]:
        """Every address met, the one asked for first."""
        query = self.evidence.query
        met = [query.text] if query.kind is Kind.EMAIL else []
        met += self.user.emails if isinstance(self.user, User) else ()
        met += [customer.email for customer in self.customers if customer.email]
        met += [row.email for row in self.rows if row.email]
        return tuple(
            {email.lower(): email for email in reversed(met)}[key] for key in dict.fromkeys(email.lower() for email in met)
        )


def moment_of(subscription: Subscription) -> datetime:
    """When a subscription last did something worth an event: it began, was invoiced, or ended."""
    invoiced = subscription.invoice.created if subscription.invoice else 0
    return from_unix(max(subscription.created, invoiced, subscription.ended_at or 0))


def same_address(one: str, other: str) -> bool:
    """Whether scheme, host, port and path are equal; a host's case and a default port don't count."""
    return bool(other) and _address(one) == _address(other)


def near_address(one: str, other: str) -> bool:
    """Whether they differ in scheme, port, `www.` or a trailing slash at most."""
    if not other:
        return False
    (_, host, _, path), (_, other_host, _, other_path) = _address(one), _address(other)
    return host.removeprefix("www.") == other_host.removeprefix("www.") and path.rstrip("/") == other_path.rstrip("/")


def _address(url: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", url, None, ""
    return parts.scheme, (parts.hostname or "").lower(), port, parts.path or "/"


def customer_ids(case: Case) -> tuple[str, ...]:
    """Every candidate customer, the one that pays first."""
    first = case.latest.customer_id if case.latest else ""
    return tuple(sorted((customer.id for customer in case.customers), key=lambda held: held != first))


def customer_named(session: Session) -> str | None:
    """The customer of a checkout session, if it has one."""
    return id_of(session.customer)
