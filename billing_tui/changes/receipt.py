"""What comes back from a write, and how a step names what is only about to be made."""

from collections.abc import Sequence
from typing import NamedTuple

from billing_tui.model.change import Step
from billing_tui.model.delivery import Attempt

NEW = "new"
"""The object of a step that makes one; what it is made after may follow."""
MAKING = frozenset(
    {
        *("POST /v1/products", "POST /v1/prices", "POST /v1/billing/meters", "POST /v1/coupons", "POST /v1/promotion_codes"),
        *("POST /v1/webhook_endpoints", "POST /v1/billing_portal/configurations", "POST /v1/billing_portal/sessions"),
    }
)
"""The calls that make something. Stripe answers the same to the same key, so they can be sent again."""


class Receipt(NamedTuple):
    """What came of a request: its id; what it made; what the app answered where it was sent something; and what is wrong."""

    request_id: str | None = None
    made: str = ""
    secret: str = ""
    attempt: Attempt | None = None
    wrong: str = ""


def is_new(step: Step) -> bool:
    """Whether a step makes an object whose id only the answer tells."""
    return step.object.split(" ")[0] == NEW


def called(step: Step) -> tuple[str, str]:
    """The method and the path, or the address, of a step's request."""
    verb, _, path = step.call.partition(" ")
    return verb, path


def in_calls(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    """The steps of each request, in the order of the first of each."""
    found: dict[tuple[str, str, str], list[Step]] = {}
    for step in steps:
        found.setdefault((step.target, step.object, step.call), []).append(step)
    return [tuple(group) for group in found.values()]
