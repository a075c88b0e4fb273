"""What keeping the cache up to date costs in requests, by the server's count."""

import subprocess
from collections.abc import Iterator, Mapping
from math import ceil
from time import monotonic

from tests.bench.ground import Ground, program, python
from tests.bench.one_hour import SPEED
from tests.bench.server import Server, serving
from tests.bench.table import Line
from tests.bench.terminal import Terminal

_CHANGED, _TIMES = 120, 2
_HOUR, _QUARTER = 3600.0, 15 * 60.0
_MARGIN = 120.0
_FOCUS, _BLUR = "\x1b[I", "\x1b[O"


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
        another_day = server.environment(ground, 200)
        _refreshed(server, another_day)
        focused, gone = _hours(another_day, server)
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
    clock = f"the server's count, on a clock {SPEED:.0f} times as fast"
    yield Line("an hour focused, nobody types", clock, "at most 60 requests", f"{focused} requests", 0 < focused <= 60)
    yield Line("an hour after 15 minutes unfocused", clock, "0 requests", f"{gone} requests", not gone)


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


def _hours(environment: Mapping[str, str], server: Server) -> tuple[int, int]:
    """Requests of an hour with the focus, and of the hour that begins when it was gone for a quarter of one."""
    with Terminal(python("one_hour"), environment) as terminal:
        terminal.first_paint()
        terminal.write(_FOCUS)
        _counted(terminal, server, 2 * _MARGIN)
        focused = _counted(terminal, server, _HOUR)
        terminal.write(_BLUR)
        _counted(terminal, server, _QUARTER + _MARGIN)
        return focused, _counted(terminal, server, _HOUR)


def _counted(terminal: Terminal, server: Server, seconds: float) -> int:
    """What Stripe is asked for in so many seconds of the dashboard's time."""
    server.forget()
    until = monotonic() + seconds / SPEED
    while (left := until - monotonic()) > 0:
        terminal.read(left)
    return sum(1 for one in server.seen() if one["service"] == "stripe")
