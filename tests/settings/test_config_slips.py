"""A good configuration with one slip of the keyboard anywhere: the error names the place and the nearest right thing."""

import re
import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from billing_tui.model.problem import BadUsage
from billing_tui.settings.shape import DATABASE_TYPES, FILE_TYPES, LIMITS_TYPES, MODE_TYPES, PROFILE_TYPES, SECRETS_TYPES
from tests.settings.conftest import Written
from tests.settings.test_config import FULL

KNOWN = {*FILE_TYPES, *PROFILE_TYPES, *MODE_TYPES, *LIMITS_TYPES, *DATABASE_TYPES, *SECRETS_TYPES, "command"}
FREE = ("prices", "plan_values", "status_values", "clerk_fields", "profiles")
Path = tuple[str, ...]


def paths(table: dict[str, Any], at: Path = ()) -> list[Path]:
    """Every key whose name is the contract's."""
    found: list[Path] = []
    for key, value in table.items():
        if not at or at[-1] not in FREE:
            found.append((*at, key))
        if isinstance(value, dict):
            found += paths(value, (*at, key))
    return found


PATHS = [path for path in paths(tomllib.loads(FULL)) if path != ("profiles",)]
SLIP = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)


def changed(path: Path, key: str, value: object = None) -> str:
    """The good text with the last key of a path renamed, or with another value."""
    document: Any = tomllib.loads(FULL)
    held = document
    for part in path[:-1]:
        held = held[part]
    old = held.pop(path[-1])
    held[key] = old if value is None else value
    return tomlkit.dumps(document)


@SLIP
@given(path=st.sampled_from(PATHS), data=st.data())
def test_a_mistyped_key_is_named_with_the_nearest(written: Written, path: Path, data: st.DataObject) -> None:
    key = path[-1]
    at = data.draw(st.integers(0, len(key) - 2))
    typo = data.draw(st.sampled_from([key[:at] + key[at + 1 :], key[:at] + key[at + 1] + key[at] + key[at + 2 :], f"{key}s"]))
    assume(typo not in KNOWN)
    with pytest.raises(BadUsage) as caught:
        written(changed(path, typo))
    assert ".".join((*path[:-1], typo)) in caught.value.message
    assert re.search(r"config\.toml, line \d+: ", caught.value.message)
    assert f"“{key}”" in caught.value.hint or "Known are" in caught.value.hint
    assert caught.value.exit_code == 2


@SLIP
@given(path=st.sampled_from(PATHS), value=st.sampled_from([3, 1.5, True, "sk_live_51RkQw", [1], {"x": 1}, [["a"]], [{}]]))
def test_a_wrong_type_is_named_and_no_value_repeated(written: Written, path: Path, value: object) -> None:
    text = changed(path, path[-1], value)
    problem = refusal(written, text)
    if problem is None:
        assert isinstance(value, type(nested(path)))
        return
    assert ".".join(path) in problem.message or "default_profile" in problem.message
    assert problem.hint or "must be" in problem.message
    assert "51RkQw" not in problem.message or path[-1] not in SECRETS_TYPES


def nested(path: Path) -> object:
    held: Any = tomllib.loads(FULL)
    for part in path:
        held = held[part]
    return held


@SLIP
@given(cut=st.integers(0, len(FULL)), junk=st.text("[]{}=\"'#\n\x00\x1bx ", max_size=3))
def test_a_file_that_was_cut_or_scribbled_in_opens_or_is_a_plain_sentence(written: Written, cut: int, junk: str) -> None:
    problem = refusal(written, FULL[:cut] + junk + FULL[cut + 1 :])
    if problem:
        assert "config.toml" in problem.message
        assert (problem.message + problem.hint).isprintable()
        assert problem.hint


def refusal(written: Written, text: str) -> BadUsage | None:
    try:
        written(text)
    except BadUsage as problem:
        return problem
    return None
