"""What a ticket waits for: as a process that knows nobody yet, and in a window whose cache knows the person."""

import json
import subprocess
from collections.abc import Iterator
from statistics import median
from time import monotonic

from tests.bench.figures import ms
from tests.bench.ground import Ground, program, python
from tests.bench.server import Json, Server, serving
from tests.bench.table import Line
from tests.diagnosis.test_cost import counted, in_sequence

_RUNS = 7
_LATENCY = 80
_ROUND_TRIP = _LATENCY / 1000
_AFTER = 0.15
_REQUESTS, _READS = 12, 3
_FIRST = 0.05
_RATE = 20


def bars(ground: Ground) -> Iterator[Line]:
    """Cold, then warm."""
    with serving(ground, customers=30, latency_ms=_LATENCY) as server:
        yield from _cold(ground, server)
        yield from _warm(ground, server)


def _cold(ground: Ground, server: Server) -> Iterator[Line]:
    email = server.stage("PBF-072")["email"]
    runs = [_process(ground, server, email) for _ in range(_RUNS)]
    trips, requests, wall, whole = (median(run[part] for run in runs) for part in range(4))
    bar = f"ticket, cold cache, {_LATENCY} ms away"
    yield Line(bar, "2 sequential round trips", "at most 2", f"{trips:.0f}", trips <= 2)
    yield Line(bar, "the server's count", f"at most {_REQUESTS} requests", f"{requests:.0f}", requests <= _REQUESTS)
    most = 2 * _ROUND_TRIP + _AFTER
    yield Line(
        bar,
        "2 round trips + 150 ms",
        f"at most {ms(most)} after start-up",
        f"{ms(wall)} from the first request to the end of the process ({ms(whole)} in all)",
        wall <= most,
    )


def _process(ground: Ground, server: Server, email: str) -> tuple[float, float, float, float]:
    """Round trips, requests, seconds from the first request on, and in all."""
    environment = server.environment(ground, _RATE)
    server.forget()
    started = monotonic()
    ended = subprocess.run(
        [*program(), "diagnose", email, "--json"], env=environment, check=False, capture_output=True, text=True
    )
    done = monotonic()
    if json.loads(ended.stdout)["verdict"]["primary"] != "PBF-072":
        raise RuntimeError(f"the ticket has another verdict than what was staged: {ended.stdout[:300]} {ended.stderr}")
    seen = server.seen()
    return in_sequence(seen), _tickets_own(seen), done - seen[0]["started"], done - started


def _tickets_own(seen: list[Json]) -> int:
    kinds = counted(seen)
    return kinds["stripe"] + kinds["clerk"]


def _warm(ground: Ground, server: Server) -> Iterator[Line]:
    emails = [server.stage("PBF-099")["email"] for _ in range(_RUNS)]
    environment = server.environment(ground, _RATE)
    # What a dashboard that somebody looks at keeps up to date by itself: the account, and what each layer says of its people.
    for kept in ("sync", "drift"):
        subprocess.run([*program(), kept, "--json"], env=environment, check=kept == "sync", capture_output=True)
    server.forget()
    ended = subprocess.run(python("one_ticket", *emails), env=environment, check=True, capture_output=True, text=True)
    told: list[tuple[float, float | None, float | None, float]] = json.loads(ended.stdout)
    seen = server.seen()
    own = [[one for one in seen if asked <= one["started"] <= end] for asked, *_, end in told]
    firsts = [cached - asked for asked, cached, *_ in told if cached is not None]
    bar = f"ticket, warm cache, {_LATENCY} ms away"
    if len(firsts) == len(told):
        first = median(firsts)
        named = median((cause or end) - asked for asked, _, cause, end in told)
        measured = f"{ms(first)} (worst {ms(max(firsts))}); a cause is named after {ms(named)}"
        yield Line(bar, "-", f"first answer from it in under {ms(_FIRST)}", measured, first < _FIRST)
    else:
        yield Line(bar, "-", "first verdict from the cache", f"for {len(firsts)} of {len(told)} people", False)
    reads, trips = median(map(_tickets_own, own)), median(map(in_sequence, own))
    whole = median(end - asked for asked, *_, end in told)
    yield Line(
        bar,
        "1 round trip",
        f"{_READS} reads, 1 round trip",
        f"{reads:.0f} reads, {trips:.0f} round trips, {ms(whole)} to the last answer",
        reads <= _READS and trips <= 1,
    )
