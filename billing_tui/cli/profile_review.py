"""What was detected, shown with its evidence, and changed by whoever knows better before it is written."""

from pathlib import Path

import click
from msgspec import Struct, structs

from billing_tui.detection.findings import Detected
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean
from billing_tui.settings.config import config_of
from billing_tui.settings.config_edit import Entry, Settable, edited, value_of
from billing_tui.settings.toml_file import parse_toml


class Proposal(Struct, frozen=True):
    """What was found out of one mode, and what is to be written of it."""

    mode: str
    detected: Detected
    entries: tuple[Entry, ...]


def show(proposals: tuple[Proposal, ...]) -> None:
    """Everything that was found, a number before each, and what was not."""
    number = 0
    for proposal in proposals:
        held = proposal.detected
        whose = f"{held.name or 'an account'} ({held.account})" if held.account else "an account that the key may not name"
        click.echo(click.style(f"{proposal.mode} mode, {clean(whose)}", bold=True))
        width = max((len(entry.key) for entry in proposal.entries), default=0)
        for entry in proposal.entries:
            number += 1
            doubtful = any(one.key == entry.key and not one.sure for one in held.found)
            mark = click.style("?", fg="yellow") if doubtful else click.style("✓", fg="green")
            click.echo(f"{number:>3} {mark} {entry.key:<{width}}  {shown(entry.value)}")
            if entry.why:
                click.echo(click.style(f"      {clean(entry.why)}", dim=True))
        for lack in held.lacks:
            said = f"{lack.problem.message} {lack.would_help}" if lack.problem else lack.would_help
            click.echo(f"    {click.style('–', fg='yellow')} {lack.what}: {clean(said)}")


def review(path: Path, text: str, name: str, proposals: tuple[Proposal, ...]) -> str | None:
    """The text to write once somebody has said yes; None where they have not."""
    while True:
        show(proposals)
        written = text
        for proposal in proposals:
            written, _ = edited(written, name, proposal.mode, proposal.entries)
        fault = _fault(path, written)
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


def shown(value: Settable) -> str:
    """A value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return clean(value) or "none"
        case dict():
            return clean(", ".join(f"{key} = {held or 'NULL'}" for key, held in value.items()))
        case _:
            return clean(", ".join(value))


def _fault(path: Path, text: str) -> BadUsage | None:
    try:
        config_of(parse_toml(path, text))
    except BadUsage as problem:
        return problem
    return None


def _changed(proposals: tuple[Proposal, ...], number: int) -> tuple[Proposal, ...]:
    """The proposals with the numbered value replaced by one that is typed; "-" leaves the key out."""
    found = []
    for proposal in proposals:
        count = len(proposal.entries)
        if 0 < number <= count:
            old = proposal.entries[number - 1]
            typed = str(click.prompt(f"{old.key} (- leaves it out)", default=shown(old.value), err=True)).strip()
            entries = list(proposal.entries)
            if typed == "-":
                del entries[number - 1]
            elif typed != shown(old.value):
                entries[number - 1] = Entry(old.key, _like(old.value, typed))
            proposal = structs.replace(proposal, entries=tuple(entries))
        number -= count
        found.append(proposal)
    return tuple(found)


def _like(old: Settable, typed: str) -> Settable:
    """What was typed, as the kind of value that was there: words with commas for a list, pairs with = for a map."""
    if isinstance(old, str | bool):
        return value_of(typed) if typed[:1] in "\"'" else typed
    if typed[:1] in "[{":
        return value_of(typed)
    words = [word.strip() for word in typed.split(",") if word.strip()]
    if isinstance(old, dict):
        pairs = (word.partition("=") for word in words)
        return {key.strip(): "" if value.strip() == "NULL" else value.strip() for key, _, value in pairs}
    return words
