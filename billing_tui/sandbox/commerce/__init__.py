"""What happens between a customer and the shop, as Stripe records it: objects, their ties, and the events in order.

Every function takes `at` (Unix seconds, default now) and `hearing`: "now" delivers the events for real, "settled" is
history that all endpoints heard, "failed" is history that no endpoint acknowledged. No HTTP here.
"""

from billing_tui.sandbox.commerce.endings import cancel, pause, refund, schedule_cancel
from billing_tui.sandbox.commerce.purchases import Link, Purchase, buy, catch_up, pay_invoice, renew
from billing_tui.sandbox.commerce.scribe import Scribe
from billing_tui.sandbox.commerce.troubles import decline, fail_renewal, start_incomplete

__all__ = [
    "Link",
    "Purchase",
    "Scribe",
    "buy",
    "cancel",
    "catch_up",
    "decline",
    "fail_renewal",
    "pause",
    "pay_invoice",
    "refund",
    "renew",
    "schedule_cancel",
    "start_incomplete",
]
