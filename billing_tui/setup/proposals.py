"""What was detected, as proposals that somebody may change before a line of it is written."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, structs

from billing_tui.detection.findings import Detected, Found
from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import Profile
from billing_tui.model.text import clean
from billing_tui.settings.config import config_of
from billing_tui.settings.config_edit import Entry, Settable, edited, of_mode, value_of
from billing_tui.settings.toml_file import parse_toml


class Proposal(Struct, frozen=True):
    """What was found out of one mode, and what is to be written of it."""

    mode: str
    detected: Detected
    entries: tuple[Entry, ...]

    def doubtful(self, entry: Entry) -> bool:
        """Whether a person is to look at it before it is believed; what somebody has changed was looked at."""
        return any(one.key == entry.key and not one.sure and one.value == entry.value for one in self.detected.found)

    @property
    def whose(self) -> str:
        """The account, as far as the key may tell."""
        held = self.detected
        return f"{held.name or 'an account'} ({held.account})" if held.account else "an account that the key may not name"

    def changed(self, key: str, value: Settable | None) -> "Proposal":
        """The same with another value for a key; None leaves the key out."""
        order = {one.key: index for index, one in enumerate(self.detected.found)}
        entries = [one for one in self.entries if one.key != key]
        if value is not None:
            found = next((one for one in self.detected.found if one.key == key and one.value == value), None)
            place = sum(order.get(one.key, -1) < order.get(key, len(order)) for one in entries)
            entries.insert(place, _entry(found) if found else Entry(key, value))
        return structs.replace(self, entries=tuple(entries))


def entries_of(found: Detected, wanted: Sequence[Entry], before: Sequence[Proposal]) -> tuple[Entry, ...]:
    """What goes into the file: what was said first, and what was found of everything else, a profile's own keys once."""
    said = {entry.key for entry in wanted}
    said |= {entry.key for proposal in before for entry in proposal.entries if not of_mode(entry.key)}
    mine = [entry for entry in wanted if of_mode(entry.key) or not before]
    return (*mine, *(_entry(one) for one in found.found if one.key not in said))


def _entry(found: Found) -> Entry:
    return Entry(found.key, found.value, found.evidence if found.sure else f"Look at this: {found.evidence}")


def at_address(profile: Profile, wanted: Sequence[Entry]) -> Profile:
    """The profile with the addresses that were said beforehand."""
    said = {entry.key: entry.value for entry in wanted if isinstance(entry.value, str)}
    stripe = said.get("stripe_api_base", profile.stripe_api_base)
    clerk = said.get("clerk_api_base", profile.clerk_api_base)
    return structs.replace(profile, stripe_api_base=str(stripe).rstrip("/"), clerk_api_base=str(clerk).rstrip("/"))


def text_of(text: str, name: str, proposals: Sequence[Proposal]) -> str:
    """The file's text with every proposal in it. Raises `BadUsage` as `edited` does."""
    for proposal in proposals:
        text, _ = edited(text, name, proposal.mode, proposal.entries)
    return text


def fault_of(path: Path, text: str) -> BadUsage | None:
    """Why the tool would not accept a text as its configuration; None where it would."""
    try:
        config_of(parse_toml(path, text))
    except BadUsage as problem:
        return problem
    return None


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


def like(old: Settable, typed: str) -> Settable:
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
