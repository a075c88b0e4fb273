"""Writing one row: only what the plan saw, in the column's own type, or nothing at all."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy

from billing_tui.model.database import ColumnChange
from billing_tui.model.problem import BadUsage, KeyRefused, OutcomeUnknown, OutOfReach, Refused
from billing_tui.services.database import open_database
from billing_tui.services.database_engine import Connections
from billing_tui.services.database_layout import layout_of
from billing_tui.services.database_rows import update_row
from billing_tui.services.database_url import read_url
from billing_tui.settings.secret import Secret
from tests.services.database_files import TABLE, USERS, Files, plain

END = "2026-01-20T09:30:00Z"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path)
    made.run(USERS)
    return made


async def test_a_row_is_written_and_reads_as_it_was_meant(files: Files) -> None:
    database = files.open()
    changes = [
        ColumnChange("plan", None, "Pro Plan"),
        ColumnChange("ends", None, END),
        ColumnChange("stopping", None, "true"),
        ColumnChange("touched", None, END),
    ]
    await database.update_row("user_2", changes)
    stored = files.run("select plan, ends, stopping, touched from users where id = 'user_2'")
    assert stored == [("Pro Plan", 1768901400, 1, "2026-01-20 09:30:00.000")]
    (row,) = await database.rows_by(key="user_2")
    assert {change.column: change.after for change in changes}.items() <= row.columns.items()
    before = [ColumnChange(change.column, change.after, change.before) for change in changes]
    await database.update_row("user_2", before)
    assert files.run("select plan, ends, stopping, touched from users where id = 'user_2'") == [(None,) * 4]


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("user_1", [ColumnChange("plan", "Free", "x")]),
        ("user_1", [ColumnChange("plan", None, "x")]),
        ("user_1", [ColumnChange("plan", "Pro Plan", "x"), ColumnChange("state", "active", "y")]),
        ("user_1", [ColumnChange("ends", "2025-12-20T00:00:01Z", None)]),
        ("user_2", [ColumnChange("plan", "", "x")]),
        ("user_3", [ColumnChange("plan", None, "x")]),
        ("user_%", [ColumnChange("plan", "Pro Plan", "x")]),
    ],
)
async def test_what_changed_since_the_plan_is_not_written(files: Files, key: str, changes: list[ColumnChange]) -> None:
    before = files.run("select * from users")
    with pytest.raises(Refused, match="changed since the plan") as caught:
        await files.open().update_row(key, changes)
    assert caught.value.code == "changed"
    assert files.run("select * from users") == before


async def test_one_of_several_rows_is_not_written(files: Files) -> None:
    files.run("create table t (id text, plan text); insert into t values ('a', 'free'), ('a', 'free');")
    with pytest.raises(Refused, match="several"):
        await files.open(plain()).update_row("a", [ColumnChange("plan", "free", "pro")])
    assert files.run("select plan from t") == [("free",), ("free",)]


def test_a_change_between_look_and_write_is_seen(files: Files) -> None:
    def meddle(*seen: object) -> None:
        if str(seen[2]).startswith("UPDATE"):
            files.run("update users set plan = 'Team' where id = 'user_1';")

    with Connections(read_url(f"sqlite:///{files.path}"), 5.0, write=True).open() as connection:
        layout = layout_of(connection, TABLE, "")
        sqlalchemy.event.listen(connection, "before_cursor_execute", meddle)
        with pytest.raises(Refused, match="this very moment"):
            update_row(connection, layout, "user_1", [ColumnChange("plan", "Pro Plan", None)])
    assert files.run("select plan from users where id = 'user_1'") == [("Team",)]


async def test_of_two_writers_with_the_same_plan_one_is_refused(files: Files) -> None:
    first, second = files.open(), files.open()
    await first.update_row("user_2", [ColumnChange("plan", None, "Pro Plan")])
    with pytest.raises(Refused):
        await second.update_row("user_2", [ColumnChange("plan", None, "Pro Plan")])


@pytest.mark.parametrize(
    ("kind", "held", "form", "stored"),
    [
        ("integer", None, "", 1768901400),
        ("integer", None, "unix_ms", 1768901400000),
        ("integer", 1766188800, "", 1768901400),
        ("integer", 1766188800000, "", 1768901400000),
        ("integer", 0, "unix", 1768901400),
        ("text", None, "", "2026-01-20T09:30:00Z"),
        ("text", None, "timestamp", "2026-01-20 09:30:00"),
        ("text", None, "unix", "1768901400"),
        ("text", "1766188800", "", "1768901400"),
        ("text", "2025-12-20T00:00:00.000Z", "", "2026-01-20T09:30:00.000Z"),
        ("text", "2025-12-20T01:00:00+01:00", "", "2026-01-20T09:30:00+00:00"),
        ("text", "2025-12-20", "", "2026-01-20"),
        ("text", "2025-12-20 00:00:00+00", "", "2026-01-20 09:30:00+00"),
        ("text", "Invalid Date", "", "2026-01-20T09:30:00Z"),
        ("datetime", None, "", "2026-01-20 09:30:00"),
        ("datetime", 1766188800000, "", 1768901400000),
        ("datetime", "2025-12-20 00:00:00.000000", "timestamp", "2026-01-20 09:30:00.000000"),
        ("datetime", None, "iso", "2026-01-20T09:30:00Z"),
        ("date", None, "", "2026-01-20"),
        ("timestamptz", None, "", "2026-01-20 09:30:00"),
    ],
)
@pytest.mark.parametrize("whose", ["own", "another's"])
async def test_a_period_end_is_written_as_the_app_writes_it(
    tmp_path: Path, kind: str, held: int | str | None, form: str, stored: int | str, whose: str
) -> None:
    files = Files(tmp_path)
    files.run(f"create table t (id text, plan text, ends {kind});")
    files.run("insert into t (id) values ('a'), ('b');")
    with files.connection() as connection:
        connection.execute("update t set ends = ? where id = ?", (held, "a" if whose == "own" else "b"))
    database = files.open(plain(period_end_column="ends", period_end_type=form))
    (row,) = await database.rows_by(key="a")
    await database.update_row("a", [ColumnChange("ends", row.columns["ends"], END)])
    assert files.run("select ends from t where id = 'a'") == [(stored,)]
    (row,) = await database.rows_by(key="a")
    assert row.period_end is not None
    assert f"{row.period_end:%Y-%m-%d}" == "2026-01-20"


@pytest.mark.parametrize(
    ("kind", "held", "stored"),
    [
        ("boolean", None, 1),
        ("integer", 0, 1),
        ("text", None, "true"),
        ("text", "false", "true"),
        ("text", "NO", "YES"),
        ("text", "f", "t"),
    ],
)
async def test_a_flag_is_written_as_the_app_writes_it(
    tmp_path: Path, kind: str, held: int | str | None, stored: int | str
) -> None:
    files = Files(tmp_path)
    files.run(f"create table t (id text, plan text, stopping {kind});")
    files.run("insert into t (id) values ('a');")
    with files.connection() as connection:
        connection.execute("update t set stopping = ?", (held,))
    database = files.open(plain(cancel_at_period_end_column="stopping"))
    before = None if held is None else "false"
    await database.update_row("a", [ColumnChange("stopping", before, "true")])
    assert files.run("select stopping from t") == [(stored,)]


async def test_a_plan_may_be_a_flag_or_a_number(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.run("create table t (id integer primary key, plan boolean, level integer); insert into t values (7, 0, 1);")
    flag = files.open(plain(plan_values={"free": "false", "pro": "true"}))
    (row,) = await flag.rows_by(key="7")
    assert (row.key, row.plan, row.raw_plan) == ("7", "free", "false")
    await flag.update_row("7", [ColumnChange("plan", "false", "true")])
    number = files.open(plain(plan_column="level", plan_values={"free": "1", "pro": "2"}))
    await number.update_row("7", [ColumnChange("level", "1", "2")])
    assert files.run("select plan, level from t") == [(1, 2)]
    assert await number.rows_by(key="user_7") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ColumnChange("ends", "2025-12-20T00:00:00Z", "soon"), "wrong_type"),
        (ColumnChange("stopping", "false", "perhaps"), "wrong_type"),
        (ColumnChange("plam", None, "x"), "missing_column"),
        (ColumnChange('plan" = 1 --', None, "x"), "missing_column"),
    ],
)
async def test_what_a_column_cannot_take_is_not_written(files: Files, change: ColumnChange, code: str) -> None:
    before = files.run("select * from users")
    with pytest.raises(BadUsage) as caught:
        await files.open().update_row("user_1", [ColumnChange("plan", "Pro Plan", "x"), change])
    assert caught.value.code == code
    assert files.run("select * from users") == before


async def test_writing_to_a_missing_file_makes_none(tmp_path: Path) -> None:
    files = Files(tmp_path)
    with pytest.raises(OutOfReach):
        await files.open().update_row("a", [ColumnChange("plan", None, "x")])
    assert not files.path.exists()


async def test_the_write_goes_through_the_login_for_writing(files: Files, tmp_path: Path) -> None:
    read = Secret(f"sqlite:///{files.path}", "database_url", "environment")
    copy = tmp_path / "copy.db"
    copy.write_bytes(files.path.read_bytes())
    write = Secret(f"sqlite:///{copy}", "database_write_url", "environment")
    database = open_database(read, TABLE, 10.0, write)
    await database.update_row("user_2", [ColumnChange("plan", None, "Pro Plan")])
    assert files.run("select plan from users where id = 'user_2'") == [(None,)]
    with sqlite3.connect(copy) as connection:
        assert connection.execute("select plan from users where id = 'user_2'").fetchall() == [("Pro Plan",)]
    connection.close()


async def test_somebody_elses_lock_is_waited_for(files: Files) -> None:
    with files.connection() as other:
        other.isolation_level = None
        other.execute("begin immediate")
        write = asyncio.create_task(files.open().update_row("user_2", [ColumnChange("plan", None, "Pro Plan")]))
        done, _ = await asyncio.wait({write}, timeout=0.5)
        assert not done
        other.execute("rollback")
        await write
    assert files.run("select plan from users where id = 'user_2'") == [("Pro Plan",)]


async def test_a_write_that_is_not_answered_has_an_unknown_outcome(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billing_tui.services.database._WRITE_EXTRA", 0.0)
    with files.connection() as other:
        other.isolation_level = None
        other.execute("begin immediate")
        with pytest.raises(OutcomeUnknown):
            await files.open(timeout=0.2).update_row("user_2", [ColumnChange("plan", None, "Pro Plan")])
        other.execute("rollback")


async def test_what_the_database_objects_to_is_said_and_undone(files: Files) -> None:
    files.run(
        "create table t (id text, plan text); insert into t values ('a', 'free');"
        "create trigger no before update on t begin select raise(abort, 'billing is frozen'); end;"
    )
    with pytest.raises(OutOfReach, match="billing is frozen"):
        await files.open(plain()).update_row("a", [ColumnChange("plan", "free", "pro")])
    assert files.run("select plan from t") == [("free",)]


def test_the_connection_for_reading_cannot_write(files: Files) -> None:
    reading = Connections(read_url(f"sqlite:///{files.path}"), 5.0, write=False)
    with pytest.raises(KeyRefused, match="cannot be written"), reading.open() as connection:
        connection.execute(sqlalchemy.text("delete from users"))
    assert len(files.run("select id from users")) == 2


async def test_a_database_opened_for_reading_refuses_every_write(files: Files) -> None:
    url = Secret(f"sqlite:///{files.path}", "database_url", "environment")
    database = open_database(url, TABLE, 10.0, url, read_only=True)
    assert len(await database.rows_by(key="user_2")) == 1
    with pytest.raises(Refused) as caught:
        await database.update_row("user_2", [ColumnChange("plan", None, "Pro Plan")])
    assert caught.value.code == "read_only"
    assert files.run("select plan from users where id = 'user_2'") == [(None,)]


async def test_nothing_to_change_asks_nothing(files: Files) -> None:
    database = files.open()
    await database.update_row("user_1", [])
    assert database.queries == 0
