"""A plan carried out from the command line: how far a bulk is, on a terminal, and a Ctrl-C that ends it between two steps."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from billing_tui.changes.reins import Reins
from billing_tui.model.change import BULK, Change
from billing_tui.model.moment import lasting
from billing_tui.model.report import report_of
from billing_tui.workspace import Workspace

_EVERY = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def carried_out(workspace: Workspace, change: Change, confirm: str) -> Change:
    """The change as it ended. Raises as `Workspace.apply` does."""
    reins, last = Reins(), change
    shown = _Shown() if change.action in BULK and sys.stderr.isatty() else None
    with _stopping(reins) if change.action in BULK else nullcontext():
        try:
            async for last in workspace.apply(change, confirm, reins):
                if shown:
                    shown.show(last)
        finally:
            if shown:
                shown.clear()
    return last


@contextmanager
def _stopping(reins: Reins) -> Iterator[None]:
    """Inside, a request to end stops after the step that is under way, and what was sent is looked up; a second one ends all."""
    loop, running = asyncio.get_running_loop(), asyncio.current_task()
    before = [(number, signal.getsignal(number)) for number in _SIGNALS]

    def stop() -> None:
        if reins.stopped and running:
            running.cancel()
        reins.stop()

    for number, handler in before:
        if handler is not signal.SIG_IGN:  # nohup means it
            loop.add_signal_handler(number, stop)
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number, handler in before:
            if handler is not signal.SIG_IGN:
                loop.remove_signal_handler(number)
                signal.signal(number, handler)


class _Shown:
    """One line on a terminal, drawn over and over."""

    def __init__(self) -> None:
        self._at, self._began = 0.0, time.monotonic()

    def show(self, change: Change) -> None:
        """Draws it, a few times a second at most."""
        now = time.monotonic()
        report = report_of(change) if now - self._at >= _EVERY else None
        if report is None:
            return
        self._at = now
        whole = report.events + report.people
        failed = sum(report.failures.values())
        text = f"{report.done:,} of {whole:,}" + (f", {failed:,} failed" if failed else "")
        if report.done:
            text += f", about {lasting((now - self._began) / report.done * (whole - report.done))} left"
        click.echo(f"\r\x1b[K{text}; Ctrl-C stops", err=True, nl=False)

    def clear(self) -> None:
        """Takes it away."""
        click.echo("\r\x1b[K", err=True, nl=False)
