"""`billing-tui golive`: what stands between test mode and the first payer."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from billing_tui.cli.documents import golive_document
from billing_tui.cli.options import Asked, open_workspace, shared_options
from billing_tui.cli.output import print_document
from billing_tui.golive.checks import CHECKS
from billing_tui.golive.facts import Both, Side
from billing_tui.model.golive import Checked, Severity, State
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.model.stripe import Account
from billing_tui.model.text import plural

_MARKS: dict[State, tuple[str, str]] = {
    "fail": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "manual": ("·", "cyan"),
    "pass": ("✓", "green"),
}
_WORST: tuple[Severity, ...] = ("blocker", "high", "warning", "info")


@click.command()
@click.option("--all", "every_check", is_flag=True, help="Also what is as it should be.")
@shared_options
def golive(every_check: bool, asked: Asked) -> None:
    """Check test and live mode at once for whatever would lose a payer.

    Exits with 1 where something is not as it should be.
    """
    both = asyncio.run(_gathered(asked))
    checks = [held.run(both) for held in CHECKS]
    if asked.as_json:
        account = both.live.configuration.account if isinstance(both.live, Side) else None
        profile = asked.guarded(asked.load().open(asked.profile, "live"))
        print_document(golive_document(profile, account.id if isinstance(account, Account) else "", checks))
    else:
        _print(checks, every_check=every_check)
    click.get_current_context().exit(1 if any(held.state == "fail" for held in checks) else 0)


async def _gathered(asked: Asked) -> Both:
    """Both modes at the same time; one that can't be opened is the reason why."""
    test, live = await asyncio.gather(_side(asked, "test"), _side(asked, "live"))
    return Both(datetime.now(UTC), test, live)


async def _side(asked: Asked, mode: Mode) -> Side | Problem:
    config = asked.load()
    workspace = open_workspace(config, asked.guarded(config.open(asked.profile, mode)), asked.timeout)
    try:
        return await workspace.side()
    except Problem as problem:
        return problem
    finally:
        await workspace.close()


def _print(checks: Sequence[Checked], *, every_check: bool) -> None:
    counted = {state: sum(held.state == state for held in checks) for state in _MARKS}
    said = (
        f"{plural(counted['fail'], 'fault')}, {counted['unknown']} not known, {counted['manual']} by hand, {counted['pass']} well"
    )
    click.echo(click.style(said, bold=True))
    for severity in _WORST:
        held = [each for each in checks if each.severity == severity and (every_check or each.state != "pass")]
        if held:
            click.echo(f"\n{click.style(severity.capitalize(), bold=True)}")
            for each in sorted(held, key=lambda found: list(_MARKS).index(found.state)):
                _print_one(each)


def _print_one(held: Checked) -> None:
    glyph, colour = _MARKS[held.state]
    click.echo(f"  {click.style(glyph, fg=colour)} {held.id}  {click.style(held.headline, bold=held.state == 'fail')}")
    if held.state == "fail":
        for fact in held.evidence:
            click.echo(f"           {click.style(fact.id or fact.source, dim=True)}  {fact.says}")
    if held.fix and held.state != "manual":
        click.echo(f"           → {held.fix.title}")
    for command in held.fix.commands if held.fix else ():
        click.echo(f"             {command}")
