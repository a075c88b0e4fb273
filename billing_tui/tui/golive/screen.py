"""The Go-live screen: what mends what is wrong. It writes in live mode, in a room of its own where the window is in test."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from textual import work

from billing_tui.changes.together import together
from billing_tui.diagnosis.privacy import Mask
from billing_tui.golive.checks.catalogue import reads
from billing_tui.golive.facts import Side
from billing_tui.golive.handover import handover
from billing_tui.golive.report import text_for
from billing_tui.model.change import Wanted
from billing_tui.model.evidence import known
from billing_tui.model.problem import Problem
from billing_tui.settings.paths import state_dir
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.dialogs.form import Blank, Form
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.frame.notice import Note, note_of
from billing_tui.tui.golive.checks import ChecksScreen
from billing_tui.tui.golive.drawing import handover_page
from billing_tui.tui.golive.rooms import LiveRoom
from billing_tui.tui.golive.run_dialog import RunDialog
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.widgets.rows import Rows


class GoliveScreen(ChecksScreen):
    """The checks, and every way to mend what they find."""

    def __init__(self, room: Room, desk: Desk) -> None:
        super().__init__(room, desk)
        self._live = LiveRoom(room, desk)

    async def on_unmount(self) -> None:
        await self._live.close()

    def action_fix_check(self) -> None:
        """The plan of the fix of this check, where there is one."""
        held = self._here
        wanted = held.fix.wanted if held and held.fix and held.state == "fail" else ()
        if held and wanted:
            self._plan(wanted[0] if len(wanted) == 1 else together("golive", wanted, held.id))
        elif held:
            todo = held.fix.title if held.fix and held.state != "pass" else "nothing is wrong there"
            self.tell(Note(f"{held.id} is not mended from here: {todo}", "careful"))

    def action_mark_seen(self) -> None:
        """Notes, or takes back, that a person has looked at what nothing else tells."""
        held, live = self._here, self._both.live if self._both else None
        if held is None or not isinstance(live, Side):
            return
        if held.state != "manual" and held.id not in live.seen:
            self.tell(Note(f"{held.id} is told by what can be read.", "careful"))
            return
        self.query_one(Rows).action_move(1)  # what is well goes further down, and the cursor stays for the next
        self._note_seen(held.id, back=held.id in live.seen)

    @work(exclusive=True, group="golive-report", exit_on_error=False)
    async def _note_seen(self, check_id: str, *, back: bool) -> None:
        file = self._room.seen
        try:
            await asyncio.to_thread(file.forget if back else partial(file.mark, at=datetime.now(UTC)), check_id)
            seen = await asyncio.to_thread(file.read)
        except Problem as problem:
            self.tell(note_of(problem))
            return
        if self._both and isinstance(self._both.live, Side):
            self._judge(replace(self._both, live=replace(self._both.live, seen=seen)))

    def action_copy_to_live(self) -> None:
        self._plan(Wanted(action="copy catalogue", query=""))

    def _plan(self, wanted: Wanted) -> None:
        try:
            room = self._live.open()
        except Problem as problem:
            self.tell(note_of(problem))
            return
        self.app.push_screen(PlanDialog(room, wanted, Mask(on=False)), self._after)

    def _after(self, written: bool | None) -> None:
        self._live.lock()
        if written:
            self.action_check_again()

    def action_hand_over(self) -> None:
        """How the app is given what it needs of live mode."""
        both = self._both
        if both is None or isinstance(both.live, Problem):
            self.tell(Note("Live mode could not be looked at.", "careful"))
            return
        live = both.live
        made = handover(live.profile.name, live.mode, reads(live, known(live.prices, {})), both.host)
        copied = "\n".join(made.commands(made.usual))
        self.app.push_screen(Reader("what the app is given", lambda width: handover_page(made, width), copied), self._copy)

    @work(exclusive=True, group="golive-report", exit_on_error=False)
    async def action_write_report(self) -> None:
        if self._both:
            directory = await asyncio.to_thread(state_dir)
            path = directory / "reports" / f"golive-{self._room.profile.name}-{self._both.at:%Y-%m-%d}.md"
            shown = str(path).replace(str(Path.home()), "~", 1)
            self.app.push_screen(Form("a report to keep", [Blank("file", "File", shown, "ends with .md or .json")]), self._report)

    def _report(self, said: dict[str, str] | None) -> None:
        if said:
            self._write_down(Path(said["file"]).expanduser())

    @work(exclusive=True, group="golive-report", exit_on_error=False)
    async def _write_down(self, path: Path) -> None:
        if self._both:
            text = text_for(path, self._room.profile.name, self._both, self._found)
            try:
                await asyncio.to_thread(_written, path, text)
                self.tell(Note(f"Written to {path}."))
            except OSError as error:
                self.tell(Note(f"{path} can't be written ({error.strerror}).", "careful"))

    def action_run_through(self) -> None:
        """The guided run, in live mode."""
        try:
            self.app.push_screen(RunDialog(self._live.open()), self._ran)
        except Problem as problem:
            self.tell(note_of(problem))

    def _ran(self, customer: str | None) -> None:
        self._live.lock()
        if customer and self._room.profile.mode == "live":
            self.post_message(CacheScreen.DiagnosisAsked(customer))
        elif customer:
            self._copy(customer)
            self.tell(Note(f"m switches to live mode; then look up {customer}, which is copied.", sticky=True))


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
