"""Behind a real PgBouncer in transaction mode, as Supabase and Neon have it: each transaction is on whichever connection."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from billing_tui.model.database import ColumnChange
from billing_tui.model.problem import Problem
from billing_tui.model.profile import DatabaseTable
from tests.peers.database_servers import (
    PASSWORD,
    QUOTED,
    Book,
    Postgres,
    Server,
    free_port,
    is_answering,
    owned_directory,
    unprivileged,
)
from tests.peers.far_side import wait_for, wants
from tests.peers.test_database_reading import PLAIN, TABLE, USERS

pytestmark = pytest.mark.peer

CONFIG = """
[databases]
* = host=127.0.0.1 port={server} pool_size=2
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {directory}/users
pool_mode = transaction
ignore_startup_parameters = extra_float_digits
server_round_robin = 1
"""


@pytest.fixture
def pooled(server: Server) -> Iterator[str]:
    """The address of a pooler before the server, with the parameters that Prisma wants there."""
    if not isinstance(server, Postgres):
        pytest.skip("PgBouncer is PostgreSQL's")
    wants("pgbouncer")
    program, port = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"), free_port()
    with TemporaryDirectory(prefix="billing-tui-") as held:
        directory = owned_directory(Path(held), "postgres")
        users = "".join(f'"{login}" "{PASSWORD}"\n' for login in ("owner", "reader", "writer"))
        for name, text in {"users": users, "ini": CONFIG.format(server=server.port, port=port, directory=directory)}.items():
            (directory / name).write_text(text, encoding="utf-8")
            (directory / name).chmod(0o644)
        running = subprocess.Popen([*unprivileged("postgres"), str(program), "-q", directory / "ini"], stderr=subprocess.DEVNULL)
        wait_for(lambda: is_answering(port), "the pooler")
        yield f"127.0.0.1:{port}"
        running.terminate()
        running.wait(20)


def url(book: Book, pooled: str, login: str = "reader") -> str:
    asks = "pgbouncer=true&connection_limit=1&pool_timeout=10&schema=public"
    return f"postgres://{login}:{QUOTED}@{pooled}/{book.name}?{asks}"


def test_this_pooler_is_one_that_prepared_statements_break_on(server: Server, pooled: str) -> None:
    """Otherwise what follows would prove nothing."""
    book = server.book(*USERS)
    plain = url(book, pooled).partition("?")[0]
    held = [psycopg.connect(plain, prepare_threshold=0, autocommit=True) for _ in range(2)]
    broken = (psycopg.errors.DuplicatePreparedStatement, psycopg.errors.InvalidSqlStatementName)
    with pytest.raises(broken):
        [connection.execute('SELECT id FROM "User"') for _ in range(20) for connection in held]
    for connection in held:
        connection.close()


async def test_it_reads_all_day_and_writes(server: Server, pooled: str) -> None:
    book = server.book(*USERS)
    windows = [book.open(TABLE, url=url(book, pooled)) for _ in range(3)]
    for _ in range(8):
        found = await asyncio.gather(*(window.rows_by(key="user_1") for window in windows for _ in range(2)))
        assert {row.plan for rows in found for row in rows} == {"pro"}
        assert len(await windows[0].ledger(["evt_1", "evt_2"])) == 2
    for window in windows:
        await window.close()
    writer = book.open(TABLE, url=url(book, pooled, "writer"))
    for before, after in [("Pro Plan", "Other"), ("Other", "Pro Plan")] * 4:
        await writer.update_row("user_1", [ColumnChange("planKey", before, after)])
    await writer.close()
    assert book.run("""SELECT "planKey" FROM "User" WHERE id = 'user_1'""") == [("Pro Plan",)]


async def test_reading_there_can_neither_write_nor_leave_anything_behind(server: Server, pooled: str) -> None:
    settings = "current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')"
    function = "CREATE FUNCTION noted() RETURNS text LANGUAGE sql AS 'INSERT INTO notes VALUES (1) RETURNING ''pro'''"
    book = server.book(
        f"CREATE VIEW users AS SELECT 'a' AS id, {settings} AS plan", "CREATE TABLE notes (n INT)", function,
        "CREATE VIEW sly AS SELECT 'a' AS id, noted() AS plan",
    )  # fmt: skip
    database = book.open(PLAIN, url=url(book, pooled, "owner"), timeout=7)
    assert {row.plan for _ in range(6) for row in await database.rows_by(key="a")} == {"7s on"}
    with psycopg.connect(url(book, pooled, "owner").partition("?")[0], prepare_threshold=None) as other:
        assert other.execute("SELECT plan FROM users").fetchall() == [("0 off",)]
    await database.close()
    sly = book.open(DatabaseTable(table="sly", customer_id_column=""), url=url(book, pooled, "owner"))
    with pytest.raises(Problem):
        await sly.rows_by(key="a")
    await sly.close()
    assert book.run("SELECT count(*) FROM notes") == [(0,)]
