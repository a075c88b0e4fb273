"""How much of what Stripe allows a full sync of one list uses: as a process, against a server far away that counts."""

import json
import subprocess
from collections.abc import Iterator
from statistics import median

from tests.bench.figures import ratio
from tests.bench.ground import Ground, program, python
from tests.bench.server import Json, Server, serving
from tests.bench.table import Line

_RUNS = 5
_LISTED = 100_000
_PAGED = 3_000
_RATE = 25
_LATENCY = 80
_PAGE = 100


def bars(ground: Ground) -> Iterator[Line]:
    """Against the bucket, and against auto-paging; refusals by the server's count."""
    pairs: list[tuple[float, float]] = []
    refused = 0
    with serving(ground, listed=_LISTED, latency_ms=_LATENCY, rate_limit=_RATE) as server:
        for _ in range(_RUNS):
            seen = _synced(ground, server)
            refused += sum(1 for one in seen if one["status"] == 429)
            pairs.append((_speed(seen), _auto_paging(ground, server)))
    bucket = _RATE * _PAGE
    speed = median(ours for ours, _ in pairs)
    shares = [ours / bucket for ours, _ in pairs]
    where = f"full sync, {_LISTED:,} on one list, {_LATENCY} ms away"
    yield Line(
        where,
        f"the bucket: {_RATE} requests/s of {_PAGE}",
        "at least 97 % of it, no 429",
        f"{median(shares):.1%} ({min(shares):.1%} to {max(shares):.1%}), {refused} of 429",
        median(shares) >= 0.97 and not refused,
    )
    times = ratio(pairs)
    peer = median(theirs for _, theirs in pairs)
    yield Line(
        where,
        "the stripe package's auto-paging",
        "at least 2.5 times it",
        f"{times:.2f} times: {speed:,.0f} against {peer:,.0f} objects/s",
        times >= 2.5,
    )


def _synced(ground: Ground, server: Server) -> list[Json]:
    """What the server saw of one full sync."""
    server.forget()
    environment = server.environment(ground, _RATE)
    ended = subprocess.run([*program(), "sync", "--json"], env=environment, check=True, capture_output=True, text=True)
    if json.loads(ended.stdout)["rows"]["customers"] != _LISTED:
        raise RuntimeError(f"the sync has not brought all customers: {ended.stdout}")
    return server.seen()


def _speed(seen: list[Json]) -> float:
    """Objects a second, from when the first page is asked for until the last is there."""
    pages = [one for one in seen if one["path"] == "/v1/customers"]
    seconds: float = max(one["finished"] for one in pages) - min(one["started"] for one in pages)
    return _LISTED / seconds


def _auto_paging(ground: Ground, server: Server) -> float:
    command = python("auto_paging", server.base, server.key, str(_PAGED))
    return float(subprocess.run(command, env=ground.environment(), check=True, capture_output=True, text=True).stdout)
