"""The whole pretend world: for each mode one Stripe account, one Clerk instance and one customer's app.

Holds them, and names the addresses and secrets they share. `build.py` fills it, `seed.py` peoples it.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from billing_tui.sandbox.ids import IdSource, token
from billing_tui.sandbox.options import MODES, Mode, SandboxOptions
from billing_tui.sandbox.stripe.account import Account

if TYPE_CHECKING:
    from billing_tui.sandbox.app import CustomerApp
    from billing_tui.sandbox.clerk import ClerkInstance

TIERS = ("free", "starter", "pro", "enterprise")


@dataclass
class World:
    """`base` is the sandbox's own address, `http://127.0.0.1:PORT`, known before the world is built."""

    options: SandboxOptions
    base: str
    directory: Path
    stripes: dict[Mode, Account] = field(init=False)
    clerk_keys: dict[Mode, str] = field(init=False)
    webhook_secrets: dict[Mode, str] = field(init=False)
    clerks: "dict[Mode, ClerkInstance]" = field(default_factory=dict)
    apps: "dict[Mode, CustomerApp]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = random.Random(f"world {self.options.seed}")
        number = f"1{token(source, 15)}"
        self.stripes = {}
        self.clerk_keys = {}
        self.webhook_secrets = {}
        for mode in MODES:
            ids = IdSource(f"ids {mode} {self.options.seed}", number[1:])
            key = f"sk_{mode}_51{number[1:15]}{token(source, 80)}"
            self.stripes[mode] = Account(mode, f"acct_{number}", ids, key)
            self.clerk_keys[mode] = f"sk_{mode}_{token(source, 42)}"
            self.webhook_secrets[mode] = f"whsec_{token(source, 32)}"

    def stripe(self, mode: Mode) -> Account:
        """Stripe's account in that mode; both modes share one `acct_…` number, as in life."""
        return self.stripes[mode]

    def clerk(self, mode: Mode) -> "ClerkInstance":
        """The development instance for test, the production instance for live."""
        return self.clerks[mode]

    def app(self, mode: Mode) -> "CustomerApp":
        """The customer's deployed app in that mode."""
        return self.apps[mode]

    @property
    def stripe_base(self) -> str:
        """What the `stripe` package takes as its API base."""
        return self.base

    @property
    def clerk_base(self) -> str:
        """Base of Clerk's Backend API: `/v1/users` follows it."""
        return f"{self.base}/clerk"

    def webhook_url(self, mode: Mode) -> str:
        """The app's webhook address, the one that the profile names."""
        return f"{self.base}/app/{mode}/webhook/stripe"

    def random(self, purpose: str) -> random.Random:
        """A source of its own for each purpose, so that one part's draws do not shift another's."""
        return random.Random(f"{purpose} {self.options.seed}")


def other(mode: Mode) -> Mode:
    """The mode across."""
    return "live" if mode == "test" else "test"
