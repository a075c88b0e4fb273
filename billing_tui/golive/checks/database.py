"""The live database: nothing of test mode in it, nobody on a plan that nobody pays for, and tables that let nothing in twice."""

from collections.abc import Callable, Iterable

from billing_tui.golive.books import Books, Seen
from billing_tui.golive.check import Found, by_hand, failed, live_check, passed, unknown
from billing_tui.golive.facts import Side
from billing_tui.golive.fixes import mend_rows
from billing_tui.model.database import Uniques
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap, Why
from billing_tui.model.golive import Fix
from billing_tui.model.profile import DatabaseTable
from billing_tui.model.text import listed, plural

_NO_DATABASE = "The app keeps its plans in no database that the profile names: look yourself, where it has one."


def _books(live: Side) -> Books | Found:
    held = live.books
    if isinstance(held, Gap):
        return by_hand(_NO_DATABASE) if held.why is Why.NOT_CONFIGURED else unknown(held)
    return held


def _of(books: Books) -> str:
    """How far one has looked."""
    if not books.held:
        return "no row names a customer or a paid tier"
    some = f"{len(books.seen)} of " if len(books.seen) < books.held else ""
    return f"{some}{plural(books.held, 'row')} that {'names' if books.held == 1 else 'name'} a customer or a paid tier"


@live_check("GL-34", "Nothing of test mode stands in the database", "high")
def no_test_ids(live: Side) -> Found:
    books = _books(live)
    if isinstance(books, Found):
        return books
    stale = [one for one in books.seen if one.standing in ("is in test mode", "is not in live mode")]
    if stale:
        return failed(
            f"{plural(len(stale), 'row')} of the live database {'names a customer' if len(stale) == 1 else 'name customers'} "
            f"that live mode does not have; looked at {_of(books)}.",
            *_facts(live, stale, lambda one: f"{one.customer_id} {one.standing}."),
            fix=mend_rows("Take the ids out of the rows.", [one.key for one in stale]),
        )
    return passed(f"What the rows name is there in live mode: looked at {_of(books)}.")


@live_check("GL-35", "Nobody is on a plan that nobody pays for", "high")
def no_unpaid(live: Side) -> Found:
    books = _books(live)
    if isinstance(books, Found):
        return books
    unpaid = [one for one in books.seen if one.standing not in ("pays", "was given") and live.profile.rank(one.plan) > 0]
    if unpaid:
        commands = [f"billing-tui grant {one.key} --plan {one.plan} --until DAY --reason WHY --mode live" for one in unpaid[:3]]
        return failed(
            f"{plural(len(unpaid), 'row')} of the live database {'has' if len(unpaid) == 1 else 'have'} a paid plan without a "
            f"subscription; looked at {_of(books)}.",
            *_facts(live, unpaid, lambda one: f"Has {one.plan}, and {_why(one)}."),
            fix=Fix(title="Mark a plan that was given as given, or diagnose and re-sync.", commands=tuple(commands)),
        )
    return passed(f"Who has a paid plan pays for it, or was given it: looked at {_of(books)}.")


def _why(one: Seen) -> str:
    return {"does not pay": f"{one.customer_id} has no running subscription"}.get(one.standing, one.standing)


def _facts(live: Side, rows: Iterable[Seen], says: Callable[[Seen], str]) -> list[Fact]:
    table = live.profile.database.table if live.profile.database else ""
    return [Fact(source="database.row", id=one.key, field=table, value=one.plan, says=says(one)) for one in rows]


@live_check("GL-36", "The tables let nothing in twice", "high")
def once_only(live: Side) -> Found:
    books, table = _books(live), live.profile.database
    if isinstance(books, Found) or table is None:
        return books if isinstance(books, Found) else by_hand(_NO_DATABASE)
    if isinstance(books.uniques, Gap):
        return unknown(books.uniques)
    missing = list(_missing(table, books.uniques))
    if missing:
        return failed(
            f"Nothing keeps {listed([f'{name}.{column}' for name, column in missing])} from standing there twice.",
            *(Fact(source="database.table", id=name, field=column, says=f"{column} is not unique.") for name, column in missing),
            fix=Fix(
                title="Make them unique, after the doubles are gone.",
                commands=tuple(f"CREATE UNIQUE INDEX {name}_{column}_once ON {name} ({column});" for name, column in missing),
            ),
        )
    if books.uniques.events is None:
        return by_hand(
            "A person has one row. Whether an event is worked through once is not known: no events_table is configured."
        )
    return passed("A person has one row, and an event is worked through once.")


def _missing(table: DatabaseTable, uniques: Uniques) -> Iterable[tuple[str, str]]:
    if (table.key_column,) not in uniques.rows:
        yield table.table, table.key_column
    if uniques.events is not None and (table.events_id_column,) not in uniques.events:
        yield table.events_table, table.events_id_column
