"""A full sync, what follows it from the event tail, and what it costs; always against what the server really holds."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from billing_tui.cache.sync import Progress
from billing_tui.model.problem import OutOfReach
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.sandbox.stripe.account import Account
from tests.cache.till import Till, brief, forget, requests, till_of, truth
from tests.peers.wire import Wire


@pytest.fixture
def account(sandbox: RunningSandbox) -> Account:
    return sandbox.world.stripe("test")


def agree(till: Till, account: Account) -> None:
    till.sound()
    assert brief(till.held()) == truth(account)


async def test_a_full_sync_holds_what_the_server_holds(till: Till, account: Account) -> None:
    report = await till.sync()
    agree(till, account)
    assert (report.kind, report.events_gap) == ("full", False)
    assert report.rows == report.fetched == {name: len(rows) for name, rows in truth(account).items()}


async def test_every_request_is_counted(till: Till, sandbox: RunningSandbox) -> None:
    forget(sandbox)
    report = await till.sync()
    assert report.requests == len(requests(sandbox))


async def test_a_quiet_account_costs_one_request(till: Till, sandbox: RunningSandbox) -> None:
    await till.sync()
    for _ in range(3):
        forget(sandbox)
        report = await till.sync()
        assert [one["path"] for one in requests(sandbox)] == ["/v1/events"]
        assert (report.kind, report.requests, report.fetched["events"]) == ("incremental", 1, 0)


async def test_only_what_changed_is_read_again(till: Till, sandbox: RunningSandbox, wire: Wire, account: Account) -> None:
    await till.sync()
    gone, renamed = (one["id"] for one in wire.get("/v1/customers", limit=2)["data"])
    made = wire.ok("POST", "/v1/customers", {"email": "new@kornfeld.example", "name": "Neu"})["id"]
    wire.ok("POST", f"/v1/customers/{renamed}", {"name": "Renamed"})
    wire.ok("DELETE", f"/v1/customers/{gone}")
    forget(sandbox)
    report = await till.sync()
    agree(till, account)
    read = [one["path"] for one in requests(sandbox)]
    assert read[0] == "/v1/events"
    assert {f"/v1/customers/{made}", f"/v1/customers/{renamed}"} <= set(read)
    assert f"/v1/customers/{gone}" not in read
    assert report.requests == len(read) == len(set(read))


async def test_tiers_follow_a_change_of_the_catalogue(till: Till, wire: Wire) -> None:
    await till.sync()
    (pro,) = [row for row in till.shelf.tiers() if row.tier == "pro"]
    assert pro.subscribers
    for product in {price.product_id for price in pro.prices}:
        wire.ok("POST", f"/v1/products/{product}", {"metadata[plan]": "enterprise"})
    await till.sync()
    after = {row.tier: row for row in till.shelf.tiers()}
    assert after["pro"].subscribers == 0
    assert after["enterprise"].subscribers >= pro.subscribers
    assert all(row["tier"] != "pro" for row in till.held()["subscriptions"])


async def test_tiers_follow_a_change_of_the_profile_without_a_request(till: Till, sandbox: RunningSandbox) -> None:
    await till.sync()
    forget(sandbox)
    till.changes = {"plan_from": ("product.metadata.nothing",)}
    assert {row.tier for row in till.shelf.tiers() if row.prices} == {None}
    assert {row["tier"] for row in till.held()["subscriptions"]} == {None}
    assert requests(sandbox) == []


async def test_a_full_sync_takes_out_what_is_gone(till: Till, account: Account) -> None:
    """Deleted without an event, as behind Stripe's thirty days."""
    await till.sync()
    for customer in [row["id"] for row in account.table("customer")][:30]:
        account.table("customer").remove(customer)
    assert (await till.sync(full=True)).kind == "full"
    agree(till, account)


async def test_an_event_gap_is_healed_by_a_full_sync(till: Till, account: Account) -> None:
    await till.sync()
    account.table("customer").remove(next(iter(account.table("customer")))["id"])
    till.now = till.clock() + timedelta(days=31)
    report = await till.sync()
    assert (report.kind, report.events_gap) == ("full", True)
    agree(till, account)


async def test_a_cursor_that_is_gone_is_a_gap(till: Till, account: Account) -> None:
    await till.sync()
    for event in [row["id"] for row in account.table("event")]:
        account.table("event").remove(event)
    report = await till.sync()
    assert (report.kind, report.events_gap) == ("full", True)
    agree(till, account)
    assert (await till.sync()).requests == 1


async def test_customers_on_test_clocks_are_kept_until_they_are_gone(till: Till, account: Account, wire: Wire) -> None:
    """No list shows them; their events do."""
    hidden = wire.ok("POST", "/v1/customers", {"email": "clock@kornfeld.example"})["id"]
    await till.sync()
    account.get("customer", hidden)["test_clock"] = "clock_1"
    wire.ok("POST", f"/v1/customers/{hidden}", {"name": "On a clock"})
    await till.sync()
    customer = till.shelf.one("customers", hidden)
    assert customer
    assert (customer.clock, customer.name) == ("clock_1", "On a clock")
    account.table("customer").remove(hidden)
    await till.sync(full=True)
    assert till.shelf.one("customers", hidden) is None


async def test_what_stands_on_test_clocks_is_read_clock_by_clock(till: Till, account: Account, wire: Wire) -> None:
    clock = wire.ok("POST", "/v1/test_helpers/test_clocks", {"frozen_time": "1790000000", "name": "A year on"})["id"]
    subscription = next(iter(account.table("subscription")))
    subscription["test_clock"] = account.get("customer", subscription["customer"])["test_clock"] = clock
    shown = wire.ok("GET", "/v1/customers", {"limit": "100"})["data"]
    assert subscription["customer"] not in {row["id"] for row in shown}
    await till.sync()
    held = till.shelf.one("customers", subscription["customer"])
    assert held
    assert held.clock == clock
    agree(till, account)


async def test_stopped_by_hand_it_keeps_what_was_done_and_goes_on(till: Till, account: Account, sandbox: RunningSandbox) -> None:
    some = asyncio.Event()

    def tell(progress: Progress) -> None:
        if progress.rows > 300:
            some.set()

    running = asyncio.create_task(till.sync(tell=tell))
    await some.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    kept = sum(len(rows) for rows in till.held().values())
    assert kept >= 300
    report = await till.sync()
    agree(till, account)
    assert report.kind == "resumed"
    assert sum(report.fetched.values()) < sum(report.rows.values())


async def test_it_goes_on_where_the_object_that_it_had_come_to_is_gone(till: Till, account: Account) -> None:
    some = asyncio.Event()
    running = asyncio.create_task(till.sync(tell=lambda progress: some.set() if progress.rows > 300 else None))
    await some.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with closing(sqlite3.connect(till.path)) as database:
        cursors = [row[0] for row in database.execute("select after from windows where after <> ''")]
    assert cursors
    for table in ("customer", "subscription", "event"):
        for cursor in cursors:
            account.table(table).remove(cursor)
    await till.sync()
    await till.sync(full=True)
    agree(till, account)


async def test_what_stripe_shows_in_parts_is_read_whole(till: Till, account: Account, sandbox: RunningSandbox) -> None:
    """A subscription with more items than fit into it."""
    held = next(row for row in account.table("subscription") if row["status"] == "active")
    held["items"]["has_more"] = True
    forget(sandbox)
    await till.sync()
    agree(till, account)
    asked = [one["query"] for one in requests(sandbox) if one["path"] == "/v1/subscription_items"]
    assert len(asked) == 1
    assert held["id"] in asked[0]


async def test_two_at_once_on_one_cache_do_the_work_once(till: Till, account: Account, sandbox: RunningSandbox) -> None:
    forget(sandbox)
    waited: list[Progress] = []
    first, second = await asyncio.gather(till.sync(), till.sync(tell=waited.append))
    agree(till, account)
    assert sorted((first.kind, second.kind)) == ["full", "incremental"]
    assert len(requests(sandbox)) == first.requests + second.requests


@pytest.mark.parametrize("damage", ["cut", "garbage", "version", "schema"])
async def test_a_damaged_cache_is_filled_anew(till: Till, account: Account, damage: str) -> None:
    await till.sync()
    hurt(till.path, damage)
    await till.sync()
    agree(till, account)


@pytest.mark.parametrize("damage", ["garbage", "version"])
async def test_a_damaged_cache_is_no_crash_for_readers(till: Till, damage: str) -> None:
    await till.sync()
    hurt(till.path, damage)
    shelf = till.shelf
    if damage == "garbage":
        with pytest.raises(OutOfReach) as told:
            shelf.totals()
        assert told.value.code == "cache_damaged"
    assert set(shelf.totals().values()) == {0}


def hurt(path: Path, damage: str) -> None:
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    body = path.read_bytes()
    if damage == "cut":
        path.write_bytes(body[: len(body) // 2])
    elif damage == "garbage":
        path.write_bytes(b"not a database at all" * 1000)
    else:
        with closing(sqlite3.connect(path)) as database:
            database.execute("pragma user_version = 99" if damage == "version" else "drop table meta")


async def test_the_cache_is_its_owners_alone(till: Till) -> None:
    await till.sync()
    assert {path.stat().st_mode & 0o777 for path in till.home.iterdir()} == {0o600}
    assert till.home.stat().st_mode & 0o777 == 0o700


async def test_an_account_with_nothing_in_it(tmp_path: Path) -> None:
    sandbox = start(SandboxOptions(customers=0, stages=()))
    try:
        till = till_of(sandbox, tmp_path / "cache")
        account = sandbox.world.stripe("test")
        for event in [row["id"] for row in account.table("event")]:
            account.table("event").remove(event)
        await till.sync()
        assert (await till.sync()).requests == 1
        account.emit("customer.created", {"id": "cus_unknown", "object": "customer"}, hearing="settled")
        report = await till.sync()
        assert report.fetched["events"] == 1
        agree(till, account)
    finally:
        sandbox.stop()
