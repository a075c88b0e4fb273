"""What a sandbox can be told before it starts. No defaults live anywhere else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["test", "live"]
MODES: tuple[Mode, Mode] = ("test", "live")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cause to stage for somebody who need not be known yet."""

    rule: str
    mode: Mode
    email: str


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """`rate_limit` is requests a second for each Stripe account, 0 for none; `directory` None means a temporary one."""

    customers: int = 400
    seed: int = 1
    latency_ms: int = 0
    rate_limit: int = 0
    host: str = "127.0.0.1"
    port: int = 0
    directory: Path | None = None
    answer_within: float = 10.0
    """Seconds that an endpoint has for its answer to a delivery."""
    retries: tuple[float, ...] | None = None
    """Seconds before each further attempt of a failed delivery; None for the demo's own."""
    stages: tuple[str, ...] | None = None
    """Rules to stage at the start; None for the demo's own choice, () for a world without faults."""
    also: tuple[Wanted, ...] = ()
    """Staged beside those, last of all; a cause that lies in the endpoint takes the place of theirs."""
