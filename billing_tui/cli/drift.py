"""`billing-tui drift`: everybody who pays for one plan and has another in Clerk or the database."""

import asyncio
import csv
import io
import sys
from typing import Any

import click

from billing_tui.cache.drift import Drifted
from billing_tui.cache.survey import SurveyReport
from billing_tui.cli.documents import headed
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import cell, print_document
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.text import plural
from billing_tui.workspace import Workspace

_COLUMNS = ("subject", "customer_id", "subscription_id", "expected", "clerk", "database", "since")
_SAYS = {
    "both": "behind in Clerk and the database",
    "clerk": "behind in Clerk",
    "database": "behind in the database",
    "no_user": "the payment names a user that Clerk does not have",
    "no_link": "the payment names no user",
    "no_tier": "the price leads to no plan",
}


@click.command()
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@shared_options
def drift(as_csv: bool, asked: Asked) -> None:
    """Show every paid subject whose plan in Clerk or the database is not what Stripe says. It never writes.

    Exits with 1 where there is any.
    """
    workspace = asked.open()
    report, found, account = asyncio.run(_looked(workspace))
    if asked.as_json:
        entries = {"checked": report.checked, "drifted": [_entry(held) for held in found]}
        print_document(headed("drift", workspace.profile, account) | entries)
    elif as_csv:
        click.echo(_csv(found), nl=False)
    else:
        _print(report, found)
    for problem in report.missing.values():
        click.echo(click.style(problem.message, fg="red"), err=True)
        click.echo(problem.hint, err=True, nl=bool(problem.hint))
    worst = max((problem.exit_code for problem in report.missing.values()), default=0)
    click.get_current_context().exit(1 if found else worst)


async def _looked(workspace: Workspace) -> tuple[SurveyReport, list[Drifted], str]:
    told = _Told() if sys.stderr.isatty() else None
    try:
        await workspace.sync()
        report = await workspace.survey(told)
        if report is None:
            raise AssertionError("without an age to spare it is always looked")
        found = await asyncio.to_thread(workspace.shelf().drifted)
        return report, found, await asyncio.to_thread(workspace.account_known)
    finally:
        if told:
            told.clear()
        await workspace.close()


class _Told:
    """How many subjects were looked at, on one line of a terminal."""

    def __call__(self, count: int) -> None:
        click.echo(f"\r\x1b[K{plural(count, 'subject')} looked at", err=True, nl=False)

    def clear(self) -> None:
        click.echo("\r\x1b[K", err=True, nl=False)


def _entry(held: Drifted) -> dict[str, Any]:
    return {name: getattr(held, name) for name in _COLUMNS} | {"since": rfc3339(from_unix(held.since)), "cause": held.cause}


def _csv(found: list[Drifted]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for held in found:
        entry = _entry(held)
        writer.writerow([cell(entry[name]) for name in _COLUMNS])
    return out.getvalue()


def _print(report: SurveyReport, found: list[Drifted]) -> None:
    cause = ""
    for held in found:
        if held.cause != cause:
            cause = held.cause
            click.echo(
                click.style(f"{'' if held is found[0] else chr(10)}{_SAYS[cause][0].upper()}{_SAYS[cause][1:]}", bold=True)
            )
        layers = "  ".join(
            f"{name} {plan}" for name, plan in (("Clerk", held.clerk), ("database", held.database)) if plan is not None
        )
        who = held.subject or "nobody named"
        click.echo(f"  {held.expected or '?':<12}{layers:<34}{who}  {held.customer_id}  {held.email}")
    said = f"{plural(report.checked, 'paid subject')} compared, {len(found)} drifted."
    click.echo(click.style(said, fg="yellow" if found else "green"))
