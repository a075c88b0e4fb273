"""Who is asking: API keys, what each may do, and the exact words of every refusal."""

import base64
import binascii
from collections.abc import Iterable

from billing_tui.sandbox.stripe.account import Account, ApiKey
from billing_tui.sandbox.stripe.errors import DOCS, StripeError


def presented(authorization: str) -> str:
    """The key in an Authorization header, Bearer or Basic."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise _unauthorized("Invalid Authorization header.") from None
    raise _unauthorized(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
        f"auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See {DOCS}/api#authentication for details, or we can "
        "help at https://support.stripe.com/."
    )


def authenticate(accounts: Iterable[Account], authorization: str) -> tuple[Account, ApiKey]:
    """The account and key that speak; refuses publishable, expired and unknown keys."""
    value = presented(authorization)
    for account in accounts:
        if value == account.secret_key:
            return account, ApiKey(value)
        key = account.keys.get(value)
        if key is None:
            continue
        if key.expired:
            raise StripeError(401, f"Expired API Key provided: {masked(value)}", code="api_key_expired")
        return account, key
    if value.startswith("pk_"):
        raise StripeError(
            401,
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list "
            "of your API keys at https://dashboard.stripe.com/account/apikeys.",
            code="secret_key_required",
        )
    raise _unauthorized(f"Invalid API Key provided: {masked(value)}")


def authorize(account: Account, key: ApiKey, permission: str) -> None:
    """Refuses a restricted key that lacks `permission` (such as "customer_read"); writing implies reading."""
    if key.permissions is None or permission in key.permissions:
        return
    if permission.endswith("_read") and permission.removesuffix("_read") + "_write" in key.permissions:
        return
    raise StripeError(
        403,
        f"The provided key '{masked(key.value)}' does not have the required permissions for this endpoint on account "
        f"'{account.number}'. Having the 'rak_{permission}' permission would allow this request to continue.",
    )


def masked(value: str) -> str:
    """A key as Stripe shows it back: its kind and its last four characters."""
    parts = value.split("_")
    known = parts[0] in {"sk", "rk", "pk"} and len(parts) > 2
    kind = "_".join(parts[:2]) + "_" if known else value[:4]
    tail = value[-4:] if len(value) - len(kind) > 8 else ""
    return kind + "*" * max(0, len(value) - len(kind) - len(tail)) + tail


def _unauthorized(message: str) -> StripeError:
    return StripeError(401, message)
