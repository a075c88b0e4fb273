"""Real SQLite files for the database service, and a second connection to look and meddle with."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from billing_tui.model.profile import DatabaseTable
from billing_tui.services.database import AppDatabase, open_database
from billing_tui.settings.secret import Secret

USERS = """
create table users (
    id text primary key, mail text, plan text, "stripeCustomerId" text, sub text, state text,
    ends integer, stopping boolean, touched datetime
);
insert into users values
    ('user_1', 'Lena@Kornfeld.example', 'Pro Plan', 'cus_1', 'sub_1', 'cancelled', 1766188800, 0, '2025-12-20 00:00:00.000'),
    ('user_2', 'ben@example.example', null, 'cus_2', null, null, null, null, null);
create table processed (event_id text primary key, processed_at text);
insert into processed values ('evt_1', '2025-12-20T01:02:03Z'), ('evt_2', null);
"""
TABLE = DatabaseTable(
    plan_values={"free": "", "pro": "Pro Plan"},
    status_values={"canceled": "cancelled"},
    email_column="mail",
    customer_id_column="stripeCustomerId",
    subscription_id_column="sub",
    status_column="state",
    period_end_column="ends",
    cancel_at_period_end_column="stopping",
    updated_at_column="touched",
    events_table="processed",
)


class Files:
    """A directory of SQLite databases."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "app ü.db"

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection of somebody else's."""
        connection = sqlite3.connect(self.path)
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()

    def run(self, sql: str) -> list[tuple[object, ...]]:
        """What a statement gives, or a script with nothing to give."""
        with self.connection() as connection:
            if ";" in sql:
                connection.executescript(sql)
                return []
            return connection.execute(sql).fetchall()

    def open(self, layout: DatabaseTable = TABLE, /, *, timeout: float = 10.0, **changes: object) -> AppDatabase:
        """The service over this file."""
        url = Secret(f"sqlite:///{self.path}", "database_url", "environment")
        return open_database(url, msgspec.structs.replace(layout, **changes), timeout)


def plain(**changes: object) -> DatabaseTable:
    """A table `t` with a key, a plan, and what is given."""
    return msgspec.structs.replace(DatabaseTable(table="t", customer_id_column=""), **changes)
