"""What a good configuration file opens as."""

from pathlib import Path

import pytest

from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import DatabaseTable, Profile
from billing_tui.settings.config import load_config
from billing_tui.settings.presets import PRESETS
from tests.settings.conftest import Written

FULL = """
default_profile = "acme"

[profiles.acme]
default_mode = "live"
read_only = true
tiers = ["free", "starter", "pro"]
scope = "organization"
plan_from = ["product.metadata.planKey", "price.lookup_key", "price.nickname", "product.name"]
user_id_from = ["session.metadata.user.id"]
code_api_version = "2025-03-31.basil"

[profiles.acme.limits]
stripe_reads_per_day = 50

[profiles.acme.test]
webhook_url = "http://127.0.0.1:4242/webhook"
stripe_api_base = "http://localhost:4242/"

[profiles.acme.live]
webhook_url = "https://api.acme.dev/webhook/stripe"
prices = { price_1Q = "pro" }
stripe_account = "acct_1Nd8Ks"
clerk_plan_field = ""
clerk_fields = { subscription_id = "public_metadata.stripe.subscriptionId" }
allow_mode_mix = true
secrets.stripe_key = { command = ["op", "read", "op://billing/stripe"] }

[profiles.acme.live.database]
table = "accounts"
plan_values = { free = "", pro = "Pro Plan" }
status_values = { canceled = "cancelled" }
period_end_type = "unix_ms"

[profiles.other]
"""


def test_a_profile_is_the_defaults_the_profiles_keys_and_the_modes(written: Written) -> None:
    config = written(FULL)
    live, test = config.open(), config.open("acme", "test")
    assert live == Profile(
        name="acme",
        mode="live",
        read_only=True,
        tiers=("free", "starter", "pro"),
        scope="organization",
        plan_from=("product.metadata.planKey", "price.lookup_key", "price.nickname", "product.name"),
        user_id_from=("session.metadata.user.id",),
        code_api_version="2025-03-31.basil",
        limits=live.limits,
        webhook_url="https://api.acme.dev/webhook/stripe",
        prices={"price_1Q": "pro"},
        stripe_account="acct_1Nd8Ks",
        clerk_plan_field="",
        clerk_fields={"subscription_id": "public_metadata.stripe.subscriptionId"},
        allow_mode_mix=True,
        database=DatabaseTable(
            table="accounts",
            plan_values={"free": "", "pro": "Pro Plan"},
            status_values={"canceled": "cancelled"},
            period_end_type="unix_ms",
        ),
    )
    assert (live.limits.stripe_requests_per_second, live.limits.stripe_reads_per_day) == (20, 50)
    assert test.mode == "test"
    assert test.database is None
    assert test.stripe_api_base == "http://localhost:4242"
    assert test.read_only
    assert config.profiles == ("acme", "other")
    assert config.open("other") == Profile(name="other", mode="test")


def test_commands_for_secrets_stay_out_of_the_profile(written: Written) -> None:
    config = written(FULL)
    assert config.secret_command("acme", "live", "stripe_key") == ("op", "read", "op://billing/stripe")
    assert config.secret_command("acme", "test", "stripe_key") is None
    assert config.secret_command("acme", "live", "clerk_key") is None


def test_the_only_profile_needs_no_naming(written: Written) -> None:
    assert written("[profiles.solo]").open().name == "solo"


@pytest.mark.parametrize(
    ("text", "profile", "mode", "says"),
    [
        ("", None, None, "no profile in"),
        ("[profiles.a]\n[profiles.b]", None, None, "several profiles"),
        ("[profiles.acme]", "acne", None, "no profile “acne”"),
        ("[profiles.acme]", "acme", "prod", "no mode “prod”"),
    ],
)
def test_what_cannot_be_opened(written: Written, text: str, profile: str | None, mode: str | None, says: str) -> None:
    with pytest.raises(BadUsage, match=says) as caught:
        written(text).open(profile, mode)
    assert caught.value.hint


def test_no_file_says_where_to_put_one_and_what_to_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_TUI_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(BadUsage, match=r"none\.toml") as caught:
        load_config()
    assert caught.value.code == "no_config"
    assert "billing-tui demo" in caught.value.hint
    assert not (tmp_path / "none.toml").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe[profiles.a]", None])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "config.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(BadUsage, match=r"config\.toml"):
        load_config(path)


def test_a_preset_fills_what_is_not_written(written: Written) -> None:
    text = '[profiles.a.live.database]\npreset = "plainform"\nplan_column = "tier"\n'
    table = written(text).open("a", "live").database
    assert table is not None
    assert (table.table, table.plan_column, table.customer_id_column) == ("User", "tier", "stripeCustomerId")
    assert table.plan_values == {"free": ""}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_itself_in_order(written: Written, preset: str) -> None:
    table = written(f'[profiles.a.live.database]\npreset = "{preset}"').open("a", "live").database
    assert table is not None
    assert table.preset == preset
    assert table.plan_column
