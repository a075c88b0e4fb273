"""`/v1/coupons` and `/v1/promotion_codes`: what takes something off, and the words that customers type for it."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call, number, whole
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import StripeError, invalid
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj

COUPON_WRITABLE = frozenset({"currency_options", "metadata", "name"})
COUPON_CREATABLE = COUPON_WRITABLE | frozenset(
    {
        *("amount_off", "applies_to", "currency", "duration", "duration_in_months", "id", "max_redemptions"),
        *("percent_off", "redeem_by"),
    }
)
CODE_WRITABLE = frozenset({"active", "metadata", "restrictions"})
CODE_CREATABLE = CODE_WRITABLE | {"code", "customer", "expires_at", "max_redemptions", "promotion"}


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
    wanted, duration = call.text("id"), call.choice("duration", ("forever", "once", "repeating")) or "once"
    if wanted and wanted in call.account.table("coupon"):
        raise StripeError(400, "Coupon already exists.", code="resource_already_exists", param="id")
    months = call.integer("duration_in_months")
    if (duration == "repeating") != (months is not None):
        raise invalid("duration_in_months goes with the duration repeating.", param="duration_in_months")
    aside = _aside(call)
    row = objects.coupon(
        call.account,
        id=wanted,
        name=call.text("name") or None,
        percent_off=None if percent is None else float(number("percent_off", percent)),
        amount_off=amount,
        currency=call.text("currency") if amount is not None else None,
        duration=duration,
        duration_in_months=months,
        max_redemptions=call.integer("max_redemptions"),
        redeem_by=call.integer("redeem_by"),
    )
    call.account.aside[row["id"]] = aside
    merge_metadata(row, call.params.get("metadata"))
    call.account.emit("coupon.created", row)
    return row


def update_coupon(call: Call) -> Obj:
    """What it takes off can never change."""
    row = call.find("coupon")
    old, aside = before(row), _aside(call)
    held = call.account.aside.setdefault(row["id"], {})
    held["currency_options"] = {**held.get("currency_options", {}), **aside["currency_options"]}
    set_texts(call, row, "name")
    merge_metadata(row, call.params.get("metadata"))
    tell(call, "coupon.updated", row, old)
    return row


def _aside(call: Call) -> Obj:
    """What is shown only when it is asked for."""
    products = (call.tree("applies_to") or {}).get("products", [])
    for product in products:
        call.find("product", product, param="applies_to[products]", status=400)
    off: Obj = {}
    for currency, option in call.tree("currency_options").items():
        amount = option.get("amount_off") if isinstance(option, dict) else option
        off[currency] = {"amount_off": whole(f"currency_options[{currency}][amount_off]", amount)}
    return {"applies_to": {"products": list(products)} if products else None, "currency_options": off}


def delete_coupon(call: Call) -> Obj:
    """Discounts already given stay; its codes work no longer."""
    row = call.find("coupon")
    call.account.table("coupon").remove(row["id"])
    for code in call.account.table("promotion_code"):
        if code["promotion"]["coupon"] == row["id"]:
            code["active"] = False
    call.account.emit("coupon.deleted", row)
    gone = {"id": row["id"], "object": "coupon", "deleted": True}
    call.account.table("deleted_coupon").add(gone)
    return gone


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


def create_promotion_code(call: Call) -> Obj:
    """Of a coupon that is there; the same word can't be active twice."""
    promotion = call.fields("promotion")
    if promotion.get("type") != "coupon":
        raise invalid("Invalid promotion[type]: must be coupon", param="promotion[type]")
    coupon = call.find("coupon", promotion.get("coupon", ""), param="promotion[coupon]", status=400)
    code = call.text("code") or call.account.ids.token(8).upper()
    held = [row for row in call.account.table("promotion_code") if row["active"] and row["code"].casefold() == code.casefold()]
    if held:
        raise StripeError(400, f"An active promotion code with `code: {code}` already exists.", code="resource_already_exists")
    row = objects.promotion_code(
        call.account,
        coupon,
        code=code,
        customer=call.text("customer"),
        expires_at=call.integer("expires_at"),
        max_redemptions=call.integer("max_redemptions"),
    )
    _write(call, row)
    call.account.emit("promotion_code.created", row)
    return row


def update_promotion_code(call: Call) -> Obj:
    """Switched on and off; the word stays."""
    row = call.find("promotion_code")
    old = before(row)
    _write(call, row)
    tell(call, "promotion_code.updated", row, old)
    return row


def _write(call: Call, row: Obj) -> None:
    sent = call.tree("restrictions")
    restrictions = dict(row["restrictions"])
    for name in restrictions.keys() & sent.keys():
        value = sent[name]
        if name == "minimum_amount":
            value = whole("restrictions[minimum_amount]", value)
        restrictions[name] = value == "true" if name == "first_time_transaction" else value
    row["restrictions"] = restrictions
    active = call.flag("active")
    row["active"] = row["active"] if active is None else active
    merge_metadata(row, call.params.get("metadata"))
