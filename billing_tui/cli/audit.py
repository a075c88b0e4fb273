"""`billing-tui audit`: what this tool wrote on this machine, by whom, why, and how it ended; and taking an entry back."""

import csv
import io
from typing import Any

import click
from msgspec import to_builtins

from billing_tui.changes.history import Told, told
from billing_tui.changes.journal import Journal
from billing_tui.cli.documents import named
from billing_tui.cli.options import Asked
from billing_tui.cli.output import cell, print_document
from billing_tui.cli.writing import plan_it, writing_options
from billing_tui.model.change import Step, Wanted
from billing_tui.model.moment import rfc3339
from billing_tui.model.text import plural
from billing_tui.settings.paths import state_dir

_COLUMNS = ("entry", "at", "who", "origin", "profile", "mode", "account", "action", "title", "ticket", "rule", "subject",
            "customer_id", "outcome", "target", "object", "field", "before", "after", "state", "request_id", "error")  # fmt: skip
_SHOWN = 50
_COLOURS = {"verified": "green", "not sent": None, "under way": "yellow"}


@click.command()
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values, a line for each step.")
@click.option("--limit", type=click.IntRange(min=1), help="How many; 50 on a terminal, otherwise all.")
@click.option("--undo", "undo", metavar="ENTRY", default="", help="Plan to write back what stood there before.")
@writing_options
def audit(as_csv: bool, limit: int | None, undo: str, apply_it: bool, confirm: str, asked: Asked) -> None:
    """Show what this tool wrote, newest first, and whether anybody has altered that record.

    Exits with 1 where the record was altered.
    """
    if undo:
        plan_it(asked, Wanted(action="undo", query=undo), apply_it=apply_it, confirm=confirm)
        return
    journal = Journal(state_dir() / "audit.db")
    plans = _wanted(asked, told(journal.entries()))
    broken = journal.broken_at()
    if asked.as_json:
        entries = [_entry(one) for one in plans[:limit]]
        document = {"count": len(entries), "entries": entries, "chain": {"whole": broken is None, "broken_at": broken}}
        print_document(named("audit", asked.profile, asked.mode) | document)
    elif as_csv:
        click.echo(_csv(plans[:limit]), nl=False)
    else:
        _print(plans, limit or _SHOWN)
    if broken is not None:
        click.echo(
            click.style(f"The record was altered: entry {broken} does not follow from the one before.", fg="red"), err=True
        )
        click.echo("Compare it with a backup of audit.db; what follows that entry proves nothing.", err=True)
    click.get_current_context().exit(0 if broken is None else 1)


def _wanted(asked: Asked, plans: list[Told]) -> list[Told]:
    """Newest first; of one profile or mode where one is named."""
    return [
        one for one in reversed(plans) if asked.profile in (None, one.change.profile) and asked.mode in (None, one.change.mode)
    ]


def _entry(one: Told) -> dict[str, Any]:
    change = one.change
    return {
        "entry": one.entry,
        "plan_id": change.plan_id,
        "at": rfc3339(change.at),
        "who": one.who,
        "origin": one.origin or None,
        "profile": change.profile,
        "mode": change.mode,
        "account": change.account,
        "action": change.action,
        "title": change.title,
        "because": change.because,
        "ticket": change.query,
        "rule": change.rule or None,
        "subject": change.subject or None,
        "customer_id": change.customer_id,
        "outcome": one.outcome,
        "steps": [to_builtins(step) for step in change.steps],
    }


def _csv(plans: list[Told]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in plans:
        entry = _entry(one)
        for step in entry["steps"] or [{}]:
            writer.writerow([cell((entry | step).get(name)) for name in _COLUMNS])
    return out.getvalue()


def _print(plans: list[Told], most: int) -> None:
    if not plans:
        click.echo("Nothing was written from this machine yet.")
        return
    for one in plans[:most]:
        change = one.change
        mode = click.style(f" {change.mode.upper()} ", bg="red" if change.mode == "live" else "blue", fg="white", bold=True)
        outcome = click.style(one.outcome, fg=_COLOURS.get(one.outcome, "red"))
        who = one.who + (f" from {one.origin}" if one.origin else "")
        click.echo(f"{one.entry:>5}  {change.at:%Y-%m-%d %H:%M}  {mode}  {click.style(change.title, bold=True)}  {outcome}")
        click.echo(
            f"       {who}, {change.account or change.profile}{f', for {change.rule}' if change.rule else ''}: {change.because}"
        )
        for step in change.steps:
            click.echo(f"       {_step(step)}")
    if len(plans) > most:
        click.echo(f"{plural(len(plans) - most, 'earlier entry', 'earlier entries')}: --limit shows more.")


def _step(step: Step) -> str:
    values = f"{'–' if step.before is None else step.before} → {'–' if step.after is None else step.after}"
    told_of = "  ".join(filter(None, (step.state, step.request_id, step.error)))
    return f"{step.target:<9} {step.field:<36} {values}  {told_of}"
