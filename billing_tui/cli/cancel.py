"""`billing-tui cancel`: end a subscription now or when its paid period ends, or take a scheduled end back."""

import click

from billing_tui.changes.cancel import FEEDBACK
from billing_tui.cli.options import Asked
from billing_tui.cli.writing import plan_it, writing_options
from billing_tui.model.change import Wanted
from billing_tui.model.problem import BadUsage


@click.command()
@click.argument("subscription")
@click.option("--at-period-end", is_flag=True, help="When the paid period ends; the default.")
@click.option("--now", is_flag=True, help="At once.")
@click.option("--prorate", is_flag=True, help="With --now: credit the unused time.")
@click.option("--invoice-now", is_flag=True, help="With --now: settle what is open with an invoice.")
@click.option("--feedback", type=click.Choice(FEEDBACK), help="Why the customer leaves.")
@click.option("--comment", metavar="TEXT", help="Their own words; kept at Stripe.")
@click.option("--undo", is_flag=True, help="Take a scheduled end back.")
@writing_options
def cancel(
    subscription: str,
    at_period_end: bool,
    apply_it: bool,
    confirm: str,
    asked: Asked,
    **options: str | bool | None,
) -> None:
    """Plan the cancellation of SUBSCRIPTION (sub_…), or with --undo the end of one; with --apply, carry it out."""
    if at_period_end and (options["now"] or options["undo"]):
        raise BadUsage("--at-period-end, --now and --undo exclude each other.", "Give one of them.")
    said = {name.replace("_", "-"): "yes" if value is True else str(value) for name, value in options.items() if value}
    plan_it(asked, Wanted(action="cancel", query=subscription, options=said), apply_it=apply_it, confirm=confirm)
