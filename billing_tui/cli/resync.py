"""`billing-tui resync` and `apply`: bring Clerk and the database to what Stripe says, and carry out a plan that was shown."""

import click

from billing_tui.changes.resync import To
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.writing import carry_out_kept, plan_it, writing_options
from billing_tui.model.change import Wanted


@click.command()
@click.argument("subject")
@click.option(
    "--to", type=click.Choice(["clerk", "database", "all"]), default="all", show_default=True, help="Which layers to write."
)
@click.option("--user", metavar="ID", default="", help="The account whose plan is meant, where SUBJECT leads to several.")
@writing_options
def resync(subject: str, to: To, user: str, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Plan the write that brings Clerk and the database to what Stripe says; with --apply, carry it out."""
    options = {} if to == "all" else {"to": str(to)}
    plan_it(asked, Wanted(action="resync", query=subject, user=user, options=options), apply_it=apply_it, confirm=confirm)


@click.command()
@click.argument("plan_id")
@click.option("--confirm", metavar="TEXT", default="", help="What the plan asks to be typed in live mode.")
@shared_options
def apply(plan_id: str, confirm: str, asked: Asked) -> None:
    """Carry out exactly the plan that an earlier command showed, if nothing it names has changed since."""
    carry_out_kept(asked, plan_id, confirm)
