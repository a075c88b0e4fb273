"""Writing one row of a real PostgreSQL or MariaDB: in the column's own type, by the login that may, or not at all."""

import asyncio
from datetime import UTC, datetime
from typing import Literal

import pytest

from billing_tui.model.database import ColumnChange
from billing_tui.model.problem import KeyRefused, OutOfReach, Refused
from billing_tui.model.profile import DatabaseTable
from tests.peers.database_servers import Book, Postgres, Server
from tests.peers.test_database_reading import PLAIN

pytestmark = pytest.mark.peer

END, LATER = "2026-12-20T09:30:00Z", "2027-01-20T09:30:00Z"
MOMENT = datetime(2026, 12, 20, 9, 30, tzinfo=UTC)


def people(server: Server) -> Book:
    return server.book(
        "CREATE TABLE users (id VARCHAR(40) PRIMARY KEY, plan VARCHAR(20), note VARCHAR(20))",
        "INSERT INTO users VALUES ('user_1', 'free', 'x'), ('user_2', NULL, 'x')",
    )


async def test_only_what_the_plan_saw_is_written_and_by_the_login_that_may(server: Server) -> None:
    book = people(server)
    database = book.open(PLAIN)
    await database.update_row("user_1", [ColumnChange("plan", "free", "pro")])
    await database.update_row("user_2", [ColumnChange("plan", None, "pro"), ColumnChange("note", "x", None)])
    assert book.run("SELECT * FROM users ORDER BY id") == [("user_1", "pro", "x"), ("user_2", "pro", None)]
    for key, before in (("user_1", "free"), ("user_1", None), ("user_1", "PRO"), ("user_3", None), ("user_%", "pro")):
        with pytest.raises(Refused) as told:
            await database.update_row(key, [ColumnChange("plan", before, "team")])
        assert told.value.code == "changed"
    await database.close()
    reading = book.open(PLAIN, writer="reader")
    with pytest.raises(KeyRefused) as refused:
        await reading.update_row("user_1", [ColumnChange("plan", "pro", "team")])
    assert refused.value.code == "no_permission"
    await reading.close()
    assert book.run("SELECT * FROM users ORDER BY id") == [("user_1", "pro", "x"), ("user_2", "pro", None)]


async def test_of_two_that_write_at_once_one_is_refused(server: Server) -> None:
    book = people(server)
    databases = [book.open(PLAIN) for _ in range(4)]
    writes = [
        each.update_row("user_1", [ColumnChange("plan", "free", f"plan {number}")]) for number, each in enumerate(databases)
    ]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(one) for one in outcomes if one] == [Refused] * 3
    won = outcomes.index(None)
    assert book.run("SELECT plan FROM users WHERE id = 'user_1'") == [(f"plan {won}",)]
    await asyncio.gather(*(each.close() for each in databases))


async def test_two_rows_of_one_key_are_not_written(server: Server) -> None:
    book = server.book(
        "CREATE TABLE users (id VARCHAR(9), plan VARCHAR(9))", "INSERT INTO users VALUES ('a', 'free'), ('a', 'free')"
    )
    database = book.open(PLAIN)
    with pytest.raises(Refused, match="several such rows"):
        await database.update_row("a", [ColumnChange("plan", "free", "pro")])
    await database.close()


MOMENTS = [
    pytest.param("TIMESTAMP NULL", "TIMESTAMP", "", "'2026-12-20 09:30:00'", id="timestamp"),
    pytest.param("DATETIME(6)", "TIMESTAMPTZ", "", "'2026-12-20 09:30:00'", id="with its zone, or fractions"),
    pytest.param("BIGINT", "BIGINT", "", "1797759000", id="seconds, found out"),
    pytest.param("INT UNSIGNED", "INTEGER", "unix", "1797759000", id="seconds"),
    pytest.param("BIGINT", "BIGINT", "", "1797759000000", id="milliseconds, found out"),
    pytest.param("BIGINT", "BIGINT", "unix_ms", "1797759000000", id="milliseconds"),
    pytest.param("VARCHAR(40)", "TEXT", "", "'2026-12-20T09:30:00.000Z'", id="text as JavaScript writes it"),
    pytest.param("VARCHAR(40)", "TEXT", "iso", "'2026-12-20T09:30:00Z'", id="text"),
    pytest.param("DECIMAL(14,3)", "NUMERIC(14,3)", "", "1797759000.000", id="seconds with fractions"),
]


@pytest.mark.parametrize(("maria", "postgres", "form", "held"), MOMENTS)
async def test_a_period_end_is_written_as_the_app_writes_it(
    server: Server, maria: str, postgres: str, form: Literal["", "unix", "unix_ms", "iso"], held: str
) -> None:
    kind = postgres if isinstance(server, Postgres) else maria
    book = server.book(
        f"CREATE TABLE users (id VARCHAR(9), plan VARCHAR(9), ends {kind})",
        f"INSERT INTO users VALUES ('a', 'pro', {held}), ('b', 'free', NULL)",
    )
    database = book.open(DatabaseTable(customer_id_column="", period_end_column="ends", period_end_type=form))
    (row,) = await database.rows_by(key="a")
    assert row.period_end == MOMENT
    assert row.columns["ends"] == END
    await database.update_row("b", [ColumnChange("ends", None, END)])
    written = dict(book.run("SELECT id, ends FROM users"))
    assert written["a"] == written["b"]
    await database.update_row("a", [ColumnChange("ends", END, LATER)])
    with pytest.raises(Refused):
        await database.update_row("a", [ColumnChange("ends", END, None)])
    await database.update_row("a", [ColumnChange("ends", LATER, END)])
    assert dict(book.run("SELECT id, ends FROM users")) == written
    await database.update_row("a", [ColumnChange("ends", END, None)])
    assert dict(book.run("SELECT id, ends FROM users"))["a"] is None
    await database.close()


async def test_flags_enums_numbers_and_json_are_written_in_their_type(server: Server) -> None:
    pg = isinstance(server, Postgres)
    kinds = ("tier", "jsonb") if pg else ("ENUM('free', 'pro')", "JSON")
    before = ("CREATE TYPE tier AS ENUM ('free', 'pro')",) if pg else ()
    book = server.book(
        *before,
        f"CREATE TABLE users (id VARCHAR(9), plan {kinds[0]}, stopping BOOLEAN, seats INT, data {kinds[1]})",
        """INSERT INTO users VALUES ('a', 'free', FALSE, 1, '{"x": 1}')""",
    )
    database = book.open(DatabaseTable(customer_id_column="", cancel_at_period_end_column="stopping"))
    changes = [ColumnChange("plan", "free", "pro"), ColumnChange("stopping", "false", "true"), ColumnChange("seats", "1", "5")]
    await database.update_row("a", changes)
    (row,) = book.run("SELECT plan, stopping, seats, data FROM users")
    assert (row[0], bool(row[1]), row[2]) == ("pro", True, 5)
    await database.close()


async def test_a_row_that_somebody_holds_is_a_plain_no_and_nothing_is_written(server: Server) -> None:
    book = people(server)
    database = book.open(PLAIN, timeout=1.0)
    with book.holding("SELECT * FROM users WHERE id = 'user_1' FOR UPDATE"), pytest.raises(OutOfReach) as told:
        await database.update_row("user_1", [ColumnChange("plan", "free", "pro")])
    assert told.value.code in ("busy", "timeout"), told.value.message
    assert book.run("SELECT plan FROM users WHERE id = 'user_1'") == [("free",)]
    await database.update_row("user_1", [ColumnChange("plan", "free", "pro")])
    await database.close()
