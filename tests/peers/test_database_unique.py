"""What a real PostgreSQL and a real MariaDB let into a table once only, and what they do not."""

import pytest

from billing_tui.model.profile import DatabaseTable
from tests.peers.database_servers import Postgres, Server

pytestmark = pytest.mark.peer

TABLE = DatabaseTable(table="people", customer_id_column="", events_table="ledger")


async def test_keys_constraints_and_indexes_are_told(server: Server) -> None:
    book = server.book(
        "CREATE TABLE people (id VARCHAR(64), plan VARCHAR(40), mail VARCHAR(64), a INT, b INT, UNIQUE (mail))",
        "CREATE UNIQUE INDEX people_once ON people (id)",
        "CREATE UNIQUE INDEX both_once ON people (b, a)",
        "CREATE TABLE ledger (event_id VARCHAR(64) PRIMARY KEY, processed_at TIMESTAMP NULL)",
    )
    database = book.open(TABLE)
    try:
        found = await database.uniques()
    finally:
        await database.close()
    assert found.rows == {("id",), ("mail",), ("a", "b")}
    assert found.events == frozenset({("event_id",)})


async def test_what_may_stand_there_twice_is_not_told(server: Server) -> None:
    partial = ["CREATE UNIQUE INDEX of_some ON people (id) WHERE plan = 'pro'"] if isinstance(server, Postgres) else []
    book = server.book(
        "CREATE TABLE people (id VARCHAR(64), plan VARCHAR(40))",
        "CREATE INDEX people_often ON people (id)",
        *partial,
        "CREATE TABLE ledger (event_id VARCHAR(64), processed_at TIMESTAMP NULL)",
    )
    database = book.open(TABLE)
    try:
        found = await database.uniques()
    finally:
        await database.close()
    assert (found.rows, found.events) == (frozenset(), frozenset())
