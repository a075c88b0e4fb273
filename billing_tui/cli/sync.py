"""`billing-tui sync`: the local cache brought up to date, and what that cost."""

import asyncio
import signal
import sys
import time
from collections.abc import Mapping

import click

from billing_tui.cache.lacking import unread
from billing_tui.cache.sync import Progress, SyncReport
from billing_tui.cli.documents import sync_document
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import error_of, print_document
from billing_tui.model.text import listed, plural
from billing_tui.workspace import Workspace

_EVERY = 0.2
_KINDS = {"full": "Read everything", "incremental": "Read what changed", "resumed": "Went on where the last one stopped"}


@click.command()
@click.option("--full", is_flag=True, help="List everything again, rather than read what changed.")
@shared_options
def sync(full: bool, asked: Asked) -> None:
    """Bring the local cache up to date.

    It can be stopped at any time, and goes on where it was.
    """
    workspace = asked.open()
    report, account = asyncio.run(_synced(workspace, full))
    problem = unread(report.lacking)
    if asked.as_json:
        document = sync_document(workspace.profile, account, report)
        print_document(document | ({"error": error_of(problem)} if problem else {}))
    else:
        _print(report)
    if problem:
        click.echo(f"{problem.message} {problem.hint}", err=True)
        click.get_current_context().exit(problem.exit_code)


async def _synced(workspace: Workspace, full: bool) -> tuple[SyncReport, str]:
    shown = _Shown() if sys.stderr.isatty() else None
    running = asyncio.current_task()
    loop = asyncio.get_running_loop()
    if running:
        loop.add_signal_handler(signal.SIGTERM, running.cancel)
        loop.add_signal_handler(signal.SIGHUP, running.cancel)
    try:
        report = await workspace.sync(full=full, on_progress=shown.show if shown else None)
        return report, await asyncio.to_thread(workspace.account_known)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        if shown:
            shown.clear()
        await workspace.close()


class _Shown:
    """One line on a terminal, drawn over and over."""

    def __init__(self) -> None:
        self._at = 0.0

    def show(self, progress: Progress) -> None:
        """Draws it, a few times a second at most."""
        now = time.monotonic()
        if now - self._at < _EVERY:
            return
        self._at = now
        text = f"{progress.rows:,} rows, {plural(progress.requests, 'request')}"
        if progress.left is not None:
            text += f", about {_duration(progress.left)} left"
        click.echo(f"\r\x1b[K{'Waiting for another sync of this account' if progress.waiting else text}", err=True, nl=False)

    def clear(self) -> None:
        """Takes it away."""
        click.echo("\r\x1b[K", err=True, nl=False)


def _duration(seconds: float) -> str:
    return f"{max(round(seconds), 1)} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _print(report: SyncReport) -> None:
    limited = f", {plural(report.rate_limited, 'refusal')} for too many requests" if report.rate_limited else ""
    click.echo(
        f"{_KINDS[report.kind]}: {_counts(report.fetched)}, in {plural(report.requests, 'request')}{limited}, "
        f"{report.elapsed_ms / 1000:.1f} s."
    )
    if report.events_gap:
        click.echo("The events since the last sync are no longer to be had, so everything was read again.")
    click.echo(f"The cache holds {_counts(report.rows)}.")


def _counts(counts: Mapping[str, int]) -> str:
    held = [f"{count:,} {name if count != 1 else name.removesuffix('s')}" for name, count in counts.items() if count]
    return listed(held) or "nothing"
