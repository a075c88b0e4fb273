"""Products, their prices and the meters of those: what live mode lacks is made; what it has is filled up, or left as it is."""

from collections.abc import Mapping, Sequence

from billing_tui.changes.copying.fields import changing, leaves, making, new, told
from billing_tui.changes.copying.matching import meter_twins, price_twins, product_twins
from billing_tui.changes.copying.part import Part, Row, fill_up
from billing_tui.changes.copying.prices import price_steps
from billing_tui.changes.copying.stock import Stock
from billing_tui.changes.stripe_fields import field_of

_PRODUCT = (
    *("name", "description", "unit_label", "statement_descriptor", "tax_code", "tax_details", "url", "shippable", "images"),
    *("marketing_features", "package_dimensions", "metadata"),
)
_METER = ("display_name", "event_name", "event_time_window", "default_aggregation", "customer_mapping", "value_settings")
_COUNTS = (
    "event_time_window",
    "default_aggregation.formula",
    "customer_mapping.event_payload_key",
    "value_settings.event_payload_key",
)


def catalogue(test: Stock, live: Stock, *, overwrite: bool) -> Part:
    """Test mode's active products with their active prices, and the meters of those."""
    part = Part()
    products = [row for row in test.products if row.get("active")]
    names = {row["id"]: str(row.get("name")) for row in products}
    offered = [row for row in test.prices if row.get("active") and row.get("product") in names]
    twins = product_twins(products, live.products, offered, live.prices)
    meters = _meters(part, test, live, offered)
    part.ids |= {row["id"]: twins.get(row["id"], row["id"]) for row in products}
    there = {row["id"]: row for row in live.products}
    for row in reversed(products):  # the oldest first, so that live mode lists them in the same order
        _product(part, row, there.get(part.ids[row["id"]]), overwrite=overwrite)
    part.counted("product", sum(row["id"] not in twins for row in products))
    prices = price_twins(offered, live.prices, part.ids, meters)
    for row in reversed(offered):
        price_steps(part, row, prices.get(row["id"]), meters, names, overwrite=overwrite)
    part.has += len(twins) + len(prices)
    for row in products:
        _default(part, row, there.get(part.ids[row["id"]]), names)
    return part


def _meters(part: Part, test: Stock, live: Stock, offered: Sequence[Row]) -> dict[str, str]:
    """For test mode's meters those of live mode; the ones that a copied price needs are made."""
    twins = meter_twins(test.meters, live.meters)
    needed = {(row.get("recurring") or {}).get("meter") for row in offered} - {None}
    ids = {name: row["id"] for name, row in twins.items()}
    for row in test.meters:
        twin, whose = twins.get(row["id"]), f"meter {row.get('display_name')}"
        if row["id"] not in needed:
            continue
        part.has += twin is not None
        if twin is None and row.get("status") == "active":
            ids[row["id"]] = new(row["id"])
            paths = list(leaves(row, _METER))
            part.steps += making("billing/meters", new(row["id"]), whose, told(row, paths), {})
            part.counted("meter", 1)
        elif twin is not None and any(field_of(row, path) != field_of(twin, path) for path in _COUNTS):
            part.warnings.append(f"The meter {row['event_name']} counts otherwise in live mode, which can't be changed.")
    return ids


def _product(part: Part, row: Row, twin: Row | None, *, overwrite: bool) -> None:
    whose = f"product {row.get('name')}"
    paths = list(leaves(row, _PRODUCT))
    if twin is None:
        extra = {"id": row["id"]} | ({"type": "good"} if row.get("type") == "good" else {})
        part.steps += making("products", row["id"], whose, told(row, paths), extra)
        return
    fill_up(part, "products", (row, twin), (whose, paths), overwrite=overwrite)


def _default(part: Part, row: Row, twin: Row | None, names: Mapping[str, str]) -> None:
    """The price that counts where none is named, where live mode's product has none."""
    chosen = row.get("default_price")
    wanted = part.ids.get(chosen) if isinstance(chosen, str) else None
    if wanted and not (twin or {}).get("default_price"):
        whose = f"product {names[row['id']]}"
        part.steps.append(changing("products", part.ids[row["id"]], whose, "default_price", (None, wanted), wanted))
