"""What all factories share: absent values, list wrappers, and keeping the result."""

from collections.abc import Iterable, Mapping
from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.table import Obj


def nulls(*names: str) -> Obj:
    """Fields that a plain account leaves empty."""
    return dict.fromkeys(names)


def listed(rows: Iterable[Obj], url: str, *, more: bool = False) -> Obj:
    """A list object around rows."""
    return {"object": "list", "data": list(rows), "has_more": more, "url": url}


def address(country: str | None = None, city: str | None = None, postal_code: str | None = None) -> Obj:
    """An address with every field."""
    return {"city": city, "country": country, "line1": None, "line2": None, "postal_code": postal_code, "state": None}


def keep(account: Account, obj: Obj, facts: Mapping[str, Any]) -> Obj:
    """Applies a caller's own values, which must be fields of the object, and adds it to the account."""
    unknown = facts.keys() - obj.keys()
    if unknown:
        raise TypeError(f"{obj['object']} has no field {', '.join(sorted(unknown))}")
    obj.update(facts)
    return account.add(obj)


def when(account: Account, created: int | None) -> int:
    """The given moment, or this one."""
    return account.now() if created is None else created
