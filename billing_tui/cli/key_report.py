"""What `keys set` and `keys check` say of a secret: a line for a person, a row for a program, an exit code."""

from typing import Any

import click

from billing_tui.cli.output import error_of
from billing_tui.detection.key_check import KeyReport
from billing_tui.model.problem import Problem
from billing_tui.model.text import listed
from billing_tui.settings.secret import Secret
from billing_tui.settings.secrets import environment_name
from billing_tui.setup.key_place import KeyPlace

Checked = tuple[str, Secret | None, KeyReport | Problem]
"""A slot, what was found for it, and what came of trying it."""

_REFUSED = 3


def code_of(result: KeyReport | Problem) -> int:
    """The contract's exit code for one secret."""
    if isinstance(result, Problem):
        return result.exit_code
    return _REFUSED if result.missing else 0


def row_of(mode: str, checked: Checked) -> dict[str, Any]:
    """One secret for a program; never the secret."""
    slot, secret, result = checked
    row: dict[str, Any] = {"mode": mode, "slot": slot, "source": secret and secret.source, "hint": secret and secret.hint}
    if isinstance(result, Problem):
        return {**row, "state": "refused", "belongs_to": None, "missing": [], "error": error_of(result)}
    state = "lacks_permissions" if result.missing else "ok"
    return {**row, "state": state, "belongs_to": result.who or None, "missing": list(result.missing), "error": None}


def say(mode: str, checked: Checked) -> None:
    """One secret for a person."""
    slot, secret, result = checked
    glyph, colour = ("✗", "red") if isinstance(result, Problem) else ("!", "yellow") if result.missing else ("✓", "green")
    origin = f"{secret.hint}  from the {secret.source}" if secret else ""
    click.echo(f"{click.style(glyph, fg=colour)} {mode} {slot:<18}  {origin}".rstrip())
    lines = [result.message, result.hint] if isinstance(result, Problem) else report_lines(result)
    for line in filter(None, lines):
        click.echo(f"    {line}")


def report_lines(report: KeyReport) -> list[str]:
    """What a check found, in sentences."""
    lines = [f"It belongs to {report.who}." if report.who else "", report.note]
    if report.missing:
        lines.append(f"It lacks {listed(report.missing)}: edit the key in Stripe's Dashboard (Developers, API keys).")
    return [line for line in lines if line]


def warn_what_wins(target: KeyPlace, slot: str) -> None:
    """Says so where something that comes first hides what was set or deleted."""
    if target.in_environment(target.mode, slot):
        winner = environment_name(target.mode, slot)
    elif target.config and target.config.secret_command(target.name, target.mode, slot):
        winner = f"the command for secrets.{slot} in the configuration"
    else:
        return
    click.echo(click.style(f"Still, {winner} comes first, and is what is used.", fg="yellow"), err=True)
