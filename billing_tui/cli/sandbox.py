"""`billing-tui sandbox`: the embedded Stripe, Clerk and app, served on loopback for other clients.

Imports the sandbox only when it runs: no other command may pay for it.
"""

import sys

import click


@click.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port to listen on; 0 takes a free one."
)
@click.option("--customers", type=click.IntRange(min=0), default=400, show_default=True, help="How many customers.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--latency-ms", type=click.IntRange(min=0), default=0, help="How much later every answer comes.")
@click.option("--rate-limit", type=click.IntRange(min=0), default=0, help="Stripe requests a second for each mode; 0: no limit.")
def sandbox(host: str, port: int, customers: int, seed: int, latency_ms: int, rate_limit: int) -> None:
    """Serve the demo's Stripe, Clerk and app on loopback.

    Prints one JSON line when ready: addresses, keys and a configuration file for BILLING_TUI_CONFIG.
    """
    from billing_tui.sandbox.options import SandboxOptions
    from billing_tui.sandbox.server import serve

    options = SandboxOptions(customers=customers, seed=seed, latency_ms=latency_ms, rate_limit=rate_limit, host=host, port=port)
    sys.exit(serve(options))
