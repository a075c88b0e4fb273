"""The budget of a key whose account another process has just learnt: what was used goes along, and nobody starts anew."""

import asyncio
import time
from pathlib import Path

import httpx

from billing_tui.services.budget import BUDGET_FILE, Budget

RATE = 5.0


async def test_who_learns_the_account_later_shares_what_was_used(tmp_path: Path) -> None:
    first, second = (Budget(tmp_path / BUDGET_FILE, "sk_test_x", RATE) for _ in range(2))
    request = httpx.Request("GET", "https://api.stripe.com/v1/account")
    started = time.monotonic()
    try:
        await asyncio.gather(*(held.turn(request, patient=False) for held in (first, second) for _ in range(2)))
        first.adopt("acct_1")
        await asyncio.gather(*(held.turn(request, patient=False) for held in (first, second) for _ in range(2)))
        second.adopt("acct_1")
        await asyncio.gather(*(held.turn(request, patient=False) for held in (first, second) for _ in range(2)))
    finally:
        first.close()
        second.close()
    # Twelve at five a second: the last of them belongs to the third second, whoever learnt what when.
    assert time.monotonic() - started > 2.0
    assert max(first.reads, second.reads) == 12
