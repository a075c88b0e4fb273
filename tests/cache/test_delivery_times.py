"""How long deliveries took: only of events that were seen soon after they were made, and never less than it was."""

from datetime import UTC, datetime, timedelta

import pytest

from billing_tui.cache.delivery_times import DeliveryTimes
from billing_tui.sandbox.options import MODES
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.sandbox.stripe.account import Account, Hearing
from tests.cache.till import Till

KIND = "customer.subscription.updated"


@pytest.fixture
def account(sandbox: RunningSandbox) -> Account:
    return sandbox.world.stripe(MODES[0])


def happen(account: Account, count: int, hearing: Hearing, ago: int = 0) -> list[str]:
    held = next(iter(account.table("subscription")))
    return [account.emit(KIND, held, hearing=hearing, at=account.now() - ago)["id"] for _ in range(count)]


def times(till: Till) -> DeliveryTimes:
    return till.shelf.delivery_times((KIND,), 7)


async def test_what_was_taken_before_the_first_look_is_as_late_as_the_look(till: Till, account: Account) -> None:
    await till.sync()
    assert times(till) == DeliveryTimes(count=0, waiting=0, median=None, p95=None, histogram=(0, 0, 0, 0, 0, 0))
    happen(account, 6, "settled", ago=30)
    await till.sync()
    held = times(till)
    assert (held.count, held.waiting, held.histogram) == (6, 0, (0, 6, 0, 0, 0, 0))
    assert held.median is not None
    assert 30 <= held.median <= 40
    assert till.shelf.delivery_times(("charge.failed",), 7).count == 0
    assert till.shelf.delivery_times((), 7, before=1).count == 0


async def test_what_was_made_while_nobody_looked_tells_nothing(till: Till, account: Account) -> None:
    await till.sync()
    happen(account, 6, "settled", ago=600)
    await till.sync()
    assert times(till).count == 0


async def test_what_is_waited_for_counts_as_longer_than_all_until_it_is_taken(till: Till, account: Account) -> None:
    await till.sync()
    happen(account, 6, "settled")
    late = happen(account, 6, "failed")
    await till.sync()
    held = times(till)
    assert (held.count, held.waiting, held.p95, held.histogram) == (12, 6, None, (6, 0, 0, 0, 0, 6))
    for name in late:
        account.get("event", name)["pending_webhooks"] = 0
    till.now = datetime.now(UTC) + timedelta(seconds=200)
    await till.sync()
    held = times(till)
    assert (held.count, held.waiting, held.histogram) == (12, 0, (6, 0, 6, 0, 0, 0))
    assert held.p95 is not None
    assert 200 <= held.p95 < 300
