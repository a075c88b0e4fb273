"""The whole way with an app whose database is a real server: detected, diagnosed, mended and looked at again, as two logins."""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.office import Office, opened
from tests.peers.database_servers import Book, Postgres, Server

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(tmp_path_factory.mktemp("home")) as office:
        for _ in range(3):
            office.stage("PBF-099")
        yield office


def moved(office: Office, server: Server) -> Book:
    """The app's tables of test mode, as they are now, on a server and in its types."""
    moment = "timestamptz" if isinstance(server, Postgres) else "datetime"
    book = server.book(
        "CREATE TABLE users (id varchar(64) PRIMARY KEY, email varchar(200) NOT NULL, plan varchar(20) NOT NULL,"
        " stripe_customer_id varchar(64), stripe_subscription_id varchar(64), subscription_status varchar(20),"
        f" current_period_end {moment} NULL, cancel_at_period_end boolean NOT NULL, updated_at {moment} NOT NULL)",
        f"CREATE TABLE processed_events (event_id varchar(64) PRIMARY KEY, processed_at {moment} NULL)",
    )
    with closing(sqlite3.connect(office.wires["test"].database)) as held:
        for table, columns in (("users", "*"), ("processed_events", "event_id, processed_at")):
            for row in held.execute(f"SELECT {columns} FROM {table}"):
                flags = [bool(value) if isinstance(value, int) else value for value in row]
                book.run(f"INSERT INTO {table} VALUES ({', '.join(map(literal, flags))})")
    return book


def literal(value: object) -> str:
    """A value as SQL; moments without the letters that MariaDB does not take."""
    if value is None or isinstance(value, bool):
        return str(value).upper() if value is not None else "NULL"
    text = str(value)
    return f"'{text[:19].replace('T', ' ')}'" if text[4:5] == "-" and text.endswith("Z") else f"'{text}'"


def as_two(book: Book, writer: str = "writer") -> dict[str, str | None]:
    return {"BILLING_TUI_TEST_DATABASE_URL": book.url(), "BILLING_TUI_TEST_DATABASE_WRITE_URL": book.url(writer)}


def test_a_row_that_is_behind_is_found_and_mended(office: Office, server: Server) -> None:
    staged = office.stage("PBF-070")
    book = moved(office, server)
    row = f"SELECT plan, subscription_status, stripe_customer_id FROM users WHERE id = '{staged['user_id']}'"
    assert office.program.ask("diagnose", staged["email"], **as_two(book)).document["layers"]["database"] == "free"
    refused = office.program.ask("resync", staged["email"], "--apply", **as_two(book, "reader"))
    assert {step["state"] for step in refused.document["steps"] if step["target"] == "database"} & {"failed"}
    assert book.run(row)[0][0] == "free"
    mended = office.program.ask("resync", staged["email"], "--apply", **as_two(book))
    assert (mended.code, mended.document["applied"]) == (0, True)
    assert book.run(row) == [("pro", "active", staged["customer_id"])]
    after = office.program.ask("diagnose", staged["email"], **as_two(book))
    assert after.document["layers"] == {"stripe": "pro", "clerk": "pro", "database": "pro", "token": None}


def test_everybody_is_compared(office: Office, server: Server) -> None:
    staged = office.stage("PBF-070")
    book = moved(office, server)
    found = office.program.ask("drift", **as_two(book)).document["drifted"]
    assert [one["database"] for one in found if one["subject"] == staged["user_id"]] == ["free"]


def test_what_detection_writes_serves(office: Office, server: Server, tmp_path: Path) -> None:
    book = moved(office, server)
    path = tmp_path / "config.toml"
    ready = office.sandbox.ready
    bases = [f"{name}_api_base={ready[name]['base']}" for name in ("stripe", "clerk")]
    arguments = [word for base in bases for word in ("--set", base)]
    ran = office.program.run("profile", "init", "--mode", "test", "--config", str(path), *arguments, **as_two(book))
    assert ran.code == 0, ran.err
    found = tomllib.loads(path.read_text(encoding="utf-8"))["profiles"]["main"]["test"]["database"]
    truth = tomllib.loads(Path(ready["config"]).read_text(encoding="utf-8"))["profiles"]["demo"]["test"]["database"]
    assert truth.items() <= found.items()
    staged = office.stage("PBF-099")
    healthy = office.program.ask("diagnose", staged["email"], "--config", str(path), **as_two(moved(office, server)))
    assert healthy.document["layers"]["database"] == "pro"
