"""One request to the sandbox's Stripe, decoded: who asks, for what, with which parameters.

Reads parameters in Stripe's types and with Stripe's refusals; knows no resource.
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from billing_tui.sandbox.stripe.account import Account, ApiKey
from billing_tui.sandbox.stripe.errors import bad_integer, invalid, missing_parameter, resource_missing
from billing_tui.sandbox.stripe.table import Obj

MODE_HINT = "; a similar object exists in {there} mode, but a {here} mode key was used to make this request."
NAMES = {
    "billing.meter": "meter",
    "billing_portal.configuration": "configuration",
    "promotion_code": "promotion code",
    "webhook_endpoint": "webhook endpoint",
}


@dataclass
class Call:
    """`ids` are the variable parts of the path; `twin` is the same account in the other mode."""

    account: Account
    twin: Account
    key: ApiKey
    path: str
    ids: list[str]
    params: Obj
    request_id: str = ""
    idempotency_key: str | None = None
    expansions: dict[str, Any] = field(default_factory=dict)

    def find(self, kind: str, key: str | None = None, *, param: str = "id", status: int = 404) -> Obj:
        """The object of that kind: the one in the path, or the one a parameter names; else Stripe's 404."""
        wanted = self.ids[0] if key is None else key
        found = self.account.table(kind).get(wanted)
        if found is not None:
            return found
        hint = ""
        if self.twin.table(kind).get(wanted) is not None:
            hint = MODE_HINT.format(there=self.twin.mode, here=self.account.mode)
        raise resource_missing(NAMES.get(kind, kind), wanted, hint, param=param, status=status)

    def text(self, name: str) -> str | None:
        """A parameter as text; None when it was not sent."""
        value = self.params.get(name)
        if value is None or isinstance(value, str):
            return value
        raise invalid(f"Invalid string: {name}", param=name)

    def needed(self, name: str) -> str:
        """A parameter that must be there."""
        value = self.text(name)
        if not value:
            raise missing_parameter(name)
        return value

    def flag(self, name: str) -> bool | None:
        """`true` or `false`."""
        value = self.text(name)
        if value is None:
            return None
        if value not in {"true", "false"}:
            raise invalid(f"Invalid boolean: {value}", param=name)
        return value == "true"

    def integer(self, name: str) -> int | None:
        """A whole number."""
        value = self.text(name)
        return None if value is None else whole(name, value)

    def texts(self, name: str) -> list[str]:
        """A list of strings, sent as `name[]=` or `name[0]=`; one string alone will do."""
        value = self.params.get(name, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
            raise invalid(f"Invalid array: {name}", param=name)
        return list(found)

    def tree(self, name: str) -> Obj:
        """A nested parameter; empty when it was not sent."""
        value = self.params.get(name, {})
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", param=name)
        return value

    def fields(self, name: str) -> dict[str, str]:
        """A nested parameter whose values are all plain."""
        found = self.tree(name)
        for key, value in found.items():
            if not isinstance(value, str):
                raise invalid(f"Invalid string: {name}[{key}]", param=f"{name}[{key}]")
        return found

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """One of a few words."""
        value = self.text(name)
        if value is not None and value not in allowed:
            options = ", ".join(allowed[:-1]) + f", or {allowed[-1]}"
            raise invalid(f"Invalid {name}: must be one of {options}", param=name)
        return value


def whole(name: str, value: object) -> int:
    """A whole number, or Stripe's refusal."""
    text = str(value)
    if not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > 18:
        raise bad_integer(name, value)
    return int(text)


def number(name: str, value: object) -> Decimal:
    """A decimal number, or Stripe's refusal."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"Invalid decimal: {value}", param=name) from None
    if not found.is_finite() or len(str(value)) > 30:
        raise invalid(f"Invalid decimal: {value}", param=name)
    return found
