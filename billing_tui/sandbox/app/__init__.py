"""The customer's deployed app: the third party between Stripe and Clerk whose mistakes are what tickets are about.

It talks to Stripe and Clerk over HTTP alone, as a real app would, and keeps its own SQLite database.
"""

from billing_tui.sandbox.app.application import CustomerApp
from billing_tui.sandbox.app.faults import Faults
from billing_tui.sandbox.app.routes import app_routes
from billing_tui.sandbox.app.store import Billing

__all__ = ["Billing", "CustomerApp", "Faults", "app_routes"]
