"""Help for the Tiers screen: what its columns and signs mean, and its keys. Pure."""

from billing_tui.tui.dialogs.explained import MOVES, keys, section
from billing_tui.tui.ticket.table import parts
from billing_tui.tui.widgets.rows import Row, Rower

_COLUMNS = (
    ("TIER", "in bold, lowest first: what the app sells, as the profile names it"),
    ("PRICE", "a price of the catalogue that leads to the tier; archived ones only while somebody is on them"),
    ("TEST LIVE", "one mode beside the other, and when its cache was last brought up to date"),
    ("████░░░", "the tier's share of all subscriptions in a paid status"),
    ("“pro”", "the plan as it stands written on the product or price, in quotes so that a stray blank shows"),
    ("SUBS", "subscriptions in a paid status; one with several items counts for each price, once for its tier"),
    ("A MONTH", "what they bring in a month, trials aside; a line for each currency, never added up"),
    ("–", "the other mode has this price, this one has not"),
)
_FINDINGS = (
    ("! test:", "something is wrong with the row above it, in that mode"),
    ("no tier", "prices that lead to no tier of the app: who pays for them gets nothing"),
)


def tiers_help(*, read_only: bool) -> Rower:
    """Everything there is to know about the screen."""

    def rows(width: int) -> tuple[Row, ...]:
        return parts(
            section("Columns", _COLUMNS, width),
            section("Findings", _FINDINGS, width),
            section("Move", MOVES, width),
            *keys("tiers", width, read_only=read_only),
        )

    return rows
