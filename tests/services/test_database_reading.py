"""Reading the app's database: whose row, what it says, and what goes wrong."""

import asyncio
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from billing_tui.model.database import LedgerEntry
from billing_tui.model.problem import BadUsage, OutOfReach, Problem
from billing_tui.services.database import open_database
from billing_tui.settings.secret import Secret
from tests.services.database_files import TABLE, USERS, Files, plain


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path)
    made.run(USERS)
    return made


async def test_a_row_is_in_our_words(files: Files) -> None:
    (row,) = await files.open().rows_by(key="user_1")
    assert (row.key, row.plan, row.raw_plan, row.email) == ("user_1", "pro", "Pro Plan", "Lena@Kornfeld.example")
    assert (row.customer_id, row.subscription_id, row.status) == ("cus_1", "sub_1", "canceled")
    assert row.period_end == row.updated_at == datetime(2025, 12, 20, tzinfo=UTC)
    assert row.cancel_at_period_end is False
    assert row.columns == {
        "id": "user_1",
        "plan": "Pro Plan",
        "mail": "Lena@Kornfeld.example",
        "stripeCustomerId": "cus_1",
        "sub": "sub_1",
        "state": "cancelled",
        "ends": "2025-12-20T00:00:00Z",
        "stopping": "false",
        "touched": "2025-12-20T00:00:00Z",
    }


async def test_null_is_the_tier_kept_as_null_or_else_unknown(files: Files) -> None:
    (row,) = await files.open().rows_by(key="user_2")
    assert (row.plan, row.raw_plan, row.cancel_at_period_end) == ("free", None, None)
    (row,) = await files.open(plan_values={}).rows_by(key="user_2")
    assert row.plan is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"email": "LENA@kornfeld.EXAMPLE "}, ["user_1"]),
        ({"customer_id": "cus_2"}, ["user_2"]),
        ({"key": "user_1", "customer_id": "cus_2"}, ["user_1", "user_2"]),
        ({"key": "user_1", "email": "lena@kornfeld.example", "customer_id": "cus_1"}, ["user_1"]),
        ({"key": "USER_1"}, []),
        ({"key": "' or 1=1 --"}, []),
        ({"email": ""}, []),
        ({}, []),
    ],
)
async def test_any_of_what_is_given_finds_a_row(files: Files, asked: dict[str, str], found: list[str]) -> None:
    assert [row.key for row in await files.open().rows_by(**asked)] == found


async def test_a_column_that_the_app_lacks_is_not_searched(files: Files) -> None:
    assert await files.open(email_column="").rows_by(email="lena@kornfeld.example") == []


async def test_the_key_may_be_an_email_or_a_customer(files: Files) -> None:
    by_mail = files.open(key_column="mail", key_is="email", email_column="")
    (row,) = await by_mail.rows_by(email="lena@kornfeld.example")
    assert (row.key, row.email) == ("Lena@Kornfeld.example", "Lena@Kornfeld.example")
    assert [row.key for row in await by_mail.rows_by(key="LENA@kornfeld.example")] == ["Lena@Kornfeld.example"]
    by_customer = files.open(key_column="stripeCustomerId", key_is="customer_id", customer_id_column="")
    (row,) = await by_customer.rows_by(customer_id="cus_1")
    assert (row.key, row.customer_id) == ("cus_1", "cus_1")


async def test_at_most_ten_rows_come(files: Files) -> None:
    with files.connection() as connection:
        rows = [(f"user_x{index}", "same@example.example") for index in range(30)]
        connection.executemany("insert into users (id, mail) values (?, ?)", rows)
    assert len(await files.open().rows_by(email="same@example.example")) == 10


async def test_control_characters_are_made_harmless(files: Files) -> None:
    files.run("update users set plan = 'pro' || char(27) || '[2J', state = char(8238) where id = 'user_1';")
    (row,) = await files.open().rows_by(key="user_1")
    assert (row.plan, row.status) == ("pro\ufffd[2J", "\ufffd")


async def test_a_word_that_two_statuses_share_is_given_as_it_is(files: Files) -> None:
    (row,) = await files.open(status_values={"canceled": "cancelled", "unpaid": "cancelled"}).rows_by(key="user_1")
    assert row.status == "cancelled"


async def test_text_that_is_not_utf8_is_read_all_the_same(files: Files) -> None:
    files.run("update users set plan = cast(x'50ff' as text) where id = 'user_1';")
    (row,) = await files.open().rows_by(key="user_1")
    assert row.plan == "P\ufffd"


async def test_the_ledger_gives_what_it_holds(files: Files) -> None:
    database = files.open()
    asked = [f"evt_{number}" for number in range(1200)]
    entries = await database.ledger(asked)
    assert sorted(entries, key=lambda entry: entry.event_id) == [
        LedgerEntry("evt_1", datetime(2025, 12, 20, 1, 2, 3, tzinfo=UTC)),
        LedgerEntry("evt_2", None),
    ]
    assert await database.ledger([]) == []
    assert await files.open(events_table="").ledger(["evt_1"]) == []
    assert await files.open(events_at_column="").ledger(["evt_1"]) == [LedgerEntry("evt_1", None)]


async def test_questions_are_counted(files: Files) -> None:
    database = files.open()
    await asyncio.gather(database.rows_by(key="user_1"), database.ledger(["evt_1"]))
    assert database.queries == 2
    await database.close()


@pytest.mark.parametrize(
    ("changes", "code", "says", "hint"),
    [
        ({"table": "user"}, "missing_table", "no table “user”", "users"),
        ({"plan_column": "plam"}, "missing_column", "“users” has no column “plam” (plan_column)", "“plan”"),
        ({"customer_id_column": "stripe_customer_id"}, "missing_column", "customer_id", "“stripeCustomerId”"),
        ({"plan_column": "PLAN"}, "missing_column", "“PLAN”", "“plan”"),
    ],
)
async def test_what_is_missing_is_named(files: Files, changes: dict[str, Any], code: str, says: str, hint: str) -> None:
    with pytest.raises(BadUsage) as caught:
        await files.open(**changes).rows_by(key="user_1")
    assert caught.value.code == code
    assert says in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"events_table": "proccessed"}, "missing_table"), ({"events_id_column": "id"}, "missing_column")],
)
async def test_a_ledger_that_is_not_there_leaves_the_rows_readable(files: Files, changes: dict[str, Any], code: str) -> None:
    database = files.open(**changes)
    with pytest.raises(BadUsage) as caught:
        await database.ledger(["evt_1"])
    assert caught.value.code == code
    assert len(await database.rows_by(key="user_1")) == 1


async def test_a_missing_file_is_an_error_and_stays_missing(tmp_path: Path) -> None:
    files = Files(tmp_path)
    with pytest.raises(OutOfReach, match="no database file"):
        await files.open().rows_by(key="user_1")
    assert not files.path.exists()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.path.write_text("not a database at all, however long one looks at it\n" * 100)
    with pytest.raises(OutOfReach, match="file is not a database"):
        await files.open().rows_by(key="user_1")


async def test_a_question_that_takes_too_long_is_given_up(files: Files) -> None:
    files.run("create view slow as with recursive n(i) as (select 1 union all select i + 1 from n) select i id, i plan from n;")
    database = files.open(plain(table="slow", key_column="id"), timeout=0.3)
    with pytest.raises(OutOfReach) as caught:
        await database.rows_by(key="-1")
    assert caught.value.code == "timeout"
    for thread in [thread for thread in threading.enumerate() if thread.name == "database"]:
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("postgres://app:hunter2@127.0.0.1:1/acme?pgbouncer=true", "database", "acme@127.0.0.1"),
        ("mysql://app:hunter2@127.0.0.1:1/acme", "database", "acme@127.0.0.1"),
        ("oracle://app:hunter2@127.0.0.1:1/acme", "missing_driver", "oracle"),
        ("prisma://app:hunter2@host/acme", "database_url", "Accelerate"),
        ("oddity://app:hunter2@host/acme", "missing_driver", "oddity"),
        ("https://app:hunter2@host/acme", "database_url", "not a database's"),
        ("sqlite://", "database_url", "names no file"),
        ("sqlite:///:memory:", "database_url", "names no file"),
        ("postgres://app:hunter2@host:port/acme", "database_url", "cannot be read"),
    ],
)
async def test_a_database_that_cannot_be_spoken_to_is_named_without_its_login(url: str, code: str, says: str) -> None:
    with pytest.raises(Problem) as caught:
        await open_database(Secret(url, "database_url", "environment"), TABLE).rows_by(key="user_1")
    assert caught.value.code == code
    assert isinstance(caught.value, BadUsage) == (code != "database")
    assert says in caught.value.message
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}{caught.value!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize(
    ("url", "described"),
    [
        ("sqlite:////srv/app/demo.db?connection_limit=1", "db users@demo.db"),
        ("file:./prisma/dev.db", "db users@dev.db"),
        ("postgres://app:hunter2@pg-1:6543/acme?sslmode=require&schema=x", "db acme@pg-1"),
    ],
)
def test_the_band_names_the_database_without_its_login(url: str, described: str) -> None:
    assert open_database(Secret(url, "database_url", "environment"), TABLE).describe() == described


async def test_relative_files_start_where_the_tool_is_started(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files.path.parent)
    for url in (f"sqlite:///{files.path.name}", f"file:./{files.path.name}", f"sqlite+aiosqlite:///{files.path.name}"):
        database = open_database(Secret(url, "database_url", "environment"), TABLE)
        assert len(await database.rows_by(key="user_1")) == 1


async def test_sqlalchemy_is_not_loaded_before_the_first_question() -> None:
    program = "import billing_tui.services.database, sys; sys.exit('sqlalchemy' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await process.wait() == 0
