"""What the tool asks of Stripe, by name: each method is one request, its answer decoded into our structs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from billing_tui.model.problem import NotThere
from billing_tui.model.query import Kind
from billing_tui.model.stripe import (
    Account,
    Charge,
    Customer,
    Destination,
    Endpoint,
    Event,
    Invoice,
    PaymentIntent,
    Portal,
    Price,
    Product,
    Session,
    Subscription,
)
from billing_tui.services.stripe_api import StripeApi

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """A page of any list."""

    data: tuple[T, ...] = ()
    has_more: bool = False


Retrieved = Subscription | Invoice | PaymentIntent | Charge | Session | Event
_PATHS: dict[Kind, tuple[str, type[Retrieved], list[str]]] = {
    Kind.SUBSCRIPTION: ("/v1/subscriptions", Subscription, ["customer", "latest_invoice"]),
    Kind.INVOICE: ("/v1/invoices", Invoice, ["customer"]),
    Kind.PAYMENT_INTENT: ("/v1/payment_intents", PaymentIntent, ["customer"]),
    Kind.CHARGE: ("/v1/charges", Charge, ["customer"]),
    Kind.SESSION: ("/v1/checkout/sessions", Session, ["customer"]),
    Kind.EVENT: ("/v1/events", Event, []),
}


class Stripe:
    """Reads of one account in one mode. Every method raises what `StripeApi.get` raises."""

    def __init__(self, api: StripeApi) -> None:
        self.api = api

    async def account(self) -> Account:
        return await self.api.get("/v1/account", Account)

    async def prices(self, after: str | None = None) -> Page[Price]:
        """A page of all prices, archived ones too, their products within."""
        more = {"starting_after": after} if after else {}
        return await self.api.get("/v1/prices", Page[Price], limit=100, expand=["data.product"], **more)

    async def product(self, product_id: str) -> Product:
        return await self.api.get(f"/v1/products/{product_id}", Product)

    async def endpoints(self) -> Page[Endpoint]:
        return await self.api.get("/v1/webhook_endpoints", Page[Endpoint], limit=100)

    async def destinations(self) -> Page[Destination]:
        return await self.api.get("/v2/core/event_destinations", Page[Destination], limit=100, include=["webhook_endpoint.url"])

    async def portals(self) -> Page[Portal]:
        """Every configuration of the customer portal."""
        expand = ["data.features.subscription_update.products"]
        return await self.api.get("/v1/billing_portal/configurations", Page[Portal], limit=100, expand=expand)

    async def subscribed_to(self, price_id: str) -> Page[Subscription]:
        """One of those that are on a price and have not ended, if there is any."""
        return await self.api.get("/v1/subscriptions", Page[Subscription], price=price_id, limit=1)

    async def subscribers(self, price_id: str) -> Page[Subscription]:
        """The newest hundred of those that are on a price and have not ended."""
        return await self.api.get("/v1/subscriptions", Page[Subscription], price=price_id, limit=100)

    async def customers(self, email: str) -> Page[Customer]:
        """Those with exactly this e-mail, case and all, with their live subscriptions and latest invoices within."""
        within = ["data.subscriptions.data.latest_invoice"]
        return await self.api.get("/v1/customers", Page[Customer], email=email, limit=100, expand=within)

    async def search_customers(self, query: str) -> Page[Customer]:
        """By Stripe's search, which lags behind by up to an hour: never proof that somebody is not there."""
        within = ["data.subscriptions.data.latest_invoice"]
        return await self.api.get("/v1/customers/search", Page[Customer], query=query, limit=10, expand=within)

    async def search_subscriptions(self, query: str) -> Page[Subscription]:
        """By Stripe's search, their customers within; it lags behind as that for customers does."""
        within = ["data.customer"]
        return await self.api.get("/v1/subscriptions/search", Page[Subscription], query=query, limit=10, expand=within)

    async def customer(self, customer_id: str) -> Customer:
        within = ["subscriptions.data.latest_invoice"]
        return await self.api.get(f"/v1/customers/{customer_id}", Customer, expand=within)

    async def sessions(self, by: Literal["customer", "customer_details[email]"], value: str) -> Page[Session]:
        which = {"customer": value} if by == "customer" else {"customer_details": {"email": value}}
        return await self.api.get("/v1/checkout/sessions", Page[Session], limit=10, expand=["data.payment_intent"], **which)

    async def subscriptions(self, customer_id: str) -> Page[Subscription]:
        """All of a customer's, ended ones too, newest first."""
        return await self.api.get(
            "/v1/subscriptions",
            Page[Subscription],
            customer=customer_id,
            status="all",
            limit=100,
            expand=["data.latest_invoice"],
        )

    async def subscription(self, subscription_id: str) -> Subscription:
        """One, its customer within."""
        return await self.api.get(f"/v1/subscriptions/{subscription_id}", Subscription, expand=["customer"])

    async def charges(self, customer_id: str) -> Page[Charge]:
        return await self.api.get("/v1/charges", Page[Charge], customer=customer_id, limit=10)

    async def events(self, types: Sequence[str], start: datetime, end: datetime, *, undelivered: bool = False) -> Page[Event]:
        """Everybody's of these types in this stretch of time; `undelivered` for those that some endpoint has not taken yet."""
        failed = {"delivery_success": "false"} if undelivered else {}
        created = {"gte": int(start.timestamp()), "lte": int(end.timestamp())}
        return await self.api.get("/v1/events", Page[Event], types=list(types), created=created, limit=100, **failed)

    async def events_since(
        self, types: Sequence[str], start: datetime, *, until: datetime | None = None, after: str = "", undelivered: bool = False
    ) -> Page[Event]:
        """A page of everybody's events since a moment, newest first, of these types or of all."""
        created = {"gte": int(start.timestamp())} | ({"lte": int(until.timestamp())} if until else {})
        more: dict[str, Any] = {"types": list(types)} if types else {}
        more |= {"delivery_success": "false"} if undelivered else {}
        more |= {"starting_after": after} if after else {}
        return await self.api.get("/v1/events", Page[Event], created=created, limit=100, **more)

    async def events_after(self, event_id: str, types: Sequence[str] = ()) -> Page[Event]:
        """The hundred events that came right after one, newest first, of these types or of all."""
        more: dict[str, Any] = {"types": list(types)} if types else {}
        return await self.api.get("/v1/events", Page[Event], ending_before=event_id, limit=100, **more)

    async def retrieve(self, kind: Kind, object_id: str) -> Retrieved:
        """One object by its id, its customer within where it has one."""
        path, into, expand = _PATHS[kind]
        return await self.api.get(f"{path}/{object_id}", into, **({"expand": expand} if expand else {}))

    async def invoice_numbered(self, number: str) -> Invoice:
        """The invoice with this number. Raises `NotThere` where search knows none."""
        found = await self.api.get(
            "/v1/invoices/search", Page[Invoice], query=f'number:"{number}"', limit=1, expand=["data.customer"]
        )
        if not found.data:
            raise NotThere(f"No invoice has the number {number}.")
        return found.data[0]

    async def charge_receipted(self, number: str) -> Charge:
        """The charge with this receipt number, among the newest hundred. Raises `NotThere` where none has it."""
        page = await self.api.get("/v1/charges", Page[Charge], limit=100, expand=["data.customer"])
        for charge in page.data:
            if charge.receipt_number == number:
                return charge
        raise NotThere(f"None of the newest hundred charges has the receipt number {number}.")

    async def whole(self, path: str) -> dict[str, Any]:
        """An object as it came, to read back what was written to it."""
        return await self.api.get(path, dict[str, Any])

    async def endpoint(self, endpoint_id: str) -> Endpoint:
        return await self.api.get(f"/v1/webhook_endpoints/{endpoint_id}", Endpoint)
