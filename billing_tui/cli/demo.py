"""`billing-tui demo`: the dashboard on the embedded sandbox."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

CUSTOMERS = 400


@click.command()
@click.option("--customers", type=click.IntRange(min=0), default=CUSTOMERS, show_default=True, help="How many customers.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--latency-ms", type=click.IntRange(min=0), default=0, help="How much later every answer comes.")
def demo(customers: int, seed: int, latency_ms: int) -> None:
    """Open the dashboard on a pretend account: no keys, no network, nothing to configure."""
    click.get_current_context().exit(open_demo(customers, seed, latency_ms))


def open_demo(customers: int = CUSTOMERS, seed: int = 1, latency_ms: int = 0, *, follows: bool = False) -> int:
    """Starts the sandbox and opens the dashboard on it, perhaps over another window; returns its exit code."""
    from billing_tui.cli.desks import DemoDesk
    from billing_tui.sandbox.options import SandboxOptions
    from billing_tui.sandbox.server import start
    from billing_tui.tui.app import run

    sandbox = start(SandboxOptions(customers=customers, seed=seed, latency_ms=latency_ms))
    try:
        with TemporaryDirectory(prefix="billing-tui-demo-") as state:
            return run(DemoDesk(sandbox.ready, Path(state)), follows=follows)
    finally:
        sandbox.stop()
