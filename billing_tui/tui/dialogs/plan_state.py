"""How far a plan of a write has come: from being read to being verified. No widget, no I/O."""

from dataclasses import dataclass, field
from typing import Literal

from billing_tui.changes.reins import Reins
from billing_tui.model.change import BULK, Change
from billing_tui.model.problem import Problem
from billing_tui.tui.desk import Room

Phase = Literal["reading", "shown", "stopped", "applying", "done"]


@dataclass
class PlanState:
    """`tried` says that a write was begun, however it ended. `hint` is what to do about the last key."""

    room: Room
    phase: Phase = "reading"
    change: Change | None = None
    problem: Problem | None = None
    hint: str = ""
    tried: bool = False
    reins: Reins = field(default_factory=Reins)
    warned: tuple[str, ...] = ()
    """What the plan itself said to be careful about."""

    @property
    def news(self) -> tuple[str, ...]:
        """What came up while it was carried out, and has to be known."""
        return tuple(said for said in self.change.warnings if said not in self.warned) if self.change else ()

    @property
    def live(self) -> bool:
        return self.room.profile.mode == "live"

    @property
    def writable(self) -> bool:
        """Whether the plan has something to write and nothing stands in its way but the confirmation."""
        change, room = self.change, self.room
        planned = change is not None and not change.refused and bool(change.writes)
        return self.phase == "shown" and planned and not room.locked and not room.profile.read_only

    @property
    def locked(self) -> bool:
        """Whether `L` is what stands in its way."""
        return self.phase == "shown" and self.room.locked and not self.room.profile.read_only

    @property
    def bulk(self) -> bool:
        """Whether it can be paused and stopped while it is being carried out."""
        return self.change is not None and self.change.action in BULK

    @property
    def over(self) -> bool:
        """Whether there is nothing to do but to close it."""
        return self.phase in ("stopped", "done") or (self.phase == "shown" and not self.writable)

    @property
    def confirm(self) -> str:
        return self.change.confirm if self.change else ""

    def confirmed(self, typed: str) -> bool:
        """Whether enough has been typed: in live what the plan names, in test nothing."""
        return not self.live or (bool(self.confirm) and typed.strip() == self.confirm)

    @property
    def blocked(self) -> str:
        """Why a plan that has something to write cannot be applied here."""
        if self.phase != "shown" or self.change is None or self.change.refused or not self.change.writes or self.writable:
            return ""
        if self.room.profile.read_only:
            return "This profile is read-only: nothing can be written."
        return "Live writes are locked. Press L to unlock them for this window."
