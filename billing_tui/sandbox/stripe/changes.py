"""What an update changed: `previous_attributes` for its event, and Stripe's rules for merging metadata."""

from typing import Any

from billing_tui.sandbox.stripe.account import copied
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.table import Obj


def before(obj: Obj) -> Obj:
    """The object as it is, to compare with later."""
    return copied(obj)


def previous(old: Obj, new: Obj) -> Obj:
    """The old values of what differs; nested objects show only their own differences, lists are shown whole."""
    found: Obj = {}
    for name in old.keys() | new.keys():
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict) and was.get("object") != "list":
            found[name] = previous(was, now)
        else:
            found[name] = was
    return found


def tell(call: Call, kind: str, obj: Obj, old: Obj) -> None:
    """An `….updated` event, when something did change."""
    changed = previous(old, copied(obj))
    if changed:
        call.account.emit(kind, obj, changed)


def merge_metadata(obj: Obj, sent: Any) -> None:
    """Sent keys are set, keys sent empty are removed, and metadata sent empty as a whole is cleared."""
    if sent is None:
        return
    if sent == "":
        obj["metadata"] = {}
        return
    if isinstance(sent, list):
        sent = {str(number): value for number, value in enumerate(sent)}
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        raise invalid("Invalid hash: metadata", param="metadata")
    merged = {**(obj["metadata"] or {}), **sent}
    merged = {key: value for key, value in merged.items() if value != ""}
    check_metadata(merged)
    obj["metadata"] = merged


def check_metadata(metadata: dict[str, str]) -> None:
    """Stripe's limits: 50 keys of 40 characters with values of 500."""
    if len(metadata) > 50:
        raise invalid("Metadata can have up to 50 keys.", param="metadata")
    for key, value in metadata.items():
        if len(key) > 40 or len(value) > 500:
            raise invalid("Metadata keys must be under 40 characters and values under 500 characters.", param=f"metadata[{key}]")


def set_texts(call: Call, obj: Obj, *names: str) -> None:
    """Plain text fields: sent empty, they become null."""
    for name in names:
        value = call.text(name)
        if value is not None:
            obj[name] = value or None
