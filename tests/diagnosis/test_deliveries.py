"""What may be said of a delivery, and what may not, from every mixture of counts, endpoints and ledgers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing_tui.diagnosis.deliveries import Seen, deliveries
from billing_tui.model.evidence import Gap, Why
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint, Event

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS = "https://app.example/hook"
TYPE = "customer.subscription.updated"
GAP = Gap(what="it", why=Why.REFUSED, exit_code=3)


def endpoint(number: int, *, enabled: bool = True, url: str = "", hears: bool = True) -> Endpoint:
    return Endpoint(
        id=f"we_{number}",
        url=url or f"https://other.example/{number}",
        status="enabled" if enabled else "disabled",
        enabled_events=(TYPE,) if hears else ("invoice.paid",),
        created=0,
    )


def judged(
    pending: int, *endpoints: Endpoint, hours: float = 1, lost: bool = False, ledger: bool = False
) -> list[tuple[str, str]]:
    event = Event(id="evt_1", type=TYPE, created=int((AT - timedelta(hours=hours)).timestamp()), pending_webhooks=pending)
    seen = Seen(
        at=AT,
        profile=Profile(name="acme", mode="live", webhook_url=OURS),
        endpoints=endpoints,
        lost=frozenset({"evt_1"} if lost else ()),
        ledger={"evt_1"} if ledger else set(),
    )
    return [(held.state, held.source) for held in deliveries([event], seen)]


def test_all_outstanding_are_pending_while_stripe_tries_and_failed_after_it() -> None:
    assert judged(1, endpoint(1, url=OURS), lost=True) == [("pending", "stripe")]
    assert judged(1, endpoint(1, url=OURS), lost=True, hours=80) == [("failed", "stripe")]


def test_of_two_endpoints_one_outstanding_is_unknown_unless_the_ledger_settles_it() -> None:
    pair = endpoint(1, url=OURS), endpoint(2)
    assert judged(1, *pair, lost=True) == [("unknown", "stripe")] * 2
    assert judged(1, *pair, lost=True, ledger=True) == [("delivered", "ledger"), ("pending", "stripe")]


def test_a_disabled_endpoint_with_nothing_outstanding_is_unknown() -> None:
    assert judged(0, endpoint(1, enabled=False)) == [("unknown", "inferred")]


def test_no_endpoint_and_no_right_to_see_them_are_two_things() -> None:
    assert judged(0) == [("unsubscribed", "inferred")]
    event = Event(id="evt_1", type=TYPE, created=1)
    seen = Seen(at=AT, profile=Profile(name="acme", mode="live"), endpoints=GAP, lost=GAP, ledger=GAP)
    assert [held.state for held in deliveries([event], seen)] == ["unknown"]


@given(st.integers(0, 4), st.lists(st.booleans(), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_delivered_is_only_said_with_a_witness(pending: int, hears: list[bool], lost: bool, ledger: bool) -> None:
    held = [endpoint(number, hears=each, url=OURS if number == 0 else "") for number, each in enumerate(hears)]
    for number, (state, source) in enumerate(judged(pending, *held, lost=lost, ledger=ledger)):
        if state == "delivered":
            assert (source == "ledger" and ledger and number == 0) or (source == "stripe" and not (pending or lost))
        if state in ("pending", "failed"):
            assert pending or lost
