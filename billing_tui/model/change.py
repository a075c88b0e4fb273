"""A write as a plan: what would change, from what to what, by which call, and what must be typed to let it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct, structs

from billing_tui.model.delivery import Attempt
from billing_tui.model.profile import Mode

Target = Literal["stripe", "clerk", "database", "app"]
Value = str | bool | int | None
BULK = ("resend", "recover", "resync several", "golive", "copy catalogue")
"""Changes of many things that do not hang together: one may fail, and the others are still tried."""
StepState = Literal["planned", "applied", "verified", "unchanged", "failed", "skipped", "unknown"]


class Wanted(Struct, frozen=True, kw_only=True):
    """What a change is asked for: enough to make its plan again from fresh reads.

    Attributes:
        query: What it is about, as it was typed.
        user: The account that is meant, where it was named.
        options: By the names of the command's options, without dashes.
        rule: The cause that calls for it, where there is one.
    """

    action: str
    query: str
    user: str = ""
    options: dict[str, str] = {}
    rule: str = ""


class Step(Struct, frozen=True, kw_only=True):
    """One field of one object. `before` and `after` are None for a field that is missing, NULL, or is to be removed.

    Steps of one object that say the same `call` are one request; `params` are what each adds to Stripe's. `whose` says who is
    concerned, where a plan is about several; `made` when what is sent was made, and `about` which
    customer it is; `was` what the plan called what it has made.
    """

    target: Target
    object: str
    field: str
    before: Value
    after: Value
    call: str
    params: dict[str, str] = {}
    whose: str | None = None
    made: datetime | None = None
    about: str | None = None
    was: str | None = None
    state: StepState = "planned"
    request_id: str | None = None
    error: str | None = None
    attempt: Attempt | None = None

    @property
    def name(self) -> tuple[Target, str, str]:
        """What a step is known by, whatever comes of it."""
        return self.target, self.was or self.object, self.field


class Change(Struct, frozen=True, kw_only=True):
    """A plan of a write.

    Attributes:
        plan_id: Names this plan for an hour.
        subject: Whose plan it is: a user's or organization's id; "" in a refused plan that found none.
        named_user: The account that the ticket came from, where it was named.
        rule: The cause that the ticket was found to have, where there is one.
        title: What it does, in one sentence.
        because: Why that is right, in one sentence, with when it was read.
        confirm: What a person types to let it happen in live mode.
        warnings: What the person should know before.
        refused: Why it must not happen; a refused plan has no steps.
        undo: How it can be taken back, or None.
        then: What is to be planned afterwards, for whom it concerns.
        took: How many seconds it took, once it is applied.
    """

    plan_id: str
    action: str
    profile: str
    mode: Mode
    account: str | None
    at: datetime
    query: str
    subject: str
    named_user: str = ""
    options: dict[str, str] = {}
    rule: str = ""
    emails: tuple[str, ...] = ()
    customer_id: str | None = None
    targets: tuple[Target, ...] = ()
    title: str = ""
    because: str = ""
    steps: tuple[Step, ...] = ()
    confirm: str = ""
    warnings: tuple[str, ...] = ()
    refused: str | None = None
    undo: str | None = None
    then: Wanted | None = None
    applied: bool = False
    took: float = 0.0

    @property
    def wanted(self) -> Wanted:
        """What it was made for."""
        return Wanted(action=self.action, query=self.query, user=self.named_user, options=self.options, rule=self.rule)

    @property
    def writes(self) -> tuple[Step, ...]:
        """The steps that would change something."""
        return tuple(step for step in self.steps if step.state != "unchanged")

    @property
    def failed(self) -> bool:
        """Whether something that was tried did not end verified."""
        return self.applied and any(step.state in ("failed", "skipped", "unknown") for step in self.steps)

    def same_writes(self, other: "Change") -> bool:
        """Whether another plan, made later from fresh reads, would do exactly this."""
        return [_essence(step) for step in self.steps] == [_essence(step) for step in other.steps]


def calls_of(change: Change) -> tuple[str, ...]:
    """The requests that would be sent, each once, with what Stripe would be told."""
    said: dict[str, dict[str, str]] = {}
    for step in change.writes:
        said.setdefault(step.call, {}).update(step.params)
    return tuple(" ".join((call, *(f"{name}={value}" for name, value in params.items()))) for call, params in said.items())


def _essence(step: Step) -> tuple[object, ...]:
    return (step.target, step.object, step.field, step.before, step.after, step.call, step.params, step.state)


def with_state(
    step: Step, state: StepState, *, request_id: str | None = None, error: str | None = None, attempt: Attempt | None = None
) -> Step:
    """The step, further along."""
    held = structs.replace(step, state=state, request_id=request_id or step.request_id, error=error)
    return structs.replace(held, attempt=attempt) if attempt else held
