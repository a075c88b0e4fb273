"""How a field of a plan is said to Stripe: the parameters that write a value, and those that write back the one before."""

from datetime import datetime

from billing_tui.changes.stripe_fields import MOMENTS
from billing_tui.model.change import Step, Value


def params_of(field: str, value: Value) -> dict[str, str]:
    """The parameters that make a field hold a value as `stripe_fields.field_of` shows it; None empties it."""
    if field == "enabled_events":
        return {f"enabled_events[{number}]": name for number, name in enumerate(str(value or "").split(", ")) if name}
    if field == "status":
        return {"disabled": _text(value == "disabled")}
    return {param_name(field): text_of(field, value)}


def param_name(field: str) -> str:
    """`recurring.interval` as Stripe's form has it; a key of metadata may have dots of its own."""
    head, dot, rest = field.partition(".")
    if not dot:
        return field
    return head + "".join(f"[{name}]" for name in ([rest] if head == "metadata" else rest.split(".")))


def text_of(field: str, value: Value) -> str:
    """A value as Stripe's form has it."""
    if field.endswith(MOMENTS) and isinstance(value, str) and not field.startswith("metadata."):
        return str(int(datetime.fromisoformat(value).timestamp()))
    return _text(value)


def stripe_step(kind: str, key: str, field: str, before: Value, after: Value, *, only_if_changed: bool = True) -> Step:
    """A step that writes a field of an object, e.g. of `subscriptions`."""
    same = only_if_changed and before == after
    return Step(
        target="stripe",
        object=key,
        field=field,
        before=before,
        after=after,
        call=f"POST /v1/{kind}/{key}",
        params={} if same else params_of(field, after),
        state="unchanged" if same else "planned",
    )


def _text(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
