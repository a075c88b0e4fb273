"""What every writing command does with its plan: show it, carry it out where that is wanted, and end with the contract's code."""

import asyncio
import sys
from collections.abc import Callable
from typing import TypeVar

import click

from billing_tui.cli.carrying import carried_out
from billing_tui.cli.documents import plan_document
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import print_document
from billing_tui.cli.plan_text import print_plan
from billing_tui.model.change import Change, Wanted
from billing_tui.model.problem import Refused
from billing_tui.model.text import plural
from billing_tui.workspace import Workspace

R = TypeVar("R")


def writing_options(command: Callable[..., R]) -> Callable[..., R]:
    """`--apply`, `--confirm` and what every command takes."""
    confirm = click.option("--confirm", metavar="TEXT", default="", help="What the plan asks to be typed in live mode.")
    apply_it = click.option("--apply", "apply_it", is_flag=True, help="Carry the plan out.")
    return apply_it(confirm(shared_options(command)))


def plan_it(asked: Asked, wanted: Wanted, *, apply_it: bool, confirm: str) -> None:
    """Makes the plan; shows it, or carries it out."""
    asyncio.run(_planned(asked, wanted, apply_it, confirm))


def carry_out_kept(asked: Asked, plan_id: str, confirm: str) -> None:
    """Carries out the plan that was shown."""
    asyncio.run(_kept(asked, plan_id, confirm))


async def _planned(asked: Asked, wanted: Wanted, apply_it: bool, confirm: str) -> None:
    workspace = asked.open()
    try:
        change = await workspace.plan(wanted, keep_it=not apply_it)
        await _finish(workspace, asked, change, apply_it=apply_it, confirm=confirm)
    finally:
        await workspace.close()


async def _kept(asked: Asked, plan_id: str, confirm: str) -> None:
    workspace = asked.open()
    try:
        change = await workspace.kept_plan(plan_id)
        await _finish(workspace, asked, change, apply_it=True, confirm=confirm)
    finally:
        await workspace.close()


async def _finish(workspace: Workspace, asked: Asked, change: Change, *, apply_it: bool, confirm: str) -> None:
    """Shows the plan, carries it out where that is wanted, and exits with the contract's code."""
    if apply_it and not change.refused and change.writes:
        if not asked.as_json:
            print_plan(change)
        change = await _carry_out(workspace, change, confirm)
    if asked.as_json:
        print_document(plan_document(change))
    else:
        print_plan(change)
    if change.refused:
        click.echo(click.style(change.refused, fg="red"), err=True)
    click.get_current_context().exit(6 if change.refused else 1 if change.failed else 0)


async def _carry_out(workspace: Workspace, change: Change, confirm: str) -> Change:
    if change.mode == "live":
        confirm = confirm or await asyncio.to_thread(_asked_for, change)
        if confirm == change.confirm:
            workspace.unlock()
    if change.mode == "live" and confirm != change.confirm:
        raise Refused(
            "Writing in live mode needs to be confirmed, and it was not.",
            f"Type {change.confirm} where it is asked for, or give --confirm {change.confirm}.",
            code="unconfirmed",
        )
    for ended in await workspace.reconcile():
        click.echo(f"What an earlier run left open was looked up: {_ending(ended)}", err=True)
    return await carried_out(workspace, change, confirm)


def _asked_for(change: Change) -> str:
    """What is typed at the prompt; nothing where there is no terminal to ask on."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    typed: str = click.prompt(f"LIVE: type {change.confirm} to write", default="", show_default=False, err=True)
    return typed.strip()


def _ending(change: Change) -> str:
    done = sum(step.state == "verified" for step in change.steps)
    return f"{change.title or change.action}: {done} of {plural(len(change.steps), 'step')} happened."
