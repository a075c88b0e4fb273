"""Encryption as URLs of all kinds ask for it, with servers whose certificate nobody has vouched for."""

import pytest

from billing_tui.model.problem import BadUsage, OutOfReach, Problem
from tests.peers.database_servers import Book, Postgres, Server
from tests.peers.test_database_reading import PLAIN

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def book(server: Server) -> Book:
    """A table that says how the connection is encrypted."""
    if isinstance(server, Postgres):
        cipher = "(SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid())"
    else:
        cipher = "(SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher')"
    return server.book(f"CREATE VIEW users AS SELECT 'a' AS id, {cipher} AS plan")


async def cipher(book: Book, asks: str) -> str:
    """How a connection is encrypted whose URL asks so; "" for not at all."""
    database = book.open(PLAIN, url=book.url(asks=asks))
    try:
        (row,) = await database.rows_by(key="a")
    finally:
        await database.close()
    return row.plan or ""


async def test_it_is_encrypted_in_the_words_of_any_driver(server: Server, book: Book) -> None:
    if isinstance(server, Postgres):
        words = ["sslmode=require", "ssl=true", "sslmode=no-verify", f"sslmode=verify-full&sslrootcert={server.cert}"]
    else:
        words = [
            "ssl-mode=REQUIRED",
            "sslaccept=accept_invalid_certs",
            'ssl={"rejectUnauthorized":false}',
            f"ssl_ca={server.cert}",
        ]
        words.append(f"ssl-mode=VERIFY_IDENTITY&ssl-ca={server.cert}")
    assert all([await cipher(book, asks) for asks in words])


async def test_who_asks_for_proof_gets_it_or_nothing(server: Server, book: Book) -> None:
    strict = ["sslaccept=strict", 'ssl={"rejectUnauthorized":true}', "ssl-mode=VERIFY_IDENTITY", "ssl=true"]
    for asks in ["sslmode=verify-full&sslrootcert=system"] if isinstance(server, Postgres) else strict:
        with pytest.raises(OutOfReach):
            await cipher(book, asks)


async def test_a_certificate_that_is_not_there_is_named(server: Server, book: Book) -> None:
    with pytest.raises(Problem) as told:
        await cipher(book, "sslmode=verify-ca&sslrootcert=/nowhere" if isinstance(server, Postgres) else "ssl_ca=/nowhere.pem")
    assert isinstance(told.value, OutOfReach if isinstance(server, Postgres) else BadUsage)


async def test_what_is_said_for_another_driver_is_left_away(server: Server, book: Book) -> None:
    others = [
        "parseTime=true",
        "foo=1",
        "timezone=Z&supportBigNumbers=true",
        "pool_mode=session&workaround=supabase-pooler.vercel",
    ]
    for asks in others:
        await cipher(book, asks)
