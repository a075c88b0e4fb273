"""`/v1/billing_portal`: what customers may do themselves, and the sessions in which they do."""

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call, whole
from billing_tui.sandbox.stripe.changes import before, merge_metadata, set_texts, tell
from billing_tui.sandbox.stripe.errors import invalid, unknown_parameter
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj

_KIND = "billing_portal.configuration"
_PRODUCTS = "features[subscription_update][products]"
CREATABLE = frozenset({"business_profile", "default_return_url", "features", "login_page", "metadata", "name"})
WRITABLE = CREATABLE | {"active"}
SESSION = frozenset({"configuration", "customer", "flow_data", "locale", "return_url"})


def list_configurations(call: Call) -> Obj:
    """By `active` and `is_default`."""
    active, default = call.flag("active"), call.flag("is_default")

    def wanted(row: Obj) -> bool:
        return (active is None or row["active"] == active) and (default is None or row["is_default"] == default)

    return page(call, _KIND, wanted)


def retrieve_configuration(call: Call) -> Obj:
    """One configuration."""
    return call.find(_KIND)


def create_configuration(call: Call) -> Obj:
    """With what is sent, and nothing else allowed. The first one of an account becomes its default."""
    if not call.tree("features"):
        raise invalid("Missing required param: features.", code="parameter_missing", param="features")
    nothing = {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None}
    blank: Obj = {"features": objects.portal_features(allowed=False), "business_profile": nothing, "login_page": _login()}
    parts = {name: _merged(call, blank[name], call.tree(name), name) for name in blank}
    first = not len(call.account.table(_KIND))
    row = objects.portal_configuration(call.account, is_default=first, default_return_url=None)
    row.update(parts)
    _write(call, row)
    call.account.emit(f"{_KIND}.created", row)
    return row


def update_configuration(call: Call) -> Obj:
    """Only what is sent is written."""
    row = call.find(_KIND)
    old = before(row)
    row.update({name: _merged(call, row[name], call.tree(name), name) for name in ("business_profile", "features", "login_page")})
    _write(call, row)
    row["updated"] = call.account.now()
    tell(call, f"{_KIND}.updated", row, old)
    return row


def create_session(call: Call) -> Obj:
    """A customer's way in; there is none without a configuration."""
    customer = call.find("customer", call.needed("customer"), param="customer", status=400)
    named = call.text("configuration")
    default = next((row for row in call.account.table(_KIND) if row["is_default"] and row["active"]), None)
    held = call.find(_KIND, named, param="configuration", status=400) if named else default
    if held is None:
        raise invalid(
            f"No configuration provided and your {call.account.mode} mode default configuration has not been created. Provide a "
            "configuration or create your default by saving your customer portal settings in the Dashboard.",
            param="configuration",
        )
    return objects.portal_session(call.account, customer, held, return_url=call.text("return_url"))


def _login() -> Obj:
    return {"enabled": False, "url": None}


def _write(call: Call, row: Obj) -> None:
    set_texts(call, row, "default_return_url", "name")
    merge_metadata(row, call.params.get("metadata"))
    active = call.flag("active")
    row["active"] = row["active"] if active is None else active


def _merged(call: Call, held: Obj, sent: Obj, path: str) -> Obj:
    result = dict(held)
    for name, value in sent.items():
        here = f"{path}[{name}]"
        if name not in held:
            raise unknown_parameter(here)
        if here == _PRODUCTS:
            result[name] = _products(call, value)
        elif isinstance(held[name], dict):
            if not isinstance(value, dict):
                raise invalid(f"Invalid object: {here}", param=here)
            result[name] = _merged(call, held[name], value, here)
        else:
            result[name] = _plain(held[name], value)
    return result


def _plain(held: object, sent: object) -> object:
    if isinstance(held, bool):
        return sent == "true"
    return [] if isinstance(held, list) and sent == "" else sent or None


def _products(call: Call, sent: object) -> list[Obj]:
    """Each with prices that are there and are its own."""
    found = []
    for one in sent if isinstance(sent, list) else []:
        product = call.find("product", str(one.get("product", "")), param=_PRODUCTS, status=400)
        prices = [call.find("price", str(name), param=_PRODUCTS, status=400) for name in one.get("prices", [])]
        if any(price["product"] != product["id"] for price in prices):
            raise invalid(f"Some of the prices are not of {product['id']}.", param=_PRODUCTS)
        quantity = {"enabled": False, "maximum": None, "minimum": 1}
        for name, value in one.get("adjustable_quantity", {}).items():
            quantity[name] = value == "true" if name == "enabled" else whole(f"{_PRODUCTS}[adjustable_quantity]", value)
        found.append({"adjustable_quantity": quantity, "prices": [price["id"] for price in prices], "product": product["id"]})
    return found
