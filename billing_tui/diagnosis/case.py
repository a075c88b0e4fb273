"""What the evidence of one ticket comes to before any rule is asked: who it is, what they should have, what each layer says.

Rules share these readings so that two of them never disagree on who the subject is. Pure: nothing in here asks anybody.
"""

from datetime import datetime, timedelta
from functools import cached_property

from billing_tui.diagnosis.addresses import near_address, same_address
from billing_tui.diagnosis.who import Who
from billing_tui.model.database import AppRow
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import from_unix
from billing_tui.model.plans import SubscriptionPlan, clerk_plan, read_subscription
from billing_tui.model.stripe import Charge, Endpoint, Event, Session, Subscription, id_of

# A delivery takes seconds; an event younger than this is on its way, not lost.
IN_FLIGHT = timedelta(minutes=2)


class Case(Who):
    """Readings of one piece of evidence, each made once: of persons, and of what they paid for and have."""

    # What Stripe says.

    @cached_property
    def all_subscriptions(self) -> tuple[Subscription, ...]:
        theirs = [found for owner, found in self.evidence.subscriptions.items() if owner not in self.strangers]
        return tuple(held for found in theirs for held in known(found, ()))

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
        return self.row.subscription_id if isinstance(self.row, AppRow) else None

    @cached_property
    def latest(self) -> Subscription | None:
        """The deciding subscription, or the newest of those that do not entitle."""
        return self.best or max(self.all_subscriptions, key=lambda held: held.created, default=None)

    @cached_property
    def stripe_gap(self) -> Gap | None:
        """What of Stripe's subscriptions could not be seen, if anything: then nobody can say what somebody should have."""
        theirs = [found for owner, found in self.evidence.subscriptions.items() if owner not in self.strangers]
        return next((piece for piece in (self.evidence.customers, *theirs) if isinstance(piece, Gap)), None)

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
        return clerk_plan(holder, self.profile)

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
        return tuple(event for event in known(self.evidence.events, ()) if event.customer_id not in self.strangers)

    @cached_property
    def charges(self) -> tuple[Charge, ...] | Gap:
        """The customer's payments, failed ones too, newest first."""
        held = self.evidence.charges
        return held if isinstance(held, Gap) else tuple(charge for charge in held if id_of(charge.customer) not in self.strangers)

    @cached_property
    def undelivered(self) -> tuple[Event, ...]:
        """Events of this customer that some endpoint still has not taken and that are past being on their way.

        One that the app's own ledger holds was taken by the app: what is outstanding then is somebody else's endpoint.
        """
        lost = known(self.evidence.undelivered, frozenset())
        in_ledger = {entry.event_id for entry in known(self.evidence.ledger, ())}
        return tuple(
            event
            for event in self.events
            if event.id in lost and event.id not in in_ledger and not self.in_flight(event) and self._meant_for_app(event)
        )

    def _meant_for_app(self, event: Event) -> bool:
        """Whether an endpoint of the app's was there for it; what is outstanding elsewhere is not the app's."""
        held = self.app_endpoints
        return not held or any(endpoint.hears(event.type) and endpoint.created <= event.created for endpoint in held)

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


def moment_of(subscription: Subscription) -> datetime:
    """When a subscription last did something worth an event: it began, was invoiced, or ended."""
    invoiced = subscription.invoice.created if subscription.invoice else 0
    return from_unix(max(subscription.created, invoiced, subscription.ended_at or 0))


def customer_ids(case: Case) -> tuple[str, ...]:
    """Every candidate customer, the one that pays first."""
    first = case.latest.customer_id if case.latest else ""
    return tuple(sorted((customer.id for customer in case.customers), key=lambda held: held != first))


def customer_named(session: Session) -> str | None:
    """The customer of a checkout session, if it has one."""
    return id_of(session.customer)
