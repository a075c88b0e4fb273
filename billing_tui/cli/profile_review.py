"""What was detected, shown with its evidence, and changed by whoever knows better before it is written."""

from pathlib import Path

import click

from billing_tui.model.text import clean
from billing_tui.setup.proposals import Proposal, fault_of, like, shown, text_of


def show(proposals: tuple[Proposal, ...]) -> None:
    """Everything that was found, a number before each, and what was not."""
    number = 0
    for proposal in proposals:
        click.echo(click.style(f"{proposal.mode} mode, {clean(proposal.whose)}", bold=True))
        width = max((len(entry.key) for entry in proposal.entries), default=0)
        for entry in proposal.entries:
            number += 1
            mark = click.style("?", fg="yellow") if proposal.doubtful(entry) else click.style("✓", fg="green")
            click.echo(f"{number:>3} {mark} {entry.key:<{width}}  {shown(entry.value)}")
            if entry.why:
                click.echo(click.style(f"      {clean(entry.why)}", dim=True))
        for lack in proposal.detected.lacks:
            said = f"{lack.problem.message} {lack.would_help}" if lack.problem else lack.would_help
            click.echo(f"    {click.style('–', fg='yellow')} {lack.what}: {clean(said)}")


def review(path: Path, text: str, name: str, proposals: tuple[Proposal, ...]) -> str | None:
    """The text to write once somebody has said yes; None where they have not."""
    while True:
        show(proposals)
        written = text_of(text, name, proposals)
        fault = fault_of(path, written)
        if fault:
            click.echo(click.style(f"This cannot be written yet: {fault.message} {fault.hint}", fg="red"), err=True)
        answer = str(
            click.prompt("Enter writes it, a number changes one, q stops", default="", show_default=False, err=True)
        ).strip()
        if answer.lower() in ("q", "quit", "n", "no"):
            return None
        if answer.isdecimal():
            proposals = _changed(proposals, int(answer))
        elif not answer and fault is None:
            return written


def _changed(proposals: tuple[Proposal, ...], number: int) -> tuple[Proposal, ...]:
    """The proposals with the numbered value replaced by one that is typed; "-" leaves the key out."""
    found = []
    for proposal in proposals:
        count = len(proposal.entries)
        if 0 < number <= count:
            old = proposal.entries[number - 1]
            typed = str(click.prompt(f"{old.key} (- leaves it out)", default=shown(old.value), err=True)).strip()
            if typed != shown(old.value):
                proposal = proposal.changed(old.key, None if typed == "-" else like(old.value, typed))
        number -= count
        found.append(proposal)
    return tuple(found)
