"""`profile init`: keys, then reading, then a person's word on what was found, then the file."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from billing_tui.cli.documents import named
from billing_tui.cli.log import keep_log
from billing_tui.cli.options import Asked
from billing_tui.cli.output import error_of, print_document
from billing_tui.cli.profile_keys import ask_for_keys
from billing_tui.cli.profile_review import review, show
from billing_tui.cli.safes import on_terminal, open_safes
from billing_tui.detection.detect import detect
from billing_tui.detection.findings import Detected
from billing_tui.model.problem import BadUsage, KeyRefused
from billing_tui.model.profile import Mode
from billing_tui.settings.config import Config
from billing_tui.settings.config_edit import Entry, Settable, value_of, write_text
from billing_tui.settings.openings import Openings
from billing_tui.settings.paths import config_file
from billing_tui.settings.safes import Safes
from billing_tui.settings.shape import MODES, SLOTS
from billing_tui.setup.key_place import KeyPlace, unwritten
from billing_tui.setup.proposals import Proposal, at_address, entries_of, text_of

_SOLE = "main"


def run_init(asked: Asked, changes: Sequence[str], *, yes: bool, dry_run: bool) -> None:
    """The whole command."""
    keep_log()
    path = Path(asked.config).expanduser() if asked.config else config_file()
    config = asked.load() if path.exists() else None
    talking = on_terminal() and not yes and not asked.as_json
    name = asked.profile or (config.default_profile if config else "") or (_asked_name() if talking else _SOLE)
    unwritten(name, None)
    safes = open_safes(config, name, MODES)
    wanted = [Entry(*_change(change)) for change in changes]
    places = _places(config, name, asked, safes, wanted, talking=talking)
    proposals: dict[Mode, Proposal] = {}
    for place in places:
        found = asyncio.run(_detected(place, safes, asked.timeout))
        proposals[place.mode] = Proposal(place.mode, found, entries_of(found, wanted, tuple(proposals.values())))
    text = path.read_text(encoding="utf-8") if config else ""
    if talking and not dry_run:
        written = review(path, text, name, tuple(proposals.values()))
    else:
        written = text_of(text, name, tuple(proposals.values()))
        if not asked.as_json:
            show(tuple(proposals.values()))
    if written is not None and not dry_run:
        write_text(path, written)
    _tell(asked, path, name, proposals, written=written is not None and not dry_run)


def _asked_name() -> str:
    return str(click.prompt("Name of the profile", default=_SOLE, err=True)).strip()


def _change(change: str) -> tuple[str, Settable]:
    key, mark, value = change.partition("=")
    if not mark or not key.strip():
        raise BadUsage(f"--set wants KEY=VALUE, not {change!r}.", "For example --set database.table=users.")
    return key.strip(), value_of(value.strip())


def _places(
    config: Config | None, name: str, asked: Asked, safes: Safes, wanted: Sequence[Entry], *, talking: bool
) -> list[KeyPlace]:
    """The modes to look at: the one asked for, else each that has a key for Stripe; live first, it knows real people.

    Raises:
        KeyRefused: There is no key to read with.
    """
    known = config is not None and name in config.profiles
    modes = [mode for mode in reversed(MODES) if asked.mode in (None, mode)]
    opened = [config.open(name, mode) if config and known else unwritten(name, mode) for mode in modes]
    places = [KeyPlace(at_address(profile, wanted), config if known else None) for profile in opened]
    found = [place for place in places if place.find(place.mode, "stripe_key", safes)]
    if not found and talking:
        chosen = ask_for_keys(places, safes, asked.timeout)
        found = [place for place in places if place.mode == chosen]
    if not found:
        hint = (
            f"Run billing-tui keys set stripe_key --profile {name} --mode {asked.mode or 'test'} first. {safes.advice()}".strip()
        )
        raise KeyRefused("There is no key for Stripe to find things out with.", hint, code="key_missing")
    return found


async def _detected(place: KeyPlace, safes: Safes, limit: float) -> Detected:
    """What is found with the keys of one mode."""
    held = {slot: await asyncio.to_thread(place.find, place.mode, slot, safes) for slot in SLOTS[:4]}
    return await detect(Openings(place.profile, held.get, limit))


def _tell(asked: Asked, path: Path, name: str, proposals: dict[Mode, Proposal], *, written: bool) -> None:
    first = next(iter(proposals.values()))
    if asked.as_json:
        rows = [
            {"mode": mode, "key": one.key, "value": one.value, "evidence": one.evidence, "sure": one.sure}
            for mode, proposal in proposals.items()
            for one in proposal.detected.found
        ]
        lacks = [
            {"mode": mode, "what": one.what, "would_help": one.would_help, "error": one.problem and error_of(one.problem)}
            for mode, proposal in proposals.items()
            for one in proposal.detected.lacks
        ]
        head = named("detection", name, first.mode) | {"account": first.detected.account or None}
        print_document(head | {"path": str(path), "written": written, "detected": rows, "lacks": lacks})
    elif written:
        click.echo(f"Wrote the profile {name} to {path}.")
        click.echo(f"Next: billing-tui keys list --profile {name}, billing-tui doctor, or just billing-tui.")
    else:
        click.echo("Nothing was written.")
