"""A plan of a write as text: its steps before and after, the calls, what to know, and how it ended. Of a long one a sample."""

from collections.abc import Sequence

import click

from billing_tui.model.change import Change, Step, Value, calls_of
from billing_tui.model.delivery import cli_command
from billing_tui.model.outline import brief
from billing_tui.model.report import report_of, told

_WHOLE, _SAMPLE = 40, 10
"""Steps up to which a plan is printed whole, and how many of a longer one; a bulk has thousands."""
_GLYPHS = {"verified": "✓", "applied": "✓", "unchanged": "=", "planned": "→", "failed": "✗", "skipped": "·", "unknown": "?"}


def print_plan(change: Change) -> None:
    """Prints it on standard output."""
    mode = click.style(f" {change.mode.upper()} ", bg="red" if change.mode == "live" else "blue", fg="white", bold=True)
    title = change.title or f"{change.action.capitalize()} {change.query}".strip()
    state = "applied" if change.applied else "refused" if change.refused else f"plan {change.plan_id}"
    click.echo(f"{mode} {click.style(title, bold=True)}  {click.style(state, dim=True)}")
    if change.refused:
        return
    click.echo(f"  {change.because}")
    report = report_of(change) if change.applied else None
    _print_steps(_worth_printing(change))
    for said in told(report) if report else ():
        click.echo(f"  {said}")
    if not change.writes and not report:
        click.echo("  Everything is as it should be; there is nothing to write.")
    elif not change.applied:
        _print_rest(change)
    elif not report:
        _print_warnings(change)


def _worth_printing(change: Change) -> tuple[Step, ...]:
    """All of a short plan; of a long one that is carried out, what did not go well."""
    steps = brief(change) or change.steps
    if change.applied and len(steps) > _WHOLE:
        return tuple(step for step in steps if step.state in ("failed", "unknown"))
    return steps


def _print_steps(steps: Sequence[Step]) -> None:
    shown = steps[:_SAMPLE] if len(steps) > _WHOLE else steps
    width = max((len(_field(step)) for step in shown), default=0)
    whose = None
    for step in shown:
        if step.whose != whose:
            whose = step.whose
            click.echo(f"  {click.style(whose or '', bold=True)}")
        values = f"{_value(step.before)} → {_value(step.after)}"
        click.echo(f"  {_GLYPHS[step.state]} {step.target:<9} {_field(step):<{width}}  {values}  {_end(step)}")
    if len(shown) < len(steps):
        click.echo(f"  and {len(steps) - len(shown):,} more; --json has them all")


def _print_rest(change: Change) -> None:
    calls = calls_of(change)
    shown = calls[:_SAMPLE] if len(calls) > _WHOLE else calls
    for call in shown:
        click.echo(f"  call      {call}")
    if len(shown) < len(calls):
        click.echo(f"  and {len(calls) - len(shown):,} more calls like these")
    again = [step for step in change.writes if step.target == "stripe" and "webhook_endpoint" in step.params]
    for step in again[:1]:
        click.echo(f"  or        {cli_command(step.object, step.params['webhook_endpoint'], change.mode)}")
    _print_warnings(change)
    click.echo(f"  Carry it out with: billing-tui apply {change.plan_id} --mode {change.mode}")


def _print_warnings(change: Change) -> None:
    for warning in change.warnings:
        click.echo(click.style(f"  careful   {warning}", fg="yellow"))


def _field(step: Step) -> str:
    return f"{step.field} of {step.object}" if step.field == "delivery" else step.field


def _value(value: Value) -> str:
    return "–" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _end(step: Step) -> str:
    words = step.state + (f"  {step.request_id}" if step.request_id else "") + (f"  {step.error}" if step.error else "")
    return click.style(words, fg="green" if step.state == "verified" else "red" if step.state in ("failed", "unknown") else None)
