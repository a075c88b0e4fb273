"""Sign a user out everywhere: their next visit gets a fresh token, which shows the plan as it is now."""

from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import quoted


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is a user's id.

    Raises:
        BadUsage: It is not one.
        NotThere: Clerk has no such user.
    """
    if not wanted.query.startswith("user_"):
        raise BadUsage(f"{quoted(wanted.query)} is not a user's id.", "It begins with user_; diagnose shows it.")
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    clerk = desk.clerk
    if clerk is None:
        return structs.replace(draft, refused="This profile has no Clerk whose sessions could end.")
    user = await clerk.user(wanted.query)
    draft = structs.replace(draft, subject=user.id, emails=user.emails, targets=("clerk",), confirm=user.id[-4:])
    if draft.refused:
        return draft
    steps = tuple(_step(session.id) for session in sorted(await clerk.sessions(user.id), key=lambda one: one.id))
    if not steps:
        return structs.replace(draft, refused="They are signed in nowhere.")
    return structs.replace(
        draft,
        title=f"Sign {user.emails[0] if user.emails else user.id} out everywhere",
        because="A token keeps the plan that it was made with until it expires; signing in makes a new one.",
        steps=steps,
        warnings=("They are signed out on every device, and lose what they have not saved.", "This can't be undone."),
    )


def _step(session_id: str) -> Step:
    return Step(
        target="clerk",
        object=session_id,
        field="status",
        before="active",
        after="revoked",
        call=f"POST /v1/sessions/{session_id}/revoke",
    )
