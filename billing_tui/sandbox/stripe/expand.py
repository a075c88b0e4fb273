"""`expand`: ids become the objects they name, up to four levels deep, with Stripe's own refusals beyond.

`LINKS` says which fields hold ids of what; `LISTS` says which parts are shown only when asked for.
"""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.included import INCLUDED
from billing_tui.sandbox.stripe.table import Obj

MAX_LEVELS = 4
Tree = dict[str, Any]

LINKS: dict[str, dict[str, str]] = {
    "customer": {
        "default_source": "source",
        "invoice_settings.default_payment_method": "payment_method",
        "test_clock": "test_helpers.test_clock",
    },
    "subscription": {
        "application": "application",
        "customer": "customer",
        "default_payment_method": "payment_method",
        "default_source": "source",
        "discounts": "discount",
        "latest_invoice": "invoice",
        "on_behalf_of": "account",
        "pending_setup_intent": "setup_intent",
        "schedule": "subscription_schedule",
        "test_clock": "test_helpers.test_clock",
    },
    "subscription_item": {"discounts": "discount"},
    "price": {"product": "product"},
    "plan": {"product": "product"},
    "product": {"default_price": "price", "tax_code": "tax_code"},
    "invoice": {
        "application": "application",
        "customer": "customer",
        "default_payment_method": "payment_method",
        "default_source": "source",
        "discounts": "discount",
        "latest_revision": "invoice",
        "on_behalf_of": "account",
        "parent.subscription_details.subscription": "subscription",
        "test_clock": "test_helpers.test_clock",
    },
    "line_item": {
        "discounts": "discount",
        "pricing.price_details.price": "price",
        "subscription": "subscription",
    },
    "invoice_payment": {
        "invoice": "invoice",
        "payment.charge": "charge",
        "payment.payment_intent": "payment_intent",
    },
    "charge": {
        "application": "application",
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "on_behalf_of": "account",
        "payment_intent": "payment_intent",
        "review": "review",
    },
    "payment_intent": {
        "application": "application",
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": "account",
        "payment_method": "payment_method",
        "review": "review",
    },
    "payment_method": {"customer": "customer"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "payment_intent": "payment_intent",
    },
    "checkout.session": {
        "customer": "customer",
        "invoice": "invoice",
        "payment_intent": "payment_intent",
        "payment_link": "payment_link",
        "setup_intent": "setup_intent",
        "subscription": "subscription",
    },
    "promotion_code": {"customer": "customer", "promotion.coupon": "coupon"},
    "discount": {"customer": "customer", "promotion_code": "promotion_code", "source.coupon": "coupon"},
    "billing_portal.configuration": {"application": "application"},
}
# Parts that are objects already: asking for them alone changes nothing, but what is in them can be expanded.
PARTS = {
    "subscription": {"items"},
    "subscription_item": {"price", "plan"},
    "customer": {"discount"},
    "invoice": {"lines"},
    "item": {"price"},
    "billing_portal.configuration": {"features.subscription_update.products"},
    "list": {"data"},
    "search_result": {"data"},
}


def tree_of(paths: list[str]) -> Tree:
    """`["a.b", "a.c"]` as `{"a": {"b": {}, "c": {}}}`; refuses what is too deep."""
    tree: Tree = {}
    for path in paths:
        names = path.split(".")
        if len(names) > MAX_LEVELS:
            raise invalid(f"You cannot expand more than {MAX_LEVELS} levels of a property. Property: {path}")
        node = tree
        for name in names:
            node = node.setdefault(name, {})
    return tree


def expanded(account: Account, obj: Obj, tree: Tree, path: str = "") -> Obj:
    """The object with everything in `tree` expanded; the account's own object stays as it is."""
    if not tree or obj.get("deleted"):
        return obj
    return _Expansion(account).of(obj, tree, obj["object"], "", path)


class _Expansion:
    def __init__(self, account: Account) -> None:
        self._account = account

    def of(self, node: Obj, tree: Tree, kind: str, inside: str, path: str) -> Obj:
        """`inside` is the way from the nearest object to `node`, such as "payment."."""
        shown = dict(node)
        for name, below in tree.items():
            here = f"{path}.{name}" if path else name
            shown[name] = self._field(node, name, below, (kind, inside, here))
        return shown

    def _field(self, node: Obj, name: str, below: Tree, where: tuple[str, str, str]) -> Any:
        kind, inside, here = where
        target = LINKS.get(kind, {}).get(inside + name)
        if target is not None:
            return self._linked(node.get(name), target, below, here)
        included = None if inside else INCLUDED.get(kind, {}).get(name)
        if included is not None:
            return self._object(included(self._account, node), below, here)
        if {name, inside + name} & PARTS.get(kind, set()) or (below and (inside or self._leads_on(kind, inside + name))):
            return self._part(node.get(name), below, (kind, f"{inside}{name}.", here))
        raise invalid(f"This property cannot be expanded ({here}).", param="expand")

    def _leads_on(self, kind: str, start: str) -> bool:
        return any(link.startswith(start + ".") for link in (*LINKS.get(kind, {}), *PARTS.get(kind, ())))

    def _linked(self, value: Any, target: str, below: Tree, here: str) -> Any:
        if isinstance(value, list):
            return [self._linked(entry, target, below, here) for entry in value]
        if not isinstance(value, str):
            return value
        found = self._account.table(target).get(value) or self._account.table(f"deleted_{target}").get(value)
        return value if found is None else self._object(found, below, here)

    def _object(self, value: Any, below: Tree, here: str) -> Any:
        if not isinstance(value, dict) or not below or value.get("deleted") or "object" not in value:
            return value
        return self.of(value, below, value["object"], "", here)

    def _part(self, value: Any, below: Tree, where: tuple[str, str, str]) -> Any:
        kind, inside, here = where
        if isinstance(value, list):
            return [self._part(entry, below, where) for entry in value]
        if not isinstance(value, dict):
            return value
        if "object" in value:
            return self._object(value, below, here)
        return self.of(value, below, kind, inside, here)
