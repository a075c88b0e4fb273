"""Products and prices: every tier can be bought in live mode, at the price tried in test mode, and means the right plan."""

from collections.abc import Iterator

from billing_tui.golive.check import Found, both_check, failed, live_check, passed, unknown
from billing_tui.golive.facts import Side
from billing_tui.golive.fixes import copy_catalogue, mend_products
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix
from billing_tui.model.money import money
from billing_tui.model.plans import PlanRead, read_price
from billing_tui.model.stripe import Price
from billing_tui.model.text import listed, plural, quoted


def reads(side: Side, prices: dict[str, Price]) -> tuple[PlanRead, ...]:
    """What each price on sale leads to."""
    made = (read_price(price, side.products.get(price.product_id), side.profile) for price in prices.values())
    return tuple(
        read for read in made if read.price.active and read.price.recurring and (read.product is None or read.product.active)
    )


def shown(price: Price) -> str:
    """`$29.00 / month`."""
    amount = money(price.unit_amount, price.currency) if price.unit_amount is not None else "no plain amount"
    recurring = price.recurring
    if recurring is None:
        return amount
    return (
        f"{amount} / {recurring.interval}"
        if recurring.interval_count == 1
        else f"{amount} / {recurring.interval_count} {recurring.interval}s"
    )


@live_check("GL-04", "Every paid tier can be bought in live mode", "blocker")
def tiers_on_sale(live: Side) -> Found:
    prices = live.prices
    if isinstance(prices, Gap):
        return unknown(prices)
    sold = {read.tier for read in reads(live, prices)}
    missing = [tier for tier in live.profile.tiers[1:] if tier not in sold]
    if missing:
        return failed(
            f"Nobody can buy {listed(missing)} in live mode: no price on sale leads to {'it' if len(missing) == 1 else 'them'}.",
            *(Fact(source="stripe.price", field="tier", value=tier, says="No active price in live mode.") for tier in missing),
            fix=copy_catalogue("Copy the products and prices that live mode lacks from test mode."),
        )
    return passed(f"Every paid tier has a price on sale: {listed(live.profile.tiers[1:])}.")


@both_check("GL-05", "Test and live ask the same", "high")
def parity(test: Side, live: Side) -> Found:
    if isinstance(test.prices, Gap) or isinstance(live.prices, Gap):
        return unknown(test.prices if isinstance(test.prices, Gap) else live.prices if isinstance(live.prices, Gap) else "")
    facts = tuple(_differences(reads(test, test.prices), reads(live, live.prices)))
    if facts:
        return failed(
            f"{plural(len(facts), 'price')} of test mode {'is' if len(facts) == 1 else 'are'} not the same in live mode.",
            *facts,
            fix=Fix(title="Prices can't be changed: make a new one in live mode and archive the other."),
        )
    return passed("What test mode asks, live mode asks.")


def _differences(test: tuple[PlanRead, ...], live: tuple[PlanRead, ...]) -> Iterator[Fact]:
    """Prices of test mode that live mode has not, by tier and interval."""
    offered = {(read.tier, read.price.currency, read.price.recurring): read.price for read in live if read.tier}
    for read in test:
        if read.tier is None:
            continue
        twin = offered.get((read.tier, read.price.currency, read.price.recurring))
        where = f"{read.tier} is {shown(read.price)} in test"
        if twin is None:
            yield Fact(source="stripe.price", id=read.price.id, field="unit_amount", says=f"{where} and not on sale in live.")
        elif twin.unit_amount != read.price.unit_amount and not _same_elsewhere(read, live):
            yield Fact(
                source="stripe.price",
                id=twin.id,
                field="unit_amount",
                value=twin.unit_amount,
                says=f"{where} and {shown(twin)} in live.",
            )
        elif twin.tax_behavior != read.price.tax_behavior:
            tax = f"is {read.price.tax_behavior} in test and {twin.tax_behavior} in live"
            yield Fact(
                source="stripe.price", id=twin.id, field="tax_behavior", value=twin.tax_behavior, says=f"Its tax behaviour {tax}."
            )


def _same_elsewhere(read: PlanRead, live: tuple[PlanRead, ...]) -> bool:
    """Whether another price of the tier asks just this."""
    wanted = (read.tier, read.price.currency, read.price.recurring, read.price.unit_amount)
    return any((held.tier, held.price.currency, held.price.recurring, held.price.unit_amount) == wanted for held in live)


@live_check("GL-06", "Products say which plan they are", "blocker")
def plan_present(live: Side) -> Found:
    prices = live.prices
    if isinstance(prices, Gap):
        return unknown(prices)
    silent = [read for read in reads(live, prices) if read.value is None and not _addon(read)]
    looked = listed([quoted(path) for path in live.profile.plan_from])
    if silent:
        return failed(
            f"{plural(len(silent), 'price')} on sale in live mode {'says' if len(silent) == 1 else 'say'} no plan at {looked}.",
            *(_about(read, "Says no plan.") for read in silent),
            fix=_mended("Write the plan into the product's metadata.", silent),
        )
    return passed("Every price on sale says which plan it is.")


def _addon(read: PlanRead) -> bool:
    """An extra beside a plan says so in its metadata, and is no plan."""
    held = (read.product.metadata if read.product else None) or {}
    return "addon" in held or "add_on" in held


@live_check("GL-07", "Plans are written as the app reads them", "blocker")
def plan_canonical(live: Side) -> Found:
    prices = live.prices
    if isinstance(prices, Gap):
        return unknown(prices)
    odd = [read for read in reads(live, prices) if read.value is not None and read.tier is None]
    if odd:
        return failed(
            f"The app does not know the plan of {plural(len(odd), 'price')} on sale in live mode.",
            *(_about(read, f"Says {quoted(read.value or '')}.") for read in odd),
            fix=_mended("Write the tier exactly as the app has it.", odd),
        )
    return passed("Every plan is written exactly as the app has it.")


def _about(read: PlanRead, says: str) -> Fact:
    name = read.product.name if read.product else ""
    return Fact(
        source="stripe.product",
        id=read.product.id if read.product else read.price.product_id,
        field=read.path or None,
        value=read.value,
        says=f"{name + ': ' if name else ''}{says}",
    )


def _mended(title: str, reads: list[PlanRead]) -> Fix:
    return mend_products(title, [read.price.product_id for read in reads if read.price.product_id])


@live_check("GL-08", "The free tier is not for sale", "info")
def free_not_sold(live: Side) -> Found:
    prices = live.prices
    if isinstance(prices, Gap):
        return unknown(prices)
    sold = [read for read in reads(live, prices) if read.tier == live.profile.free]
    if sold:
        return failed(f"{live.profile.free} is for sale in live mode.", *(_about(read, shown(read.price)) for read in sold))
    return passed(f"Nothing sells {live.profile.free}.")


@live_check("GL-09", "The configured prices exist in live mode", "blocker")
def mapped_exist(live: Side) -> Found:
    prices = live.prices
    if isinstance(prices, Gap):
        return unknown(prices)
    lost = [held for held in live.profile.prices if held not in prices]
    if lost:
        return failed(
            f"{plural(len(lost), 'configured price')} {'is' if len(lost) == 1 else 'are'} not there in live mode.",
            *(
                Fact(
                    source="profile",
                    id=held,
                    field="prices",
                    value=live.profile.prices[held],
                    says="Stripe's live mode knows no such price.",
                )
                for held in lost
            ),
            fix=Fix(title="Put live mode's own price ids into the configuration, and into the app's."),
        )
    return passed(
        "Every configured price exists in live mode."
        if live.profile.prices
        else "No price ids are configured: plans come from what the products say."
    )


@live_check("GL-10", "Archived prices still lead to a plan", "high")
def archived_mapped(live: Side) -> Found:
    if isinstance(live.orphans, Gap):
        return unknown(live.orphans)
    if live.orphans:
        return failed(
            f"Somebody still pays for what leads to no plan: {plural(len(live.orphans), 'archived price')}.",
            *(
                Fact(
                    source="stripe.price",
                    id=held,
                    field="active",
                    value=False,
                    says="Has live subscriptions and leads to no plan.",
                )
                for held in live.orphans
            ),
            fix=Fix(title="Map the price to its tier under `prices` in the configuration, and in the app's."),
        )
    return passed("Nobody pays for a price that leads to no plan.")
