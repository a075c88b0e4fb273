"""A terminal dashboard for billing admins."""

__version__ = "0.1.0"
