"""The rows of the Drift screen: everyone who pays for one thing and has another, by cause. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime

from billing_tui.cache.drift import CAUSES, Cause, Drifted
from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.moment import ago, from_unix
from billing_tui.model.text import plural
from billing_tui.tui.dialogs.explained import MOVES, keys, section
from billing_tui.tui.draw import Piece, fit, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK, LINK
from billing_tui.tui.ticket.table import heading, parts, said
from billing_tui.tui.widgets.rows import Row, Rower

WORDS: dict[Cause, tuple[str, str]] = {
    "both": ("Clerk and the database are behind", "r re-syncs"),
    "clerk": ("Clerk is behind", "r re-syncs"),
    "database": ("The database is behind", "r re-syncs"),
    "no_user": ("The payment names a user whom Clerk does not have", "find who they are: d, then l"),
    "no_link": ("The payment names nobody", "link them first: d, then l"),
    "no_tier": ("What was bought leads to no plan", "mend the product first: d, then M"),
}
HELPED: frozenset[Cause] = frozenset({"both", "clerk", "database"})
"""Those whom a re-sync can help."""
MOST = 2000


def drift_rows(
    found: Sequence[Drifted], marks: Collection[str], mask: Mask, at: datetime, width: int, *, looked: bool
) -> tuple[Row, ...]:
    """By cause, the worst first; a mark before whoever is taken along."""
    if not looked:
        return parts(
            [heading("Nobody was looked at yet.", width)],
            said("ctrl+r reads everybody in Clerk and the database, and compares them with what the cache has of Stripe.", width),
        )
    if not found:
        return parts([Row(row(("✓ Everybody has what they pay for.", GOOD)), stops=False)])
    shown = found[:MOST]
    groups = [_group(cause, [held for held in shown if held.cause == cause], marks, mask, at, width) for cause in CAUSES]
    more = said(f"{len(found) - MOST} more: billing-tui drift --csv lists them all.", width) if len(found) > MOST else []
    return parts(*groups, more)


def _group(cause: Cause, held: Sequence[Drifted], marks: Collection[str], mask: Mask, at: datetime, width: int) -> list[Row]:
    if not held:
        return []
    name, todo = WORDS[cause]
    return [
        heading(f"{name}: {len(held)}", width, todo),
        *(_line(one, one.customer_id in marks, mask, at, width) for one in held),
    ]


def _line(held: Drifted, marked: bool, mask: Mask, at: datetime, width: int) -> Row:
    plans: list[Piece] = [
        ("● " if marked else "  ", f"bold {LINK}"),
        (fit(held.expected or "?", 11), GOOD if held.expected else ATTENTION),
        ("  ", ""),
        *_layer("Clerk", held.clerk, held.expected),
        *_layer("database", held.database, held.expected),
        (fit(ago(from_unix(held.since), at), 15), DIM),
        ("  ", ""),
    ]
    room = width - sum(len(text) for text, _ in plans)
    who = mask(held.email) or held.subject or held.customer_id
    return Row(row(*plans, (fit(who, max(room, 8)), INK)), held.customer_id)


def _layer(name: str, plan: str | None, expected: str | None) -> tuple[Piece, ...]:
    style = DIM if plan is None else GOOD if plan == expected else BAD
    return ((f"{name} ", DIM), (fit("–" if plan is None else plan, 10), style), ("  ", ""))


def standing(found: Sequence[Drifted], marks: Collection[str]) -> str:
    """How many there are, and how many are marked."""
    return f"{plural(len(found), 'person', 'people')}" + (f", {len(marks)} marked" if marks else "")


def drift_help(*, read_only: bool) -> Rower:
    """The keys of the screen, and what the causes mean."""

    def rows(width: int) -> tuple[Row, ...]:
        about = (
            "Who pays, by what the cache has of Stripe, and what Clerk and the database said when they were last looked at. "
            "A plan that was given, or that nobody pays for, is no drift. A re-sync reads everybody again before it writes."
        )
        causes = [line for name, todo in WORDS.values() for line in said(f"{name}: {todo}.", width, INK, indent=1)]
        return parts(
            said(about, width, DIM),
            [heading("Causes", width), *causes],
            section("Move", MOVES, width),
            *keys("drift", width, read_only=read_only),
        )

    return rows
