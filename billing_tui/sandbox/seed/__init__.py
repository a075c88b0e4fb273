"""The account that a sandbox starts with: a small SaaS named Plainsong, three years old, and healthy.

Deterministic for a seed but for the clock: ages are counted back from now.
"""

from billing_tui.sandbox.seed.catalogue import Shop, stock
from billing_tui.sandbox.seed.people import invite

__all__ = ["Shop", "invite", "stock"]
