"""`/v1/test_helpers/test_clocks`: list, retrieve, create. None of them ever advances."""

from billing_tui.sandbox.stripe.call import Call, whole
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.shapes.base import when
from billing_tui.sandbox.stripe.table import Obj

KIND = "test_helpers.test_clock"
CREATABLE = frozenset({"frozen_time", "name"})
_LIVES = 30 * 86400


def list_clocks(call: Call) -> Obj:
    """Newest first."""
    return page(call, KIND)


def retrieve_clock(call: Call) -> Obj:
    """One of them."""
    return call.find(KIND)


def create_clock(call: Call) -> Obj:
    """A clock that stands at `frozen_time`, in Unix seconds."""
    now = when(call.account, None)
    row: Obj = {
        "id": call.account.new_id("clock_"),
        "object": KIND,
        "created": now,
        "deletes_after": now + _LIVES,
        "frozen_time": whole("frozen_time", call.params.get("frozen_time")),
        "livemode": call.account.livemode,
        "name": call.text("name"),
        "status": "ready",
        "status_details": {},
    }
    call.account.table(KIND).add(row)
    call.account.emit(f"{KIND}.created", row)
    return row
