"""What is in the plan's box: the plan, what is said about it, the text to type in live, and the two buttons."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.report import report_of
from billing_tui.model.text import plural
from billing_tui.tui.dialogs.plan_bulk import progress
from billing_tui.tui.dialogs.plan_picture import plan_content, problem_content
from billing_tui.tui.dialogs.plan_state import PlanState
from billing_tui.tui.draw import fold, lines, row
from billing_tui.tui.theme import ATTENTION, DIM, INK
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.pick import Pick


class PlanBox(Vertical):
    """Draws a state; what must be seen, the question and the buttons, is never pushed out by a long plan."""

    DEFAULT_CSS = """
    PlanBox { height: auto; max-height: 100%; }
    PlanBox #scroll { height: auto; scrollbar-size-vertical: 1; }
    PlanBox #says { margin-top: 1; }
    PlanBox #ask { height: 1; margin-top: 1; display: none; }
    PlanBox #ask.-asked { display: block; }
    PlanBox #ask Drawn { width: auto; }
    PlanBox #typed { width: 24; height: 1; border: none; padding: 0; background: $chosen; color: $ink; }
    PlanBox #typed:focus { border: none; background: $chosen; background-tint: $chosen 0%; }
    PlanBox #typed:ansi, PlanBox #typed:ansi:focus { background: ansi_default; text-style: underline; }
    PlanBox #buttons { height: 1; margin-top: 1; }
    """

    def __init__(self, state: PlanState, mask: Mask) -> None:
        super().__init__()
        self._state, self._mask = state, mask

    def compose(self) -> ComposeResult:
        yield VerticalScroll(Drawn(self._plan, id="plan"), id="scroll", can_focus=False)
        yield Drawn(id="says")
        typed = Input(id="typed", max_length=200, select_on_focus=False)
        typed.cursor_blink = False
        yield Horizontal(Drawn(id="label"), typed, id="ask")
        yield Horizontal(Pick("Cancel", id="cancel"), Pick("Apply", id="apply"), id="buttons")

    @property
    def typed(self) -> Input:
        """Where the confirmation is typed; shown in live alone."""
        return self.query_one("#typed", Input)

    def show(self, room: int) -> None:
        """Draws the state as it is now, in so many lines."""
        state = self._state
        self.query_one("#plan", Drawn).show(self._plan)
        self.query_one("#says", Drawn).show(self._says)
        self.query_one("#ask").set_class(state.writable and state.live, "-asked")
        label = row(("Type ", INK), (state.confirm, f"bold {INK}"), (" to write in live:  ", INK))
        self.query_one("#label", Drawn).show(lambda _width: label)
        self._show_picks()
        says = self._says(self.size.width)
        taken = 2 + (2 if state.writable and state.live else 0) + (says.plain.count("\n") + 2 if says else 0)
        self.query_one("#scroll").styles.max_height = max(room - taken, 2)

    def _show_picks(self) -> None:
        cancel, apply, state = self.query_one("#cancel", Pick), self.query_one("#apply", Pick), self._state
        cancel.label = "Close" if state.over else "Cancel"
        cancel.display = state.phase != "applying"
        apply.display = state.writable
        apply.label = f"Apply {plural(len(state.change.writes), 'change')}" if state.change else "Apply"
        apply.off = not state.confirmed(self.typed.value)
        if state.over:
            cancel.focus()

    def _plan(self, width: int) -> Content:
        state = self._state
        if state.change is None:
            return row(("Reading what is there now …" if state.phase == "reading" else "", DIM))
        return plan_content(state.change, self._mask, width, begun=state.tried)

    def _says(self, width: int) -> Content:
        state = self._state
        if state.problem:
            return lines(problem_content(state.problem, self._mask, width))
        report = report_of(state.change) if state.change and state.phase == "applying" else None
        if report:
            return lines(progress(report, width, paused=state.reins.paused, stopping=state.reins.stopped))
        if state.phase == "done" and state.news:
            return lines([row((text, INK)) for said in state.news for text in fold(f"! {said}", width)])
        said = state.blocked or state.hint
        return row(("! ", f"bold {ATTENTION}"), (said, INK)) if said else Content()

    def scroll_plan(self, by: int) -> None:
        """Moves the plan under the eyes, so many lines."""
        self.query_one("#scroll", VerticalScroll).scroll_relative(y=by, animate=False)
