"""Whether what was read back is what a step was to write."""

from billing_tui.model.change import Step, Value
from billing_tui.model.profile import Profile


def reads_as(profile: Profile, step: Step, seen: Value) -> bool:
    """Whether a field holds what the step meant, in whatever notation the place keeps it."""
    if seen == step.after:
        return True
    if step.target == "clerk":
        return step.field == profile.clerk_plan_field and (seen or profile.free) == step.after
    if step.target == "stripe":
        return (seen or "") == (step.after or "")  # an emptied field is null in one object and missing in another
    # The row's stamp may be kept in a notation of its own: that it moved is enough.
    stamped = step.target == "database" and step.field.endswith(_stamp(profile))
    return stamped and (seen != step.before or step.before == step.after)


def _stamp(profile: Profile) -> str:
    """The column that the write stamps."""
    column = profile.database.updated_at_column if profile.database else ""
    return f".{column}" if column else "\0"
