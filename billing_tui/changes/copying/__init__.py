"""What test mode sells, and how it is set up, made again in live mode."""

from billing_tui.changes.copying.plan import plan

__all__ = ["plan"]
