"""The prices of two modes, put beside each other: what is the same thing in both, and what only one of them has. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from billing_tui.cache.rows import PriceRow, TierRow
from billing_tui.model.profile import Mode
from billing_tui.model.text import plural, quoted
from billing_tui.tui.draw import cut
from billing_tui.tui.lists.look import price as priced


@dataclass(frozen=True)
class Side:
    """One mode's tiers. `read` is when the cache was filled; None where it never was, and `why` may say the reason."""

    mode: Mode
    tiers: tuple[TierRow, ...] = ()
    read: datetime | None = None
    why: str = ""

    @property
    def known(self) -> bool:
        """Whether what is not in it is known not to be there."""
        return self.read is not None


@dataclass(frozen=True)
class Pair:
    """A price in the first mode, in the second, or in both; `said` is what is wrong with it, with the mode where it is so."""

    prices: tuple[PriceRow | None, PriceRow | None]
    said: tuple[tuple[Mode, str], ...] = ()

    either: PriceRow = field(kw_only=True)
    """The first mode's where there is one."""


@dataclass(frozen=True)
class Block:
    """A tier with its prices. `tier` is None for the prices that lead to none."""

    tier: str | None
    totals: tuple[TierRow | None, TierRow | None]
    pairs: tuple[Pair, ...] = ()
    said: tuple[tuple[Mode, str], ...] = field(default=())


def blocks(first: Side, second: Side, tiers: Sequence[str]) -> tuple[Block, ...]:
    """Every tier of the app's, lowest first, then what leads to none."""
    pairs = [
        Pair(pair, tuple(_findings(pair, (first, second), tiers)), either=either)
        for pair in _paired(_prices(first), _prices(second))
        if (either := pair[0] or pair[1]) and any(held and (held.active or held.subscribers) for held in pair)
    ]
    totals = [{row.tier: row for row in side.tiers} for side in (first, second)]
    names: list[str | None] = [*tiers]
    names += [None] if any(pair.either.tier is None for pair in pairs) else []
    found = []
    for name in names:
        own = tuple(pair for pair in pairs if pair.either.tier == name)
        said = tuple(_unsold(name, own, (first, second), tiers))
        found.append(Block(name, (totals[0].get(name), totals[1].get(name)), own, said))
    return tuple(found)


def _prices(side: Side) -> list[PriceRow]:
    return [price for tier in side.tiers for price in tier.prices]


def _shape(held: PriceRow) -> tuple[object, ...]:
    return (held.product.casefold(), held.currency, held.amount, held.interval, held.interval_count)


def _paired(first: Iterable[PriceRow], second: Iterable[PriceRow]) -> Iterable[tuple[PriceRow | None, PriceRow | None]]:
    """By lookup key, else by product, amount and interval."""
    rest = list(second)
    for held in first:
        match = next((each for each in rest if held.lookup_key and each.lookup_key == held.lookup_key), None)
        match = match or next((each for each in rest if _shape(each) == _shape(held)), None)
        if match:
            rest.remove(match)
        yield held, match
    yield from ((None, each) for each in rest)


def _findings(
    pair: tuple[PriceRow | None, PriceRow | None], sides: tuple[Side, Side], tiers: Sequence[str]
) -> Iterable[tuple[Mode, str]]:
    for held, side in zip(pair, sides, strict=True):
        if held:
            yield from ((side.mode, text) for text in _wrong(held, tiers))
    first, second = pair
    if first is None and second and second.active and sides[0].known:
        yield sides[0].mode, f"has no such price ({_costs(second)})"
    if second is None and first and first.active and sides[1].known:
        yield sides[1].mode, f"has no such price ({_costs(first)})"
    if first and second and _shape(first)[1:] != _shape(second)[1:]:
        yield sides[1].mode, f"under the same lookup key it costs {_costs(second)}"
    if first and second and first.tier and second.tier and first.tier != second.tier:
        yield sides[1].mode, f"leads to {second.tier}, not to {first.tier}"


def _costs(held: PriceRow) -> str:
    return priced(held.amount, held.currency, held.interval, held.interval_count)


def _wrong(held: PriceRow, tiers: Sequence[str]) -> Iterable[str]:
    if held.tier is None and held.value is None:
        yield "neither product nor price names a plan"
    elif held.tier is None and held.value is not None:
        near = next((tier for tier in tiers if tier.casefold() == held.value.strip().casefold()), None)
        stray = held.value.strip() != held.value
        how = " but for a stray blank" if near and stray else " but for its case" if near else ""
        meant = f": it would be {near}{how}" if near else " of the app"
        yield f"{held.path} says {quoted(cut(held.value, 40))}, which is no tier{meant}"
    if held.subscribers and not held.active:
        yield f"archived, with {plural(held.subscribers, 'subscriber')}"
    elif held.subscribers and not held.product_active:
        yield f"its product is archived, with {plural(held.subscribers, 'subscriber')}"


def _unsold(
    name: str | None, pairs: Sequence[Pair], sides: tuple[Side, Side], tiers: Sequence[str]
) -> Iterable[tuple[Mode, str]]:
    for number, side in enumerate(sides):
        sold = any(held and held.active and held.tier == name for held in (pair.prices[number] for pair in pairs))
        if side.known and name is not None and name != tiers[0] and not sold:
            yield side.mode, f"no active price leads to {name}"


def monthly(revenue: Mapping[str, int]) -> list[tuple[str, int]]:
    """A month's revenue, the largest figure first; a currency each, never added."""
    return sorted(revenue.items(), key=lambda each: (-each[1], each[0]))
