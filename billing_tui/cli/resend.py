"""`billing-tui resend` and `recover`: send again what has not arrived, one event or everything since an outage."""

from datetime import UTC, datetime

import click

from billing_tui.cli.options import Asked
from billing_tui.cli.since import moment_before
from billing_tui.cli.writing import plan_it, writing_options
from billing_tui.model.change import Wanted
from billing_tui.model.moment import rfc3339
from billing_tui.model.problem import BadUsage


@click.command()
@click.argument("events", nargs=-1)
@click.option("--endpoint", metavar="ID", default="", help="Where to (we_…); left out, the app's own endpoint.")
@click.option(
    "--via",
    type=click.Choice(["stripe", "direct"]),
    default="stripe",
    show_default=True,
    help="Let Stripe send it, or sign and post it from here and see the answer.",
)
@click.option("--undelivered", is_flag=True, help="Instead of ids: all that is outstanding.")
@click.option("--since", metavar="T", default="", help="With --undelivered: from when on; 2h, 7d, or a moment.")
@writing_options
def resend(
    events: tuple[str, ...],
    endpoint: str,
    via: str,
    undelivered: bool,
    since: str,
    apply_it: bool,
    confirm: str,
    asked: Asked,
) -> None:
    """Plan to send EVENTS (evt_…) again; with --apply, do it and see whether they arrive."""
    if bool(events) == undelivered:
        raise BadUsage("Nothing says which events to send.", "Name them, or give --undelivered --since 2h.")
    if undelivered and not since:
        raise BadUsage("It is not said from when on.", "Give --since 2h, or a moment.")
    if since and not undelivered:
        raise BadUsage("--since goes with --undelivered.", "Leave one of them out.")
    options = {"endpoint": endpoint, "via": "" if via == "stripe" else via}
    options["since"] = rfc3339(moment_before(since, datetime.now(UTC))) if since else ""
    said = {name: value for name, value in options.items() if value}
    plan_it(asked, Wanted(action="resend", query=" ".join(events), options=said), apply_it=apply_it, confirm=confirm)


@click.command()
@click.option("--since", metavar="T", required=True, help="When the trouble began: 2h, 7d, a moment, or an event (evt_…).")
@click.option("--endpoint", metavar="ID", default="", help="Where to (we_…); left out, the app's own endpoint.")
@click.option("--cap", type=click.IntRange(1, 500), help="How many people are re-synced at most; 25, or $BILLING_TUI_BULK_CAP.")
@writing_options
def recover(since: str, endpoint: str, cap: int | None, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Plan to send again everything that has not arrived since T, and to re-sync whom that can't reach; with --apply, do it.

    Stopped or killed, run it again: it takes up what is still outstanding.
    """
    at = since if since.startswith("evt_") else rfc3339(moment_before(since, datetime.now(UTC)))
    said = {name: value for name, value in {"endpoint": endpoint, "cap": str(cap or "")}.items() if value}
    plan_it(asked, Wanted(action="recover", query=at, options=said), apply_it=apply_it, confirm=confirm)
