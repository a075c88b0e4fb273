"""One price: what it asks, said again to the letter, since nothing of that can be changed later."""

from collections.abc import Iterator, Mapping
from typing import Any

from billing_tui.changes.copying.fields import leaves, making, new, told
from billing_tui.changes.copying.matching import unlike
from billing_tui.changes.copying.part import Part, Row, fill_up
from billing_tui.changes.stripe_fields import field_of
from billing_tui.model.money import money
from billing_tui.model.text import short

_CHANGEABLE = ("lookup_key", "nickname", "tax_behavior", "currency_options", "metadata")
_ALL = (
    *("product", "currency", "billing_scheme", "unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers_mode", "tiers"),
    *("recurring", "transform_quantity", *_CHANGEABLE),
)
_SELF_EVIDENT = {"billing_scheme": "per_unit", "recurring.usage_type": "licensed", "tax_behavior": "unspecified"}


def price_steps(
    part: Part, row: Row, twin: Row | None, meters: Mapping[str, str], names: Mapping[str, str], *, overwrite: bool
) -> None:
    """Makes it where live mode has none that stands for it."""
    whose = f"price {price_words(row)} of {names.get(row['product'], row['product'])}"
    odd = _uncopiable(row, meters)
    if twin is not None:
        part.ids[row["id"]] = twin["id"]
        different = unlike(row, twin)
        if different:
            part.warnings.append(
                f"The {whose} is {price_words(twin)} in live mode ({short(twin['id'])}), which can't be changed."
            )
        else:
            paths = [path for path in leaves(row, _CHANGEABLE) if not _own_currency(row, path) and not _evident(row, path)]
            fill_up(part, "prices", (row, twin), (whose, paths), overwrite=overwrite)
    elif odd:
        part.warnings.append(f"The {whose} {odd}: make it by hand.")
    else:
        part.ids[row["id"]] = new(row["id"])
        part.counted("price", 1)
        part.steps += making("prices", new(row["id"]), whose, _price_values(part, row, meters), {})


def _price_values(part: Part, row: Row, meters: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    twice = {"unit_amount_decimal"} if row.get("unit_amount") is not None else set()
    for path, value, sent in told(row, leaves(row, _ALL)):
        if path in twice or _evident(row, path) or _own_currency(row, path):
            continue
        if path == "product":
            value = sent = part.ids[row["product"]]
        elif path == "recurring.meter":
            value = sent = meters[str(value)]
        yield path, value, sent


def _evident(row: Row, path: str) -> bool:
    """What holds where nothing is said."""
    known = path.rpartition(".")[2] if path.startswith("currency_options.") else path
    return known in _SELF_EVIDENT and field_of(row, path) == _SELF_EVIDENT[known]


def _own_currency(row: Row, path: str) -> bool:
    """Stripe tells the price's own currency among the others."""
    return path.startswith(f"currency_options.{row.get('currency')}.")


def _uncopiable(row: Row, meters: Mapping[str, str]) -> str:
    """What about a price keeps it from being made again; "" where nothing does."""
    meter = (row.get("recurring") or {}).get("meter")
    if (row.get("recurring") or {}).get("usage_type") == "metered" and not meter:
        return "is metered without a meter, which Stripe makes no more"
    if meter and meter not in meters:
        return f"counts with the meter {meter}, which is not active"
    if row.get("billing_scheme") == "tiered" and not row.get("tiers"):
        return "does not tell its tiers"
    return ""


def price_words(row: Row) -> str:
    """`$29.00 / month (pro_monthly)`."""
    recurring, currency = row.get("recurring") or {}, str(row.get("currency"))
    amount = row.get("unit_amount")
    if amount is not None:
        said = money(amount, currency)
    elif row.get("billing_scheme") == "tiered":
        said = f"in tiers ({row.get('tiers_mode')})"
    else:
        said = f"{row['unit_amount_decimal']} hundredths of {currency}" if row.get("unit_amount_decimal") else "as one likes"
    count = recurring.get("interval_count", 1)
    often = f" / {recurring.get('interval')}" if count == 1 else f" / {count} {recurring.get('interval')}s"
    key = f" ({row['lookup_key']})" if row.get("lookup_key") else ""
    return f"{said}{often if recurring else ' once'}{' by use' if recurring.get('meter') else ''}{key}"
