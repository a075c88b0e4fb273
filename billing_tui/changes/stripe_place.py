"""Stripe as a place that is written to: one request for the steps of one call, and reading back what came of it.

Making something is sent again where no answer came, under the same name of the request: Stripe then answers what it did the
first time. What a large plan made is read back a page at a time.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from billing_tui.changes.receipt import MAKING, Receipt, called, is_new
from billing_tui.changes.stripe_fields import OFFERED, field_of
from billing_tui.model.change import Step, Value
from billing_tui.model.problem import NotThere, OutcomeUnknown, OutOfReach
from billing_tui.services.stripe import Stripe

Row = dict[str, Any]
# What is done to an object stands behind its path.
_VERBS = ("/retry", "/release", "/revoke")
_ATTEMPTS, _WAIT = 4, 0.25
_LISTED = {"/v1/products", "/v1/prices"}
_MANY, _MOST_PAGES = 10, 200
_SHOWN_ON_REQUEST = {
    "/v1/prices": ("tiers", "currency_options"),
    "/v1/coupons": ("applies_to", "currency_options"),
    "/v1/promotion_codes": ("restrictions.currency_options",),
    "/v1/billing_portal/configurations": (OFFERED,),
}
_TOLD_BY = {"/v1/prices": ("product",), "/v1/promotion_codes": ("code",)}


@dataclass(frozen=True)
class StripePlace:
    """Stripe's objects, each at the path that its steps' call names."""

    stripe: Stripe
    _seen: dict[str, Row] = field(default_factory=dict)

    async def write(self, group: Sequence[Step], key: str) -> Receipt:
        verb, path = called(group[0])
        params = {name: value for step in group for name, value in step.params.items()}
        method: Literal["post", "delete"] = "delete" if verb == "DELETE" else "post"
        idempotency = hashlib.sha256(key.encode()).hexdigest()
        held, request_id = await self._sent(group[0].call in MAKING, method, path, params, idempotency)
        self._seen.pop(group[0].object, None)
        making = is_new(group[0])
        return Receipt(request_id, str(held.get("id", "")) if making else "", str(held.get("secret", "")) if making else "")

    async def _sent(
        self, again: bool, method: Literal["post", "delete"], path: str, params: dict[str, str], key: str
    ) -> tuple[Row, str | None]:
        for attempt in range(_ATTEMPTS if again else 1):
            try:
                return await self.stripe.api.write(method, path, params, idempotency_key=key)
            except (OutcomeUnknown, OutOfReach) as problem:
                passing = isinstance(problem, OutcomeUnknown) or problem.code == "rate_limited"
                if not again or not passing or attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(_WAIT * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    async def look_ahead(self, groups: Sequence[Sequence[Step]]) -> None:
        """Reads many objects a page at a time, for `read` to find. Raises what `StripeApi.get` does."""
        for path in sorted(_LISTED):
            kin = [group for group in groups if called(group[0])[1] == path and not is_new(group[0]) and not _deep(path, group)]
            wanted = {group[0].object for group in kin}
            if len(wanted) > _MANY:
                await self._read_pages(path, wanted)

    async def _read_pages(self, path: str, wanted: set[str]) -> None:
        more: Row = {"expand": [f"data.{name}" for name in _SHOWN_ON_REQUEST.get(path, ())]}
        for _ in range(_MOST_PAGES):
            page = await self.stripe.api.get(path, Row, limit=100, **{name: value for name, value in more.items() if value})
            rows = page.get("data") or []
            self._seen.update({row["id"]: row for row in rows if row["id"] in wanted})
            if not rows or not page.get("has_more") or wanted <= self._seen.keys():
                return
            more["starting_after"] = rows[-1]["id"]

    async def read(self, group: Sequence[Step]) -> list[Value]:
        verb, path = called(group[0])
        for end in _VERBS:
            path = path.removesuffix(end)
        if is_new(group[0]):
            return await self._made(path, group)
        name = group[0].object
        if path == "/v1/billing_portal/sessions":
            return [step.after for step in group]  # nothing reads them back; that it was made is what the answer said
        at = path if path.endswith(f"/{name}") else f"{path}/{name}"
        held = self._seen.get(name)
        if held is None:
            held = await self._read(at, gone=verb == "DELETE", **_expanded(at.rpartition("/")[0], group))
        return [field_of(held, step.field) for step in group]

    async def _read(self, path: str, *, gone: bool, **params: Any) -> Row:
        """An object; what was deleted holds nothing any more. Raises what `StripeApi.get` does."""
        try:
            return await self.stripe.api.get(path, Row, **params)
        except NotThere:
            if not gone:
                raise
            return {}

    async def _made(self, path: str, group: Sequence[Step]) -> list[Value]:
        """Whether what was to be made is there, among the newest hundred, told by its fields; where it is not, nothing is."""
        narrower = {step.field: str(step.after) for step in group if step.field in _TOLD_BY.get(path, ())}
        expand = [f"data.{name}" for name in _SHOWN_ON_REQUEST.get(path, ())]
        page = await self.stripe.api.get(path, Row, limit=100, **narrower, **({"expand": expand} if expand else {}))
        told = [step for step in group if step.after is not None and not _deep(path, [step])]
        rows = [row for row in page.get("data", ()) if all(field_of(row, step.field) == step.after for step in told)]
        return (
            [step.after if step not in told else field_of(rows[0], step.field) for step in group] if rows else [None] * len(group)
        )


def _expanded(path: str, group: Sequence[Step]) -> Row:
    names = [*_SHOWN_ON_REQUEST.get(path, ())]
    if _deep(path, group):
        names += sorted({".".join(step.field.split(".")[:3]) for step in group if _deep(path, [step])})
        names.remove("currency_options")
    return {"expand": names} if names else {}


def _deep(path: str, group: Sequence[Step]) -> bool:
    """Whether a price has tiers in another currency, which are told of one price at a time."""
    return path == "/v1/prices" and any(step.field.startswith("currency_options.") and ".tiers." in step.field for step in group)
