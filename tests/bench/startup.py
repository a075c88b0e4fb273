"""The command as a process, against the official Stripe CLI, both beside a server that answers at once."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic

from tests.bench.figures import middle, ms, ratio
from tests.bench.ground import ROOT, Ground, program
from tests.bench.server import Server, serving
from tests.bench.table import Line

_RUNS = 9
_BAR = "billing-tui diagnose as a process, no latency"
_PEER = "start-up of the Stripe CLI's customers list"
_GOAL = "at most 4 times it"


def bars(ground: Ground) -> Iterator[Line]:
    """All of our process against what the CLI takes before its first request."""
    cli = _cli()
    if cli is None:
        yield Line(_BAR, _PEER, _GOAL, "no peer here: .ci/peers gets it", None)
        return
    with serving(ground, customers=5) as server:
        environment = server.environment(ground, 1000)
        email = server.stage("PBF-072")["email"]
        listing = [cli, "customers", "list", "--limit", "3", "--api-key", server.key, "--api-base", server.base]
        home = {"HOME": str(ground.state()), "PATH": os.environ["PATH"], "STRIPE_CLI_TELEMETRY_OPTOUT": "1"}
        pairs: list[tuple[float, float]] = []
        starts: list[tuple[float, float]] = []
        for _ in range(_RUNS):
            start, whole = _ran(server, [*program(), "diagnose", email, "--json"], environment)
            cli_start, cli_whole = _ran(server, listing, home)
            pairs.append((whole, cli_start))
            starts.append((start, cli_whole))
    whole, cli_start = middle(pairs)
    start, cli_whole = middle(starts)
    times = ratio(pairs)
    yield Line(
        _BAR,
        _PEER,
        _GOAL,
        f"{times:.2f} times: {ms(whole)}, {ms(start)} of it start-up, against {ms(cli_start)} of {ms(cli_whole)}",
        times <= 4,
    )


def _ran(server: Server, command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Seconds until its first request, and until its end."""
    server.forget()
    started = monotonic()
    subprocess.run(command, env=environment, check=False, capture_output=True, stdin=subprocess.DEVNULL)
    ended = monotonic()
    return float(server.seen()[0]["started"]) - started, ended - started


def _cli() -> str | None:
    places = (os.environ.get("STRIPE_CLI"), shutil.which("stripe"), str(ROOT / ".peers/node_modules/.bin/stripe"))
    return next((place for place in places if place and Path(place).is_file()), None)
