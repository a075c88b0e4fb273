"""The configuration written by the tool: what a person wrote stays as it was, what is added is read back as it was meant."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_tui.model.problem import BadUsage
from billing_tui.settings.config import Config, config_of
from billing_tui.settings.config_edit import Entry, Settable, edited, value_of, write_text
from billing_tui.settings.toml_file import parse_toml

MINE = """# mine, all of it
default_profile = "other"   # not acme

[profiles.acme]  # since 2024
tiers = [
  "free",   # nobody pays
  "gold",
]

# our own server
[profiles.acme.test]
stripe_api_base = "http://127.0.0.1:4242" # local

[profiles.other]
read_only = true
"""
ENTRIES = (
    Entry("tiers", ("free", "pro"), "sold"),
    Entry("plan_from", ("price.lookup_key",), "on 3 of 3 prices"),
    Entry("webhook_url", "https://api.acme.dev/hook", "the endpoint we_1"),
    Entry("clerk_fields", {"status": "public_metadata.status"}),
    Entry("database.table", "accounts", "it keeps\x1b[2J the plan\nin plan"),
    Entry("database.plan_values", {"free": ""}),
)


def read(text: str) -> Config:
    return config_of(parse_toml(Path("config.toml"), text))


def test_a_new_file_holds_what_was_found_and_why() -> None:
    text, kept = edited("", "acme", "live", ENTRIES)
    profile = read(text).open("acme", "live")
    assert kept == ()
    assert (profile.tiers, profile.webhook_url) == (("free", "pro"), "https://api.acme.dev/hook")
    assert profile.database
    assert (profile.database.table, profile.database.plan_values) == ("accounts", {"free": ""})
    assert read(text).default_profile == "acme"
    lines = text.splitlines()
    assert lines[lines.index('webhook_url = "https://api.acme.dev/hook"') - 1] == "# the endpoint we_1"
    assert "\x1b" not in text


def test_what_a_person_wrote_stays() -> None:
    text, kept = edited(MINE, "acme", "test", ENTRIES)
    assert kept == ("tiers",)
    written = text.splitlines()
    assert [line for line in MINE.splitlines() if line and line not in written] == []
    config = read(text)
    assert config.default_profile == "other"
    assert config.open("acme", "test").tiers == ("free", "gold")
    assert config.open("acme", "test").plan_from == ("price.lookup_key",)
    assert config.open("acme", "test").webhook_url == "https://api.acme.dev/hook"
    assert config.open("acme", "live").webhook_url == ""
    assert config.open("other").read_only


def test_a_profile_of_its_own_goes_beside_the_others() -> None:
    text, _ = edited(MINE, "new", "live", ENTRIES)
    assert text.startswith(MINE.rstrip())
    assert read(text).profiles == ("acme", "other", "new")


def test_an_inline_profile_can_be_added_to() -> None:
    text, kept = edited('profiles.acme = { tiers = ["free", "gold"] }\n', "acme", "test", ENTRIES)
    assert kept == ("tiers",)
    assert read(text).open("acme", "test").webhook_url == "https://api.acme.dev/hook"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
VALUES: st.SearchStrategy[Settable] = st.one_of(WORDS, st.lists(WORDS, max_size=3), st.dictionaries(WORDS, WORDS, max_size=2))


@settings(max_examples=20, deadline=None, database=None)
@given(value=VALUES, why=WORDS, name=WORDS.filter(bool), text=st.sampled_from(["", MINE]))
def test_any_value_reads_back_as_it_was(value: Settable, why: str, name: str, text: str) -> None:
    written, kept = edited(text, name, "test", [Entry("database.anything", value, why)])
    held = parse_toml(Path("config.toml"), written).data["profiles"]
    assert isinstance(held, dict)
    assert (held[name]["test"]["database"]["anything"], kept) == (value, ())


@pytest.mark.parametrize("text", ["profiles = 3", "profiles.acme = 3", "[profiles.acme]\ntest = 'x'", "not toml"])
def test_what_cannot_be_edited_is_told(text: str) -> None:
    with pytest.raises(BadUsage):
        edited(text, "acme", "test", ENTRIES)


def test_the_file_is_replaced_whole_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "config" / "config.toml"
    text, _ = edited("", "acme", "live", ENTRIES)
    assert write_text(path, text).profiles == ("acme",)
    assert path.read_text(encoding="utf-8") == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["config.toml"]


def test_a_text_that_would_not_be_accepted_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(MINE, encoding="utf-8")
    with pytest.raises(BadUsage, match="tiers must not be empty"):
        write_text(path, "[profiles.acme]\ntiers = []")
    assert path.read_text(encoding="utf-8") == MINE


def test_a_link_stays_one_and_a_device_is_let_alone(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text(MINE, encoding="utf-8")
    link = tmp_path / "config.toml"
    link.symlink_to("real.toml")
    write_text(link, "[profiles.acme]\n")
    assert link.is_symlink()
    assert (tmp_path / "real.toml").read_text(encoding="utf-8") == "[profiles.acme]\n"
    with pytest.raises(BadUsage, match="no file"):
        write_text(tmp_path, "[profiles.acme]\n")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("users", "users"), ('"a b"', "a b"), ('["a", "b"]', ["a", "b"]), ("{ a = 'b' }", {"a": "b"}), ("true", True), ("3", "3")],
)
def test_what_is_typed_is_toml_or_the_very_text(typed: str, value: Settable) -> None:
    assert value_of(typed) == value
