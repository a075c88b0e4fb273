"""Runs every bar, or those that are named, and prints the table: `python -m tests.bench [NAME…]`."""

import sys
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.bench.ground import Ground, say
from tests.bench.table import Line, drawn

NAMES = ("paint", "keys", "log", "search", "memory", "syncing", "pages", "blocking", "refreshing", "ticket", "startup", "wire")


def main(wanted: list[str]) -> int:
    """0 whether or not bars are met; 1 where one could not be measured, 2 for a name that is none."""
    unknown = set(wanted) - set(NAMES)
    if unknown:
        say(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
        return 2
    lines: list[Line] = []
    failed: list[str] = []
    with TemporaryDirectory(prefix="billing-tui-bench-") as home:
        for name in [name for name in NAMES if not wanted or name in wanted]:
            started = monotonic()
            try:
                lines += _measured(name, Ground(Path(home)))
            except Exception:  # noqa: BLE001 - one that fails must not cost the others' figures
                traceback.print_exc()
                failed.append(name)
            say(f"{name}: {monotonic() - started:.0f} s")
    sys.stdout.write(drawn(lines) + "\n")
    if failed:
        say(f"Could not be measured: {', '.join(failed)}.")
    return 1 if failed else 0


def _measured(name: str, ground: Ground) -> list[Line]:
    bars: Callable[[Ground], Iterator[Line]] = import_module(f"tests.bench.{name}").bars
    return list(bars(ground))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
