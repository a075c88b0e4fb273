"""The keys of a profile that is being set up: tried as soon as they are typed, held in memory, kept only when all is decided.

What waits, waits in tasks and threads; what is heavy to load is loaded in a thread, when it is first needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode, Profile
from billing_tui.settings.key_shape import guard_secret
from billing_tui.settings.safes import Safes
from billing_tui.settings.secret import Secret
from billing_tui.settings.secrets import environment_name
from billing_tui.settings.shape import MODES, SLOTS
from billing_tui.setup.keeping import Keeping
from billing_tui.setup.key_place import KeyPlace, unwritten

if TYPE_CHECKING:
    from billing_tui.detection.key_check import KeyReport
    from billing_tui.settings.config_edit import Entry

TRY_LIMIT = 3.0
"""Seconds for each request of a key that is tried while somebody looks on."""


@dataclass(frozen=True)
class HeldKey:
    """A secret, what came of trying it (None where it was not), and whether it was typed here and is still to be kept."""

    secret: Secret
    result: KeyReport | Problem | None
    typed: bool


class Keys:
    """Whose keys they are, and what there is of them."""

    def __init__(self, safes: Safes, name: str = "", wanted: Sequence[Entry] = (), *, limit: float = TRY_LIMIT) -> None:
        self.keeping = Keeping(safes)
        self.name = name or "main"
        self.modes: tuple[Mode, ...] = ("test",)
        self._wanted = tuple(wanted)
        self._limit = limit
        self._held: dict[tuple[Mode, str], HeldKey] = {}
        self._troubles: dict[tuple[Mode, str], Problem] = {}

    def call(self, name: str, modes: Sequence[Mode]) -> None:
        """Names the profile. Raises `BadUsage` for what is no name."""
        unwritten(name, None)
        self.name, self.modes = name, tuple(mode for mode in MODES if mode in modes)

    def profile(self, mode: Mode) -> Profile:
        """As much of a profile as there is so far."""
        from billing_tui.setup.proposals import at_address

        return at_address(unwritten(self.name, mode), self._wanted)

    def held(self, mode: Mode, slot: str) -> HeldKey | None:
        """What there is for a slot."""
        return self._held.get((mode, slot))

    def trouble(self, mode: Mode, slot: str) -> Problem | None:
        """Why what this machine has for a slot cannot be used: it is in a locked vault, or no such key."""
        return None if self.held(mode, slot) else self._troubles.get((mode, slot))

    @property
    def sealed(self) -> bool:
        """Whether a vault that is locked holds some of them."""
        return any(problem.code == "vault_locked" for (mode, _), problem in self._troubles.items() if mode in self.modes)

    def outdone(self, mode: Mode, slot: str) -> str:
        """The variable of the environment that comes before what was typed; "" for none."""
        there = KeyPlace(unwritten(self.name, mode), None).in_environment(mode, slot)
        return environment_name(mode, slot) if there and self._typed(mode, slot) else ""

    @property
    def secrets(self) -> dict[tuple[Mode, str], Secret]:
        """Everything that can be read with, of the modes that are set up."""
        return {place: held.secret for place, held in self._held.items() if place[0] in self.modes}

    @property
    def readable(self) -> tuple[Mode, ...]:
        """The modes that have a key for Stripe, without which there is nothing to read; live first, it knows real people."""
        return tuple(mode for mode in reversed(self.modes) if self.held(mode, "stripe_key"))

    @property
    def to_keep(self) -> dict[tuple[Mode, str], Secret]:
        """The keys that were typed here, of the modes that are set up."""
        typed = ((mode, slot) for mode in self.modes for slot in SLOTS if self._typed(mode, slot))
        return {place: self._held[place].secret for place in typed}

    # Trying.

    async def look(self) -> None:
        """Takes up what this machine has already: in the environment, the keyring, or a vault that is open."""
        await asyncio.to_thread(load)
        wanted = [(mode, slot) for mode in self.modes for slot in SLOTS if not self._typed(mode, slot)]
        await asyncio.gather(*(self._look_for(mode, slot) for mode, slot in wanted))
        await self.keeping.choose()

    async def try_key(self, mode: Mode, slot: str, value: str) -> KeyReport:
        """Tries what somebody typed, and holds it in memory where it is good.

        Raises:
            Problem: It is not, or could not be tried; then nothing is held of it.
        """
        guard_secret(value, slot, mode)
        secret = Secret(value, slot, "memory")
        await asyncio.to_thread(load)
        report = await self._tried(mode, secret)
        self._held[mode, slot] = HeldKey(secret, report, typed=True)
        return report

    def hold_untried(self, mode: Mode, slot: str, value: str) -> None:
        """Holds what could not be tried. Raises what its letters alone say against it."""
        guard_secret(value, slot, mode)
        self._held[mode, slot] = HeldKey(Secret(value, slot, "memory"), None, typed=True)

    def forget(self, mode: Mode, slot: str) -> None:
        """Lets go of what was typed."""
        if self._typed(mode, slot):
            del self._held[mode, slot]

    async def _look_for(self, mode: Mode, slot: str) -> None:
        place = KeyPlace(self.profile(mode), None)
        self._troubles.pop((mode, slot), None)
        secret: Secret | None = None
        try:
            secret = await asyncio.to_thread(place.find, mode, slot, self.keeping.safes)
        except Problem as problem:
            self._troubles[mode, slot] = problem
        result: KeyReport | Problem | None = None
        if secret:
            try:
                result = await self._tried(mode, secret)
            except Problem as problem:
                result = problem
        if self._typed(mode, slot):
            return  # while this was looked for, somebody has typed one
        self._held.pop((mode, slot), None)
        if secret:
            self._held[mode, slot] = HeldKey(secret, result, typed=False)

    def _typed(self, mode: Mode, slot: str) -> bool:
        held = self.held(mode, slot)
        return bool(held and held.typed)

    async def _tried(self, mode: Mode, secret: Secret) -> KeyReport:
        from billing_tui.detection.key_check import check_secret

        return await check_secret(secret, self.profile(mode), self._limit)


def load() -> None:
    """Loads what waits for networks and databases, away from whoever draws."""
    import billing_tui.detection.detect
    import billing_tui.setup.proposals  # noqa: F401 - both are named where they are used
