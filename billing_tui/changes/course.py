"""How far a plan has been carried out: its steps as they are now, and the journal that is told of each before and after."""

import asyncio
import re
from collections.abc import Sequence

from msgspec import structs

from billing_tui.changes.journal import Journal
from billing_tui.changes.receipt import is_new
from billing_tui.model.change import Change, Step, StepState, Value, with_state
from billing_tui.model.delivery import Attempt


class Course:
    """One plan under way."""

    def __init__(self, change: Change, journal: Journal) -> None:
        self._change = change
        self._held = {step.name: step for step in change.steps}
        self._journal = journal
        self._new = {step.object for step in change.steps if is_new(step)}
        self._made: dict[str, str] = {}

    @property
    def change(self) -> Change:
        """The change as far as it is."""
        return structs.replace(self._change, steps=tuple(self._held.values()))

    def leave_out(self, fresh: Change) -> None:
        """What has come right by itself since the plan is not done again; what has come up since is for another plan."""
        now = {step.name: step for step in fresh.steps}
        for name, step in self._held.items():
            if step.state == "planned" and (name not in now or now[name].after != step.after):
                self._held[name] = with_state(step, "unchanged")

    def mark(
        self,
        group: Sequence[Step],
        state: StepState | None,
        *,
        request_id: str | None = None,
        error: str | None = None,
        attempt: Attempt | None = None,
    ) -> None:
        """Sets the state of these steps; None leaves it."""
        for step in group:
            held = self._known(self._held[step.name])
            self._held[step.name] = with_state(held, state or held.state, request_id=request_id, error=error, attempt=attempt)

    def name_made(self, group: Sequence[Step], made: str) -> tuple[Step, ...]:
        """The steps of what was made, by the name that it has now."""
        self._made[group[0].object] = made
        for step in group:
            self._held[step.name] = structs.replace(self._held[step.name], object=made, was=step.was or step.object)
        return self.current(group)

    def current(self, group: Sequence[Step]) -> tuple[Step, ...]:
        """These steps as they are now, what they say of objects made meanwhile by their ids."""
        return tuple(self._known(self._held[step.name]) for step in group)

    def lacks(self, group: Sequence[Step]) -> bool:
        """Whether these steps speak of something that was to be made before them, and was not."""
        return any(value in self._new for step in self.current(group) for value in step.params.values())

    def _known(self, step: Step) -> Step:
        """A step that speaks of what was to be made first."""
        named = {param: self._made[value] for param, value in step.params.items() if value in self._made}
        if not named:
            return step
        after: Value = step.after
        for param, name in named.items():
            after = re.sub(rf"{re.escape(step.params[param])}(?!\w)", name, after) if isinstance(after, str) else after
        return structs.replace(step, params={**step.params, **named}, after=_in_order(after))

    def warn(self, said: str) -> None:
        """Adds what the person should know."""
        self._change = structs.replace(self._change, warnings=(*self._change.warnings, said))

    def end(self, took: float) -> None:
        """It is carried out, as far as it came, and that took so many seconds."""
        self._change = structs.replace(self._change, applied=True, took=round(took, 1))

    async def note(self, phase: str, group: Sequence[Step] = ()) -> None:
        """Tells the journal of these steps, or of all. Raises `OutOfReach` as `Journal.note` does."""
        await asyncio.to_thread(self._journal.note, self.change if not group else self._change, phase, self.current(group))


def _in_order(value: Value) -> Value:
    """A list in one line is in order, whatever the names in it have become."""
    if not isinstance(value, str) or ": " not in value:
        return value
    parts = [one.split(": ") for one in value.split("; ")]
    return "; ".join(sorted(f"{head}: {', '.join(sorted(rest[0].split(', ')))}" for head, *rest in parts if rest))


def difference(planned: Change, fresh: Change) -> str:
    """What changed since the plan, in one sentence."""
    now = {step.name: step for step in fresh.steps}
    for step in planned.steps:
        held = now.get(step.name)
        if held is None or held.before != step.before:
            was = "is gone" if held is None else f"is now {held.before!r}, the plan saw {step.before!r}"
            return f"Something changed since the plan: {step.field} of {step.object} {was}."
        if held.after != step.after:
            return f"Something changed since the plan: {step.field} should now become {held.after!r}, not {step.after!r}."
    return "Something changed since the plan."
