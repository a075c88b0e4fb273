"""Tickets of people whom the cache knows, in one opened workspace, as the dashboard has it.

`python -m tests.bench.one_ticket E-MAIL…` prints for each when it was asked, when the cache answered and when a cause was
named (either may be null), and when the last answer came, in monotonic seconds of this machine.
"""

import asyncio
import json
import sys
from time import monotonic

from billing_tui.cli.options import Asked


async def main(emails: list[str]) -> None:
    """One after another."""
    workspace = Asked().open()
    await workspace.warm()
    told: list[tuple[float, float | None, float | None, float]] = []
    for email in emails:
        await asyncio.sleep(0.3)
        asked, cached, named = monotonic(), None, None
        async for found in workspace.diagnose(email, warm=True):
            if found.cost.from_cache and cached is None:
                cached = monotonic()
            if found.verdict.primary and named is None:
                named = monotonic()
        told.append((asked, cached, named, monotonic()))
    await workspace.close()
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
