"""Who pays for one thing and has another: what Stripe's facts come to, beside what Clerk and the database were seen to say.

Found for everybody at once after a survey, and kept as a table, so that asking for it costs no more than its rows. Who a
subscription is whose is read as a diagnosis reads it: the profile's places in order, then the customer id on record. An e-mail
is enough to show somebody, never to call the link right. Blocking, on a connection in a transaction that the caller gives.
"""

import sqlite3
from collections.abc import Sequence
from typing import Literal, get_args

from msgspec import Struct

from billing_tui.model.profile import Profile

Cause = Literal["both", "clerk", "database", "no_user", "no_link", "no_tier"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
# A change younger than this is on its way to the layers, not lost.
_IN_FLIGHT = 120

TABLES = (
    """create table drift (subscription text primary key, customer text not null, subject text, expected text, clerk text,
    database text, cause text not null, since integer not null) without rowid""",
    "create index drift_cause on drift (cause, since)",
    "create index drift_subject on drift (subject)",
)


class Drifted(Struct, frozen=True, kw_only=True):
    """Somebody who pays and lacks it. None is unknown, or no such layer; `since` is in Unix seconds."""

    subject: str | None
    customer_id: str
    subscription_id: str
    email: str
    expected: str | None
    clerk: str | None
    database: str | None
    cause: Cause
    since: int


def find(database: sqlite3.Connection, profile: Profile, layers: Sequence[str], now: float) -> int:
    """Fills the table for the layers that were looked at; how many paid subjects there are."""
    free = profile.free
    database.execute("drop table if exists temp.paying")
    sql, values = _paying(profile)
    database.execute(f"create temp table paying as {sql}", values)
    has = {"clerk": "clerk" in layers, "database": "database" in layers}
    clerk = "(select plan from subjects where layer = 'clerk' and key = who)" if has["clerk"] else "null"
    row = f"(select plan from subjects where layer = 'database' and {_row_of(profile)})"  # noqa: S608 - our own words
    stored = f"coalesce({row}, iif(who is null, null, :free))" if has["database"] else "null"
    database.execute("delete from drift")
    database.execute(
        f"""insert into drift
        with best as (select *, max(rank * 10000000000.0 + created) from paying group by coalesce(who, customer)),
        seen as (select *, {clerk} as clerk, {stored} as stored from best),
        judged as (select *, :in_clerk and clerk is not tier as clerk_off, :in_database and stored is not tier as stored_off
            from seen)
        select id, customer, who, tier, clerk, stored,
            case when tier is null then 'no_tier' when linked is null then 'no_link'
                when :in_clerk and clerk is null then 'no_user' when clerk_off and stored_off then 'both'
                when clerk_off then 'clerk' else 'database' end,
            max(created, coalesce((select max(created) from events where events.subscription = judged.id
                and type like 'customer.subscription.%'), 0))
        from judged where iif(tier is null, clerk is :free or stored is :free, clerk_off or stored_off)""",  # noqa: S608
        {"free": free, "in_clerk": has["clerk"], "in_database": has["database"]},
    )
    database.execute("delete from drift where since > ?", [now - _IN_FLIGHT])
    checked = database.execute("select count(distinct coalesce(who, customer)) from paying").fetchone()[0]
    database.execute("drop table temp.paying")
    return int(checked)


def _paying(profile: Profile) -> tuple[str, list[str]]:
    """Every paid subscription with whom it names, `linked`, and whom it is taken for, `who`."""
    places, values = [], []
    for path in profile.user_id_from:
        root, _, key = path.partition(".metadata.")
        if root in ("subscription", "customer") and key:
            places.append(f"nullif(trim({root}s.metadata ->> ?), '')")
            values.append(key)
    keyed = profile.database is None or profile.database.key_is == "clerk_id"
    layers = "('clerk', 'database')" if keyed else "('clerk')"
    on_record = (
        f"(select key from subjects where customer <> '' and customer = subscriptions.customer and layer in {layers} limit 1)"  # noqa: S608
    )
    by_email = """(select iif(count(distinct key) = 1, max(key), null) from subject_emails
        where email = lower(customers.email) and layer = 'clerk')"""
    linked = f"coalesce({', '.join([*places, on_record, 'null'])})"
    sql = f"""select subscriptions.id, subscriptions.customer, subscriptions.tier, subscriptions.rank, subscriptions.created,
        lower(customers.email) as email, {linked} as linked, coalesce({linked}, {by_email}) as who
        from subscriptions left join customers on customers.id = subscriptions.customer where subscriptions.paid"""  # noqa: S608
    return sql, [*values, *values]


def _row_of(profile: Profile) -> str:
    """Which row of the app's table is somebody's, by what the table's key is."""
    kind = profile.database.key_is if profile.database else "clerk_id"
    if kind == "customer_id":
        return "key = best.customer"
    if kind == "email":
        return "key = best.email"
    return "(key = who or who is null and customer <> '' and customer = best.customer)"


def drifted(database: sqlite3.Connection, cause: str = "", limit: int | None = None) -> list[Drifted]:
    """The table, worst cause first, the longest off first."""
    order = " ".join(f"when '{name}' then {number}" for number, name in enumerate(CAUSES))
    where = "where cause = ?" if cause else ""
    sql = f"""select drift.*, coalesce(customers.email, '') as email from drift left join customers
        on customers.id = drift.customer {where} order by case cause {order} end, since, subscription limit ?"""  # noqa: S608
    return [_row(row) for row in database.execute(sql, [*([cause] if cause else []), -1 if limit is None else limit])]


def _row(row: sqlite3.Row) -> Drifted:
    return Drifted(
        subject=row["subject"],
        customer_id=row["customer"],
        subscription_id=row["subscription"],
        email=row["email"],
        expected=row["expected"],
        clerk=row["clerk"],
        database=row["database"],
        cause=row["cause"],
        since=row["since"],
    )


def settle(database: sqlite3.Connection, subject: str, layer: Literal["clerk", "database"], plan: str) -> None:
    """One layer of one subject was seen again: who is right everywhere now is taken out."""
    database.execute(f"update drift set {layer} = ? where subject = ?", [plan, subject])  # noqa: S608 - one of two words
    database.execute(
        """delete from drift where subject = ? and expected is not null
        and coalesce(clerk, expected) = expected and coalesce(database, expected) = expected and cause in ('both', ?)""",
        [subject, layer],
    )
