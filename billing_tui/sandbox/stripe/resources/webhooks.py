"""`/v1/webhook_endpoints` in full, and the v2 event destinations that show the same endpoints."""

from urllib.parse import urlsplit

from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.changes import merge_metadata, set_texts
from billing_tui.sandbox.stripe.errors import StripeError, invalid, missing_parameter
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.stripe.version import API_VERSION

WRITABLE = frozenset({"description", "disabled", "enabled_events", "metadata", "url"})
CREATABLE = frozenset({"api_version", "connect", "description", "enabled_events", "metadata", "url"})
INCLUDES = frozenset({"webhook_endpoint.url", "webhook_endpoint.signing_secret"})
LOOPBACK = ("127.", "localhost", "[::1]")


def list_endpoints(call: Call) -> Obj:
    """Without their secrets."""
    return page(call, "webhook_endpoint")


def retrieve_endpoint(call: Call) -> Obj:
    """Without its secret."""
    return call.find("webhook_endpoint")


def create_endpoint(call: Call) -> Obj:
    """The only answer that ever shows the secret."""
    url, events = call.needed("url"), call.texts("enabled_events")
    if not events:
        raise missing_parameter("enabled_events")
    _check_url(call, url)
    row = objects.webhook_endpoint(call.account, url=url, enabled_events=events)
    row["api_version"] = call.text("api_version") or API_VERSION
    set_texts(call, row, "description")
    merge_metadata(row, call.params.get("metadata"))
    return row | {"secret": call.account.endpoint_secrets[row["id"]]}


def update_endpoint(call: Call) -> Obj:
    """The API version is not among the things that can change."""
    row = call.find("webhook_endpoint")
    url, disabled, events = call.text("url"), call.flag("disabled"), call.texts("enabled_events")
    if url is not None:
        _check_url(call, url)
        row["url"] = url
    if "enabled_events" in call.params:
        if not events:
            raise invalid("You must specify at least one event.", param="enabled_events")
        row["enabled_events"] = events
    if disabled is not None:
        row["status"] = "disabled" if disabled else "enabled"
    set_texts(call, row, "description")
    merge_metadata(row, call.params.get("metadata"))
    return row


def delete_endpoint(call: Call) -> Obj:
    """Stops what is still owed to it."""
    row = call.find("webhook_endpoint")
    call.account.table("webhook_endpoint").remove(row["id"])
    return {"id": row["id"], "object": "webhook_endpoint", "deleted": True}


def _check_url(call: Call, url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        raise invalid("Not a valid URL", code="url_invalid", param="url") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise invalid("Not a valid URL", code="url_invalid", param="url")
    local = parts.netloc.startswith(LOOPBACK)
    if call.account.livemode and parts.scheme == "http" and not local:
        raise invalid("Invalid URL: An endpoint in live mode must use HTTPS.", code="url_invalid", param="url")


def list_destinations(call: Call) -> Obj:
    """v2 pages: no cursors, no `has_more`."""
    asked = _included(call)
    rows = [
        objects.event_destination(row, asked, thin=row["id"] in call.account.thin)
        for row in call.account.table("webhook_endpoint").newest()
    ]
    return {"data": rows, "next_page_url": None, "previous_page_url": None}


def retrieve_destination(call: Call) -> Obj:
    """One destination."""
    row = call.find("webhook_endpoint")
    return objects.event_destination(row, _included(call), thin=row["id"] in call.account.thin)


def switch_destination(call: Call) -> Obj:
    """`…/enable` and `…/disable`."""
    row = call.find("webhook_endpoint")
    row["status"] = "enabled" if call.path.endswith("/enable") else "disabled"
    return objects.event_destination(row, _included(call), thin=row["id"] in call.account.thin)


def _included(call: Call) -> frozenset[str]:
    asked = frozenset(call.texts("include"))
    unknown = asked - INCLUDES
    if unknown:
        raise StripeError(400, f"Invalid value for include: {min(unknown)}", code="invalid_fields")
    return asked
