"""What keeping the cache up to date costs in requests, by the server's count."""

import subprocess
from collections.abc import Iterator, Mapping
from math import ceil

from billing_tui.services.budget import refresh_after
from tests.bench.ground import Ground, program
from tests.bench.server import Server, serving
from tests.bench.table import Line

_CHANGED, _TIMES = 120, 2
_HOUR, _QUARTER = 3600.0, 15 * 60.0
_SOFT = 300


def bars(ground: Ground) -> Iterator[Line]:
    """A quiet account, one with changes, and an hour in which nobody types."""
    with serving(ground, customers=200) as server:
        environment = server.environment(ground, 200)
        _refreshed(server, environment)
        quiet = _refreshed(server, environment)
        ids = [row["id"] for row in _customers(server)]
        for _ in range(_TIMES):
            for key in ids:
                server.post(f"/v1/customers/{key}", name="Somebody Else")
        changed = _refreshed(server, environment)
    events = _TIMES * len(ids)
    allowed = 1 + ceil(events / 100) + len(ids)
    yield Line("refresh of a quiet account", "the server's count", "1 request", f"{quiet}", quiet <= 1)
    yield Line(
        f"refresh after {events} changes to {len(ids)} customers",
        "the server's count",
        f"1 + N/100 + what changed: {allowed}",
        f"{changed} requests",
        changed <= allowed,
    )
    hour, later = _in_an_hour(quiet), _after_a_quarter(quiet)
    yield Line("an hour focused, nobody types", "by its schedule", "at most 60 requests", f"{hour} requests", hour <= 60)
    yield Line("unwatched for 15 minutes", "by its schedule", "0 requests", f"{later} requests in the next hour", not later)


def _refreshed(server: Server, environment: Mapping[str, str]) -> int:
    """What one more sync asks Stripe for."""
    server.forget()
    subprocess.run([*program(), "sync", "--json"], env=environment, check=True, capture_output=True)
    return sum(1 for one in server.seen() if one["service"] == "stripe")


def _customers(server: Server) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for after in ("", "more"):
        more = {"starting_after": found[-1]["id"]} if after else {}
        answer = server.http.get(
            f"{server.base}/v1/customers", params={"limit": 60, **more}, headers={"Authorization": f"Bearer {server.key}"}
        )
        found += answer.json()["data"]
    return found[:_CHANGED]


def _in_an_hour(each: int) -> int:
    """Requests of the background's refreshes, one after another as they are planned."""
    at, reads = 0.0, 0
    while (wait := refresh_after(reads, _SOFT, 0.0)) is not None and (at := at + wait) <= _HOUR:
        reads += each
    return reads


def _after_a_quarter(each: int) -> int:
    """The same where nobody has looked for a quarter of an hour."""
    return 0 if refresh_after(0, _SOFT, _QUARTER) is None else each
