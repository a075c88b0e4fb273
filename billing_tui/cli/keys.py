"""`billing-tui keys`: secrets set, listed, checked and deleted. A secret comes from a prompt or standard input, never from an
argument, and is shown as its hint alone."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import click

from billing_tui.cli.documents import keys_document
from billing_tui.cli.key_profiles import key_place
from billing_tui.cli.key_report import Checked, code_of, report_lines, row_of, say, warn_what_wins
from billing_tui.cli.log import keep_log
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import print_document
from billing_tui.cli.safes import open_safes, unlock, unlock_unasked
from billing_tui.detection.key_check import KeyReport, check_secret
from billing_tui.model.problem import BadUsage, KeyRefused, NotThere, Problem
from billing_tui.model.text import clean, listed, quoted
from billing_tui.settings.key_shape import guard_secret
from billing_tui.settings.safes import PLACES, Place, Safes
from billing_tui.settings.secret import Secret
from billing_tui.settings.shape import MODES, SLOTS
from billing_tui.setup.key_place import KeyPlace

_LONGEST = 65536
_slot = click.argument("slot", type=click.Choice(SLOTS))


@click.group()
def keys() -> None:
    """Keep secrets in the keyring of this machine, or in a vault of its own."""


@keys.command("set")
@_slot
@click.option("--in", "place", type=click.Choice(PLACES[:2]), help="Where to keep it; by itself, the keyring where one works.")
@click.option("--no-check", is_flag=True, help="Do not try it first.")
@shared_options
def set_(slot: str, place: Place | None, no_check: bool, asked: Asked) -> None:
    """Keep a secret, typed at a prompt or piped in; it is tried first."""
    keep_log()
    target = key_place(asked)
    secret = Secret(_typed(slot, target.mode), slot, "memory")
    guard_secret(secret.reveal(), slot, target.mode, allow_mode_mix=target.profile.allow_mode_mix)
    report = None if no_check else asyncio.run(check_secret(secret, target.profile, asked.timeout))
    safes = Safes()
    chosen: Place = place or safes.default_place()
    if chosen == "vault":
        _open_vault(safes, forced=place is not None)
    safes.keep(target.name, target.mode, slot, secret.reveal(), chosen)
    kept = Secret(secret.reveal(), slot, chosen)
    if asked.as_json:
        checked = row_of(target.mode, (slot, kept, report or KeyReport(slot)))
        print_document(keys_document(target.name, target.mode, [checked]))
    else:
        click.echo(f"Kept the {target.mode} {slot} of {target.name} in the {chosen}: {kept.hint}.")
        for line in report_lines(report) if report else ["It was not tried."]:
            click.echo(f"  {line}")
    warn_what_wins(target, slot)


@keys.command("list")
@shared_options
def list_(asked: Asked) -> None:
    """Show which secrets there are and where each comes from, by its prefix and last four letters."""
    keep_log()
    target = key_place(asked)
    modes = (asked.mode,) if asked.mode else MODES
    safes = Safes()
    unlock_unasked(safes)
    rows = _found(target, safes, modes)
    if asked.as_json:
        print_document(keys_document(target.name, target.mode, [row for row in rows if row["source"]]))
        return
    width = max(len(row["source"] or "–") for row in rows)
    for row in rows:
        line = f"{row['mode']:<4}  {row['slot']:<18}  {row['source'] or '–':<{width}}  {row['hint'] or ''}"
        click.echo(line.rstrip())
        if row.get("problem"):
            click.echo(click.style(f"      {row['problem']}", fg="yellow"))


@keys.command("check")
@click.argument("slot", type=click.Choice(SLOTS), required=False)
@shared_options
def check(slot: str | None, asked: Asked) -> None:
    """Try the secrets: whose they are, and which permissions they lack."""
    keep_log()
    target = key_place(asked)
    safes = open_safes(target.config, target.name, (target.mode,))
    slots = (slot,) if slot else SLOTS
    results = asyncio.run(_checked(target, safes, slots, asked.timeout))
    if not results:
        hint = f"Run billing-tui keys set stripe_key --mode {target.mode}. {safes.advice()}".strip()
        raise KeyRefused(f"There is no {slot or 'key'} for {target.mode} mode.", hint, code="key_missing")
    if asked.as_json:
        print_document(keys_document(target.name, target.mode, [row_of(target.mode, one) for one in results]))
    else:
        for one in results:
            say(target.mode, one)
    click.get_current_context().exit(max(code_of(result) for _, _, result in results))


@keys.command("pipe")
@_slot
@click.option("--as", "name", metavar="NAME", default="", help="Print NAME=secret on a line, as a file of settings has it.")
@shared_options
def pipe(slot: str, name: str, asked: Asked) -> None:
    """Print a secret into a pipe or a file, for another program's standard input; never on a terminal."""
    keep_log()
    target = key_place(asked)
    if asked.as_json or sys.stdout.isatty():
        what = "--json does not hold secrets." if asked.as_json else "A secret is not shown on a terminal."
        raise BadUsage(what, f"Pipe it on: billing-tui keys pipe {slot} | wrangler secret put NAME.")
    if name and not name.replace("_", "").isalnum():
        raise BadUsage(f"{quoted(clean(name))[:80]} is no name of a variable.", "Use letters, digits and _.")
    safes = open_safes(target.config, target.name, (target.mode,))
    found = target.find(target.mode, slot, safes)
    if found is None:
        hint = f"Run billing-tui keys set {slot} --mode {target.mode}. {safes.advice()}".strip()
        raise KeyRefused(f"There is no {slot} for {target.mode} mode.", hint, code="key_missing")
    click.echo(f"The {target.mode} {slot} from the {found.source}, {found.hint}, goes on.", err=True)
    click.echo(f"{name}={found.reveal()}" if name else found.reveal(), nl=bool(name))


@keys.command("delete")
@_slot
@shared_options
def delete(slot: str, asked: Asked) -> None:
    """Forget a secret, wherever this machine keeps it."""
    keep_log()
    target = key_place(asked)
    safes = Safes()
    if "vault" in safes.holders(target.name, target.mode, slot):
        unlock(safes)
    dropped = safes.drop(target.name, target.mode, slot)
    if not dropped:
        message = f"Neither the keyring nor the vault holds a {slot} for {target.mode} mode of {target.name}."
        raise NotThere(message, f"See billing-tui keys list. {safes.advice()}".strip(), code="key_missing")
    if asked.as_json:
        print_document(keys_document(target.name, target.mode, []) | {"deleted": {"slot": slot, "from": list(dropped)}})
    else:
        click.echo(f"Deleted the {target.mode} {slot} of {target.name} from the {listed(dropped)}.")
    warn_what_wins(target, slot)


def _typed(slot: str, mode: str) -> str:
    """The secret from the prompt or from standard input, without blanks around it."""
    if sys.stdin.isatty():
        value = str(click.prompt(f"{slot} for {mode} mode", hide_input=True, err=True))
    else:
        value = sys.stdin.read(_LONGEST)
    if not value.strip():
        raise BadUsage("No secret came in.", f"Type it at the prompt, or pipe it in: … | billing-tui keys set {slot}.")
    return value.strip()


def _open_vault(safes: Safes, *, forced: bool) -> None:
    unlock(safes)
    if not safes.vault.locked:
        return
    why = "" if forced else (safes.keyring.trouble.says if safes.keyring.trouble else "No keyring works here.")
    hint = (
        "Run it on a terminal and choose a passphrase for a vault, name a private file that holds one in "
        "BILLING_TUI_VAULT_PASSPHRASE_FILE, or set the key in the environment."
    )
    raise KeyRefused(f"{why} The vault is locked, so nothing was kept.".strip(), hint, code="no_keyring")


def _found(target: KeyPlace, safes: Safes, modes: tuple[str, ...]) -> list[dict[str, str | None]]:
    """A row for each slot of each mode. Commands take their time, so they run beside each other."""

    def row(mode: str, slot: str) -> dict[str, str | None]:
        found: dict[str, str | None] = {"mode": mode, "slot": slot, "source": None, "hint": None}
        try:
            secret = target.find(mode, slot, safes)
        except Problem as problem:
            source = "vault" if problem.code == "vault_locked" else _first_place(target, mode, slot)
            return {**found, "source": source, "problem": problem.message}
        return {**found, "source": secret.source, "hint": secret.hint} if secret else found

    wanted = [(mode, slot) for mode in modes for slot in SLOTS]
    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(lambda one: row(*one), wanted))


def _first_place(target: KeyPlace, mode: str, slot: str) -> str:
    """Where a secret came from that was refused."""
    if target.in_environment(mode, slot):
        return "environment"
    return "command" if target.config and target.config.secret_command(target.name, mode, slot) else "keyring"


async def _checked(target: KeyPlace, safes: Safes, slots: tuple[str, ...], limit: float) -> list[Checked]:
    """Every secret that there is, tried at the same time."""

    async def one(slot: str) -> Checked | None:
        secret: Secret | None = None
        try:
            secret = await asyncio.to_thread(target.find, target.mode, slot, safes)
            return (slot, secret, await check_secret(secret, target.profile, limit)) if secret else None
        except Problem as problem:
            return slot, secret, problem

    return [found for found in await asyncio.gather(*(one(slot) for slot in slots)) if found]
