"""Who a ticket is about: which subject, which of the customers found are theirs, and which belong to somebody else.

Several people may share a mailbox, and one person may be in Stripe several times. What tells them apart is the link that each
customer carries; the e-mail never does. Pure.
"""

from functools import cached_property

from billing_tui.diagnosis.links import Carriers, Link, links
from billing_tui.model.clerk import User
from billing_tui.model.database import AppRow
from billing_tui.model.evidence import Evidence, Gap, known
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Customer, Session, Subscription, id_of


class Who:
    """Readings of the evidence as to persons, each made once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.profile = evidence.profile

    @cached_property
    def everyone(self) -> tuple[Customer, ...]:
        """Every customer found: the one asked for first, then those that pay, the newest first."""
        owner = self.evidence.owner

        def order(customer: Customer) -> tuple[bool, bool, int]:
            return customer.id != owner, not self._pays(customer), -customer.created

        return tuple(sorted(known(self.evidence.customers, ()), key=order))

    @cached_property
    def users(self) -> tuple[User, ...]:
        return known(self.evidence.users, ())

    @cached_property
    def rows(self) -> tuple[AppRow, ...]:
        return known(self.evidence.rows, ())

    @property
    def table_key_is_subject(self) -> bool:
        table = self.profile.database
        return table is not None and table.key_is == "clerk_id"

    def links_of(self, customer: Customer) -> tuple[Link, ...]:
        """Every link that a customer, its subscriptions or its checkouts carry at a place where the app looks."""
        sessions = tuple(held for held in known(self.evidence.sessions, ()) if id_of(held.customer) == customer.id)
        return links(Carriers((customer,), self._subscriptions_of(customer), sessions), self.profile)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links found, in the order of `everyone`; those of checkouts without a customer last."""
        found = [link for customer in self.everyone for link in self.links_of(customer)]
        guests = tuple(held for held in known(self.evidence.sessions, ()) if not id_of(held.customer))
        return (*found, *links(Carriers(sessions=guests), self.profile))

    @cached_property
    def stored_link(self) -> str | None:
        """The subject whose row in the app's database names one of the customers: a link as good as any on Stripe."""
        ids = {customer.id for customer in self.everyone}
        if not self.table_key_is_subject:
            return None
        return next((row.key for row in self.rows if row.customer_id in ids), None)

    @cached_property
    def subject_id(self) -> str | None:
        """The subject: as named, as asked for, as linked, or as the only user who holds the e-mail."""
        evidence = self.evidence
        if evidence.member_of:
            return evidence.member_of
        if evidence.named_user:
            return evidence.named_user
        if evidence.query.kind in (Kind.USER, Kind.ORGANIZATION):
            return evidence.query.text
        linked = tuple(dict.fromkeys(link.value for link in self.links))
        owner = next((held for held in self.everyone if held.id == evidence.owner), None)
        if owner and self.links_of(owner):
            return self.links_of(owner)[0].value
        holders = {user.id for user in self.users}
        found = next((value for value in linked if value in holders), next(iter(linked), None)) or self.stored_link
        if found or self.users:
            return found or self.users[0].id
        return self.rows[0].key if self.rows and self.table_key_is_subject else None

    @cached_property
    def rivals(self) -> tuple[Customer, ...]:
        """Customers found that name somebody else: another person at the same mailbox."""
        subject = self.subject_id
        if subject is None:
            return ()
        other = tuple(held for held in self.everyone if self._names(held) and subject not in self._names(held))
        return other if len(other) < len(self.everyone) else ()

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        """Those that are the subject's, or nobody's in particular."""
        return tuple(held for held in self.everyone if held not in self.rivals)

    @cached_property
    def strangers(self) -> frozenset[str]:
        """Ids of the customers that are not the subject's."""
        return frozenset(customer.id for customer in self.rivals)

    @cached_property
    def linked_ids(self) -> tuple[str, ...]:
        """The subjects whom the subject's own customers name, each once."""
        strange = {link for customer in self.rivals for link in self.links_of(customer)}
        return tuple(dict.fromkeys(link.value for link in self.links if link not in strange))

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        return tuple(held for held in known(self.evidence.sessions, ()) if id_of(held.customer) not in self.strangers)

    @cached_property
    def user(self) -> User | Gap | None:
        """The subject's Clerk user; None where Clerk has none."""
        for user in self.users:
            if user.id == self.subject_id:
                return user
        if self.subject_id in self.evidence.linked:
            return self.evidence.linked[self.subject_id]
        return self.evidence.users if isinstance(self.evidence.users, Gap) else None

    @cached_property
    def row(self) -> AppRow | Gap | None:
        """The subject's row; None where the table has none. An e-mail alone makes no row theirs once a subject is known."""
        if isinstance(self.evidence.rows, Gap):
            return self.evidence.rows
        ids = {customer.id for customer in self.customers}
        ours = [row for row in self.rows if self.table_key_is_subject and row.key == self.subject_id]
        if not self.evidence.named_user or not self.table_key_is_subject:
            ours += [row for row in self.rows if row.customer_id in ids or row.key in ids]
        if not ours and not (self.table_key_is_subject and self.subject_id):
            ours = [row for row in self.rows if row.customer_id not in self.strangers]
        return ours[0] if ours else None

    @property
    def emails(self) -> tuple[str, ...]:
        """Every address met, the one asked for first."""
        query = self.evidence.query
        met = [query.text] if query.kind is Kind.EMAIL else []
        met += self.user.emails if isinstance(self.user, User) else ()
        met += [customer.email for customer in self.customers if customer.email]
        met += [self.row.email] if isinstance(self.row, AppRow) and self.row.email else []
        spelled: dict[str, str] = {}
        for email in met:
            spelled.setdefault(email.lower(), email)
        return tuple(spelled.values())

    def _names(self, customer: Customer) -> frozenset[str]:
        return frozenset(link.value for link in self.links_of(customer))

    def _subscriptions_of(self, customer: Customer) -> tuple[Subscription, ...]:
        asked = known(self.evidence.subscriptions.get(customer.id, ()), ())
        return asked or (customer.subscriptions.data if customer.subscriptions else ())

    def _pays(self, customer: Customer) -> bool:
        return any(held.status in self.profile.paid_statuses for held in self._subscriptions_of(customer))
