"""The rows of the Tiers screen: each tier with its share, what it brings in and its prices, one mode beside the other. Pure."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from billing_tui.cache.rows import PriceRow, TierRow
from billing_tui.model.money import money
from billing_tui.model.text import quoted
from billing_tui.tui.draw import Piece, cut, fit, row
from billing_tui.tui.lists.look import price as priced
from billing_tui.tui.lists.state import fresh
from billing_tui.tui.table.columns import aligned
from billing_tui.tui.theme import ATTENTION, DIM, FAINT, GREY, INK, LINK, MONEY
from billing_tui.tui.ticket.table import blank, said
from billing_tui.tui.tiers.pairs import Block, Pair, Side, monthly
from billing_tui.tui.widgets.rows import Row

_GAP = 2


class Frame:
    """The widths of the columns: what it is, then for each mode the plan as written, subscribers and a month's revenue."""

    def __init__(self, width: int) -> None:
        self.side = min(max((width - 20) // 2 - _GAP, 20), 40)
        self.first = width - 2 * (self.side + _GAP)
        self.subs, self.month = (7, 15) if self.side >= 36 else (7, 11) if self.side >= 26 else (5, 11)
        self.value = max(self.side - self.subs - self.month, 4)
        self.named = self.first >= 30
        """Whether there is room for the product's name beside the price."""


def tier_rows(first: Side, second: Side, found: Sequence[Block], width: int) -> tuple[Row, ...]:
    """Everything, under the names of the modes."""
    frame = Frame(width)
    rows = [_titles(first, second, frame), *_reasons(first, second, width)]
    for block in found:
        rows += [blank(), *_tier(block, frame), *_said(block.said, width, 2)]
        for pair in block.pairs:
            name = "" if frame.named else f"{_name(pair.either)}: "
            rows += [_price(pair, frame), *_said(pair.said, width, 4, name)]
    return tuple(rows)


def _titles(first: Side, second: Side, frame: Frame) -> Row:
    pieces: list[Piece] = [(fit("TIER AND PRICE", frame.first), f"bold {DIM}")]
    for side in (first, second):
        when = f"  {fresh(side.read)}" if side.read else "  not read yet"
        title = cut(side.mode.upper() + when, frame.value + frame.subs)
        left = frame.value + frame.subs - cell_len(title)
        pieces += [("  ", ""), (title, f"bold {INK if side is first else DIM}")]
        pieces += [(aligned("SUBS" if left > len("SUBS") else "", left, right=True), f"bold {DIM}")]
        pieces += [(aligned("A MONTH", frame.month, right=True), f"bold {DIM}")]
    return Row(row(*pieces), stops=False)


def _reasons(first: Side, second: Side, width: int) -> Iterable[Row]:
    for side in (first, second):
        if side.why:
            yield from (Row(each.content, stops=False) for each in said(f"! {side.mode}: {side.why}", width, ATTENTION))


def _tier(block: Block, frame: Frame) -> list[Row]:
    held = list(block.totals)
    lines = max([len(monthly(each.revenue)) for each in held if each] + [1])
    rows = []
    for line in range(lines):
        name: Piece = (block.tier, f"bold {INK}") if block.tier else ("no tier", f"bold {ATTENTION}")
        pieces: list[Piece] = [(fit(name[0], frame.first), name[1]) if line == 0 else (" " * frame.first, "")]
        for each in held:
            pieces += _total(each, line, frame)
        rows.append(Row(row(*pieces), f"tier:{block.tier or ''}", stops=line == 0))
    return rows


def _total(held: TierRow | None, line: int, frame: Frame) -> list[Piece]:
    if held is None:
        return [(" " * (frame.side + _GAP), "")]
    money_of = monthly(held.revenue)
    brings = money(money_of[line][1], money_of[line][0]) if line < len(money_of) else ""
    figure = (aligned(brings, frame.month, right=True), MONEY)
    if line:
        return [(" " * (frame.value + frame.subs + _GAP), ""), figure]
    return [("  ", ""), *bar(held.share, frame.value), (aligned(f"{held.subscribers:,}", frame.subs, right=True), INK), figure]


def bar(share: float, width: int) -> list[Piece]:
    """A share of all who pay, as a bar and in words: `████░░░░ 41 %`."""
    words = f" {round(share * 100):>3} %"
    words = words if width >= len(words) else aligned(words.strip(), width, right=True)
    room = max(width - len(words), 0)
    full = min(round(share * room) or (1 if share > 0 else 0), room)
    return [("█" * full, LINK), ("░" * (room - full), FAINT), (words, DIM)]


def _price(pair: Pair, frame: Frame) -> Row:
    held = pair.either
    costs = priced(held.amount, held.currency, held.interval, held.interval_count)
    room = frame.first - 2
    if frame.named:
        start: list[Piece] = [("  " + fit(_name(held), room - len(costs) - 1) + " ", INK), (costs, MONEY)]
    else:
        start = [("  " + aligned(costs, room, right=True), MONEY)]
    for each in pair.prices:
        start += _side(each, frame)
    return Row(row(*start), held.id)


def _side(held: PriceRow | None, frame: Frame) -> list[Piece]:
    if held is None:
        return [("  ", ""), (fit("–", frame.side), GREY)]
    style = INK if held.tier else ATTENTION
    value = quoted(held.value) if held.value is not None else "no plan"
    brings = money(held.revenue, held.currency) if held.revenue else ""
    return [
        ("  ", ""),
        (fit(value, frame.value), style),
        (aligned(f"{held.subscribers:,}" if held.subscribers else "", frame.subs, right=True), DIM),
        (aligned(brings, frame.month, right=True), MONEY),
    ]


def _name(held: PriceRow) -> str:
    return held.product or held.nickname or held.lookup_key or held.id


def _said(findings: Sequence[tuple[str, str]], width: int, indent: int, name: str = "") -> list[Row]:
    """What is wrong, said once where both modes have it."""
    rows = []
    for text in dict.fromkeys(text for _, text in findings):
        modes = " and ".join(mode for mode, said_there in findings if said_there == text)
        drawn = said(f"! {modes}: {name}{text}", width, ATTENTION, indent=indent)
        rows += [Row(each.content, stops=False) for each in drawn]
    return rows
