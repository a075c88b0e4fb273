"""The sandbox's Clerk: one instance for each mode, spoken to over the Backend API's wire format (2026-05-12).

It knows nothing of Stripe, of the customer's app or of the world that holds them.
"""

from billing_tui.sandbox.clerk.instance import ClerkInstance
from billing_tui.sandbox.clerk.routes import clerk_routes

__all__ = ["ClerkInstance", "clerk_routes"]
