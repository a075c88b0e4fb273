"""`/v1/products`: reading and writing."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call, number
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import StripeError, invalid
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj

_TEXTS = ("default_price", "description", "name", "statement_descriptor", "tax_code", "unit_label", "url")
WRITABLE = frozenset({*_TEXTS, "active", "images", "marketing_features", "metadata", "package_dimensions", "shippable"})
CREATABLE = (WRITABLE - {"default_price"}) | {"id", "type"}
_SIDES = ("height", "length", "weight", "width")


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
    written = _written(call)
    row = objects.product(call.account, name=name, id=wanted)
    row.update(written)
    _write(call, row)
    row["type"] = call.choice("type", ("good", "service")) or "service"
    call.account.emit("product.created", row)
    return row


def update_product(call: Call) -> Obj:
    """Only what is sent is written."""
    row = call.find("product")
    old, written = before(row), _written(call)
    row.update(written)
    _write(call, row)
    row["updated"] = call.account.now()
    tell(call, "product.updated", row, old)
    return row


def _written(call: Call) -> Obj:
    """What is not plain text, in Stripe's types; refused before anything is written."""
    found: Obj = {name: call.flag(name) for name in ("active", "shippable") if call.flag(name) is not None}
    if "images" in call.params:
        found["images"] = call.texts("images") if call.params["images"] else []
        if len(found["images"]) > 8:
            raise invalid("A product can have up to 8 images.", param="images")
    if "marketing_features" in call.params:
        sent = call.params["marketing_features"] or []
        found["marketing_features"] = [{"name": str(one["name"])} for one in sent if isinstance(one, dict) and one.get("name")]
    if call.params.get("package_dimensions"):
        sides = call.fields("package_dimensions")
        found["package_dimensions"] = {name: float(number(f"package_dimensions[{name}]", sides.get(name))) for name in _SIDES}
    return found


def _write(call: Call, row: Obj) -> None:
    chosen = call.text("default_price")
    if chosen and call.find("price", chosen, param="default_price", status=400)["product"] != row["id"]:
        raise invalid(f"The price {chosen} is not of this product.", param="default_price")
    set_texts(call, row, *_TEXTS)
    merge_metadata(row, call.params.get("metadata"))
