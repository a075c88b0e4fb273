"""What a price asks, as it is sent: amounts, tiers, other currencies, how often; read in Stripe's types and with its refusals."""

from typing import Any

from billing_tui.sandbox.stripe.call import Call, number, whole
from billing_tui.sandbox.stripe.errors import invalid, missing_parameter
from billing_tui.sandbox.stripe.table import Obj

TAX = ("exclusive", "inclusive", "unspecified")
INTERVALS = ("day", "month", "week", "year")
_BOUNDS = ("maximum", "minimum", "preset")


def priced(call: Call) -> Obj:
    """One of three: an amount for each unit, tiers, or an amount that the customer chooses."""
    scheme = call.choice("billing_scheme", ("per_unit", "tiered")) or "per_unit"
    found: Obj = {"billing_scheme": scheme, "tiers": None, "tiers_mode": None, "custom_unit_amount": None}
    found |= {"unit_amount": None, "unit_amount_decimal": None}
    if scheme == "tiered":
        found["tiers"] = tiers(call.params.get("tiers"), "tiers")
        found["tiers_mode"] = call.choice("tiers_mode", ("graduated", "volume"))
        if found["tiers_mode"] is None:
            raise missing_parameter("tiers_mode")
        return found
    if "tiers" in call.params:
        raise invalid("tiers can only be set if billing_scheme=tiered", param="tiers")
    return found | _asked(call.params, "")


def _asked(sent: Obj, path: str) -> Obj:
    """An amount, or its decimal, or what the customer likes."""
    if sent.get("custom_unit_amount"):
        where = f"{path}[custom_unit_amount]" if path else "custom_unit_amount"
        return {"custom_unit_amount": _custom(sent["custom_unit_amount"], where)}
    decimal, amount = sent.get("unit_amount_decimal"), sent.get("unit_amount")
    if (decimal is None) == (amount is None):
        raise invalid("You must specify one of `unit_amount` or `unit_amount_decimal`.", param="unit_amount")
    return _amounts(amount, decimal, "unit_amount")


def _amounts(amount: Any, decimal: Any, name: str) -> Obj:
    """Both notations of one; the whole one is null where the decimal is a fraction."""
    if amount is not None:
        cents = whole(name, amount)
        return {name: cents, f"{name}_decimal": str(cents)}
    value = number(f"{name}_decimal", decimal)
    exact = value == value.to_integral_value()
    return {name: int(value) if exact else None, f"{name}_decimal": format(value.normalize(), "f")}


def _custom(sent: Any, path: str) -> Obj:
    if not isinstance(sent, dict) or sent.get("enabled") != "true":
        raise invalid(f"Invalid boolean: {path}[enabled]", param=f"{path}[enabled]")
    return {name: whole(f"{path}[{name}]", sent[name]) if name in sent else None for name in _BOUNDS}


def tiers(sent: Any, path: str) -> list[Obj]:
    """Each up to a quantity, the last to infinity, which is shown as null."""
    if not isinstance(sent, list) or not sent:
        raise missing_parameter(path)
    found: list[Obj] = []
    for place, one in enumerate(sent):
        if not isinstance(one, dict) or "up_to" not in one:
            raise missing_parameter(f"{path}[{place}][up_to]")
        last = place == len(sent) - 1
        if (one["up_to"] == "inf") != last:
            raise invalid("The last tier, and no other, must have `up_to` inf.", param=f"{path}[{place}][up_to]")
        row: Obj = {"up_to": None if last else whole(f"{path}[{place}][up_to]", one["up_to"])}
        for name in ("flat_amount", "unit_amount"):
            amount, decimal = one.get(name), one.get(f"{name}_decimal")
            nothing = amount is None and decimal is None
            row |= {name: None, f"{name}_decimal": None} if nothing else _amounts(amount, decimal, name)
        if row["flat_amount_decimal"] is None and row["unit_amount_decimal"] is None:
            raise missing_parameter(f"{path}[{place}][unit_amount]")
        found.append(row)
    bounds = [row["up_to"] for row in found[:-1]]
    if bounds != sorted(set(bounds)):
        raise invalid("Tiers must go up.", param=path)
    return found


def currencies(call: Call, own: str) -> Obj:
    """What it asks in other currencies."""
    found: Obj = {}
    for currency, sent in call.tree("currency_options").items():
        path = f"currency_options[{currency}]"
        if not isinstance(sent, dict) or currency == own:
            raise invalid(f"Invalid {path}", param=path)
        option: Obj = {"custom_unit_amount": None, "unit_amount": None, "unit_amount_decimal": None}
        if "tiers" in sent:
            option["tiers"] = tiers(sent["tiers"], f"{path}[tiers]")
        else:
            option |= _asked(sent, path)
        tax = sent.get("tax_behavior", "unspecified")
        if tax not in TAX:
            raise invalid(f"Invalid {path}[tax_behavior]", param=f"{path}[tax_behavior]")
        found[currency] = option | {"tax_behavior": tax}
    return found


def recurrence(call: Call) -> Obj | None:
    """How often; what is metered names its meter, which must be there."""
    sent = call.fields("recurring")
    if not sent:
        return None
    if sent.get("interval") not in INTERVALS:
        raise invalid("Invalid recurring[interval]: must be one of day, month, week, or year", param="recurring[interval]")
    usage, meter = sent.get("usage_type", "licensed"), sent.get("meter")
    if (usage == "metered") != (meter is not None):
        raise invalid("A metered price, and no other, must have a meter.", param="recurring[meter]")
    if meter is not None:
        call.find("billing.meter", meter, param="recurring[meter]", status=400)
    days = sent.get("trial_period_days")
    return {
        "interval": sent["interval"],
        "interval_count": whole("recurring[interval_count]", sent.get("interval_count", "1")),
        "meter": meter,
        "trial_period_days": None if days is None else whole("recurring[trial_period_days]", days),
        "usage_type": usage,
    }


def transformed(call: Call) -> Obj | None:
    """How many make one."""
    sent = call.fields("transform_quantity")
    if not sent:
        return None
    if sent.get("round") not in ("down", "up"):
        raise invalid("Invalid transform_quantity[round]: must be one of down, or up", param="transform_quantity[round]")
    return {"divide_by": whole("transform_quantity[divide_by]", sent.get("divide_by")), "round": sent["round"]}
