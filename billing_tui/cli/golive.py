"""`billing-tui golive`: what stands between test mode and the first payer."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from billing_tui.changes.together import together
from billing_tui.cli.documents import golive_document
from billing_tui.cli.golive_copy import Copying, copy, copy_options
from billing_tui.cli.golive_kept import hand_over, host_of, mark_seen, write_report
from billing_tui.cli.golive_print import print_checks
from billing_tui.cli.golive_run import run_it
from billing_tui.cli.options import Asked, open_workspace
from billing_tui.cli.output import print_document
from billing_tui.cli.writing import plan_it, writing_options
from billing_tui.golive.checks import CHECKS
from billing_tui.golive.facts import Both, Side
from billing_tui.golive.handover import WHERE
from billing_tui.golive.report import account_of
from billing_tui.model.change import Wanted
from billing_tui.model.golive import Checked
from billing_tui.model.problem import BadUsage, Problem, Refused
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean, listed, quoted


@click.command()
@click.argument("wanted", metavar="[CHECK]...", nargs=-1)
@click.option("--all", "every_check", is_flag=True, help="Also what is as it should be.")
@click.option("--report", metavar="FILE", default="", help="Write all of it down, as Markdown, or as JSON in a FILE.json.")
@click.option(
    "--host-secrets", metavar="FILE", default="", help="Names that the app's host knows: output of its command, - for a pipe."
)
@click.option(
    "--handover",
    type=click.Choice(["all", *WHERE]),
    is_flag=False,
    flag_value="all",
    help="Show how the app is given the live signing secret and price ids.",
)
@click.option("--run", "run_through", is_flag=True, help="The guided run: buy for nothing, and see each hop ticked.")
@click.option("--wait", type=click.FloatRange(0, 1440), default=30, show_default=True, help="With --run: minutes to buy in.")
@click.option(
    "--arrival", type=click.FloatRange(1, 3600), default=60, show_default=True, help="With --run: seconds for each hop to arrive."
)
@click.option("--seen", is_flag=True, help="You have looked at these CHECKs, which no API tells: they are well.")
@copy_options
@writing_options
def golive(wanted: tuple[str, ...], apply_it: bool, confirm: str, asked: Asked, **said: Any) -> None:
    """Check test and live mode at once for whatever would lose a payer; with CHECK (GL-13 …), plan the fix of those.

    Exits with 1 where something is not as it should be. With --apply the fixes are carried out, in live mode.
    """
    copying = Copying(**{name: said.pop(name) for name in Copying.__struct_fields__})
    patience = (said.pop("wait"), said.pop("arrival"))
    if copying.copy_it:
        if wanted or any(said.values()):
            raise BadUsage("--copy makes what live mode lacks, and nothing else.", "Leave the rest out.")
        copy(copying, asked, apply_it=apply_it, confirm=confirm)
        return
    if copying != Copying():
        raise BadUsage("That goes with --copy.", "Say billing-tui golive --copy too.")
    if said.pop("run_through"):
        if wanted or any(said.values()):
            raise BadUsage("--run goes through everything once, and does nothing else.", "Leave the rest out.")
        run_it(asked, apply_it=apply_it, confirm=confirm, patience=patience)
        return
    names = _named(wanted, apply_it=apply_it)
    both = asyncio.run(_gathered(asked, said["host_secrets"]))
    if said["handover"]:
        if isinstance(both.live, Problem):
            raise both.live
        hand_over(asked, both.live, both.host, said["handover"])
        return
    checks = [held.run(both) for held in CHECKS]
    if said["seen"]:
        mark_seen(asked, [held for held in checks if held.id in names])
        return
    if names:
        fixes = _fixes([held for held in checks if held.id in names])
        asked = structs.replace(asked, mode="live")
        plan_it(asked, together("golive", fixes, " ".join(names)), apply_it=apply_it, confirm=confirm)
        return
    _tell(asked, both, checks, said["report"], every_check=said["every_check"])
    click.get_current_context().exit(1 if any(held.state == "fail" for held in checks) else 0)


def _tell(asked: Asked, both: Both, checks: Sequence[Checked], report: str, *, every_check: bool) -> None:
    """Prints what was found, and writes it down where that is wanted."""
    profile = asked.guarded(asked.load().open(asked.profile, "live"))
    if report:
        write_report(Path(report), profile, both, checks)
    if asked.as_json:
        print_document(golive_document(profile, account_of(both.live), checks))
    else:
        print_checks(checks, every_check=every_check)
        click.echo(f"\nWritten to {report}." if report else "", nl=bool(report))


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


async def _gathered(asked: Asked, host_secrets: str) -> Both:
    """Both modes and the host at the same time; a mode that can't be opened is the reason why."""
    test, live, host = await asyncio.gather(_side(asked, "test"), _side(asked, "live"), host_of(host_secrets))
    return Both(datetime.now(UTC), test, live, host)


async def _side(asked: Asked, mode: Mode) -> Side | Problem:
    config = asked.load()
    workspace = open_workspace(config, asked.guarded(config.open(asked.profile, mode)), asked.timeout)
    try:
        return await workspace.side()
    except Problem as problem:
        return problem
    finally:
        await workspace.close()
