"""The window of the first run: the steps one after the other, each kept as it was left."""

from typing import Literal

from textual import on

from billing_tui.setup.draft import Draft, Written
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.setup.step import StepScreen
from billing_tui.tui.setup.welcome import Welcome
from billing_tui.tui.terminal import TerminalApp

Outcome = Written | Literal["demo"] | None
"""A profile that was written, the wish to see the demo, or nothing."""


class FirstRun(TerminalApp):
    """Ends with an outcome, or with nothing written."""

    TITLE = "billing-tui"

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.outcome: Outcome = None
        self._draft = draft
        self._steps: list[StepScreen] = [Welcome(draft)]
        self._at = 0

    def on_mount(self) -> None:
        self.heed_signals()
        self.install_screen(self._steps[0], "step 0")
        self.push_screen(self._steps[0])

    @on(Welcome.Chosen)
    def _on_chosen(self, event: Welcome.Chosen) -> None:
        if event.way == "setup":
            self._onward()
        elif event.way == "demo":
            self._end("demo", "Starting the demo …")
        else:
            self.exit(0)

    @on(StepScreen.Onward)
    def _onward(self) -> None:
        if len(self._steps) == 1:
            self._make_steps()
        self._at += 1
        self.push_screen(self._steps[self._at])

    @on(StepScreen.Back)
    def _back(self) -> None:
        if self._at == 0:
            self.exit(0)
            return
        self._at -= 1
        self.pop_screen()

    @on(StepScreen.Done)
    def _on_done(self, event: StepScreen.Done) -> None:
        self._end(event.written, "Opening the dashboard …")

    def _end(self, outcome: Outcome, says: str) -> None:
        """Ends with something to open; what it says stays on the screen until that is drawn."""
        self.outcome, self.is_followed = outcome, True
        self._steps[self._at].tell(Note(says))
        self.call_after_refresh(self.exit, 0)

    def _make_steps(self) -> None:
        # The first paint has no need of them.
        from billing_tui.tui.setup.found_step import FoundStep
        from billing_tui.tui.setup.keys_step import KeysStep
        from billing_tui.tui.setup.naming import Naming
        from billing_tui.tui.setup.write_step import WriteStep

        for kind in (Naming, KeysStep, FoundStep, WriteStep):
            step = kind(self._draft)
            self.install_screen(step, f"step {len(self._steps)}")
            self._steps.append(step)

    async def on_unmount(self) -> None:
        await self.stop_work("look", "place", "on", "try", "read", "change", "write", "unlock")


def first_run(draft: Draft) -> tuple[Outcome, int]:
    """Opens it; returns what came of it, and the exit code where that was nothing."""
    app = FirstRun(draft)
    code = app.run() or 0
    return app.outcome, code
