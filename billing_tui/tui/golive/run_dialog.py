"""The guided run as a dialog: each hop ticked as it happens; each write is a plan that opens by itself and wants its own word."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.worker import Worker, WorkerState

from billing_tui.diagnosis.privacy import Mask
from billing_tui.golive.course import Course
from billing_tui.golive.run import Run, shop_of
from billing_tui.model.change import Change, Wanted
from billing_tui.model.problem import Problem, Refused
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.golive.course_rows import course_rows
from billing_tui.tui.widgets.rows import Rows


class RunDialog(Dialog[str]):
    """Answers with the customer whose diagnosis is wanted, or nothing. Left, the run stops where it is."""

    DEFAULT_CSS = "RunDialog Rows { height: auto; max-height: 100%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "diagnose", "Diagnose", show=False),
        Binding("y", "copy_code", "Copy the code", show=False, priority=True),
    ]

    def __init__(self, room: Room) -> None:
        super().__init__("the guided run", room.profile.mode)
        self._room = room
        self._run = Run(room, self._write, lambda: datetime.now(UTC))

    def compose_box(self) -> ComposeResult:
        yield Rows()

    def on_mount(self) -> None:
        self._draw()
        self._go()

    def hints(self) -> Iterable[Hint]:
        course = self._course
        diagnosis = [("d", "diagnose who bought")] if course.customer else []
        code = [("y", "copy the code")] if course.todo else []
        return [*code, *diagnosis, ("esc", "close" if course.over else "stop here")]

    @property
    def _course(self) -> Course:
        return self._run.course

    @work(exclusive=True, group="golive-run", exit_on_error=False)
    async def _go(self) -> None:
        async for _ in self._run.steps():
            self._draw()

    async def _write(self, wanted: Wanted) -> Change:
        """Raises `Refused` where the plan was left, or could not be made."""
        dialog = PlanDialog(self._room, wanted, Mask(on=False))
        await self.app.push_screen_wait(dialog)
        change, problem = dialog.state.change, dialog.state.problem
        if problem:
            raise Problem(problem.message, problem.hint)
        if change is None or not (change.applied or change.refused):
            raise Refused("The plan was left, so nothing was written.")
        return change

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self._run.fail(fault(event.worker.error).message)
            self._draw()

    def _draw(self) -> None:
        if self.is_attached:
            course, shop = self._course, shop_of(self._room.profile, self._course.code)
            self.query_one(Rows).show(lambda width: course_rows(course, shop, width), keep=True)
            self.show_keys()

    def action_copy_code(self) -> None:
        if self._course.todo:
            self.app.copy_to_clipboard(self._course.code)

    def action_diagnose(self) -> None:
        if self._course.customer:
            self.dismiss(self._course.customer)
