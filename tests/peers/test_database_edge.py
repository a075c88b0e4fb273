"""libSQL and Cloudflare's D1 through their own dialects and drivers, over real sockets to SQLite that speaks as they do."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing_tui.detection.tables import detect_table, plan_table
from billing_tui.model.database import ColumnChange
from billing_tui.model.problem import BadUsage, KeyRefused, OutOfReach, Refused
from billing_tui.model.profile import DatabaseTable
from billing_tui.services.database import AppDatabase, open_database
from billing_tui.services.database_look import survey
from billing_tui.services.database_url import read_url
from billing_tui.settings.secret import Secret
from tests.cli.net import Net
from tests.peers.edge_servers import TOKEN, Edge
from tests.sandbox.loopback import serving

pytestmark = pytest.mark.peer

DIALECTS = Path(__file__).parents[2] / ".peers" / "dialects"
TABLE = DatabaseTable(
    table="users", plan_values={"free": "", "pro": "Pro"}, period_end_column="ends", events_table="processed_events"
)
ROWS = (
    "CREATE TABLE users (id TEXT PRIMARY KEY, plan VARCHAR(20), stripe_customer_id TEXT, ends DATETIME)",
    "INSERT INTO users VALUES ('user_1', 'Pro', 'cus_RwAbCdEfGhIjKl', '2026-12-20 09:00:00'), ('user_2', NULL, NULL, NULL)",
    "CREATE TABLE processed_events (event_id TEXT PRIMARY KEY, processed_at INTEGER)",
    "INSERT INTO processed_events VALUES ('evt_1', 1797757200)",
    "CREATE VIEW seen AS SELECT id, plan FROM users",
)


@pytest.fixture
def edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Edge, str]]:
    """The servers and where they are; skipped by name where the drivers are not, which they must be in CI."""
    if not DIALECTS.is_dir():
        if os.environ.get("CI") == "true":
            raise FileNotFoundError(DIALECTS)
        pytest.skip("the dialects of libSQL and D1 are not here: run .ci/peers")
    monkeypatch.syspath_prepend(str(DIALECTS))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(DIALECTS), str(DIALECTS.parents[1])]))
    made = Edge(tmp_path / "edge.db", *ROWS)
    with serving(made.app) as base:
        monkeypatch.setenv("CF_D1_BASE_URL", f"{base}/d1")
        yield made, base.removeprefix("http://")
    made.close()


@pytest.fixture(params=["d1", "libsql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def url(kind: str, host: str, token: str = TOKEN) -> str:
    return f"d1://account:{token}@4f2a-database" if kind == "d1" else f"libsql://{host}?tls=0&authToken={token}"


def opened(address: str, table: DatabaseTable = TABLE, timeout: float = 15.0) -> AppDatabase:
    return open_database(Secret(address, "database_url", "environment"), table, timeout)


async def test_rows_are_read_and_written_there(edge: tuple[Edge, str], kind: str) -> None:
    database = opened(url(kind, edge[1]))
    (lena,) = await database.rows_by(customer_id="cus_RwAbCdEfGhIjKl")
    assert (lena.key, lena.plan, lena.period_end) == ("user_1", "pro", datetime(2026, 12, 20, 9, tzinfo=UTC))
    assert [row.plan for row in await database.rows_after(None, 10)] == ["pro", "free"]
    (entry,) = await database.ledger(["evt_1", "evt_2"])
    assert entry.processed_at == datetime(2026, 12, 20, 9, tzinfo=UTC)
    ends = ColumnChange("ends", "2026-12-20T09:00:00Z", "2027-01-20T09:00:00Z")
    await database.update_row("user_1", [ColumnChange("plan", "Pro", None), ends])
    (after,) = await database.rows_by(key="user_1")
    assert (after.plan, after.columns["ends"]) == ("free", "2027-01-20T09:00:00Z")
    with pytest.raises(Refused, match="changed since the plan"):
        await database.update_row("user_1", [ColumnChange("plan", "Pro", "Pro")])
    await database.close()
    told = edge[0].open().execute("SELECT plan, ends FROM users WHERE id = 'user_1'").fetchall()
    assert told == [(None, "2027-01-20 09:00:00")]


async def test_what_is_wrong_is_said(edge: tuple[Edge, str], kind: str) -> None:
    for address, table, kind_of, says in (
        (url(kind, edge[1], "another"), TABLE, KeyRefused, "refuses the login"),
        (url(kind, edge[1]), DatabaseTable(table="user"), BadUsage, "“user” (table)"),
        (url(kind, edge[1]), DatabaseTable(plan_column="tier"), BadUsage, "no column “tier”"),
    ):
        database = opened(address, table)
        with pytest.raises(kind_of) as told:
            await database.rows_by(key="user_1")
        await database.close()
        assert says in told.value.message
        assert TOKEN not in told.value.message


def test_the_table_is_detected_there(edge: tuple[Edge, str], kind: str) -> None:
    tables = survey(read_url(url(kind, edge[1])), 15.0)
    assert {table.name for table in tables} == {"users", "processed_events", "seen"}
    match = plan_table(tables, ("user_1",))
    assert match
    found = {one.key: one.value for one in detect_table(match, ("free", "pro"))}
    assert (found["database.table"], found["database.plan_column"]) == ("users", "plan")


async def test_the_driver_of_libsql_freezes_nobody_and_can_be_given_up(edge: tuple[Edge, str]) -> None:
    """It keeps its interpreter to itself while it waits: here somebody else has to run for it to be answered at all."""
    server, host = edge
    server.answers.clear()
    with Net({"token": TOKEN}).over_arguments() as in_arguments:
        database = opened(url("libsql", host))
        asked = asyncio.create_task(database.rows_by(key="user_1"))
        await asyncio.to_thread(server.asked.wait)
        assert not asked.done()
        server.answers.set()
        assert [row.plan for row in await asked] == ["pro"]
        await database.close()
    assert in_arguments == []
    server.answers.clear()
    hurried = opened(url("libsql", host), timeout=2.0)
    with pytest.raises(OutOfReach) as told:
        await hurried.rows_by(key="user_1")
    assert told.value.code == "timeout"
    server.answers.set()
    await hurried.close()
