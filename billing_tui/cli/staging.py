"""`billing-tui sandbox --stage`: which causes can be staged, by their ids or names, and which of them go together."""

from collections import Counter
from difflib import get_close_matches

import click

from billing_tui.diagnosis.rules import RULES as CATALOGUE
from billing_tui.model.query import Kind, understand
from billing_tui.model.text import clean
from billing_tui.sandbox.options import MODES, Mode, Wanted
from billing_tui.sandbox.stages import OF_ENDPOINT, RULES

NAMES = {rule.id: rule.name for rule in CATALOGUE}
_LIST = "billing-tui sandbox --stages lists them."


def listed() -> list[str]:
    """A line for each cause that can be staged, in the catalogue's order."""
    return [f"{rule.id}  {rule.name}" for rule in CATALOGUE if rule.id in RULES]


def wanted(texts: tuple[str, ...]) -> tuple[Wanted, ...]:
    """What `[MODE:]RULE[=EMAIL]`, several times, asks for. Raises click.BadParameter where that cannot be staged."""
    asked: list[Wanted] = []
    for text in texts:
        head, _, email = text.partition("=")
        mode, rule = _mode(head)
        rule = _rule(rule)
        taken = {one.email for one in asked if one.mode == mode}
        address = _address(email) if email else _made_up(rule, taken)
        asked.append(Wanted(rule, mode, address))
    _together(asked)
    return tuple(asked)


def _mode(head: str) -> tuple[Mode, str]:
    for mode in MODES:
        if head.lower().startswith(f"{mode}:"):
            return mode, head[len(mode) + 1 :]
    return "test", head


def _rule(text: str) -> str:
    """The id that an id or a name means, however it is written."""
    known = {name.lower(): rule for rule, name in NAMES.items()} | {rule.lower(): rule for rule in NAMES}
    word = text.strip().lower()
    found = known.get(word)
    if found in RULES:
        return found
    if found:
        raise click.BadParameter(f"{found} ({NAMES[found]}) cannot be staged. {_LIST}")
    able = [name for name, rule in known.items() if rule in RULES]
    close = get_close_matches(word, able, n=1, cutoff=0.5)
    nearest = f"did you mean {known[close[0]]} ({NAMES[known[close[0]]]})? " if close else ""
    raise click.BadParameter(f"there is no cause {clean(text)!r}; {nearest}{_LIST}")


def _address(text: str) -> str:
    found = understand(text)
    if found.kind is not Kind.EMAIL:
        raise click.BadParameter(f"{clean(text)!r} is no e-mail address.")
    return found.text


def _made_up(rule: str, taken: set[str]) -> str:
    number, address = 1, f"{rule.lower()}@staged.example"
    while address in taken:
        number += 1
        address = f"{rule.lower()}.{number}@staged.example"
    return address


def _together(asked: list[Wanted]) -> None:
    """One person shows one cause, and one mode has one endpoint, which is broken in one way."""
    for (mode, email), count in Counter((one.mode, one.email.lower()) for one in asked).items():
        if count > 1:
            raise click.BadParameter(f"{email} is staged {count} times in {mode} mode; one person shows one cause.")
    for mode in MODES:
        broken = [one.rule for one in asked if one.mode == mode and one.rule in OF_ENDPOINT]
        if len(set(broken)) > 1:
            raise click.BadParameter(
                f"{' and '.join(sorted(set(broken)))} break the one endpoint of {mode} mode; "
                f"stage one of them in the other mode, as in live:{broken[-1]}."
            )
