"""What a sandbox says of itself when it is ready: one JSON document, and a configuration file that fits it."""

from pathlib import Path
from typing import Any

from billing_tui.sandbox.options import MODES, Mode
from billing_tui.sandbox.stages import Staged
from billing_tui.sandbox.world import TIERS, World

_MODE = """
[profiles.demo.{mode}]
webhook_url = "{webhook_url}"
stripe_api_base = "{stripe_base}"
stripe_account = "{account}"
clerk_api_base = "{clerk_base}"
clerk_plan_field = "public_metadata.plan"

[profiles.demo.{mode}.database]
table = "users"
key_column = "id"
key_is = "clerk_id"
plan_column = "plan"
email_column = "email"
customer_id_column = "stripe_customer_id"
subscription_id_column = "stripe_subscription_id"
status_column = "subscription_status"
period_end_column = "current_period_end"
cancel_at_period_end_column = "cancel_at_period_end"
updated_at_column = "updated_at"
events_table = "processed_events"
"""


def config_text(world: World) -> str:
    """TOML for the profile `demo`; it holds no secret."""
    tiers = ", ".join(f'"{tier}"' for tier in TIERS)
    head = f'default_profile = "demo"\n\n[profiles.demo]\ndefault_mode = "test"\ntiers = [{tiers}]\n'
    return head + "".join(_mode_text(world, mode) for mode in MODES)


def _mode_text(world: World, mode: Mode) -> str:
    return _MODE.format(
        mode=mode,
        webhook_url=world.webhook_url(mode),
        stripe_base=world.stripe_base,
        account=world.stripe(mode).number,
        clerk_base=world.clerk_base,
    )


def write_config(world: World) -> Path:
    """Puts the configuration into the sandbox's directory."""
    path = world.directory / "config.toml"
    path.write_text(config_text(world), encoding="utf-8")
    path.chmod(0o600)
    return path


def ready(world: World, staged: list[Staged], config: Path) -> dict[str, Any]:
    """The document that is printed when the sandbox listens."""
    stripes = {f"{mode}_key": world.stripe(mode).secret_key for mode in MODES}
    clerks = {f"{mode}_key": world.clerk_keys[mode] for mode in MODES}
    return {
        "stripe": {"base": world.stripe_base, **stripes},
        "clerk": {"base": world.clerk_base, **clerks},
        "app": {
            "webhook_url": {mode: world.webhook_url(mode) for mode in MODES},
            "webhook_secret": {mode: world.webhook_secrets[mode] for mode in MODES},
            "database_url": {mode: world.app(mode).database_url for mode in MODES},
        },
        "config": str(config),
        "examples": [{"email": one.email, "stages": one.rule, "mode": one.mode} for one in staged],
    }
