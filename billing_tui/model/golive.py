"""What stands between test mode and the first payer in live mode: checks, and what each found."""

from typing import Literal

from msgspec import Struct

from billing_tui.model.change import Wanted
from billing_tui.model.diagnosis import Fact

State = Literal["pass", "fail", "unknown", "manual"]
Severity = Literal["blocker", "high", "warning", "info"]


class Fix(Struct, frozen=True, kw_only=True):
    """What to do about it. `automatic` is whether the tool can do it after a confirmation, by the changes `wanted`.

    `commands` are for copying.
    """

    automatic: bool = False
    title: str
    commands: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()


class Checked(Struct, frozen=True, kw_only=True):
    """One check's result. `headline` says what was found in one sentence; where `state` is unknown, what is missing to know."""

    id: str
    name: str
    state: State
    severity: Severity
    headline: str
    evidence: tuple[Fact, ...] = ()
    fix: Fix | None = None
