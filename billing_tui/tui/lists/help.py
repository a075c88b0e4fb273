"""Help for a list: its keys, the words of its filter, what its signs mean. Pure."""

from billing_tui.tui.dialogs.explained import MOVES, keys, section
from billing_tui.tui.lists.listing import Listing
from billing_tui.tui.lists.look import STATUSES
from billing_tui.tui.theme import DIM, INK
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row, Rower

_MOVES = (
    *MOVES,
    ("← →", "the column before, the next column"),
    ("s", "sort by that column; again, the other way round"),
    ("space", "mark the row; y, Y take what is marked"),
    ("enter", "open the row's pane, and what a row of the pane names"),
    ("tab", "to the pane and back"),
)
_WORDS = {
    "customers": (
        ("lena", "in e-mail, name, id or a metadata value"),
        ("plan:pro", "the tier of the best subscription"),
        ("status:past_due", "any of its subscriptions is so"),
        ("paying:yes", "has a subscription that is paid for"),
        ("created:<30d", "within 30 days; >30d is longer ago; or a date, >2026-01-31"),
        ("delinquent:yes", "the last invoice is unpaid"),
        ("currency:eur", "of a subscription"),
    ),
    "events": (
        ("lena", "in the type, an id, or the customer's e-mail and name; evt_1R looks for ids that begin so"),
        ("type:invoice.*", "the event's type; * stands for anything"),
        ("state:failed", "as the column STATE says: delivered, pending, failed, unsubscribed or unknown"),
        ("endpoint:we_…", "what an endpoint is told of; a part of its id or address is enough"),
        ("pending:>0", "outstanding at so many endpoints when it was last looked at"),
        ("created:<2d", "within two days; >2d is longer ago"),
        ("customer:cus_…", "about this customer"),
        ("object:sub_…", "about this object"),
    ),
    "subscriptions": (
        ("lena", "in e-mail, name, id or a metadata value"),
        ("plan:pro", "the tier that its prices lead to"),
        ("status:active", "Stripe's status"),
        ("ends:<7d", "a cancellation is scheduled within 7 days; ends:yes for any"),
        ("period:<7d", "its period ends within 7 days"),
        ("trial:<7d", "its trial ends within 7 days"),
        ("paused:yes", "collection is paused, or it is paused wholly"),
        ("ended:no", "it has not ended"),
        ("drift:yes", "Clerk or the database say another plan than Stripe; unknown where nobody has looked"),
        ("items:>1", "so many items"),
        ("amount:>9900", "all items together, in the currency's smallest unit"),
    ),
}
_COLUMNS = {
    "customers": (
        ("PLAN", "the tier of the best subscription that has not ended: paid before unpaid, then the highest"),
        ("STATUS", "that subscription's, or delinquent: the latest invoice is not paid"),
        ("SUBS", "subscriptions that have not ended"),
        ("SINCE", "when Stripe made the customer"),
    ),
    "events": (
        ("STATE", "delivered: Stripe counts no endpoint as outstanding; pending: it still tries; failed: it has given up;"),
        ("", "not subscribed: the app's endpoint was not to get it; unknown: Stripe's count does not tell whether that has it"),
        ("KNOWN BY", "Stripe's count, the app's own ledger of events, its answer to our request, or inferred from the settings"),
        ("undelivered", "of 30 days, by an endpoint; perhaps: not all endpoints have taken them, and Stripe names none"),
        ("24 h", "the share that was not delivered, by the hour; a dot where there was nothing to send"),
        ("last good", "when the newest event was made that the endpoint has taken"),
        ("taken", "within how long deliveries were taken, at most: this tool looks now and then, and counts what it saw soon"),
        ("WHOSE", "the customer whom it is about"),
    ),
    "subscriptions": (
        ("PLAN", "the tier that its prices lead to; no tier where they lead to none"),
        ("AMOUNT", "all items together; varies where they differ in currency or interval"),
        ("PERIOD END", "when the period that is paid for ends, by the earliest item"),
        ("ENDS", "when a scheduled cancellation takes effect"),
        ("NOTE", "what is out of the ordinary: paused, on trial, several items, on a test clock"),
    ),
}


def list_help(listing: Listing, *, read_only: bool) -> Rower:
    """Everything there is to know about a list's keys and words."""

    def rows(width: int) -> tuple[Row, ...]:
        signs = [Line(((glyph, style), (word, INK))) for word, (glyph, style) in STATUSES.items()]
        return parts(
            [
                *section("Words of the filter", _WORDS[listing.kind], width),
                *said("Several words must all hold.", width, DIM, indent=1),
            ],
            section("Columns", _COLUMNS[listing.kind], width),
            section("Move", _MOVES, width),
            *keys("webhooks" if listing.kind == "events" else "list", width, read_only=read_only),
            [heading("Signs before a status", width), *table(signs, width, indent=1)],
        )

    return rows
