"""`billing-tui relink`, `fix product`, `fix endpoint` and `grant`: the repairs that are not a re-sync."""

import click

from billing_tui.cli.options import Asked
from billing_tui.cli.writing import plan_it, writing_options
from billing_tui.model.change import Wanted
from billing_tui.model.problem import BadUsage


@click.command()
@click.argument("customer")
@click.argument("user")
@writing_options
def relink(customer: str, user: str, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Plan to write on CUSTOMER (cus_…) and its subscriptions that they are USER's (user_… or org_…), and in the database."""
    plan_it(asked, Wanted(action="relink", query=customer, user=user), apply_it=apply_it, confirm=confirm)


@click.group()
def fix() -> None:
    """Mend a product's metadata or a webhook endpoint."""


@fix.command()
@click.argument("product_id", metavar="ID")
@click.option("--plan", metavar="TIER", default="", help="What it is to stand for; left out, what is evidently meant.")
@writing_options
def product(product_id: str, plan: str, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Plan to mend the plan that the metadata of product ID names."""
    options = {"plan": plan} if plan else {}
    plan_it(asked, Wanted(action="fix product", query=product_id, options=options), apply_it=apply_it, confirm=confirm)


@fix.command()
@click.argument("endpoint_id", metavar="[ID]", required=False, default="")
@click.option("--create", is_flag=True, help="Make one instead, at --url or the profile's webhook_url.")
@click.option("--url", metavar="URL", default="", help="Where it is to deliver to; asked first.")
@click.option("--add-events", metavar="TYPES", default="", help="Comma-separated; `missing` for those that the profile requires.")
@click.option("--only-events", metavar="TYPES", default="", help="These and no others, likewise.")
@click.option("--enable", is_flag=True, help="Let Stripe deliver to it again.")
@click.option("--disable", is_flag=True, help="Let Stripe deliver nothing to it.")
@writing_options
def endpoint(
    endpoint_id: str,
    create: bool,
    url: str,
    add_events: str,
    only_events: str,
    enable: bool,
    disable: bool,
    apply_it: bool,
    confirm: str,
    asked: Asked,
) -> None:
    """Plan to mend the webhook endpoint ID (we_…), or with --create to make one."""
    if bool(endpoint_id) == create or (create and (enable or disable)):
        raise BadUsage(
            "Nothing says which endpoint is meant.", "Name one (we_…), or give --create, which takes --url and --add-events."
        )
    given = {"url": url, "add-events": add_events, "only-events": only_events}
    given |= {"enable": "yes" if enable else "", "disable": "yes" if disable else ""}
    options = {name: value for name, value in given.items() if value}
    action = "new endpoint" if create else "fix endpoint"
    plan_it(asked, Wanted(action=action, query=endpoint_id, options=options), apply_it=apply_it, confirm=confirm)


@click.command()
@click.argument("subject")
@click.argument("tier")
@click.option("--until", metavar="DATE", required=True, help="The last day of it, like 2026-12-31.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it stands in Clerk and in the journal.")
@click.option("--user", metavar="ID", default="", help="The account that is meant, where SUBJECT leads to several.")
@writing_options
def grant(subject: str, tier: str, until: str, reason: str, user: str, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Plan to give SUBJECT a TIER without a subscription, until a day."""
    options = {"tier": tier, "until": until, "reason": reason}
    plan_it(asked, Wanted(action="grant", query=subject, user=user, options=options), apply_it=apply_it, confirm=confirm)
