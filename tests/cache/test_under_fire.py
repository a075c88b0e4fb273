"""A sync over a bad line, while the account changes under it, and two processes that share a rate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.cache.sync import Progress
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.cache.flaky import TROUBLES, flaky
from tests.cache.till import Json, Till, brief, till_of, truth
from tests.peers.wire import Wire


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=700, seed=8, stages=()))
    yield running
    running.stop()


class Traffic:
    """What happens in the account: somebody signs up, changes, leaves, cancels; one of each at every step."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.steps = 0
        self._customers: list[Json] = [one for page in wire.pages("/v1/customers", limit=100) for one in page["data"]]
        self._subscriptions: list[Json] = wire.get("/v1/subscriptions", limit=100, status="active")["data"]

    def step(self) -> None:
        self.steps += 1
        wire = self._wire
        wire.ok("POST", "/v1/customers", {"email": f"new{self.steps}@kornfeld.example", "name": "Neu"})
        wire.ok("POST", f"/v1/customers/{self._customers.pop()['id']}", {"name": f"Renamed {self.steps}"})
        wire.ok("DELETE", f"/v1/customers/{self._customers.pop(0)['id']}")
        wire.ok("POST", f"/v1/subscriptions/{self._subscriptions.pop()['id']}", {"cancel_at_period_end": True})


async def test_it_ends_with_the_servers_state_over_a_bad_line_while_the_account_changes(
    sandbox: RunningSandbox, wire: Wire, tmp_path: Path
) -> None:
    traffic = Traffic(wire)
    async with flaky(sandbox.base) as line:
        till: Till = till_of(sandbox, tmp_path / "cache", base=line.base, timeout=0.5)

        def tell(progress: Progress) -> None:
            if traffic.steps < 12 and progress.rows > 150 * traffic.steps:
                traffic.step()

        report = await till.sync(tell=tell)
        assert traffic.steps == 12
        assert set(line.troubles) == set(TROUBLES)
        assert report.requests == line.asked
        assert report.rate_limited == line.troubles.count("429")
    till.sound()
    assert brief(till.held()) == truth(sandbox.world.stripe("test"))


async def test_what_changes_between_two_syncs_over_a_bad_line_is_all_found(
    sandbox: RunningSandbox, wire: Wire, tmp_path: Path
) -> None:
    await till_of(sandbox, tmp_path / "cache").sync()
    traffic = Traffic(wire)
    for _ in range(15):
        traffic.step()
    async with flaky(sandbox.base) as line:
        till = till_of(sandbox, tmp_path / "cache", base=line.base, timeout=0.5)
        assert (await till.sync()).kind == "incremental"
    assert brief(till.held()) == truth(sandbox.world.stripe("test"))
