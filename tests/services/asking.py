"""A process that asks as fast as its budget lets it: `python -m tests.services.asking BASE KEY FILE RATE TIMES`."""

import asyncio
import sys
from pathlib import Path

import anyio.lowlevel
import httpx

from billing_tui.services.budget import Budget
from billing_tui.services.http import Transport
from billing_tui.services.purpose import Purpose, purpose


async def ask(base: str, key: str, file: Path, rate: int, times: int) -> None:
    """Half of them patiently, half as if somebody waited."""
    transport = Transport("Stripe", read_only=True, pace=Budget(file, key, rate), timeout=10)
    transport.load(base)
    await anyio.lowlevel.checkpoint()
    async with httpx.AsyncClient(transport=transport, base_url=base, headers={"Authorization": f"Bearer {key}"}) as http:
        with purpose(Purpose.SYNC):
            patient = [asyncio.create_task(http.get("/v1/customers")) for _ in range(times // 2)]
        hasty = [asyncio.create_task(http.get("/v1/account")) for _ in range(times - times // 2)]
        for answer in await asyncio.gather(*patient, *hasty):
            answer.raise_for_status()


if __name__ == "__main__":
    base, key, file, rate, times = sys.argv[1:]
    asyncio.run(ask(base, key, Path(file), int(rate), int(times)))
