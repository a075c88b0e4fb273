"""What the app sells, test and live side by side, with what is wrong where it stands."""

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from billing_tui.cache.rows import PriceRow, TierRow
from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.tui.tiers.drawing import bar, tier_rows
from billing_tui.tui.tiers.pairs import Side, blocks
from tests.tui.window import NARROW, WIDE, window

TIERS = ("free", "pro")


def price(
    name: str, tier: str | None = "pro", value: str | None = "pro", *, amount: int = 2900, currency: str = "usd", key: str = "",
    subscribers: int = 0, active: bool = True,
) -> PriceRow:  # fmt: skip
    return PriceRow(
        id=f"price_{name}", product_id="prod_1", product="Pro", product_active=True, active=active, nickname="", lookup_key=key,
        amount=amount, currency=currency, interval="month", interval_count=1, tier=tier, path="product.metadata.plan",
        value=value, subscribers=subscribers, revenue=amount * subscribers,
    )  # fmt: skip


def side(mode: Mode, *prices: PriceRow, read: bool = True) -> Side:
    revenue: dict[str, int] = {}
    for each in prices:
        revenue[each.currency] = revenue.get(each.currency, 0) + each.revenue
    rows = [
        TierRow(
            tier=tier, prices=tuple(each for each in prices if each.tier == tier),
            subscribers=sum(each.subscribers for each in prices if each.tier == tier), revenue=revenue, share=0.5,
        )
        for tier in ("free", "pro", None)
    ]  # fmt: skip
    return Side(mode, tuple(rows), datetime.now(UTC) if read else None)


def drawn(test: Side, live: Side, width: int = 116) -> str:
    return "\n".join(each.content.plain for each in tier_rows(test, live, blocks(test, live, TIERS), width))


def test_a_price_that_only_one_mode_has_is_said() -> None:
    text = drawn(side("test", price("1")), side("live"))
    assert "! live: has no such price ($29.00 /mo)" in text
    assert "! live: no active price leads to pro" in text


def test_of_a_mode_that_was_not_read_nothing_is_said() -> None:
    text = drawn(side("test", price("1")), Side("live"))
    assert "! live" not in text
    assert "LIVE  not read yet" in text


def test_a_stray_blank_shows_and_is_explained() -> None:
    wrong = price("2", None, "Pro ", amount=1900)
    text = drawn(side("test", price("1"), wrong), side("live", price("1")))
    assert "“Pro ”" in text
    assert "which is no tier: it would be pro but for a stray blank" in text


def test_prices_of_one_lookup_key_are_compared() -> None:
    test, live = side("test", price("1", key="pro_monthly")), side("live", price("9", key="pro_monthly", amount=3900))
    assert "! live: under the same lookup key it costs $39.00 /mo" in drawn(test, live)


def test_what_is_wrong_in_both_is_said_once() -> None:
    wrong = price("2", None, None)
    text = drawn(side("test", wrong), side("live", wrong))
    assert text.count("neither product nor price names a plan") == 1
    assert "! test and live: neither" in text


def test_currencies_are_never_added() -> None:
    held = side("test", price("1", subscribers=2), price("2", currency="eur", amount=1000, subscribers=3))
    text = drawn(held, side("live"))
    assert "$58.00" in text
    assert "€30.00" in text
    assert "88" not in text


@pytest.mark.parametrize("width", [58, 75, 115, 155])
def test_every_line_fits(width: int) -> None:
    test = side("test", price("株式会社くも" * 9, subscribers=12345678), price("2", None, "x" * 500))
    assert all(cell_len(line) <= width for line in drawn(test, side("live"), width).split("\n"))


def test_a_bar_is_as_long_as_its_share() -> None:
    assert "".join(text for text, _ in bar(0.5, 16)) == "█████░░░░░  50 %"
    assert "".join(text for text, _ in bar(0.001, 16)).startswith("█░")
    assert "█" not in "".join(text for text, _ in bar(0, 16))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_both_modes_stand_side_by_side(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    async with window(desk, size) as screen:
        await screen.press("escape", "4")
        await screen.shows("TEST  ", "LIVE  ", "“pro”", "$29.00 /mo", "%")
        await screen.hides("not read yet")
        assert {cell_len(line) for line in screen.lines} == {size[0]}


async def test_enter_leads_to_whoever_is_on_the_tier(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "4")
        await screen.hides("not read yet")
        await screen.until(lambda: any("pro " in line and "%" in line for line in screen.lines), "the tier")
        while not any(line.lstrip().startswith("▸ pro") for line in screen.lines):
            await screen.press("j")
        await screen.press("enter")
        await screen.shows("/ plan:pro ended:no", "lena@kornfeld.example")


async def test_help_says_what_the_columns_mean(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "4")
        await screen.shows("SUBS", "A MONTH")
        await screen.press("question_mark")
        await screen.shows("Columns", "trials aside", "Findings", "Move", "Subscriptions of this tier")
