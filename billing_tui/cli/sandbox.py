"""`billing-tui sandbox`: the embedded Stripe, Clerk and app, served on loopback for other clients.

Imports the sandbox only when it runs: no other command may pay for it.
"""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from billing_tui.sandbox.options import Wanted


def _wanted(texts: tuple[str, ...]) -> "tuple[Wanted, ...]":
    if not texts:
        return ()
    from billing_tui.cli.staging import wanted

    return wanted(texts)


@click.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port to listen on; 0 takes a free one."
)
@click.option("--customers", type=click.IntRange(min=0), default=400, show_default=True, help="How many customers.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--latency-ms", type=click.IntRange(min=0), default=0, help="How much later every answer comes.")
@click.option("--rate-limit", type=click.IntRange(min=0), default=0, help="Stripe requests a second for each mode; 0: no limit.")
@click.option(
    "--stage",
    "stages",
    metavar="[MODE:]RULE[=EMAIL]",
    multiple=True,
    callback=lambda _ctx, _option, texts: _wanted(texts),
    help="Break something for somebody, e.g. PBF-058=ada@shop.example or live:PBF-070. Repeatable.",
)
@click.option("--stages", "listing", is_flag=True, help="List what can be staged, and end.")
def sandbox(
    host: str,
    port: int,
    customers: int,
    seed: int,
    latency_ms: int,
    rate_limit: int,
    stages: "tuple[Wanted, ...]",
    listing: bool,
) -> None:
    """Serve the demo's Stripe, Clerk and app on loopback.

    Prints one JSON line when ready: addresses, keys and a configuration file for BILLING_TUI_CONFIG.
    """
    if listing:
        from billing_tui.cli.staging import listed

        click.echo("\n".join(listed()))
        return
    from billing_tui.sandbox.options import SandboxOptions
    from billing_tui.sandbox.server import serve
    from billing_tui.settings.collecting import set_aside

    set_aside()  # it serves for as long as it likes
    options = SandboxOptions(
        customers=customers, seed=seed, latency_ms=latency_ms, rate_limit=rate_limit, host=host, port=port, also=stages
    )
    sys.exit(serve(options))
