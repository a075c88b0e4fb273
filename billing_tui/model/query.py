"""What a ticket holds: an e-mail, an id or a number, told apart by their shape."""

import re
from enum import StrEnum

from msgspec import Struct

from billing_tui.model.text import clean


class Kind(StrEnum):
    """What a query names; the values are used in texts."""

    EMAIL = "e-mail"
    CUSTOMER = "customer"
    SUBSCRIPTION = "subscription"
    INVOICE = "invoice"
    PAYMENT_INTENT = "payment intent"
    CHARGE = "charge"
    SESSION = "checkout session"
    EVENT = "event"
    USER = "user"
    ORGANIZATION = "organization"
    NUMBER = "receipt or invoice number"
    UNKNOWN = "unknown"


class Query(Struct, frozen=True):
    """What was asked, cleaned of what a paste drags along."""

    kind: Kind
    text: str


_PREFIXES = {
    "cus": Kind.CUSTOMER,
    "sub": Kind.SUBSCRIPTION,
    "in": Kind.INVOICE,
    "pi": Kind.PAYMENT_INTENT,
    "ch": Kind.CHARGE,
    "py": Kind.CHARGE,
    "cs": Kind.SESSION,
    "evt": Kind.EVENT,
    "user": Kind.USER,
    "org": Kind.ORGANIZATION,
}
_ID = re.compile(r"([a-z]+)_[A-Za-z0-9_]+\Z")
_EMAIL = re.compile(r"[^@\s<>\"(),;:]+@[^@\s<>\"'(),;:]+\.[^@\s<>\"'(),;:.]+\Z")
_NUMBER = re.compile(r"#?([A-Za-z0-9]{2,32}-\d{3,8}(?:-\d{1,8})?)\Z")


def understand(pasted: str) -> Query:
    """What a pasted line names: `Lena <lena@x.example>` and `mailto:lena@x.example` are her e-mail.

    Anything else is `Kind.UNKNOWN`, with the text as it came, cleaned.
    """
    text = clean(pasted).strip().strip("<>\"'`,;“”").strip()
    bracketed = re.search(r"<([^<>\s]+@[^<>\s]+)>?\Z", text)
    text = (bracketed.group(1) if bracketed else text).removeprefix("mailto:")
    if _EMAIL.match(text) and len(text) <= 320:
        return Query(Kind.EMAIL, text)
    found = _ID.match(text)
    if found and len(text) <= 255 and found.group(1) in _PREFIXES:
        return Query(_PREFIXES[found.group(1)], text)
    numbered = _NUMBER.match(text)
    if numbered:
        return Query(Kind.NUMBER, numbered.group(1))
    return Query(Kind.UNKNOWN, text)
