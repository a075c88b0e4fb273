"""A profile that is being set up: its keys, what was read with them, what somebody knows better, and one write at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean
from billing_tui.settings.safes import Safes
from billing_tui.settings.secret import Secret
from billing_tui.setup.keys import TRY_LIMIT, Keys, load

if TYPE_CHECKING:
    from billing_tui.detection.findings import Detected
    from billing_tui.settings.config import Config
    from billing_tui.settings.config_edit import Entry, Settable
    from billing_tui.setup.proposals import Proposal


@dataclass(frozen=True)
class Written:
    """What the dashboard opens on once everything is written."""

    config: Config
    name: str
    mode: Mode
    safes: Safes


class Draft:
    """What is to be written.

    Args:
        path: Where the configuration will be; it may hold something already, but no profile.
        safes: Where keys are kept.
        name: What the profile is called unless somebody says otherwise.
        wanted: Entries that are certain, and are not asked for.
        limit: Seconds for each request of the reading.
        try_limit: The same while a key is tried.
    """

    def __init__(
        self,
        path: Path,
        safes: Safes,
        name: str = "",
        wanted: Sequence[Entry] = (),
        *,
        limit: float = 10.0,
        try_limit: float = TRY_LIMIT,
    ) -> None:
        self.path = path
        self.keys = Keys(safes, name, wanted, limit=try_limit)
        self.proposals: tuple[Proposal, ...] = ()
        self._wanted = tuple(wanted)
        self._limit = limit
        self._changes: dict[tuple[str, str], Settable | None] = {}
        self._read_with: dict[tuple[Mode, str], Secret] = {}
        self._before = self._now_there()

    # Reading.

    @property
    def is_read(self) -> bool:
        """Whether what was found was found with the keys that are held now."""
        return bool(self.proposals) and self._read_with == self.keys.secrets

    async def read(self) -> None:
        """Finds everything out; what somebody has changed before stays changed. Raises `Problem` as `detect` does."""
        await asyncio.to_thread(load)
        from billing_tui.setup.proposals import Proposal, entries_of

        secrets, modes = self.keys.secrets, self.keys.readable
        found = await asyncio.gather(*(self._detected(mode) for mode in modes))
        proposals: list[Proposal] = []
        for mode, one in zip(modes, found, strict=True):
            proposals.append(Proposal(mode, one, entries_of(one, self._certain(), tuple(proposals))))
        self.proposals, self._read_with = tuple(proposals), secrets
        for (mode_name, key), value in self._changes.items():
            self._put(mode_name, key, value)

    def change(self, mode: str, key: str, value: Settable | None) -> None:
        """Somebody knows better; None leaves the key out."""
        self._changes[mode, key] = value
        self._put(mode, key, value)

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """Mode and key of what was found and is not to be written."""
        return tuple(place for place, value in self._changes.items() if value is None and self.entry(*place))

    def entry(self, mode: str, key: str) -> Entry | None:
        """What is to be written for a key, or was found for it where it is left out."""
        from billing_tui.settings.config_edit import Entry

        for proposal in (one for one in self.proposals if one.mode == mode):
            if held := next((one for one in proposal.entries if one.key == key), None):
                return held
            if found := next((one for one in proposal.detected.found if one.key == key), None):
                return Entry(key, found.value, found.evidence)
        return None

    def _put(self, mode: str, key: str, value: Settable | None) -> None:
        self.proposals = tuple(one.changed(key, value) if one.mode == mode else one for one in self.proposals)

    async def _detected(self, mode: Mode) -> Detected:
        from billing_tui.detection.detect import detect
        from billing_tui.settings.openings import Openings

        held = {slot: secret for (of, slot), secret in self.keys.secrets.items() if of == mode}
        return await detect(Openings(self.keys.profile(mode), held.get, self._limit))

    def _certain(self) -> tuple[Entry, ...]:
        from billing_tui.settings.config_edit import Entry

        first = self.keys.readable[-1]  # test, where there is one
        mode = () if first == "test" else (Entry("default_mode", first, "the mode that there are keys for"),)
        return (*mode, *self._wanted)

    # Writing.

    @property
    def text(self) -> str:
        """The file as it will be. Raises `BadUsage` where what is there already cannot be added to."""
        from billing_tui.setup.proposals import text_of

        return text_of(self._before, self.keys.name, self.proposals)

    @property
    def fault(self) -> BadUsage | None:
        """Why it cannot be written as it is; None where it can."""
        from billing_tui.setup.proposals import fault_of

        try:
            return fault_of(self.path, self.text)
        except BadUsage as problem:
            return problem

    async def write(self) -> Written:
        """Keeps the keys, then writes the file.

        Raises:
            KeyRefused: The keys cannot be kept there; nothing was written.
            BadUsage: The file cannot be written.
        """
        return await asyncio.to_thread(self._write)

    def _write(self) -> Written:
        from billing_tui.settings.config_edit import write_text

        if self._now_there() != self._before:
            message = f"{clean(str(self.path))} has changed while this was being set up."
            raise BadUsage(message, "Nothing was written. Start again to see what it holds now.", code="changed")
        if fault := self.fault:
            raise fault
        self.keys.keeping.keep(self.keys.name, self.keys.to_keep)
        config = write_text(self.path, self.text)
        return Written(config, self.keys.name, self.keys.readable[-1], self.keys.keeping.safes)

    def _now_there(self) -> str:
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""
