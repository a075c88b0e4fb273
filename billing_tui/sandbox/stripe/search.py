"""Stripe's search language: `email:'a@b' AND metadata['k']:'v'`, `name~"part"`, `created>123`, one of AND or OR.

Text is compared without regard to case, as Stripe does. Unlike Stripe's, this index never lags.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Callable
from typing import Any

from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.listing import limit_of
from billing_tui.sandbox.stripe.table import Obj

_CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>[a-z_.]+)(?:\[(?P<kq>["'])(?P<key>(?:\\.|(?!(?P=kq)).)*)(?P=kq)\])?\s*"""
    r"""(?P<op>>=|<=|[:~><])\s*(?:(?P<q>["'])(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)|(?P<bare>[\w.-]+))\s*""",
    re.DOTALL,
)
_JOINT = re.compile(r"(AND|OR)(?=\s)", re.IGNORECASE)
_CARD = "payment_method_details.card."
FIELDS = {
    "customer": ("created", "email", "metadata", "name", "phone"),
    "subscription": ("created", "metadata", "status", "canceled_at"),
    "invoice": (
        *("created", "currency", "customer", "metadata", "number", "receipt_number", "status", "subscription"),
        "total",
    ),
    "charge": (
        *("amount", "created", "currency", "customer", "disputed", "metadata", "refunded", "status"),
        *(_CARD + name for name in ("brand", "exp_month", "exp_year", "fingerprint", "last4")),
        "billing_details.address.postal_code",
    ),
    "payment_intent": ("amount", "created", "currency", "customer", "metadata", "status"),
    "price": ("active", "currency", "lookup_key", "metadata", "product", "type"),
    "product": ("active", "description", "metadata", "name", "shippable", "url"),
}
Test = Callable[[Obj], bool]


def search(call: Call, kind: str) -> Obj:
    """A page of what the query finds."""
    test = parsed(call.needed("query"), kind)
    start, limit = _offset(call.text("page")), limit_of(call)
    found = [row for row in call.account.table(kind).newest() if test(row)]
    shown, more = found[start : start + limit], len(found) > start + limit
    following = urlsafe_b64encode(f"at {start + limit}".encode()).decode() if more else None
    return {"object": "search_result", "data": shown, "has_more": more, "next_page": following, "url": call.path}


def parsed(query: str, kind: str) -> Test:
    """The query as a test; raises Stripe's refusal for what it cannot read."""
    tests, joints, rest = [], set(), query
    while True:
        clause = _CLAUSE.match(rest)
        if clause is None:
            raise invalid("We were unable to parse your search query.", param="query")
        tests.append(_test(clause, kind))
        rest = rest[clause.end() :]
        if not rest:
            break
        joint = _JOINT.match(rest)
        if joint is None:
            raise invalid("We were unable to parse your search query.", param="query")
        joints.add(joint[1].upper())
        rest = rest[joint.end() :]
    if len(joints) > 1:
        raise invalid("You cannot mix AND and OR operators in the same query.", param="query")
    join = any if joints == {"OR"} else all
    return lambda row: join(test(row) for test in tests)


def _test(clause: re.Match[str], kind: str) -> Test:
    field, key, op = clause["field"], clause["key"], clause["op"]
    if field not in FIELDS[kind] or (field == "metadata") != (key is not None):
        raise invalid(f"Field `{field}` is an unsupported search field for resource `{kind}s`.", param="query")
    wanted = _plain(clause["text"] if clause["bare"] is None else clause["bare"])
    if op == "~" and len(wanted) < 3:
        raise invalid("Substring search requires at least 3 characters.", param="query")
    absent = clause["bare"] == "null"
    negative = clause["not"] is not None
    key = None if key is None else _plain(key)

    def test(row: Obj) -> bool:
        value = _value(row, field, key)
        hit = value is None if absent else value is not None and _compare(value, op, wanted)
        return hit != negative

    return test


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _value(row: Obj, field: str, key: str | None) -> Any:
    if field == "subscription":
        return row["parent"]["subscription_details"]["subscription"]
    value: Any = row
    for name in field.split("."):
        value = None if value is None else value.get(name)
    return value.get(key) if key is not None and value is not None else value


def _compare(value: Any, op: str, wanted: str) -> bool:
    if isinstance(value, bool):
        return op == ":" and wanted == str(value).lower()
    if isinstance(value, int):
        if not wanted.removeprefix("-").isdecimal():
            raise invalid(f"Invalid number: {wanted}", param="query")
        number = int(wanted)
        return {":": value == number, ">": value > number, "<": value < number}.get(
            op, value >= number if op == ">=" else value <= number
        )
    text = str(value).casefold()
    return wanted.casefold() in text if op == "~" else op == ":" and text == wanted.casefold()


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(urlsafe_b64decode(cursor.encode()).decode().removeprefix("at "))
    except (BadBase64, ValueError):
        raise invalid("Invalid page token.", param="page") from None
