"""`billing-tui golive`: what stands between test mode and the first payer."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from msgspec import structs

from billing_tui.changes.together import together
from billing_tui.cli.documents import golive_document
from billing_tui.cli.options import Asked, open_workspace
from billing_tui.cli.output import print_document
from billing_tui.cli.writing import plan_it, writing_options
from billing_tui.golive.checks import CHECKS
from billing_tui.golive.facts import Both, Side
from billing_tui.model.change import Wanted
from billing_tui.model.golive import Checked, Severity, State
from billing_tui.model.problem import BadUsage, Problem, Refused
from billing_tui.model.profile import Mode
from billing_tui.model.stripe import Account
from billing_tui.model.text import clean, listed, plural, quoted

_MARKS: dict[State, tuple[str, str]] = {
    "fail": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "manual": ("·", "cyan"),
    "pass": ("✓", "green"),
}
_WORST: tuple[Severity, ...] = ("blocker", "high", "warning", "info")


@click.command()
@click.argument("wanted", metavar="[CHECK]...", nargs=-1)
@click.option("--all", "every_check", is_flag=True, help="Also what is as it should be.")
@click.option("--copy", "copy_it", is_flag=True, help="Plan to copy what live mode lacks of test mode's products and prices.")
@writing_options
def golive(wanted: tuple[str, ...], every_check: bool, copy_it: bool, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Check test and live mode at once for whatever would lose a payer; with CHECK (GL-13 …), plan the fix of those.

    Exits with 1 where something is not as it should be. With --apply the fixes are carried out, in live mode.
    """
    if copy_it:
        _copy(wanted, asked, apply_it=apply_it, confirm=confirm)
        return
    names = _named(wanted, apply_it=apply_it)
    both = asyncio.run(_gathered(asked))
    checks = [held.run(both) for held in CHECKS]
    if names:
        fixes = _fixes([held for held in checks if held.id in names])
        asked = structs.replace(asked, mode="live")
        plan_it(asked, together("golive", fixes, " ".join(names)), apply_it=apply_it, confirm=confirm)
        return
    if asked.as_json:
        account = both.live.configuration.account if isinstance(both.live, Side) else None
        profile = asked.guarded(asked.load().open(asked.profile, "live"))
        print_document(golive_document(profile, account.id if isinstance(account, Account) else "", checks))
    else:
        _print(checks, every_check=every_check)
    click.get_current_context().exit(1 if any(held.state == "fail" for held in checks) else 0)


def _copy(wanted: tuple[str, ...], asked: Asked, *, apply_it: bool, confirm: str) -> None:
    if wanted:
        raise BadUsage("--copy copies the catalogue, and mends no checks.", "Leave one of them out.")
    plan_it(structs.replace(asked, mode="live"), Wanted(action="copy catalogue", query=""), apply_it=apply_it, confirm=confirm)


def _named(wanted: tuple[str, ...], *, apply_it: bool) -> tuple[str, ...]:
    """The checks that are to be mended."""
    known = [held.id for held in CHECKS]
    names = tuple(dict.fromkeys(name.upper() for name in wanted))
    strange = next((name for name in names if name not in known), None)
    if strange:
        raise BadUsage(f"{quoted(clean(strange))} is no check.", "billing-tui golive --all lists them.")
    if apply_it and not names:
        raise BadUsage("It is not said which checks to mend.", "Name them: billing-tui golive --apply GL-12 GL-13.")
    return names


def _fixes(checks: Sequence[Checked]) -> tuple[Wanted, ...]:
    """What mends these. Raises `Refused` where nothing is wrong, or a person has to."""
    failed = [held for held in checks if held.state == "fail"]
    if not failed:
        raise Refused(f"{listed([held.id for held in checks])}: nothing is wrong there that could be mended.", checks[0].headline)
    by_hand = next((held for held in failed if not held.fix or not held.fix.wanted), None)
    if by_hand:
        todo = by_hand.fix.title if by_hand.fix else by_hand.headline
        raise Refused(f"{by_hand.id} can't be mended from here: {by_hand.headline}", todo)
    return tuple(wanted for held in failed if held.fix for wanted in held.fix.wanted)


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
