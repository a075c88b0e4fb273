"""Where in Stripe's Dashboard an object is to be seen, by its id's prefix."""

from billing_tui.model.profile import Mode

_PAGES = {
    "cus": "customers",
    "sub": "subscriptions",
    "in": "invoices",
    "pi": "payments",
    "ch": "payments",
    "py": "payments",
    "cs": "checkout/sessions",
    "evt": "events",
    "we": "webhooks",
    "prod": "products",
    "price": "prices",
}


def dashboard_link(object_id: str, mode: Mode, account: str = "") -> str:
    """The page's address, or "" for what has no page."""
    page = _PAGES.get(object_id.partition("_")[0])
    if not page or "_" not in object_id:
        return ""
    parts = [
        "https://dashboard.stripe.com",
        account if account.startswith("acct_") else "",
        "test" if mode == "test" else "",
        page,
        object_id,
    ]
    return "/".join(filter(None, parts))
