"""`billing-tui deliveries`: where recent events have got to, as far as anybody but Stripe can know."""

import asyncio
from datetime import UTC, datetime
from typing import Any, get_args

import click
from msgspec import to_builtins

from billing_tui.cache.delivery_times import BOUNDS, DeliveryTimes
from billing_tui.cli.documents import headed
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import print_document
from billing_tui.cli.since import moment_before
from billing_tui.model.delivery import Delivery, DeliveryLog, DeliveryState
from billing_tui.model.moment import lasting, rfc3339
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, listed, plural, quoted
from billing_tui.workspace import Workspace

_DAYS = 7
_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
_COLOURS: dict[DeliveryState, str] = {
    "delivered": "green",
    "pending": "yellow",
    "failed": "red",
    "unsubscribed": "cyan",
    "unknown": "white",
}


@click.command()
@click.option("--since", default="24h", show_default=True, help="How far back: 2h, 7d, or a moment.")
@click.option("--type", "types", metavar="TYPES", default="", help="Only these types, with commas between.")
@click.option("--state", "states", metavar="STATES", default="", help=f"Only these: {', '.join(_STATES)}.")
@shared_options
def deliveries(since: str, types: str, states: str, asked: Asked) -> None:
    """Show the delivery state of recent events, and where each state is known from."""
    wanted = _wanted(states)
    at = datetime.now(UTC)
    named = [name for name in types.replace(",", " ").split() if name]
    workspace = asked.open()
    log, account, times = asyncio.run(_read(workspace, moment_before(since, at), named))
    held = [each for each in log.deliveries if not wanted or each.state in wanted]
    if asked.as_json:
        print_document(
            {
                **headed("deliveries", workspace.profile, account),
                "complete": log.complete,
                "deliveries": [_entry(each) for each in held],
                "delivery_times": _times(times),
            }
        )
    else:
        _print(held)
        if times and times.median is not None and times.p95 is not None:
            took = f"half within {lasting(times.median)}, 95 % within {lasting(times.p95)}, at most"
            click.echo(click.style(f"Taken {took}, of {plural(times.count, 'event')} in {_DAYS} days.", dim=True))
    if not log.complete:
        click.echo(
            f"There were more events than the newest {len({each.event for each in log.deliveries})}; ask for a shorter time.",
            err=True,
        )


def _wanted(states: str) -> frozenset[str]:
    named = frozenset(name for name in states.replace(",", " ").split() if name)
    strange = sorted(named - set(_STATES))
    if strange:
        raise BadUsage(f"{quoted(clean(strange[0]))} is no state of a delivery.", f"It is one of {listed(_STATES)}.")
    return named


async def _read(workspace: Workspace, since: datetime, types: list[str]) -> tuple[DeliveryLog, str, DeliveryTimes | None]:
    try:
        log = await workspace.deliveries(since, types)
        return log, await asyncio.to_thread(workspace.account_known), await workspace.delivery_times(_DAYS)
    finally:
        await workspace.close()


def _entry(held: Delivery) -> dict[str, Any]:
    entry: dict[str, Any] = to_builtins(held)
    return entry | {"created": rfc3339(held.created)}


def _times(times: DeliveryTimes | None) -> dict[str, Any] | None:
    """The distribution, `at_most`: an event is seen to be taken when this tool looks."""
    if times is None or not times.count:
        return None
    places = [{"within_s": bound, "count": count} for bound, count in zip((*BOUNDS, None), times.histogram, strict=True)]
    return {
        "days": _DAYS,
        "count": times.count,
        "waiting": times.waiting,
        "median_s": times.median,
        "p95_s": times.p95,
        "at_most": True,
        "histogram": places,
    }


def _print(held: list[Delivery]) -> None:
    if not held:
        click.echo("No such deliveries.")
    for each in held:
        state = click.style(f"{each.state:<12}", fg=_COLOURS[each.state])
        click.echo(f"{each.created.astimezone():%Y-%m-%d %H:%M:%S}  {state}  {each.type:<40} {each.event}  {each.endpoint or ''}")
        if each.state not in ("delivered", "unsubscribed"):
            click.echo(f"{'':<21}{click.style(each.says, dim=True)}")
    click.echo(click.style(f"\n{plural(len(held), 'delivery', 'deliveries')}", dim=True))
