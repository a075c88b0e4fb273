"""Checking `Stripe-Signature` over the raw body, with the words that Stripe's own libraries use when they refuse."""

import hashlib
import hmac

TOLERANCE_SECONDS = 300


class SignatureRefusedError(Exception):
    """The sentence is what the app answers with its 400."""


def verify(body: bytes, header: str, secret: str, now: float) -> None:
    """Raises SignatureRefusedError unless one `v1` signs this body with `secret` and `t` is not too long ago."""
    if not header:
        raise SignatureRefusedError("No stripe-signature header value was provided.")
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t" and value.isascii() and value.isdigit()]
    signatures = [value for name, _, value in parts if name == "v1"]
    if not times or not signatures:
        raise SignatureRefusedError("Unable to extract timestamp and signatures from header")
    signed = times[0].encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(expected.encode(), given.encode()) for given in signatures):
        raise SignatureRefusedError("No signatures found matching the expected signature for payload")
    if int(times[0]) < now - TOLERANCE_SECONDS:
        raise SignatureRefusedError("Timestamp outside the tolerance zone")
