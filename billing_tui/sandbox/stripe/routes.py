"""Every endpoint of the sandbox's Stripe: method, path, handler, the permission it needs, the parameters it takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.listing import PAGING
from billing_tui.sandbox.stripe.resources import (
    checkout,
    clocks,
    customers,
    discounts,
    events,
    meters,
    money,
    portal,
    prices,
    products,
    schedules,
    webhooks,
)
from billing_tui.sandbox.stripe.resources import subscription_changes as changes
from billing_tui.sandbox.stripe.resources import subscriptions as subs
from billing_tui.sandbox.stripe.table import Obj

Handler = Callable[[Call], Obj]
SEARCH = "query limit page"
ONE_V2 = frozenset({"include"})
PAGE_V2 = frozenset({"include", "limit", "page"})


@dataclass(frozen=True, slots=True)
class Route:
    """`path` has `*` for each id; `permission` is a slug without its `rak_`."""

    method: str
    path: str
    handler: Handler
    permission: str
    params: frozenset[str]


def _get(path: str, permission: str, handler: Handler, params: str = "") -> Route:
    return Route("GET", path, handler, f"{permission}_read", frozenset(params.split()) | {"expand"})


def _write(method: str, path: str, permission: str, handler: Handler, params: Iterable[str] = ()) -> Route:
    return Route(method, path, handler, f"{permission}_write", frozenset(params) | {"expand"})


def _list(path: str, permission: str, handler: Handler, filters: str = "", *, created: bool = True) -> Route:
    return _get(path, permission, handler, " ".join([filters, "created" if created else "", *PAGING]))


def _money(path: str, permission: str, kind: str, listing: Handler, filters: str) -> list[Route]:
    return [
        _list(path, permission, listing, filters),
        _get(f"{path}/*", permission, money.retrieve(kind)),
    ]


ACCOUNT = [
    _get("/v1/account", "accounts_kyc_basic", checkout.retrieve_account),
    _get("/v1/accounts/*", "accounts_kyc_basic", checkout.retrieve_account),
    _get("/v1/balance", "balance", money.retrieve_balance),
]
CUSTOMERS = [
    _get("/v1/customers/search", "customer", customers.search_customers, SEARCH),
    _list("/v1/customers", "customer", customers.list_customers, "email test_clock"),
    _get("/v1/customers/*", "customer", customers.retrieve_customer),
    _write("POST", "/v1/customers", "customer", customers.create_customer, customers.WRITABLE),
    _write("POST", "/v1/customers/*", "customer", customers.update_customer, customers.WRITABLE),
    _write("DELETE", "/v1/customers/*", "customer", customers.delete_customer),
    _list("/v1/customers/*/payment_methods", "payment_method", checkout.list_payment_methods, "type", created=False),
]
SUBSCRIPTIONS = [
    _get("/v1/subscriptions/search", "subscription", subs.search_subscriptions, SEARCH),
    _list("/v1/subscriptions", "subscription", subs.list_subscriptions, subs.FILTERS),
    _get("/v1/subscriptions/*", "subscription", subs.retrieve_subscription),
    _write("POST", "/v1/subscriptions/*", "subscription", changes.update_subscription, changes.WRITABLE),
    _write("DELETE", "/v1/subscriptions/*", "subscription", changes.cancel_subscription, changes.CANCELING),
    _list("/v1/subscription_items", "subscription", subs.list_items, "subscription", created=False),
    _get("/v1/subscription_items/*", "subscription", subs.retrieve_item),
    _list("/v1/subscription_schedules", "subscription", schedules.list_schedules, "customer"),
    _write("POST", "/v1/subscription_schedules", "subscription", schedules.create_schedule, schedules.CREATABLE),
    _write("POST", "/v1/subscription_schedules/*/release", "subscription", schedules.release_schedule),
    _get("/v1/subscription_schedules/*", "subscription", money.retrieve("subscription_schedule")),
]
CATALOGUE = [
    _get("/v1/products/search", "product", money.searching("product"), SEARCH),
    _list("/v1/products", "product", products.list_products, "active ids shippable url"),
    _get("/v1/products/*", "product", products.retrieve_product),
    _write("POST", "/v1/products", "product", products.create_product, products.CREATABLE),
    _write("POST", "/v1/products/*", "product", products.update_product, products.WRITABLE),
    _get("/v1/prices/search", "plan", money.searching("price"), SEARCH),
    _list("/v1/prices", "plan", prices.list_prices, "active currency lookup_keys product recurring type"),
    _get("/v1/prices/*", "plan", prices.retrieve_price),
    _write("POST", "/v1/prices", "plan", prices.create_price, prices.CREATABLE),
    _write("POST", "/v1/prices/*", "plan", prices.update_price, prices.WRITABLE),
    _list("/v1/billing/meters", "billing_meter", meters.list_meters, "status", created=False),
    _get("/v1/billing/meters/*", "billing_meter", money.retrieve("billing.meter")),
    _write("POST", "/v1/billing/meters", "billing_meter", meters.create_meter, meters.CREATABLE),
    _write("POST", "/v1/billing/meters/*", "billing_meter", meters.update_meter, meters.WRITABLE),
    _write("POST", "/v1/billing/meters/*/deactivate", "billing_meter", meters.switch_meter),
    _write("POST", "/v1/billing/meters/*/reactivate", "billing_meter", meters.switch_meter),
    _list("/v1/coupons", "coupon", discounts.list_coupons),
    _get("/v1/coupons/*", "coupon", discounts.retrieve_coupon),
    _write("POST", "/v1/coupons", "coupon", discounts.create_coupon, discounts.COUPON_CREATABLE),
    _write("POST", "/v1/coupons/*", "coupon", discounts.update_coupon, discounts.COUPON_WRITABLE),
    _write("DELETE", "/v1/coupons/*", "coupon", discounts.delete_coupon),
    _list("/v1/promotion_codes", "promotion_code", discounts.list_promotion_codes, "active code coupon customer"),
    _get("/v1/promotion_codes/*", "promotion_code", discounts.retrieve_promotion_code),
    _write("POST", "/v1/promotion_codes", "promotion_code", discounts.create_promotion_code, discounts.CODE_CREATABLE),
    _write("POST", "/v1/promotion_codes/*", "promotion_code", discounts.update_promotion_code, discounts.CODE_WRITABLE),
]
_INVOICE_FILTERS = "collection_method customer due_date status subscription"
_SESSION_FILTERS = "customer customer_details payment_intent payment_link status subscription"
MONEY = [
    _get("/v1/invoices/search", "invoice", money.searching("invoice"), SEARCH),
    *_money("/v1/invoices", "invoice", "invoice", money.list_invoices, _INVOICE_FILTERS),
    _list("/v1/invoices/*/lines", "invoice", money.list_lines, created=False),
    *_money("/v1/invoice_payments", "invoice", "invoice_payment", money.list_invoice_payments, "invoice payment status"),
    _get("/v1/charges/search", "charge", money.searching("charge"), SEARCH),
    *_money("/v1/charges", "charge", "charge", money.list_charges, "customer payment_intent"),
    _get("/v1/payment_intents/search", "payment_intent", money.searching("payment_intent"), SEARCH),
    *_money("/v1/payment_intents", "payment_intent", "payment_intent", money.list_payment_intents, "customer"),
    _list("/v1/payment_methods", "payment_method", checkout.list_payment_methods, "customer type", created=False),
    _get("/v1/payment_methods/*", "payment_method", money.retrieve("payment_method")),
    *_money("/v1/refunds", "charge", "refund", money.list_refunds, "charge payment_intent"),
    *_money("/v1/checkout/sessions", "checkout_session", "checkout.session", checkout.list_sessions, _SESSION_FILTERS),
    _list("/v1/checkout/sessions/*/line_items", "checkout_session", checkout.list_line_items, created=False),
]
_PORTAL = "/v1/billing_portal/configurations"
_DESTINATIONS = "/v2/core/event_destinations"
SETUP = [
    _list("/v1/events", "event", events.list_events, "delivery_success type types"),
    _get("/v1/events/*", "event", events.retrieve_event),
    _write("POST", "/v1/events/*/retry", "webhook", events.retry_event, events.RETRYING),
    _list("/v1/webhook_endpoints", "webhook", webhooks.list_endpoints, created=False),
    _get("/v1/webhook_endpoints/*", "webhook", webhooks.retrieve_endpoint),
    _write("POST", "/v1/webhook_endpoints", "webhook", webhooks.create_endpoint, webhooks.CREATABLE),
    _write("POST", "/v1/webhook_endpoints/*", "webhook", webhooks.update_endpoint, webhooks.WRITABLE),
    _write("DELETE", "/v1/webhook_endpoints/*", "webhook", webhooks.delete_endpoint),
    _list(_PORTAL, "customer_portal", portal.list_configurations, "active is_default", created=False),
    _get(f"{_PORTAL}/*", "customer_portal", portal.retrieve_configuration),
    _write("POST", _PORTAL, "customer_portal", portal.create_configuration, portal.CREATABLE),
    _write("POST", f"{_PORTAL}/*", "customer_portal", portal.update_configuration, portal.WRITABLE),
    _write("POST", "/v1/billing_portal/sessions", "customer_portal", portal.create_session, portal.SESSION),
    _list("/v1/entitlements/active_entitlements", "entitlement", checkout.list_nothing, "customer", created=False),
    _list("/v1/entitlements/features", "entitlement", checkout.list_nothing, "archived lookup_key", created=False),
    Route("GET", _DESTINATIONS, webhooks.list_destinations, "event_destination_read", PAGE_V2),
    Route("GET", f"{_DESTINATIONS}/*", webhooks.retrieve_destination, "event_destination_read", ONE_V2),
    Route("POST", f"{_DESTINATIONS}/*/enable", webhooks.switch_destination, "event_destination_write", ONE_V2),
    Route("POST", f"{_DESTINATIONS}/*/disable", webhooks.switch_destination, "event_destination_write", ONE_V2),
]
_CLOCKS = "/v1/test_helpers/test_clocks"
CLOCKS = [
    _list(_CLOCKS, "test_clock", clocks.list_clocks, created=False),
    _get(f"{_CLOCKS}/*", "test_clock", clocks.retrieve_clock),
    _write("POST", _CLOCKS, "test_clock", clocks.create_clock, clocks.CREATABLE),
]
ROUTES: list[Route] = [*ACCOUNT, *CUSTOMERS, *SUBSCRIPTIONS, *CATALOGUE, *MONEY, *SETUP, *CLOCKS]


def _tree() -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for route in ROUTES:
        node = tree
        for part in route.path.strip("/").split("/"):
            node = node.setdefault(part, {})
        node[f" {route.method}"] = route
    return tree


TREE = _tree()


def match(method: str, path: str) -> tuple[Route, list[str]] | None:
    """The route of a path, and the ids in it; a fixed name wins over an id."""
    node, ids = TREE, []
    for part in path.strip("/").split("/"):
        below = node.get(part)
        if below is None:
            below = node.get("*")
            if below is None or not part:
                return None
            ids.append(part)
        node = below
    route = node.get(f" {method}")
    return None if route is None else (route, ids)
