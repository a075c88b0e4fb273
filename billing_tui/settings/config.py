"""The configuration file as the profiles it describes, each checked as a whole when the file is read.

A mistake in any profile is reported at once, with file, line and key path, rather than when that profile is opened.
Secrets are not in here, only the commands that print them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct

from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import Mode, Profile
from billing_tui.model.text import clean, listed, quoted
from billing_tui.settings.checks import profile_complaints
from billing_tui.settings.paths import config_file
from billing_tui.settings.presets import with_preset
from billing_tui.settings.shape import (
    DATABASE_TYPES,
    FILE_TYPES,
    LIMITS_TYPES,
    MODE_TYPES,
    MODES,
    PROFILE_TYPES,
    SECRET_TYPES,
    SECRETS_TYPES,
    table_complaints,
)
from billing_tui.settings.table_checks import table_complaints as database_complaints
from billing_tui.settings.toml_file import Complaint, Keys, TomlFile, nearest, read_toml

_Table = dict[str, object]


class Config(Struct, frozen=True):
    """Every profile of the file in both modes, ready to be opened.

    `default_profile` is "" when the file names none and there is not exactly one. `commands` are by profile, mode and
    secret slot.
    """

    path: Path
    default_profile: str
    default_modes: Mapping[str, Mode]
    opened: Mapping[tuple[str, Mode], Profile]
    commands: Mapping[tuple[str, str, str], tuple[str, ...]]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles' names in the file's order."""
        return tuple(self.default_modes)

    def open(self, profile: str | None = None, mode: str | None = None) -> Profile:
        """A profile in a mode, the defaults of the file where none is asked for.

        Raises:
            BadUsage: There is no such profile or mode, or none is asked for and the file has no default.
        """
        name = profile or self.default_profile
        if name not in self.default_modes:
            raise self._no_profile(name)
        chosen = mode or self.default_modes[name]
        for known in MODES:
            if chosen == known:
                return self.opened[name, known]
        raise BadUsage(f"There is no mode {quoted(clean(chosen))}.", "It is test or live.", code="no_mode")

    def secret_command(self, profile: str, mode: str, slot: str) -> tuple[str, ...] | None:
        """The command that prints a secret, program first, where one is configured."""
        return self.commands.get((profile, mode, slot))

    def _no_profile(self, name: str) -> BadUsage:
        where = clean(str(self.path))
        if name:
            message = f"There is no profile {quoted(clean(name))} in {where}."
            return BadUsage(message, nearest(name, self.profiles), code="no_profile")
        if not self.profiles:
            hint = "Add one under [profiles.<name>], or run billing-tui profile init."
            return BadUsage(f"There is no profile in {where} yet.", hint, code="no_profile")
        message = f"{where} holds several profiles and no default_profile."
        hint = f"Say --profile with one of {listed(self.profiles)}, or set default_profile."
        return BadUsage(message, hint, code="no_profile")


def load_config(path: Path | None = None) -> Config:
    """The configuration at a path, or at the place that `paths.config_file` names.

    Raises:
        BadUsage: There is no file (`no_config`), or something in it is wrong.
    """
    return config_of(read_toml(path or config_file()))


def config_of(file: TomlFile) -> Config:
    """The configuration that a file holds. Raises `BadUsage` for what is wrong in it."""
    for complaint in _shape(file.data):
        raise file.problem(complaint)
    tables = cast("dict[str, _Table]", file.data.get("profiles", {}))
    opened: dict[tuple[str, Mode], Profile] = {}
    for name, table in tables.items():
        for mode in MODES:
            opened[name, mode] = _checked(file, name, mode, table)
    default = cast("str", file.data.get("default_profile", ""))
    if default and default not in tables:
        raise file.problem(Complaint(("default_profile",), "names no profile.", nearest(default, tuple(tables))))
    sole = next(iter(tables)) if len(tables) == 1 else ""
    modes = {name: cast("Mode", table.get("default_mode", "test")) for name, table in tables.items()}
    return Config(file.path, default or sole, modes, opened, _commands(tables))


def _shape(data: _Table) -> Iterator[Complaint]:
    """Unknown keys and wrong types anywhere in the file, from the outside in."""
    yield from table_complaints(data, FILE_TYPES, ())
    for name, profile in cast("_Table", data.get("profiles", {})).items():
        at: Keys = ("profiles", name)
        if not name.strip() or name != clean(name).strip() or "/" in name:
            yield Complaint(at, "is no name for a profile.", "Use letters, digits, - and _.")
        if not isinstance(profile, dict):
            yield Complaint(at, "must be a table.", f"Write [profiles.{clean(name)}].")
            continue
        yield from table_complaints(profile, PROFILE_TYPES, at)
        yield from table_complaints(_sub(profile, "limits"), LIMITS_TYPES, (*at, "limits"))
        for mode in MODES:
            yield from _mode_shape(_sub(profile, mode), (*at, mode))


def _mode_shape(table: _Table, at: Keys) -> Iterator[Complaint]:
    yield from table_complaints(table, MODE_TYPES, at)
    yield from table_complaints(_sub(table, "database"), DATABASE_TYPES, (*at, "database"))
    secrets = _sub(table, "secrets")
    for complaint in table_complaints(secrets, SECRETS_TYPES, (*at, "secrets")):
        hint = complaint.hint or 'Secrets are never in the file; name a command: { command = ["op", "read", "…"] }.'
        yield Complaint(complaint.keys, complaint.what, hint)
    for slot in secrets:
        secret = _sub(secrets, slot)
        yield from table_complaints(secret, SECRET_TYPES, (*at, "secrets", slot))
        command = cast("list[str]", secret.get("command", []))
        if not command or not command[0].strip() or any("\0" in word for word in command):
            yield Complaint((*at, "secrets", slot, "command"), "must hold a program and its arguments.")


def _checked(file: TomlFile, name: str, mode: Mode, table: _Table) -> Profile:
    profile = _merged(name, mode, table)
    for complaint in (*profile_complaints(profile), *database_complaints(profile)):
        keys: Keys = complaint.keys
        inside: Keys = (mode,) if keys[0] in MODE_TYPES else ()
        raise file.problem(Complaint(("profiles", name, *inside, *keys), complaint.what, complaint.hint))
    return profile


def _merged(name: str, mode: Mode, table: _Table) -> Profile:
    """The profile's keys and the mode's as one profile; defaults are the struct's own."""
    inside = _sub(table, mode)
    outer = {key: value for key, value in table.items() if key not in (*MODES, "default_mode")}
    inner = {key: value for key, value in inside.items() if key != "secrets"}
    merged: _Table = {**outer, **inner, "name": name, "mode": mode}
    if "database" in inside:
        tiers = cast("list[str]", table.get("tiers") or list(Profile(name=name, mode=mode).tiers))
        merged["database"] = with_preset(_sub(inside, "database"), tiers[0])
    profile = msgspec.convert(merged, Profile)
    return msgspec.structs.replace(
        profile,
        stripe_api_base=profile.stripe_api_base.rstrip("/"),
        clerk_api_base=profile.clerk_api_base.rstrip("/"),
    )


def _commands(tables: Mapping[str, _Table]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    return {
        (name, mode, slot): tuple(cast("list[str]", secret["command"]))
        for name, table in tables.items()
        for mode in MODES
        for slot, secret in cast("dict[str, _Table]", _sub(_sub(table, mode), "secrets")).items()
    }


def _sub(table: _Table, key: str) -> _Table:
    value = table.get(key, {})
    return cast("_Table", value) if isinstance(value, dict) else {}
