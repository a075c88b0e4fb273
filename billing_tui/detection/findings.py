"""What detection yields: a configuration key, the value proposed for it, and the evidence in a sentence."""

from collections.abc import Iterable

from msgspec import Struct

from billing_tui.model.problem import Problem

Value = str | tuple[str, ...] | dict[str, str]


class Found(Struct, frozen=True):
    """A proposal. `key` is as in the contract: of the profile (`tiers`), of the mode (`webhook_url`) or `database.plan_column`.

    One that is not `sure` is to be looked at by a person before it is believed.
    """

    key: str
    value: Value
    evidence: str
    sure: bool = True


class Lack(Struct, frozen=True):
    """What could not be found out, and what would help."""

    what: str
    would_help: str
    problem: Problem | None = None


class Detected(Struct, frozen=True):
    """Everything that was found out of one mode. `account` and `name` are the Stripe account's, "" where they are not known."""

    found: tuple[Found, ...] = ()
    lacks: tuple[Lack, ...] = ()
    account: str = ""
    name: str = ""

    def value(self, key: str) -> Value | None:
        """The value proposed for a key."""
        return next((one.value for one in self.found if one.key == key), None)


def counted(count: int, of: int, what: str) -> str:
    """`on 12 of 40 customers`."""
    return f"on {count} of {of} {what}"


def some(values: Iterable[str], most: int = 4) -> str:
    """The first few values, for evidence."""
    held = list(dict.fromkeys(values))
    return ", ".join(held[:most]) + (" …" if len(held) > most else "")
