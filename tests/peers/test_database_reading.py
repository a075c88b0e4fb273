"""Reading from a real PostgreSQL and a real MariaDB: how people write the URL, what apps call things, what a login may not do."""

from datetime import UTC, datetime

import pytest

from billing_tui.model.problem import BadUsage, KeyRefused, OutOfReach, Problem
from billing_tui.model.profile import DatabaseTable
from tests.peers.database_servers import QUOTED, Book, Postgres, Server

pytestmark = pytest.mark.peer

USERS = (
    'CREATE TABLE "User" (id VARCHAR(64) PRIMARY KEY, email VARCHAR(200), "planKey" VARCHAR(40), "stripeCustomerId" VARCHAR(64),'
    ' "cancelAtPeriodEnd" BOOLEAN, "subscriptionCurrentPeriodEnd" TIMESTAMP NULL, status VARCHAR(20))',
    """INSERT INTO "User" VALUES ('user_1', 'Lena@Kornfeld.example', 'Pro Plan', 'cus_1', TRUE, '2026-12-20 09:00:00', 'active'),
    ('user_2', 'ben@b.example', NULL, NULL, FALSE, NULL, NULL)""",
    "CREATE TABLE processed_events (event_id VARCHAR(64) PRIMARY KEY, processed_at TIMESTAMP NULL)",
    "INSERT INTO processed_events VALUES ('evt_1', '2026-11-20 09:00:00'), ('evt_2', NULL)",
)
TABLE = DatabaseTable(
    table="User",
    plan_column="planKey",
    plan_values={"free": "", "pro": "Pro Plan"},
    email_column="email",
    customer_id_column="stripeCustomerId",
    status_column="status",
    period_end_column="subscriptionCurrentPeriodEnd",
    cancel_at_period_end_column="cancelAtPeriodEnd",
    events_table="processed_events",
)
PLAIN = DatabaseTable(customer_id_column="")
"""A table `users` with an `id` and a `plan`."""


@pytest.fixture(scope="module")
def book(server: Server) -> Book:
    return server.book(*USERS)


async def refusal(book: Book, table: DatabaseTable = TABLE, *, url: str = "") -> Problem:
    """What reading is refused with."""
    database = book.open(table, url=url)
    try:
        with pytest.raises(Problem) as told:
            await database.rows_by(key="user_1")
    finally:
        await database.close()
    assert "p@ss" not in str(told.value)
    return told.value


async def test_a_row_is_found_by_key_mail_and_customer_whatever_their_case(book: Book) -> None:
    database = book.open(TABLE)
    (lena,) = await database.rows_by(key="user_1")
    assert (lena.plan, lena.raw_plan, lena.status) == ("pro", "Pro Plan", "active")
    assert (lena.period_end, lena.cancel_at_period_end) == (datetime(2026, 12, 20, 9, tzinfo=UTC), True)
    (ben,) = await database.rows_by(key="user_2")
    assert (ben.plan, ben.raw_plan, ben.customer_id, ben.period_end, ben.cancel_at_period_end) == (
        "free",
        None,
        None,
        None,
        False,
    )
    assert await database.rows_by(email="LENA@kornfeld.example") == [lena]
    assert await database.rows_by(customer_id="cus_1") == [lena]
    assert await database.rows_by(key="user_%' OR '1'='1") == []
    assert [row.key for row in await database.rows_after(None, 10)] == ["user_1", "user_2"]
    assert [row.key for row in await database.rows_after("user_1", 10)] == ["user_2"]
    held = await database.ledger(["evt_1", "evt_2", "evt_3"])
    assert {entry.event_id: entry.processed_at for entry in held} == {
        "evt_1": datetime(2026, 11, 20, 9, tzinfo=UTC),
        "evt_2": None,
    }
    await database.close()


async def test_urls_are_read_as_people_have_them(book: Book) -> None:
    schemes = {"postgresql": ("postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg")}
    prisma = (
        "schema=public&connection_limit=1&pgbouncer=true&pool_timeout=2"
        if isinstance(book.server, Postgres)
        else "connection_limit=1"
    )
    for scheme in schemes.get(book.server.scheme, ("mysql", "mariadb", "mysql+pymysql", "mysql+aiomysql")):
        database = book.open(TABLE, url=book.url(scheme=scheme, asks=prisma))
        assert [row.key for row in await database.rows_by(key="user_1")] == ["user_1"]
        assert database.describe() == f"db {book.name}@127.0.0.1"
        await database.close()


async def test_a_socket_does_as_well_as_a_port(server: Server, book: Book) -> None:
    if isinstance(server, Postgres):
        url = f"postgresql://reader:{QUOTED}@/{book.name}?host={server.directory}&port={server.port}"
    else:
        server.run("", "CREATE USER near@localhost IDENTIFIED BY 'x'", f"GRANT SELECT ON {book.name}.* TO near@localhost")
        url = f"mysql://near:x@localhost/{book.name}?unix_socket={server.directory}/socket"
    database = book.open(TABLE, url=url)
    assert [row.key for row in await database.rows_by(key="user_1")] == ["user_1"]
    await database.close()


async def test_another_schema_is_named_before_the_table_or_in_the_url(server: Server) -> None:
    if not isinstance(server, Postgres):
        other = server.book("CREATE TABLE users (id VARCHAR(40), plan VARCHAR(20))", "INSERT INTO users VALUES ('user_1', 'pro')")
        book, table, url = server.book(), f"{other.name}.users", ""
    else:
        book, table = server.book(), "Billing Data.users"
        book.run(
            'CREATE SCHEMA "Billing Data"',
            'CREATE TABLE "Billing Data".users (id text, plan text)',
            """INSERT INTO "Billing Data".users VALUES ('user_1', 'pro')""",
            'GRANT USAGE ON SCHEMA "Billing Data" TO reader',
        )
        url = book.url(asks="schema=Billing%20Data")
    for changes in ((table, ""), ("users", url)) if url else ((table, ""),):
        database = book.open(DatabaseTable(table=changes[0], customer_id_column=""), url=changes[1])
        assert [row.plan for row in await database.rows_by(key="user_1")] == ["pro"]
        await database.close()


async def test_a_view_is_as_good_as_a_table(server: Server) -> None:
    joined = "CREATE VIEW users AS SELECT p.id, s.plan FROM people p LEFT JOIN subs s ON s.person = p.id"
    book = server.book(
        "CREATE TABLE people (id VARCHAR(40))",
        "CREATE TABLE subs (person VARCHAR(40), plan VARCHAR(20))",
        "INSERT INTO people VALUES ('user_1'), ('user_2')",
        "INSERT INTO subs VALUES ('user_1', 'pro')",
        joined,
    )
    database = book.open(PLAIN)
    assert [(row.key, row.plan) for row in await database.rows_after(None, 10)] == [("user_1", "pro"), ("user_2", None)]
    await database.close()


async def test_a_materialized_view_is_too(server: Server) -> None:
    if not isinstance(server, Postgres):
        pytest.skip("MariaDB has none")
    book = server.book("CREATE MATERIALIZED VIEW users AS SELECT 'user_1'::text AS id, 'pro'::text AS plan")
    database = book.open(PLAIN)
    assert [row.plan for row in await database.rows_by(key="user_1")] == ["pro"]
    await database.close()


async def test_keys_that_are_uuids_or_numbers_are_compared_as_such(server: Server) -> None:
    uuid = "0b6c9e1a-4f0d-4c55-9a3e-000000000001"
    for kind, key, others in (
        ("UUID", uuid, ("user_1", "12")),
        ("BIGINT", "12", ("user_1", uuid)),
        ("INT", "12", ("9" * 18, "1.2")),
    ):
        book = server.book(f"CREATE TABLE users (id {kind}, plan VARCHAR(20))", f"INSERT INTO users VALUES ('{key}', 'pro')")
        database = book.open(PLAIN)
        assert [row.key for row in await database.rows_by(key=key)] == [key]
        assert [await database.rows_by(key=other) for other in others] == [[], []]
        assert [row.key for row in await database.rows_after("1" if kind != "UUID" else None, 5)] == [key]
        assert await database.rows_after(key, 5) == []
        await database.close()


async def test_an_enum_and_json_are_read_as_their_text(server: Server) -> None:
    pg = isinstance(server, Postgres)
    before = ("CREATE TYPE tier AS ENUM ('free', 'PRO')",) if pg else ()
    kinds = ("tier", "jsonb") if pg else ("ENUM('free', 'PRO')", "JSON")
    book = server.book(
        *before,
        f"CREATE TABLE users (id VARCHAR(40), plan {kinds[0]}, status {kinds[1]})",
        """INSERT INTO users VALUES ('user_1', 'PRO', '{"state": "active"}')""",
    )
    database = book.open(DatabaseTable(customer_id_column="", status_column="status"))
    (row,) = await database.rows_by(key="user_1")
    assert (row.plan, row.status) == ("PRO", '{"state": "active"}')
    await database.close()


@pytest.mark.parametrize(
    ("table", "code", "named"),
    [
        (DatabaseTable(table="Users"), "missing_table", "Users"),
        (DatabaseTable(table="User", plan_column="plankey"), "missing_column", "plankey"),
        (DatabaseTable(table="User", plan_column="planKey", customer_id_column="customer"), "missing_column", "customer"),
    ],
)
async def test_what_is_not_there_is_named(book: Book, table: DatabaseTable, code: str, named: str) -> None:
    told = await refusal(book, table)
    assert (type(told), told.code) == (BadUsage, code)
    assert named in told.message
    assert "Did you mean" in told.hint


async def test_a_schema_that_is_not_there_is_not_taken_for_an_outage(book: Book) -> None:
    told = await refusal(book, DatabaseTable(table="nowhere.User"))
    # MariaDB does not tell a login what it may not see from what is not there.
    assert told.code == ("missing_table" if isinstance(book.server, Postgres) else "no_permission")


async def test_a_login_that_may_not_is_told_from_one_that_is_wrong(server: Server, book: Book) -> None:
    wrong = await refusal(book, url=book.url(password="nonsense"))
    assert (type(wrong), wrong.code) == (KeyRefused, "database_login")
    unknown = await refusal(book, url=book.url("nobody"))
    assert (type(unknown), unknown.code) == (KeyRefused, "database_login")
    closed = server.book(*USERS)
    if isinstance(server, Postgres):
        closed.run('REVOKE ALL ON "User" FROM reader')
    else:
        closed.run(
            f"REVOKE SELECT ON {closed.name}.* FROM reader@'127.0.0.1'", "GRANT SELECT ON processed_events TO reader@'127.0.0.1'"
        )
    told = await refusal(closed)
    assert (type(told), told.code) == (KeyRefused, "no_permission"), told.message
    if not isinstance(server, Postgres):
        closed.run("REVOKE SELECT ON processed_events FROM reader@'127.0.0.1'")
        told = await refusal(closed)
        assert (type(told), told.code) == (KeyRefused, "no_permission"), told.message


async def test_a_database_that_is_not_there_or_not_running_is_out_of_reach(book: Book) -> None:
    told = await refusal(book, url=book.url().replace(book.name, "no_such_database"))
    assert isinstance(told, OutOfReach | KeyRefused)
    told = await refusal(book, url=book.url().replace(f":{book.server.port}/", ":1/"))
    assert (type(told), told.exit_code) == (OutOfReach, 5)
