"""`billing-tui golive --run`: the guided run, hop by hop, on a terminal or for a program."""

import asyncio
import sys
from functools import partial
from typing import Any

import click
from msgspec import structs, to_builtins

from billing_tui.cli.documents import headed
from billing_tui.cli.options import Asked
from billing_tui.cli.output import print_document
from billing_tui.golive.course import Course, Hop, HopState
from billing_tui.golive.run import EVERY, Run, shop_of, writes_of
from billing_tui.model.change import Change, Wanted
from billing_tui.model.moment import rfc3339
from billing_tui.model.problem import Refused
from billing_tui.model.stripe import Account
from billing_tui.workspace import Workspace, utc_now

_GLYPHS: dict[HopState, tuple[str, str]] = {
    "to come": ("·", "white"),
    "now": ("→", "cyan"),
    "done": ("✓", "green"),
    "broken": ("✗", "red"),
    "left out": ("–", "white"),
}


def run_it(asked: Asked, *, apply_it: bool, confirm: str, patience: tuple[float, float]) -> None:
    """Says what a run would write, or with `apply_it` makes it; in live mode unless another is asked for.

    `patience` is how many minutes to wait for somebody to buy, and seconds for what follows.
    """
    asked = structs.replace(asked, mode=asked.mode or "live")
    asyncio.run(_run(asked, apply_it, confirm, patience))


async def _run(asked: Asked, apply_it: bool, confirm: str, patience: tuple[float, float]) -> None:
    workspace = asked.open()
    try:
        account = (await workspace.configuration()).account
        whose = account.id if isinstance(account, Account) else ""
        if not apply_it:
            _say_what(workspace, whose, as_json=asked.as_json)
            return
        await _agreed(workspace, whose, confirm)
        waiting, arriving = patience
        every, write = EVERY * asked.timeout / 10, partial(_written, workspace)
        run = Run(workspace, write, utc_now, patience=waiting * 60, arrival=arriving, every=every)
        await _follow(workspace, run, whose, as_json=asked.as_json)
    finally:
        await workspace.close()


def _say_what(workspace: Workspace, account: str, *, as_json: bool) -> None:
    profile = workspace.profile
    if as_json:
        print_document(headed("run", profile, account) | {"confirm": _typed(workspace, account), "writes": [*writes_of(profile)]})
        return
    click.echo(f"A run in {profile.mode} mode of {account or profile.name} buys a plan for nothing, and:")
    for each in writes_of(profile):
        click.echo(f"  {each}")
    click.echo("You buy, in the app, when it says so. Begin with: billing-tui golive --run --apply")


def _typed(workspace: Workspace, account: str) -> str:
    return (account or workspace.profile.name)[-4:]


async def _agreed(workspace: Workspace, account: str, confirm: str) -> None:
    """One word for the whole run, which names all that it writes. Raises `Refused` where it was not given."""
    if workspace.profile.mode != "live":
        return
    wanted = _typed(workspace, account)
    if not confirm and sys.stdin.isatty() and sys.stderr.isatty():
        click.echo("The run " + "; ".join(writes_of(workspace.profile)) + ".", err=True)
        text = f"LIVE: type {wanted} to let it"
        confirm = str(await asyncio.to_thread(click.prompt, text, default="", show_default=False, err=True)).strip()
    if confirm != wanted:
        hint = f"Type {wanted} where it is asked for, or give --confirm {wanted}."
        raise Refused("A run in live mode needs to be confirmed, and it was not.", hint, code="unconfirmed")
    workspace.unlock()


async def _written(workspace: Workspace, wanted: Wanted) -> Change:
    change = await workspace.plan(wanted)
    if change.refused or not change.writes:
        return change
    async for further in workspace.apply(change, change.confirm):
        change = further
    return change


async def _follow(workspace: Workspace, run: Run, account: str, *, as_json: bool) -> None:
    told: dict[str, HopState] = {}
    todo = ""
    async for course in run.steps():
        if as_json:
            continue
        if course.todo and course.todo != todo:
            click.echo(click.style(f"  {course.todo}", bold=True))
            shop = shop_of(workspace.profile, course.code)
            click.echo(f"  Here the app sells at {shop}" if shop else "", nl=bool(shop))
            todo = course.todo
        for hop in course.hops:
            if hop.state not in ("to come", "now") and told.get(hop.name) != hop.state:
                told[hop.name] = hop.state
                _print_hop(hop)
    _end(workspace, run.course, account, as_json=as_json)


def _end(workspace: Workspace, course: Course, account: str, *, as_json: bool) -> None:
    """What came of it, and the exit code."""
    if as_json:
        hops: list[dict[str, Any]] = [to_builtins(hop) | {"at": rfc3339(hop.at) if hop.at else None} for hop in course.hops]
        done = {"code": course.code, "customer": course.customer or None, "hops": hops}
        broken = course.broken.name if course.broken else None
        print_document(headed("run", workspace.profile, account) | done | {"broken": broken})
    elif course.broken:
        click.echo(f"It stopped there. The code {course.code} ends by itself within the hour.")
        if course.customer:
            click.echo(f"Look closer with: billing-tui diagnose {course.customer} --mode {workspace.profile.mode}")
    else:
        click.echo(click.style("From the checkout to the plan and back, everything works.", fg="green", bold=True))
    click.get_current_context().exit(1 if course.broken else 0)


def _print_hop(hop: Hop) -> None:
    glyph, colour = _GLYPHS[hop.state]
    when = f"{hop.at.astimezone():%H:%M:%S}" if hop.at else " " * 8
    click.echo(f"  {click.style(glyph, fg=colour)} {when}  {hop.title}{f': {hop.says}' if hop.says else ''}")
