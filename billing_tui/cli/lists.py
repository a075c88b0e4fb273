"""`billing-tui list`: rows from the cache for people and scripts. It asks nobody."""

import csv
import io
from collections.abc import Sequence
from typing import Any, cast

import click
from msgspec import to_builtins

from billing_tui.cache.lacking import unread
from billing_tui.cache.rows import CustomerRow, EventRow, Kind, Row, SubscriptionRow, TierRow, View
from billing_tui.cache.shelf import Shelf
from billing_tui.cli.documents import list_document
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import cell, error_of, print_document
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.money import money
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean

OBJECTS = ("customers", "subscriptions", "tiers", "events")
_ON_A_TERMINAL = 100
_TIMES = frozenset(
    ["created", "period_start", "period_end", "ends_at", "trial_end", "canceled_at", "ended_at", "resumes_at", "compared_at"]
)


@click.command("list")
@click.argument("objects", type=click.Choice(OBJECTS))
@click.option(
    "--filter", "words", metavar="WORDS", default="", help="As on the screens: status:past_due plan:pro created:>30d lena."
)
@click.option("--sort", metavar="COLUMN", default="", help="Sort by a column, -COLUMN for the other way round.")
@click.option("--limit", type=click.IntRange(min=0), help="How many rows; 100 on a terminal, else all.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@shared_options
def list_(objects: str, words: str, sort: str, limit: int | None, as_csv: bool, asked: Asked) -> None:
    """Rows from the local cache; `billing-tui sync` brings it up to date.

    Ended subscriptions are in, deleted customers are not.
    """
    workspace = asked.open()
    shelf = workspace.shelf()
    try:
        if limit is None and not (asked.as_json or as_csv):
            limit = _ON_A_TERMINAL
        rows = (
            _tiers(shelf, words, sort, limit) if objects == "tiers" else _rows(shelf, cast("Kind", objects), words, sort, limit)
        )
        synced_at, lacking = shelf.synced_at, shelf.lacking
    finally:
        shelf.close()
    if synced_at is None:
        click.echo("Nothing was synced yet: run billing-tui sync.", err=True)
    needed = ("products", "prices") if objects == "tiers" else (objects,)
    problem = unread(lacking, *needed)
    flat = [_for_programs(row) for row in rows]
    if asked.as_json:
        document = list_document(workspace.profile, workspace.account_known(), objects, flat, synced_at)
        print_document(document | ({"error": error_of(problem)} if problem else {}))
    elif as_csv:
        click.echo(_csv(flat), nl=False)
    else:
        for line in rows:
            click.echo(_line(line))
    if problem:
        click.echo(f"{problem.message} {problem.hint}", err=True)
        click.get_current_context().exit(problem.exit_code)


def _rows(shelf: Shelf, kind: Kind, words: str, sort: str, limit: int | None) -> Sequence[Row]:
    view = View(kind, words, sort.lstrip("-"), reverse=sort.startswith("-"))
    return [row for row in shelf.rows(kind, shelf.ids(view, limit)) if row is not None]


def _tiers(shelf: Shelf, words: str, sort: str, limit: int | None) -> Sequence[TierRow]:
    """There are few, so they are filtered by name alone and sorted as the profile has them, or by subscribers."""
    rows = [row for row in shelf.tiers() if all(word.lower() in (row.tier or "").lower() for word in words.split())]
    column = sort.lstrip("-")
    if column not in ("", "tier", "subscribers"):
        raise BadUsage(f"Tiers have no column “{clean(column)}”.", "It is tier or subscribers.")
    if column == "subscribers":
        rows.sort(key=lambda row: row.subscribers)
    return (rows[::-1] if sort.startswith("-") else rows)[:limit]


def _for_programs(row: Row | TierRow) -> dict[str, Any]:
    """A row as the documents have it: times in words, nothing that means something to this cache alone."""
    held = cast("dict[str, Any]", to_builtins(row))
    held.pop("n", None)
    return _timed(held)


def _timed(held: dict[str, Any]) -> dict[str, Any]:
    for name, value in held.items():
        if name in _TIMES:
            held[name] = rfc3339(from_unix(value)) if value else None
        elif name in ("items", "prices"):
            held[name] = [_timed(each) for each in value]
    return held


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    """Lists and tables within a row are left out."""
    out = io.StringIO()
    if rows:
        names = [name for name, value in rows[0].items() if not isinstance(value, list | dict)]
        writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell(row[name]) for name in names} for row in rows)
    return out.getvalue()


def _line(row: Row | TierRow) -> str:
    match row:
        case CustomerRow():
            return _columns(
                (row.id, 20), (row.email or row.name, 36), (row.tier or "–", 12), (row.status, 10), (_day(row.created), 0)
            )
        case SubscriptionRow():
            what = money(row.amount, row.currency) + f" /{row.interval}" if row.amount is not None else "–"
            ends = f"ends {_day(row.ends_at)}" if row.ends_at and not row.ended_at else ""
            return _columns(
                (row.id, 30), (row.email or row.customer_id, 32), (row.tier or "?", 12), (row.status, 19), (what, 14), (ends, 0)
            )
        case EventRow():
            return _columns((row.id, 30), (_time(row.created), 17), (row.type, 36), (row.email or row.customer_id, 0))
        case TierRow():
            revenue = ", ".join(f"{money(amount, currency)} a month" for currency, amount in row.revenue.items())
            return _columns((row.tier or "no tier", 16), (f"{row.subscribers:,} subscribers", 22), (revenue or "–", 0))


def _columns(*cells: tuple[str, int]) -> str:
    return "  ".join(f"{text[:width] if width else text:<{width}}" for text, width in cells).rstrip()


def _day(seconds: int | None) -> str:
    return f"{from_unix(seconds):%Y-%m-%d}" if seconds else "–"


def _time(seconds: int) -> str:
    return f"{from_unix(seconds):%Y-%m-%d %H:%M}"
