"""Stripe's objects, as much of each as the tool reads, in any shape from acacia to the pinned version.

Times are Unix seconds as on the wire; `moment.from_unix` makes moments of them. Fields that may be expanded are an id,
an object, or None. Whatever is not listed here is not decoded, so unknown fields cost nothing and break nothing.
"""

from typing import Any

from msgspec import Struct

from billing_tui.model.text import Loose


class Wire(Struct, frozen=True, kw_only=True):
    """Base of all: an id and when it was made."""

    id: str = ""
    created: int = 0
    livemode: bool | None = None


# Stripe keeps text alone; a server that does not must not cost the whole answer.
Metadata = dict[str, Any]


class Product(Wire, frozen=True, kw_only=True):
    name: Loose = Loose()
    active: bool = True
    deleted: bool = False
    metadata: Metadata | None = None


class Recurring(Struct, frozen=True):
    interval: str = ""
    interval_count: int = 1


class Price(Wire, frozen=True, kw_only=True):
    active: bool = True
    currency: str = ""
    unit_amount: int | None = None
    lookup_key: str | None = None
    nickname: Loose | None = None
    metadata: Metadata | None = None
    recurring: Recurring | None = None
    tax_behavior: str | None = None
    product: str | Product = ""

    @property
    def product_id(self) -> str:
        return self.product if isinstance(self.product, str) else self.product.id


class Item(Wire, frozen=True, kw_only=True):
    price: Price = Price()
    quantity: int | None = None
    current_period_start: int | None = None
    current_period_end: int | None = None


class Items(Struct, frozen=True):
    data: tuple[Item, ...] = ()
    has_more: bool = False


class PaymentError(Struct, frozen=True, kw_only=True):
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None


class PaymentIntent(Wire, frozen=True, kw_only=True):
    status: str = ""
    amount: int = 0
    currency: str = ""
    customer: "str | Customer | None" = None
    last_payment_error: PaymentError | None = None
    receipt_email: str | None = None


class InvoicePaymentOf(Struct, frozen=True, kw_only=True):
    type: str = ""
    payment_intent: str | PaymentIntent | None = None
    charge: "str | Charge | None" = None


class InvoicePayment(Wire, frozen=True, kw_only=True):
    status: str = ""
    invoice: "str | Invoice | None" = None
    payment: InvoicePaymentOf = InvoicePaymentOf()


class SubscriptionDetails(Struct, frozen=True, kw_only=True):
    subscription: "str | Subscription | None" = None
    metadata: Metadata | None = None


class InvoiceParent(Struct, frozen=True, kw_only=True):
    type: str = ""
    subscription_details: SubscriptionDetails | None = None


class Invoice(Wire, frozen=True, kw_only=True):
    number: str | None = None
    status: str | None = None
    customer: "str | Customer | None" = None
    customer_email: str | None = None
    amount_due: int = 0
    amount_paid: int = 0
    amount_remaining: int = 0
    currency: str = ""
    billing_reason: str | None = None
    hosted_invoice_url: str | None = None
    receipt_number: str | None = None
    attempted: bool = False
    attempt_count: int = 0
    next_payment_attempt: int | None = None
    parent: InvoiceParent | None = None
    subscription: "str | Subscription | None" = None


class CancellationDetails(Struct, frozen=True, kw_only=True):
    reason: str | None = None


class PauseCollection(Struct, frozen=True, kw_only=True):
    behavior: str = ""
    resumes_at: int | None = None


class PendingUpdate(Struct, frozen=True, kw_only=True):
    """A change that waits for its payment; it is dropped at `expires_at`."""

    expires_at: int | None = None
    subscription_items: tuple[Item, ...] | None = None


class Subscription(Wire, frozen=True, kw_only=True):
    customer: "str | Customer" = ""
    status: str = ""
    items: Items = Items()
    metadata: Metadata | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    cancellation_details: CancellationDetails | None = None
    ended_at: int | None = None
    trial_end: int | None = None
    start_date: int = 0
    currency: str = ""
    latest_invoice: str | Invoice | None = None
    pause_collection: PauseCollection | None = None
    pending_update: PendingUpdate | None = None
    schedule: str | Wire | None = None
    current_period_end: int | None = None

    @property
    def customer_id(self) -> str:
        return id_of(self.customer) or ""

    @property
    def invoice(self) -> Invoice | None:
        """The latest invoice, where it came expanded."""
        return self.latest_invoice if isinstance(self.latest_invoice, Invoice) else None

    @property
    def period_end(self) -> int | None:
        """When the paid period ends: the earliest of its items', or the subscription's own (before basil)."""
        ends = [item.current_period_end for item in self.items.data if item.current_period_end]
        return min(ends) if ends else self.current_period_end

    @property
    def ends_at(self) -> int | None:
        """When a scheduled cancellation takes effect, in whichever of its two forms it was written; None if none is."""
        return self.cancel_at or (self.period_end if self.cancel_at_period_end else None)


class Subscriptions(Struct, frozen=True):
    data: tuple[Subscription, ...] = ()
    has_more: bool = False


class Customer(Wire, frozen=True, kw_only=True):
    email: str | None = None
    name: Loose | None = None
    metadata: Metadata | None = None
    deleted: bool = False
    delinquent: bool | None = None
    subscriptions: Subscriptions | None = None


class BillingDetails(Struct, frozen=True, kw_only=True):
    email: str | None = None
    name: Loose | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    reason: str | None = None
    seller_message: Loose | None = None


class Card(Struct, frozen=True, kw_only=True):
    brand: str | None = None
    last4: str | None = None


class PaymentMethodDetails(Struct, frozen=True, kw_only=True):
    type: str = ""
    card: Card | None = None


class Charge(Wire, frozen=True, kw_only=True):
    amount: int = 0
    amount_refunded: int = 0
    currency: str = ""
    status: str = ""
    paid: bool = False
    refunded: bool = False
    disputed: bool = False
    customer: str | Customer | None = None
    billing_details: BillingDetails | None = None
    failure_code: str | None = None
    failure_message: Loose | None = None
    outcome: Outcome | None = None
    payment_intent: str | PaymentIntent | None = None
    payment_method_details: PaymentMethodDetails | None = None
    receipt_number: str | None = None


class SessionCustomer(Struct, frozen=True, kw_only=True):
    email: str | None = None
    name: Loose | None = None


class Session(Wire, frozen=True, kw_only=True):
    mode: str = ""
    status: str | None = None
    payment_status: str = ""
    customer: str | Customer | None = None
    customer_details: SessionCustomer | None = None
    customer_email: str | None = None
    subscription: str | Subscription | None = None
    payment_intent: str | PaymentIntent | None = None
    payment_link: str | None = None
    client_reference_id: str | None = None
    metadata: Metadata | None = None
    amount_total: int | None = None
    currency: str | None = None
    expires_at: int | None = None


class EventObject(Struct, frozen=True, kw_only=True):
    """What an event is about; `raw` objects of every shape have an id and, mostly, a customer."""

    id: str | None = None
    object: str = ""
    customer: str | dict[str, Any] | None = None
    status: Any = None
    metadata: Metadata | None = None
    client_reference_id: Any = None
    subscription: Any = None

    @property
    def subscription_id(self) -> str | None:
        """The subscription itself, or the one it names."""
        found = self.id if self.object == "subscription" else self.subscription
        return found if isinstance(found, str) else None

    @property
    def customer_id(self) -> str | None:
        """Whom it is about: the customer itself, or the customer it names."""
        if self.object == "customer":
            return self.id
        held = self.customer
        found = held.get("id") if isinstance(held, dict) else held
        return found if isinstance(found, str) else None


class EventData(Struct, frozen=True, kw_only=True):
    object: EventObject = EventObject()


class EventRequest(Struct, frozen=True, kw_only=True):
    id: str | None = None


class Event(Wire, frozen=True, kw_only=True):
    """Something that happened; `pending_webhooks` is None where the server does not say."""

    type: str = ""
    api_version: str | None = None
    pending_webhooks: int | None = None
    account: str | None = None
    data: EventData = EventData()

    @property
    def customer_id(self) -> str | None:
        return self.data.object.customer_id


class Endpoint(Wire, frozen=True, kw_only=True):
    """A webhook endpoint (v1)."""

    url: str = ""
    status: str = ""
    enabled_events: tuple[str, ...] | None = ()
    api_version: str | None = None

    @property
    def enabled(self) -> bool:
        return self.status != "disabled"

    def hears(self, event_type: str) -> bool:
        """Whether it is subscribed to a type; "*" is every type that this tool cares about."""
        heard = self.enabled_events or ()
        return event_type in heard or "*" in heard


class WebhookDestination(Struct, frozen=True, kw_only=True):
    url: str | None = None


class Destination(Struct, frozen=True, kw_only=True):
    """An event destination (v2). Its `created` is text, so it is no `Wire`."""

    id: str = ""
    type: str = ""
    status: str = ""
    event_payload: str = ""
    events_from: tuple[str, ...] | None = None
    enabled_events: tuple[str, ...] = ()
    webhook_endpoint: WebhookDestination | None = None


class Portal(Wire, frozen=True, kw_only=True):
    """A configuration of the customer portal; `features` by name, each with `enabled` and its own settings."""

    active: bool = False
    is_default: bool = False
    features: dict[str, dict[str, Any]] = {}


class AccountSettings(Struct, frozen=True, kw_only=True):
    class Dashboard(Struct, frozen=True, kw_only=True):
        display_name: Loose | None = None

    class Payments(Struct, frozen=True, kw_only=True):
        statement_descriptor: Loose | None = None

    dashboard: Dashboard | None = None
    payments: Payments | None = None


class BusinessProfile(Struct, frozen=True, kw_only=True):
    name: Loose | None = None
    support_email: Loose | None = None
    support_url: Loose | None = None


class Account(Struct, frozen=True, kw_only=True):
    """The account that a key belongs to. One read from a refusal's text has an id alone."""

    id: str = ""
    business_profile: BusinessProfile | None = None
    settings: AccountSettings | None = None
    charges_enabled: bool | None = None
    details_submitted: bool | None = None

    @property
    def name(self) -> str:
        """What its owner calls it, or nothing."""
        shown = self.settings and self.settings.dashboard and self.settings.dashboard.display_name
        return shown or (self.business_profile and self.business_profile.name) or ""


def id_of(held: str | Wire | None) -> str | None:
    """The id in a field that may have come expanded."""
    return held.id if isinstance(held, Wire) else held


def customer_of(held: "str | Customer | None") -> Customer | None:
    """The customer in a field, where it came expanded and still exists."""
    return held if isinstance(held, Customer) and not held.deleted else None
