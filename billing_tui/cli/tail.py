"""`billing-tui tail`: events as they come, one line each, until it is stopped."""

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime

import click

from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.since import moment_before
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.stripe import Event
from billing_tui.workspace import Workspace


@click.command()
@click.option("--since", default="0s", metavar="T", help="From when on: 10m, 2h, or a moment; left out, from now on.")
@click.option("--type", "types", metavar="TYPES", default="", help="Only these types, with commas between.")
@click.option("--every", type=click.FloatRange(1, 3600), default=5.0, show_default=True, help="Seconds between two looks.")
@shared_options
def tail(since: str, types: str, every: float, asked: Asked) -> None:
    """Show events as they come, oldest first; with --json one document a line. Ctrl-C ends it."""
    named = [name for name in types.replace(",", " ").split() if name]
    workspace = asked.open()
    asyncio.run(_followed(workspace, moment_before(since, datetime.now(UTC)), named, every, as_json=asked.as_json))


async def _followed(workspace: Workspace, since: datetime, types: list[str], every: float, *, as_json: bool) -> None:
    try:
        async with aclosing(workspace.tail(since, types, every)) as events:
            async for event in events:
                click.echo(json.dumps(_entry(event), ensure_ascii=False) if as_json else _line(event))
    finally:
        await workspace.close()


def _entry(event: Event) -> dict[str, object]:
    return {
        "event": event.id,
        "type": event.type,
        "created": rfc3339(from_unix(event.created)),
        "customer_id": event.customer_id,
        "object": event.data.object.id,
        "pending_webhooks": event.pending_webhooks,
        "api_version": event.api_version,
    }


def _line(event: Event) -> str:
    when = from_unix(event.created).astimezone()
    return f"{when:%H:%M:%S}  {_state(event)}  {event.type:<40} {event.id}  {event.customer_id or ''}".rstrip()


def _state(event: Event) -> str:
    if event.pending_webhooks is None:
        return "unknown    "
    return click.style("outstanding", fg="yellow") if event.pending_webhooks else click.style("delivered  ", fg="green")
