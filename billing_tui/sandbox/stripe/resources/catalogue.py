"""`/v1/products`, `/v1/prices`, `/v1/coupons`, `/v1/promotion_codes`: reading, and the writes that go-live needs."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call, whole
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import StripeError, invalid
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj

PRODUCT_WRITABLE = frozenset({"active", "default_price", "description", "metadata", "name", "unit_label", "url"})
PRICE_WRITABLE = frozenset({"active", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key"})
COUPON_CREATABLE = frozenset(
    {
        *("amount_off", "currency", "duration", "id", "max_redemptions", "metadata", "name", "percent_off"),
        "redeem_by",
    }
)
INTERVALS = ("day", "month", "week", "year")
PRICE_CREATABLE = PRICE_WRITABLE | {"currency", "product", "recurring", "unit_amount"}


def list_products(call: Call) -> Obj:
    """By `ids`, `active`, `shippable`, `url`."""
    ids, active, url = call.texts("ids"), call.flag("active"), call.text("url")
    shippable = call.flag("shippable")

    def wanted(row: Obj) -> bool:
        return (
            (not ids or row["id"] in ids)
            and (active is None or row["active"] == active)
            and (url is None or row["url"] == url)
            and (shippable is None or bool(row["shippable"]) == shippable)
        )

    return page(call, "product", wanted)


def retrieve_product(call: Call) -> Obj:
    """One product."""
    return call.find("product")


def create_product(call: Call) -> Obj:
    """With an id of the caller's choice, if it is free."""
    name, wanted = call.needed("name"), call.text("id")
    if wanted and wanted in call.account.table("product"):
        raise StripeError(400, f"Product already exists: {wanted}", code="resource_already_exists", param="id")
    row = objects.product(call.account, name=name, id=wanted)
    _write_product(call, row)
    call.account.emit("product.created", row)
    return row


def update_product(call: Call) -> Obj:
    """Only what is sent is written."""
    row = call.find("product")
    old = before(row)
    _write_product(call, row)
    row["updated"] = call.account.now()
    tell(call, "product.updated", row, old)
    return row


def _write_product(call: Call, row: Obj) -> None:
    chosen = call.text("default_price")
    if chosen:
        call.find("price", chosen, param="default_price", status=400)
    set_texts(call, row, "default_price", "description", "name", "unit_label", "url")
    merge_metadata(row, call.params.get("metadata"))
    active = call.flag("active")
    row["active"] = row["active"] if active is None else active


def list_prices(call: Call) -> Obj:
    """By `product`, `active`, `lookup_keys`, `currency`, `type` and `recurring[interval]`."""
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
    """A per-unit price of an existing product."""
    product = call.find("product", call.needed("product"), param="product", status=400)
    recurring, amount = call.fields("recurring"), whole("unit_amount", call.needed("unit_amount"))
    if recurring and recurring.get("interval") not in INTERVALS:
        raise invalid("Invalid recurring[interval]: must be one of day, month, week, or year", param="recurring[interval]")
    _free_lookup_key(call)
    row = objects.price(
        call.account,
        product,
        amount=amount,
        currency=call.needed("currency"),
        interval=recurring.get("interval"),
        lookup_key=call.text("lookup_key") or None,
        nickname=call.text("nickname") or None,
    )
    if row["recurring"] and "interval_count" in recurring:
        row["recurring"]["interval_count"] = whole("recurring[interval_count]", recurring["interval_count"])
    merge_metadata(row, call.params.get("metadata"))
    call.account.emit("price.created", row)
    return row


def update_price(call: Call) -> Obj:
    """Amount and interval can never change."""
    row = call.find("price")
    old = before(row)
    _free_lookup_key(call, row)
    set_texts(call, row, "lookup_key", "nickname")
    row["tax_behavior"] = call.choice("tax_behavior", ("exclusive", "inclusive", "unspecified")) or row["tax_behavior"]
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


def list_coupons(call: Call) -> Obj:
    """By age alone."""
    return page(call, "coupon")


def retrieve_coupon(call: Call) -> Obj:
    """One coupon."""
    return call.find("coupon")


def create_coupon(call: Call) -> Obj:
    """With an id of the caller's choice; percent or amount off."""
    percent, amount = call.text("percent_off"), call.integer("amount_off")
    if (percent is None) == (amount is None):
        raise invalid("Must provide one of `percent_off` or `amount_off`.", param="percent_off")
    try:
        off = None if percent is None else float(percent)
    except ValueError:
        raise invalid(f"Invalid decimal: {percent}", param="percent_off") from None
    row = objects.coupon(
        call.account,
        id=call.text("id"),
        name=call.text("name") or None,
        percent_off=off,
        amount_off=amount,
        currency=call.text("currency"),
        duration=call.choice("duration", ("forever", "once", "repeating")) or "once",
        max_redemptions=call.integer("max_redemptions"),
        redeem_by=call.integer("redeem_by"),
    )
    merge_metadata(row, call.params.get("metadata"))
    call.account.emit("coupon.created", row)
    return row


def delete_coupon(call: Call) -> Obj:
    """Discounts already given stay."""
    row = call.find("coupon")
    call.account.table("coupon").remove(row["id"])
    call.account.emit("coupon.deleted", row)
    return {"id": row["id"], "object": "coupon", "deleted": True}


def list_promotion_codes(call: Call) -> Obj:
    """By `code` (without regard to case), `coupon`, `active` and `customer`."""
    code, coupon = call.text("code"), call.text("coupon")
    active, customer = call.flag("active"), call.text("customer")

    def wanted(row: Obj) -> bool:
        return (
            (code is None or row["code"].casefold() == code.casefold())
            and (coupon is None or row["promotion"]["coupon"] == coupon)
            and (active is None or row["active"] == active)
            and (customer is None or row["customer"] == customer)
        )

    return page(call, "promotion_code", wanted)


def retrieve_promotion_code(call: Call) -> Obj:
    """One promotion code."""
    return call.find("promotion_code")
