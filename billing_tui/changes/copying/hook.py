"""The webhook endpoint: made at live mode's address with what test mode's is told, or told what it is not told yet."""

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from billing_tui.changes.copying.part import Part
from billing_tui.changes.copying.stock import Stock
from billing_tui.changes.desk import Desk
from billing_tui.changes.endpoint import asked_at, making, refusal
from billing_tui.changes.stripe_params import stripe_step
from billing_tui.diagnosis.addresses import same_address

Row = dict[str, Any]
_WHOSE = "webhook endpoint"


async def endpoint(desk: Desk, test: Stock, live: Stock, test_url: str) -> Part:
    """The signing secret of a new one is its own: the app needs it."""
    part, url = Part(), desk.profile.webhook_url
    if not url:
        part.warnings.append("webhook_url is not set for live mode, so no endpoint is made.")
        return part
    example = _own(test.endpoints, test_url)
    there = _own(live.endpoints, url)
    wanted = _events(example, desk.profile.required_events)
    version = desk.profile.code_api_version or str((example or {}).get("api_version") or "")
    if there is None:
        await _make(part, desk, url, wanted, version)
        return part
    part.has = 1
    heard = tuple(there.get("enabled_events") or ())
    missing = [] if "*" in heard else [name for name in wanted if name not in heard]
    if missing:
        before, after = ", ".join(sorted(heard)), ", ".join(sorted([*heard, *missing]))
        step = stripe_step("webhook_endpoints", there["id"], "enabled_events", before, after)
        part.steps.append(structs.replace(step, whose=_WHOSE))
    if version and there.get("api_version") != version:
        spoken = there.get("api_version") or "the account's version"
        part.warnings.append(f"The endpoint is sent {spoken}, not {version}, which can't be changed: make a new one for that.")
    return part


async def _make(part: Part, desk: Desk, url: str, wanted: tuple[str, ...], version: str) -> None:
    why_not = refusal(desk, url, await asked_at(desk, url))
    if why_not:
        part.warnings.append(f"No endpoint is made: {why_not}")
        return
    part.steps += [structs.replace(step, whose=_WHOSE) for step in making(url, wanted, version)]
    part.counted("webhook endpoint", 1)


def _own(endpoints: Iterable[Row], url: str) -> Row | None:
    """The app's, an enabled one first."""
    found = sorted(
        (row for row in endpoints if same_address(row.get("url", ""), url)), key=lambda row: row["status"] != "enabled"
    )
    return found[0] if url and found else None


def _events(example: Row | None, required: Iterable[str]) -> tuple[str, ...]:
    """What test mode's is told, with all that the app needs; never everything there is."""
    told = [name for name in (example or {}).get("enabled_events") or () if name != "*"]
    return tuple(sorted({*told, *required}))
