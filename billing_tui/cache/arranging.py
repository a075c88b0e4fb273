"""What makes a big cache quick: indexes for sorting, made once the first listing is through, and columns that triggers keep.

An index costs time for every row that comes in; made afterwards, all of them together cost a few seconds for a million rows.
Blocking, on a connection in a transaction that the caller gives.
"""

import sqlite3

# A customer's best subscription: paid before unpaid, then the highest tier, then the newest; ended ones don't count.
_BEST = """update customers set (tier, rank, status) = (select tier, rank, status from subscriptions
        where customer = customers.id and not ended order by paid desc, rank desc, created desc, id desc limit 1),
    live = (select count(*) from subscriptions where customer = customers.id and not ended) where id = {}"""
_OWNER = "coalesce(nullif({0}.email, ''), {0}.name)"
_OWNED = f"""update subscriptions set owner =
    coalesce((select {_OWNER.format("customers")} from customers where id = new.customer), '') where n = {{}}"""  # noqa: S608
_DECIDES = ("customer", "status", "paid", "ended", "tier", "rank")
_CHANGED = " or ".join(f"old.{name} is not new.{name}" for name in _DECIDES)

TRIGGERS = (
    f"""create trigger subscriptions_in after insert on subscriptions begin
    {_BEST.format("new.customer")};
    {_OWNED.format("new.n")};
    end""",
    f"""create trigger subscriptions_changed after update of {", ".join(_DECIDES)} on subscriptions when {_CHANGED} begin
    {_BEST.format("new.customer")};
    {_BEST.format("old.customer and old.customer <> new.customer")};
    {_OWNED.format("new.n and old.customer <> new.customer")};
    end""",
    f"""create trigger subscriptions_out after delete on subscriptions begin
    {_BEST.format("old.customer")};
    end""",
    f"""create trigger customers_in after insert on customers
    when exists (select 1 from subscriptions where customer = new.id) begin
    {_BEST.format("new.id")};
    update subscriptions set owner = {_OWNER.format("new")} where customer = new.id;
    end""",  # noqa: S608 - our own words
    f"""create trigger customers_renamed after update of email, name on customers
    when old.email is not new.email or old.name is not new.name begin
    update subscriptions set owner = {_OWNER.format("new")} where customer = new.id;
    end""",  # noqa: S608 - our own words
    """create trigger customers_out after delete on customers begin
    update subscriptions set owner = '' where customer = old.id;
    end""",
)

_INDEXES = {
    "customers_name": "customers (name collate nocase, id)",
    "customers_rank": "customers (rank, id)",
    "customers_status": "customers (status, id)",
    "customers_tier": "customers (tier collate nocase, created, id)",
    "subscriptions_owner": "subscriptions (owner collate nocase, id)",
    "subscriptions_rank": "subscriptions (rank, id)",
    "subscriptions_status": "subscriptions (status, created, id)",
    "subscriptions_status_id": "subscriptions (status, id)",
    "subscriptions_amount": "subscriptions (amount, id)",
    "subscriptions_currency": "subscriptions (currency, id)",
    "subscriptions_period": "subscriptions (period_end, id)",
    "subscriptions_ends": "subscriptions (ends_at, id)",
    "subscriptions_trial": "subscriptions (trial_end, id)",
    "subscriptions_sold": "subscriptions (paid, several, price, tier, status, paused, quantity)",
    "events_type": "events (type, created, id)",
}


def missing(database: sqlite3.Connection) -> list[str]:
    """Names of the indexes that are still to be made."""
    there = {row[0] for row in database.execute("select name from sqlite_master where type = 'index'")}
    return [name for name in _INDEXES if name not in there]


def make(database: sqlite3.Connection, name: str) -> None:
    """Makes one, unless somebody else has."""
    database.execute(f"create index if not exists {name} on {_INDEXES[name]}")


def note_figures(database: sqlite3.Connection) -> None:
    """Tells SQLite how the values are spread, so that it takes the right index."""
    database.execute("pragma analysis_limit = 1000")
    database.execute("analyze")
