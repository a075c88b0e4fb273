"""Which keys the configuration knows, and what type each value must have.

The types are those of the model's structs, so that a key is written down once. What a value means is checked
elsewhere; no complaint here repeats a value, which might be a secret in the wrong place.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Literal, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from billing_tui.model.profile import DatabaseTable, Limits, Mode, Profile
from billing_tui.model.text import quoted
from billing_tui.settings.toml_file import Complaint, Keys, nearest

SLOTS = ("stripe_key", "clerk_key", "webhook_secret", "database_url", "database_write_url")
MODES: tuple[Mode, ...] = ("test", "live")

_BY_MODE = (
    "webhook_url",
    "prices",
    "stripe_api_base",
    "stripe_account",
    "clerk_api_base",
    "clerk_plan_field",
    "clerk_jwt_template",
    "clerk_fields",
    "allow_mode_mix",
)
_NOT_WRITTEN = ("name", "mode", "limits", "database", "demo")

Types = dict[str, object]


def _types(struct: type[Struct]) -> Types:
    return {field.name: field.type for field in fields(struct)}


_OF_PROFILE = _types(Profile)
FILE_TYPES: Types = {"default_profile": str, "profiles": dict}
MODE_TYPES: Types = {key: _OF_PROFILE[key] for key in _BY_MODE} | {"secrets": dict, "database": dict}
PROFILE_TYPES: Types = {
    "default_mode": Mode,
    **{key: kind for key, kind in _OF_PROFILE.items() if key not in (*_BY_MODE, *_NOT_WRITTEN)},
    "limits": dict,
    "test": dict,
    "live": dict,
}
LIMITS_TYPES = _types(Limits)
DATABASE_TYPES = _types(DatabaseTable)
SECRETS_TYPES: Types = dict.fromkeys(SLOTS, dict)
SECRET_TYPES: Types = {"command": tuple[str, ...]}

_OTHER_WORDS = {"production": "live", "prod": "live", "sandbox": "test", "development": "test", "dev": "test", "staging": "test"}
"""What people call Stripe's modes."""

_ELSEWHERE = (
    (FILE_TYPES, "at the top of the file"),
    (PROFILE_TYPES, "under [profiles.<name>]"),
    (MODE_TYPES, "under [profiles.<name>.test] or [profiles.<name>.live]"),
    (DATABASE_TYPES, "under [profiles.<name>.<mode>.database]"),
    (LIMITS_TYPES, "under [profiles.<name>.limits]"),
)


def table_complaints(table: dict[str, object], types: Types, at: Keys) -> Iterator[Complaint]:
    """What is wrong with the keys and the types of one table, unknown keys first."""
    for key in table:
        if key not in types:
            yield Complaint((*at, key), "is not a known key.", _belongs(key, types))
    for key, value in table.items():
        if key in types:
            yield from _type_complaints(value, types[key], (*at, key))


def _belongs(key: str, types: Types) -> str:
    if key in SLOTS and types is not SECRETS_TYPES:
        return f"Secrets are never in the file: run billing-tui keys set {key}. If it was a real one, take it out and roll it."
    if key.lower() in _OTHER_WORDS and "test" in types:
        return f"Did you mean {quoted(_OTHER_WORDS[key.lower()])}?"
    for known, where in _ELSEWHERE:
        if key in known and known is not types:
            return f"{quoted(key)} belongs {where}."
    return nearest(key, tuple(types))


def _type_complaints(value: object, kind: object, at: Keys) -> Iterator[Complaint]:
    wanted = _plain(kind)
    if type(value) is not wanted:
        yield Complaint(at, f"must be {_NAMES[wanted]}, not {_called(value)}.")
    elif get_origin(kind) is Literal and value not in get_args(kind):
        choices = " or ".join(quoted(word) for word in get_args(kind) if word)
        yield Complaint(at, "has a value that is not known.", f"It can be {choices}.")
    elif get_origin(kind) is tuple and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _type_complaints(item, str, (*at, index))
    elif get_origin(kind) is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from _type_complaints(item, str, (*at, key))


def _plain(kind: object) -> type:
    """The type that TOML gives for what a struct's field wants."""
    origin = get_origin(kind)
    if origin is Literal:
        return str
    if origin is tuple:
        return list
    return dict if origin is dict else kind if isinstance(kind, type) else object


_NAMES: dict[type, str] = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list of texts",
    dict: "a table",
}


def _called(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number with a fraction"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime() | date() | time():
            return "a date"
        case _:
            return "this"
