"""The customer portal: the default configuration made, or what customers may do in test mode allowed in live mode too."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import structs

from billing_tui.changes.copying.fields import changing, leaves, making, new, told
from billing_tui.changes.copying.part import Part
from billing_tui.changes.copying.stock import Stock
from billing_tui.changes.stripe_fields import OFFERED, field_of, offered
from billing_tui.changes.stripe_params import param_name
from billing_tui.model.change import Step

Row = dict[str, Any]
_KIND = "billing_portal/configurations"
_MADE = ("features", "business_profile", "default_return_url", "name", "metadata", "login_page")
_NOT_SENT = ("login_page.url",)
_WHOSE = "customer portal"


def portal(test: Stock, live: Stock, ids: Mapping[str, str], only: tuple[str, ...] = ()) -> Part:
    """`ids` are live mode's products and prices for test mode's; of a portal that is there, `only` these features change."""
    part, held, there = Part(), test.portal, live.portal
    if held is None:
        part.warnings.append("Test mode has no customer portal to copy.")
        return part
    wanted = _offer(held, ids)
    if there is None:
        part.steps += _making(held, wanted)
        part.counted("customer portal", 1)
        part.warnings.append("Look at the portal's return address afterwards: it is test mode's.")
    else:
        part.steps += _allowing(held, there, wanted, only)
        part.has = 1
    return part


def _offer(held: Row, ids: Mapping[str, str]) -> list[Row]:
    """What customers may change to, by live mode's ids; what live mode has no twin of is left out."""
    update = (held.get("features") or {}).get("subscription_update") or {}
    found = []
    for one in update.get("products") or ():
        prices = [ids[price] for price in one.get("prices") or () if price in ids]
        if one.get("product") in ids and prices:
            found.append({**one, "product": ids[one["product"]], "prices": prices})
    return found


def _making(held: Row, wanted: list[Row]) -> Iterator[Step]:
    paths = [path for path in leaves(held, _MADE) if not path.startswith(f"{OFFERED}.") and path not in _NOT_SENT]
    yield from making(_KIND, new("portal"), _WHOSE, told(held, paths), {})
    if wanted:
        yield Step(
            target="stripe",
            object=new("portal"),
            field=OFFERED,
            before=None,
            after=offered(wanted),
            call=f"POST /v1/{_KIND}",
            params=_params(wanted),
            whose=_WHOSE,
        )


def _allowing(held: Row, there: Row, wanted: list[Row], only: tuple[str, ...]) -> Iterator[Step]:
    """What test mode allows and live mode does not, with the terms of that; and what customers may change to."""
    for name, feature in (held.get("features") or {}).items():
        off = not ((there.get("features") or {}).get(name) or {}).get("enabled")
        if not isinstance(feature, dict) or not feature.get("enabled") or not off or (only and name not in only):
            continue
        for path, value, sent in told(held, leaves(held, ["features"])):
            if path.startswith(f"features.{name}.") and not path.startswith(f"{OFFERED}."):
                yield changing(_KIND, there["id"], _WHOSE, path, (field_of(there, path), value), sent)
    if wanted and offered(wanted) != field_of(there, OFFERED) and (not only or "subscription_update" in only):
        step = changing(_KIND, there["id"], _WHOSE, OFFERED, (field_of(there, OFFERED), offered(wanted)), "")
        enabled = param_name("features.subscription_update.enabled")
        yield structs.replace(step, params={enabled: "true", **_params(wanted)})


def _params(wanted: list[Row]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, one in enumerate(wanted):
        start = f"{OFFERED}.{place}"
        found[param_name(f"{start}.product")] = one["product"]
        found |= {param_name(f"{start}.prices.{number}"): name for number, name in enumerate(one["prices"])}
        quantity = one.get("adjustable_quantity") or {}
        if quantity.get("enabled"):
            sent = {name: str(quantity[name]).lower() for name in ("enabled", "maximum", "minimum") if quantity.get(name)}
            found |= {param_name(f"{start}.adjustable_quantity.{name}"): value for name, value in sent.items()}
    return found
