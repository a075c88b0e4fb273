"""What Clerk and the app's database were last seen to say of everybody: one row for each subject and layer.

Only what drift and a first answer need: the plan as that layer has it, the addresses, the customer on record. Blocking, on a
connection in a transaction that the caller gives.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

Layer = Literal["clerk", "database"]

TABLES = (
    """create table subjects (layer text not null, key text not null, plan text not null, customer text not null,
    emails text not null, seen real not null, run integer not null, primary key (layer, key)) without rowid""",
    "create index subjects_customer on subjects (customer, layer) where customer <> ''",
    """create table subject_emails (email text not null, layer text not null, key text not null,
    primary key (email, layer, key)) without rowid""",
)


class Sighting(Struct, frozen=True, kw_only=True):
    """One layer's word on one subject.

    `key` is the layer's own: a Clerk user or organization, or the database row's key. `plan` is as a diagnosis reads it: the
    free tier where nothing stands. `emails` are in lower case. `seen` is in Unix seconds.
    """

    layer: Layer
    key: str
    plan: str
    customer: str = ""
    emails: tuple[str, ...] = ()
    seen: float


def note(database: sqlite3.Connection, found: Sequence[Sighting], run: int) -> None:
    """Adds or replaces what is known of these."""
    rows = [(held.layer, held.key, held.plan, held.customer, " ".join(held.emails), held.seen, run) for held in found]
    database.executemany("insert or replace into subjects values (?, ?, ?, ?, ?, ?, ?)", rows)
    addresses = [(email, held.layer, held.key) for held in found for email in held.emails]
    database.executemany("insert or ignore into subject_emails values (?, ?, ?)", addresses)


def sweep(database: sqlite3.Connection, layer: Layer, run: int) -> None:
    """Takes out whom a complete look at a layer has not met."""
    database.execute("delete from subjects where layer = ? and run <> ?", [layer, run])
    database.execute(
        """delete from subject_emails where layer = ?1
        and not exists (select 1 from subjects where layer = ?1 and key = subject_emails.key)""",
        [layer],
    )


def sightings(
    database: sqlite3.Connection, keys: Iterable[str], customers: Iterable[str], emails: Iterable[str]
) -> tuple[Sighting, ...]:
    """What is known of subjects with one of these keys, customers or addresses."""
    found: dict[tuple[str, str], Sighting] = {}
    asked = [("key = ?", key) for key in keys] + [("customer <> '' and customer = ?", held) for held in customers]
    asked += [("key in (select key from subject_emails where email = ?)", email.lower()) for email in emails]
    for where, value in asked:
        for row in database.execute(f"select * from subjects where {where}", [value]):  # noqa: S608 - our own words
            found[row["layer"], row["key"]] = Sighting(
                layer=row["layer"],
                key=row["key"],
                plan=row["plan"],
                customer=row["customer"],
                emails=tuple(row["emails"].split()),
                seen=row["seen"],
            )
    return tuple(found.values())
