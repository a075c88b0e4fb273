"""What `billing-tui golive` prints for a person."""

from collections.abc import Sequence

import click

from billing_tui.golive.report import counted, worst_first
from billing_tui.model.golive import Checked, Severity, State

_MARKS: dict[State, tuple[str, str]] = {
    "fail": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "manual": ("·", "cyan"),
    "pass": ("✓", "green"),
}
_WORST: tuple[Severity, ...] = ("blocker", "high", "warning", "info")


def print_checks(checks: Sequence[Checked], *, every_check: bool) -> None:
    """How many of each state, then each under how bad it would be, faults first."""
    click.echo(click.style(counted(checks), bold=True))
    for severity in _WORST:
        held = [each for each in checks if each.severity == severity and (every_check or each.state != "pass")]
        if held:
            click.echo(f"\n{click.style(severity.capitalize(), bold=True)}")
            for each in worst_first(held):
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
