"""One rate for all processes of an account, and a day's reads that outlive them; the rate as the server counts it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.services.budget import Budget, endpoint_of, known_account, refresh_after
from billing_tui.services.budget_slots import Slots, after_limit, given_back, taken

KEY = "sk_test_51SomebodysOwnSecretKey"
REQUEST = httpx.Request("GET", "https://api.stripe.com/v1/customers")
RATE, EACH = 20, 30


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=1, stages=()))
    yield running
    running.stop()


def busiest(times: list[float]) -> int:
    return max(sum(1 for later in times[place:] if later < at + 1) for place, at in enumerate(times))


@given(st.lists(st.tuples(st.floats(0, 0.3), st.booleans(), st.floats(0, 3)), min_size=1, max_size=120), st.integers(1, 40))
def test_no_second_ever_has_more_than_the_rate(asked: list[tuple[float, bool, float]], rate: int) -> None:
    """Whoever wakes more than a little late gives the moment back and takes another; a little is covered."""
    slots, now, sent = Slots(), 100.0, []
    for wait, patient, late in asked:
        now += wait
        at = slots.free(rate, now, patient=patient)
        slots = taken(slots, rate, at, now, patient=patient)
        if late > 0.019:
            now, late = at + late, 0.0
            slots = given_back(slots, at)
            at = slots.free(rate, now, patient=patient)
            slots = taken(slots, rate, at, now, patient=patient)
        sent.append(at + late)
        now = max(now, at + late)
    assert busiest(sorted(sent)) <= rate


def test_patient_requests_are_spaced_and_lose_next_to_nothing() -> None:
    slots, now, sent = Slots(), 0.0, []
    for _ in range(500):
        at = slots.free(25, now, patient=True)
        slots = taken(slots, 25, at, now, patient=True)
        sent.append(at)
        now = at
    assert (len(sent) - 1) / (sent[-1] - sent[0]) >= 25 * 0.97
    assert min(later - at for at, later in pairwise(sent[8:])) >= 0.9 / 25


def test_after_a_stall_they_are_soon_evenly_spaced_again() -> None:
    """A heap that catches up must not meet itself again every second, held back by the second that it filled."""
    slots, now, sent = Slots(), 0.0, []
    for place in range(300):
        now += 0.6 if place in (40, 80) else 0.0
        at = slots.free(25, now, patient=True)
        slots = taken(slots, 25, at, now, patient=True)
        sent.append(at)
        now = at
    late = [after - before for before, after in pairwise(sent[160:])]
    assert max(late) < 1.2 / 25
    assert busiest(sent) <= 25


def test_after_a_refusal_nothing_goes_out_for_a_while() -> None:
    slots = after_limit(taken(Slots(), 20, 1.0, 1.0, patient=False), 5.0)
    assert slots.free(20, 1.1, patient=False) >= 5.0


def test_two_processes_share_one_rate_as_the_server_counts_it(sandbox: RunningSandbox, tmp_path: Path) -> None:
    arguments = [sandbox.base, sandbox.ready["stripe"]["test_key"], tmp_path / "budget.db", RATE, EACH]
    command = [sys.executable, "-m", "tests.services.asking", *map(str, arguments)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    seen = httpx.get(f"{sandbox.base}/_sandbox/requests").json()
    times = sorted(one["started"] for one in seen)
    assert len(times) == 2 * EACH
    assert busiest(times) <= RATE
    assert known_reads(tmp_path / "budget.db", sandbox.ready["stripe"]["test_key"]) == 2 * EACH


def known_reads(path: Path, key: str) -> int:
    budget = Budget(path, key, RATE)
    try:
        return budget.reads
    finally:
        budget.close()


async def test_the_days_reads_outlive_the_process_and_writes_do_not_count(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "budget.db", KEY, 100)
    for method in ("GET", "POST", "GET"):
        await budget.turn(httpx.Request(method, REQUEST.url), patient=False)
    assert budget.reads == 2
    budget.close()
    assert known_reads(tmp_path / "budget.db", KEY) == 2


async def test_two_keys_of_one_account_share_its_budget_once_that_is_known(tmp_path: Path) -> None:
    path = tmp_path / "budget.db"
    first, second = Budget(path, KEY, 100), Budget(path, "rk_test_other", 100)
    for budget in (first, second):
        await budget.turn(REQUEST, patient=False)
        budget.adopt("acct_1")
    await first.turn(REQUEST, patient=False)
    assert first.reads == 3
    assert known_account(path, KEY) == known_account(path, "rk_test_other") == "acct_1"
    assert known_account(path, "rk_test_third") is None
    first.close()
    second.close()


def test_the_key_is_nowhere_in_the_file(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "budget.db", KEY, 100)
    asyncio.run(budget.turn(REQUEST, patient=False))
    budget.adopt("acct_1")
    budget.close()
    for file in tmp_path.iterdir():
        assert KEY.removeprefix("sk_test_").encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("body", [b"garbage" * 4000, b""])
async def test_a_damaged_file_stops_nobody(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "budget.db"
    path.write_bytes(body)
    budget = Budget(path, KEY, 100)
    await budget.turn(REQUEST, patient=False)
    assert budget.reads == 1
    budget.close()
    assert known_reads(path, KEY) == 1


async def test_without_a_file_a_process_still_paces_itself(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    budget = Budget(tmp_path / "in the way" / "budget.db", KEY, 10)
    before = asyncio.get_running_loop().time()
    for _ in range(12):
        await budget.turn(REQUEST, patient=False)
    assert asyncio.get_running_loop().time() - before >= 1.0
    assert budget.reads == 12


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/v1/customers", "GET /v1/customers"),
        ("/v1/customers/cus_1", "GET /v1/customers/*"),
        ("/v1/products/pro-plan", "GET /v1/products/*"),
        ("/v1/customers/search", "GET /v1/customers/search"),
        ("/v1/events/evt_1/retry", "GET /v1/events/*/retry"),
        ("/v1/checkout/sessions/cs_1", "GET /v1/checkout/sessions/*"),
        ("/v1/account", "GET /v1/account"),
    ],
)
def test_ids_do_not_make_endpoints(path: str, endpoint: str) -> None:
    assert endpoint_of("GET", path) == endpoint


def test_refreshing_slows_down_as_the_budget_is_used_up_and_stops_when_nobody_looks() -> None:
    pauses = [refresh_after(reads, 300, 0) or 0 for reads in (0, 100, 150, 200, 250, 300, 5000)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[2], pauses[-1]) == (60, 60, 900)
    assert refresh_after(0, 300, 15 * 60) is None
    assert refresh_after(0, 0, 0) == 900
