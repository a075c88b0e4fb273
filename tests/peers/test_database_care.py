"""What a real server sees of the reading: nothing that writes, nothing that stays behind, nothing that a pooler stumbles over."""

import asyncio
from time import monotonic

import pytest

from billing_tui.model.problem import OutOfReach, Problem
from tests.peers.database_servers import Postgres, Server
from tests.peers.test_database_reading import PLAIN

pytestmark = pytest.mark.peer


async def test_reading_cannot_write_whatever_the_table_really_is(server: Server) -> None:
    """A view whose function writes: only the transaction itself can keep it from doing so."""
    if isinstance(server, Postgres):
        function = "CREATE FUNCTION noted() RETURNS text LANGUAGE sql AS 'INSERT INTO notes VALUES (1) RETURNING ''pro'''"
    else:
        function = "CREATE FUNCTION noted() RETURNS VARCHAR(9) BEGIN INSERT INTO notes VALUES (1); RETURN 'pro'; END"
    book = server.book("CREATE TABLE notes (n INT)", function, "CREATE VIEW users AS SELECT 'a' AS id, noted() AS plan")
    database = book.open(PLAIN, url=book.url("owner"))
    with pytest.raises(Problem):
        await database.rows_by(key="a")
    await database.close()
    assert book.run("SELECT count(*) FROM notes") == [(0,)]


async def test_a_question_that_takes_too_long_ends_on_the_server_too(server: Server) -> None:
    slow = "pg_sleep(20)::text" if isinstance(server, Postgres) else "SLEEP(20)"
    book = server.book(f"CREATE VIEW users AS SELECT 'a' AS id, {slow} AS plan")
    database = book.open(PLAIN, timeout=0.5)
    with pytest.raises(OutOfReach) as told:
        await database.rows_by(key="a")
    assert told.value.code == "timeout"
    if isinstance(server, Postgres):
        running = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'"
    else:
        running = "SELECT count(*) FROM information_schema.processlist WHERE user = 'reader' AND command = 'Query'"
    deadline = monotonic() + 8
    while book.run(running) != [(0,)]:
        assert monotonic() < deadline, "it is still running"
    await database.close()


async def test_nothing_is_prepared_that_a_pooler_would_not_find_again(server: Server) -> None:
    if not isinstance(server, Postgres):
        pytest.skip("only PostgreSQL's driver prepares by itself")
    book = server.book("CREATE VIEW users AS SELECT 'a' AS id, (SELECT count(*) FROM pg_prepared_statements)::text AS plan")
    database = book.open(PLAIN)
    assert {row.plan for _ in range(12) for row in await database.rows_by(key="a")} == {"0"}
    await database.close()


async def test_what_is_set_is_set_for_the_transaction_alone(server: Server) -> None:
    """Behind a pooler the next transaction may be somebody else's."""
    if not isinstance(server, Postgres):
        pytest.skip("MariaDB's poolers keep a session together")
    settings = "current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')"
    book = server.book(f"CREATE VIEW users AS SELECT 'a' AS id, {settings} AS plan")
    database = book.open(PLAIN, timeout=7.0)
    (row,) = await database.rows_by(key="a")
    assert row.plan == "7s on"
    await database.close()


async def test_a_connection_that_was_cut_is_made_anew(server: Server) -> None:
    book = server.book("CREATE TABLE users (id VARCHAR(9), plan VARCHAR(9))", "INSERT INTO users VALUES ('a', 'pro')")
    database = book.open(PLAIN)
    assert len(await database.rows_by(key="a")) == 1
    if isinstance(server, Postgres):
        book.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader' AND datname = '{book.name}'")
    else:
        listed = f"SELECT id FROM information_schema.processlist WHERE user = 'reader' AND db = '{book.name}'"
        book.run(*(f"KILL {number}" for (number,) in book.run(listed)))
    assert len(await database.rows_by(key="a")) == 1
    await database.close()


async def test_what_is_closed_while_it_waits_leaves_no_connection_behind(server: Server) -> None:
    pg = isinstance(server, Postgres)
    book = server.book(f"CREATE VIEW users AS SELECT 'a' AS id, {'pg_sleep(0.4)::text' if pg else 'SLEEP(0.4)'} AS plan")
    listed = (
        f"SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND datname = '{book.name}'"
        if pg
        else f"SELECT count(*) FROM information_schema.processlist WHERE user = 'reader' AND db = '{book.name}'"
    )

    async def connected(count: int) -> None:
        deadline = monotonic() + 8
        while book.run(listed) != [(count,)]:
            assert monotonic() < deadline, f"never {count}"
            await asyncio.sleep(0.01)

    database = book.open(PLAIN)
    asked = asyncio.ensure_future(database.rows_by(key="a"))
    await connected(1)
    await database.close()
    assert len(await asked) == 1
    await connected(0)
