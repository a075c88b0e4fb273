"""`/v1/prices`: per unit, in tiers, by weight of a meter, in several currencies, or whatever the customer likes to pay."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.resources.terms import TAX, currencies, priced, recurrence, transformed
from billing_tui.sandbox.stripe.table import Obj

WRITABLE = frozenset({"active", "currency_options", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key"})
CREATABLE = WRITABLE | frozenset(
    {
        *("billing_scheme", "currency", "custom_unit_amount", "product", "recurring", "tiers", "tiers_mode"),
        *("transform_quantity", "unit_amount", "unit_amount_decimal"),
    }
)


def list_prices(call: Call) -> Obj:
    """By `product`, `active`, `lookup_keys`, `currency`, `type` and parts of `recurring`."""
    product, active, currency = call.text("product"), call.flag("active"), call.text("currency")
    keys, kind = call.texts("lookup_keys"), call.choice("type", ("one_time", "recurring"))
    if len(keys) > 10:
        raise invalid("You may only specify up to 10 lookup_keys.", param="lookup_keys")
    recurring = call.tree("recurring")

    def wanted(row: Obj) -> bool:
        return (
            (product is None or row["product"] == product)
            and (active is None or row["active"] == active)
            and (currency is None or row["currency"] == currency)
            and (not keys or row["lookup_key"] in keys)
            and (kind is None or row["type"] == kind)
            and all((row["recurring"] or {}).get(name) == value for name, value in recurring.items())
        )

    return page(call, "price", wanted)


def retrieve_price(call: Call) -> Obj:
    """One price."""
    return call.find("price")


def create_price(call: Call) -> Obj:
    """Of an existing product; nothing is made where one of its terms makes no sense."""
    product = call.find("product", call.needed("product"), param="product", status=400)
    currency, recurring, terms = call.needed("currency").lower(), recurrence(call), priced(call)
    options, transform = currencies(call, currency), transformed(call)
    _free_lookup_key(call)
    row = objects.price(
        call.account,
        product,
        amount=terms["unit_amount"] or 0,
        currency=currency,
        interval=recurring["interval"] if recurring else None,
        lookup_key=call.text("lookup_key") or None,
        nickname=call.text("nickname") or None,
        tax_behavior=call.choice("tax_behavior", TAX) or "unspecified",
        billing_scheme=terms["billing_scheme"],
        tiers_mode=terms["tiers_mode"],
        custom_unit_amount=terms["custom_unit_amount"],
        transform_quantity=transform,
    )
    row.update({name: terms[name] for name in ("unit_amount", "unit_amount_decimal")}, recurring=recurring)
    call.account.aside[row["id"]] = {"tiers": terms["tiers"], "currency_options": options}
    row["active"] = call.flag("active") is not False
    merge_metadata(row, call.params.get("metadata"))
    call.account.emit("price.created", row)
    return row


def update_price(call: Call) -> Obj:
    """What it asks can never change, but in a currency that it did not have before."""
    row = call.find("price")
    old, options = before(row), currencies(call, row["currency"])
    tax = call.choice("tax_behavior", TAX)
    if tax and row["tax_behavior"] not in ("unspecified", tax):
        raise invalid("You cannot change the tax behavior of a price once it is set.", param="tax_behavior")
    _free_lookup_key(call, row)
    set_texts(call, row, "lookup_key", "nickname")
    row["tax_behavior"] = tax or row["tax_behavior"]
    held = call.account.aside.setdefault(row["id"], {"tiers": None})
    held["currency_options"] = {**held.get("currency_options", {}), **options}
    active = call.flag("active")
    row["active"] = row["active"] if active is None else active
    merge_metadata(row, call.params.get("metadata"))
    tell(call, "price.updated", row, old)
    return row


def _free_lookup_key(call: Call, own: Obj | None = None) -> None:
    wanted, transfer = call.text("lookup_key"), call.flag("transfer_lookup_key")
    holders = [row for row in call.account.table("price") if wanted and row["lookup_key"] == wanted and row is not own]
    if holders and not transfer:
        raise invalid(
            f"A price (`{holders[0]['id']}`) already uses that lookup key.",
            code="resource_already_exists",
            param="lookup_key",
        )
    for holder in holders:
        holder["lookup_key"] = None
