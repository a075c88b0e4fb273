"""What a mistake in the configuration file says: the file, the line, the key path, and what was meant."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_tui.model.problem import BadUsage
from tests.settings.conftest import Written

MODE = "[profiles.a.live]\n"
TABLE = "[profiles.a.live.database]\n"
PROFILE = "[profiles.a]\n"


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ("defualt_profile = 'a'", "line 1: defualt_profile ", "default_profile"),
        (PROFILE + "tires = ['free']", "line 2: profiles.a.tires ", "tiers"),
        (PROFILE + "webhook_url = 'https://a.example'", "line 2: profiles.a.webhook_url ", "[profiles.<name>.test]"),
        (PROFILE + "demo = true", "line 2: profiles.a.demo ", ""),
        (PROFILE + "limits = { stripe_reads = 3 }", "line 2: profiles.a.limits.stripe_reads ", "stripe_reads_per_day"),
        (MODE + "\n\nwebhok_url = ''", "line 4: profiles.a.live.webhok_url ", "webhook_url"),
        (TABLE + "colum = 'x'", "line 2: profiles.a.live.database.colum ", ""),
        (MODE + "secrets.stripe = { command = ['x'] }", "line 2: profiles.a.live.secrets.stripe ", "stripe_key"),
        ("[profiles.'we ird'.live]\nx = 1", 'line 2: profiles."we ird".live.x ', ""),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(written: Written, text: str, where: str, hint: str) -> None:
    with pytest.raises(BadUsage, match=re.escape(f"config.toml, {where}")) as caught:
        written(text)
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("profiles = 3", "profiles must be a table, not a whole number"),
        ("[profiles]\na = 3", "profiles.a must be a table"),
        (PROFILE + "tiers = 'free'", "line 2: profiles.a.tiers must be a list of texts, not text"),
        (PROFILE + "tiers = ['free', 1]", "profiles.a.tiers[1] must be text in quotes"),
        (PROFILE + "read_only = 'yes'", "profiles.a.read_only must be true or false, not text"),
        (PROFILE + "scope = 'team'", "profiles.a.scope has a value that is not known"),
        (PROFILE + "limits.stripe_reads_per_day = true", "must be a whole number, not true or false"),
        (PROFILE + "limits.stripe_reads_per_day = 1.5", "must be a whole number, not a number with a fraction"),
        (PROFILE + "code_api_version = 2025-03-31", "must be text in quotes, not a date"),
        (MODE + "prices = { price_1 = 3 }", "profiles.a.live.prices.price_1 must be text"),
        (MODE + "database = 'x'", "profiles.a.live.database must be a table"),
        (MODE + "secrets.stripe_key.command = []", "must hold a program"),
        (TABLE + "key_is = 'uuid'", "profiles.a.live.database.key_is has a value"),
    ],
)
def test_a_wrong_type_is_named(written: Written, text: str, says: str) -> None:
    with pytest.raises(BadUsage, match=re.escape(says)):
        written(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PROFILE + "tiers = []", "tiers must not be empty"),
        (PROFILE + "tiers = ['free', 'pro', 'free']", "tiers[2] is “free”, which is in the list already"),
        (PROFILE + "tiers = ['free', 'pro ']", "tiers[1] is blank, or has blanks"),
        (PROFILE + "paid_statuses = ['active', 'cancelled']", "paid_statuses[1] is not one of Stripe's statuses"),
        (PROFILE + "plan_from = ['product.metadata']", "plan_from[0] leads nowhere"),
        (PROFILE + "plan_from = ['price.metadata.']", "plan_from[0] leads nowhere"),
        (PROFILE + "user_id_from = ['customer.email']", "user_id_from[0] leads nowhere"),
        (PROFILE + "required_events = ['invoice']", "required_events[0] is not an event type"),
        (PROFILE + "code_api_version = 'basil'", "code_api_version is not an API version"),
        (PROFILE + "limits.stripe_requests_per_second = 0", "must be at least 1"),
        (MODE + "prices = { price_1 = 'Pro' }", "prices.price_1 names “Pro”, which is not among the tiers"),
        (MODE + "webhook_url = 'http://acme.example/hook'", "live.webhook_url must be https"),
        (MODE + "webhook_url = 'http://localhost@acme.example/hook'", "live.webhook_url must be https"),
        (MODE + "webhook_url = 'ftp://acme.example'", "must be an http or https address"),
        (MODE + "webhook_url = 'https://acme.example:nope/'", "webhook_url is not an address"),
        (MODE + "stripe_api_base = ''", "stripe_api_base must be an http"),
        (MODE + "clerk_api_base = 'https://u:p@acme.example'", "clerk_api_base must be an address alone"),
        (MODE + "stripe_account = 'acme'", "stripe_account is not an account id"),
        (MODE + "clerk_plan_field = 'plan'", "clerk_plan_field is not a field of Clerk's metadata"),
        (MODE + "clerk_fields = { price = 'public_metadata.x' }", "clerk_fields.price is not a known key"),
        (MODE + "clerk_fields = { status = 'public_metadata.plan' }", "clerk_fields.status is the same field"),
        (TABLE + "preset = 'plain'", "database.preset is not a known preset"),
        (TABLE + "plan_column = ''", "database.plan_column must not be empty"),
        (TABLE + "plan_values = { Pro = 'x' }", "database.plan_values.Pro is not among the tiers"),
        (TABLE + "plan_values = { free = 'pro' }", "database.plan_values keeps “pro” as the same value as “free”"),
        (TABLE + "status_values = { cancelled = 'x' }", "database.status_values.cancelled is not one of"),
        (TABLE + "status_column = 'plan'", "database.status_column names the same column as plan_column"),
        ("default_profile = 'b'\n[profiles.a]", "line 1: default_profile names no profile"),
        ("[profiles.'a/b']", 'profiles."a/b" is no name'),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(written: Written, text: str, says: str) -> None:
    with pytest.raises(BadUsage, match=re.escape(says)):
        written(text)


@pytest.mark.parametrize(
    "url",
    ["https://a.example/x?y=1", "http://127.8.0.1:3/x", "http://[::1]:3/", "http://localhost", "http://a.localhost/x"],
)
def test_addresses_that_are_fine(written: Written, url: str) -> None:
    assert written(MODE + f"webhook_url = '{url}'").open("a", "live").webhook_url == url


def test_what_is_not_toml_names_its_line(written: Written) -> None:
    with pytest.raises(BadUsage, match=r"config\.toml, line 2, column \d+: this is not TOML"):
        written("[profiles.a]\nread_only = maybe\n")


def test_a_key_written_into_the_file_is_refused_and_not_repeated(written: Written) -> None:
    with pytest.raises(BadUsage) as caught:
        written(MODE + "secrets.stripe_key = 'sk_live_51abcdefghijkl'")
    assert "command" in caught.value.hint
    assert "51abc" not in caught.value.message + caught.value.hint


SCALARS = st.one_of(st.booleans(), st.integers(-9, 9), st.text("ab .\x1b[", max_size=4), st.just("free"))
KEYS = st.sampled_from(["tiers", "scope", "live", "test", "database", "prices", "secrets", "stripe_key", "command", "x y"])
TREES = st.recursive(st.one_of(SCALARS, st.lists(SCALARS, max_size=2)), lambda inner: st.dictionaries(KEYS, inner, max_size=3))


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml(item)}' for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(letter):04x}" for letter in value) + '"'
    return str(value).lower()


def refusal(written: Written, text: str) -> str:
    try:
        written(text).open()
    except BadUsage as problem:
        return problem.message + problem.hint
    return "config.toml opens"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(tree=st.dictionaries(KEYS, TREES, max_size=4))
def test_whatever_the_file_holds_it_opens_or_is_a_plain_sentence(written: Written, tree: dict[str, object]) -> None:
    said = refusal(written, f"profiles.a = {toml(tree)}")
    assert "config.toml" in said
    assert said.isprintable()
