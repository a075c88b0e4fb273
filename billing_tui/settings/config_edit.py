"""The configuration file written for a person: what was found out goes in with its evidence beside it, what they wrote stays.

Comments, order and spacing of an existing file are kept, and no value of theirs is replaced. A text is read back as the tool
would read it before it takes the old one's place.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item, Table

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean
from billing_tui.settings.config import Config, config_of
from billing_tui.settings.paths import private_dir, private_file
from billing_tui.settings.shape import MODE_TYPES
from billing_tui.settings.toml_file import parse_toml

_HEAD = (
    "Profiles of billing-tui. Secrets are not in here: they are in the keyring (billing-tui keys list), in the environment,",
    'or printed by a command, e.g. secrets.stripe_key = { command = ["op", "read", "op://…"] } under a mode.',
    "Every key may be left out. billing-tui profile show prints what is in force.",
)
Settable = str | bool | Sequence[str] | Mapping[str, str]


class Entry(Struct, frozen=True):
    """A key of a profile (`tiers`), of its mode (`webhook_url`), or of the mode's table (`database.table`), and why."""

    key: str
    value: Settable
    why: str = ""


def edited(text: str, name: str, mode: str, entries: Sequence[Entry]) -> tuple[str, tuple[str, ...]]:
    """The file's text with the entries in it, and the keys that were there before and stay as they are.

    Raises:
        BadUsage: The text is no TOML, or holds something else where a table belongs.
    """
    try:
        editor = _Editor(text, name, mode)
        # Outer tables first: what is added to one after its inner tables would end up behind them.
        outwards = sorted(entries, key=lambda entry: (of_mode(entry.key), entry.key.count(".")))
        kept = tuple(entry.key for entry in outwards if not editor.put(entry))
        return editor.text(), kept
    except (TOMLKitError, ValueError, TypeError, AttributeError) as error:
        what = f"The configuration cannot be edited ({type(error).__name__})."
        raise BadUsage(what, "Correct it by hand, or name another file with --config.", code="config") from error


def write_text(path: Path, text: str) -> Config:
    """Puts a text in the file's place, whole or not at all, for its owner alone; returns what the tool reads in it.

    Raises:
        BadUsage: The tool would not accept it, or it cannot be written; the file is as it was.
    """
    config = config_of(parse_toml(path, text))
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise BadUsage(f"{clean(str(path))} is no file that can be written anew.", "Point --config at a file.", code="config")
    if not target.parent.exists():
        private_dir(target.parent)
    fresh = private_file(target.with_name(f".{target.name}.new"))
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    return config


def value_of(text: str) -> Settable:
    """What somebody typed for a value: TOML where it is, else the very text."""
    try:
        value: Any = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, str | bool | list | dict) else text


def of_mode(key: str) -> bool:
    """Whether a key stands under the mode, and not under the profile."""
    return key.partition(".")[0] in MODE_TYPES


class _Editor:
    """One profile in one mode of a file's text."""

    def __init__(self, text: str, name: str, mode: str) -> None:
        self._document = tomlkit.parse(text)
        self._name = name
        self._mode = mode
        self._made: set[tuple[str, ...]] = set()
        if not text.strip():
            for line in _HEAD:
                self._document.add(tomlkit.comment(line))
            self._document.add("default_profile", tomlkit.item(name))
        self._table(("profiles", name))

    def put(self, entry: Entry) -> bool:
        """Whether the entry was written; a key that is there already stays as it is."""
        *path, key = self._place(entry.key)
        table = self._table(tuple(path))
        if key in table:
            return False
        item, why = _item(entry.value), clean(entry.why)
        if why and tuple(path) in self._made and isinstance(table, Table):
            table.add(tomlkit.comment(why))
        elif why and not isinstance(table, InlineTable):
            item.comment(why)
        table[key] = item
        return True

    def text(self) -> str:
        """The whole text as it is now."""
        return tomlkit.dumps(self._document)

    def _place(self, key: str) -> tuple[str, ...]:
        head, _, rest = key.partition(".")
        inside = (self._mode,) if of_mode(key) else ()
        return ("profiles", self._name, *inside, head, *((rest,) if rest else ()))

    def _table(self, path: tuple[str, ...]) -> Any:
        """The table at a path, made where it is missing."""
        held: Any = self._document
        for depth, part in enumerate(path, 1):
            if part not in held:
                inline = isinstance(held, InlineTable)
                held[part] = tomlkit.inline_table() if inline else tomlkit.table(is_super_table=depth == 1)
                self._made.add(path[:depth])
            held = held[part]
        return held


def _item(value: Settable) -> Item:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    return tomlkit.item(list(value) if not isinstance(value, str | bool) else value)
