"""What is noticed of deliveries: each trouble once, and nothing where there is none."""

import pytest
from msgspec import structs

from billing_tui.cache.delivery_times import DeliveryTimes
from billing_tui.cache.undelivered import Recent, Undelivered
from billing_tui.model.stripe import Endpoint
from billing_tui.notices.deliveries import GRACE, Seen, delivery_notices

NOW = 1_800_000_000
URL = "https://api.acme.example/webhook/stripe"


def took(median: int | None, p95: int | None, count: int = 100) -> DeliveryTimes:
    return DeliveryTimes(count=count, waiting=0, median=median, p95=p95, histogram=(0,) * 6)


WELL = Seen(
    undelivered=Undelivered(types={}),
    recent=[Recent(NOW - 300 * place, False) for place in range(1, 20)],
    lately=took(2, 30),
    before=took(2, 40),
    own=(),
    now=NOW,
)


def keys(seen: Seen) -> list[str]:
    return [notice.key for notice in delivery_notices(seen)]


def with_endpoints(*endpoints: Endpoint) -> Seen:
    return structs.replace(WELL, own=endpoints)


def test_where_all_is_well_nothing_is_noticed() -> None:
    assert keys(WELL) == []
    assert keys(with_endpoints(Endpoint(id="we_1", url=URL, status="enabled"))) == []


def test_a_disabled_endpoint_is_noticed_unless_another_takes_its_place() -> None:
    dead = Endpoint(id="we_1", url=URL, status="disabled")
    assert keys(with_endpoints(dead)) == ["disabled we_1"]
    assert keys(with_endpoints(dead, Endpoint(id="we_2", url=URL, status="enabled"))) == []


def test_three_in_a_row_that_nobody_took_are_failing_unless_they_are_young() -> None:
    lost = [Recent(NOW - GRACE - place, True) for place in range(3)]
    assert keys(structs.replace(WELL, recent=[*lost, *WELL.recent])) == ["failing"]
    assert keys(structs.replace(WELL, recent=[*lost[:2], *WELL.recent])) == []
    young = [Recent(NOW - place, True) for place in range(3)]
    assert keys(structs.replace(WELL, recent=[*young, *WELL.recent])) == []
    taken = Recent(NOW - GRACE, False)
    assert keys(structs.replace(WELL, recent=[taken, *lost, *WELL.recent])) == []


def test_outstanding_events_grow_and_say_so() -> None:
    held = Undelivered(types={"invoice.paid": 7, "charge.failed": 2}, lately=4, newest="evt_9")
    (notice,) = delivery_notices(structs.replace(WELL, undelivered=held))
    assert (notice.count, notice.measure, notice.ticket) == (9, 9, "evt_9")
    assert notice.note == "4 in the last hour; invoice.paid 7, charge.failed 2"


@pytest.mark.parametrize(
    ("lately", "before", "noticed"),
    [
        (took(60, 700), took(2, 40), True),
        (took(60, None), took(2, 40), True),
        (took(60, 150), took(2, 40), False),  # three times a usual of a minute, the least that is worth saying
        (took(None, None, 2), took(2, 40), False),
        (took(60, 700), took(None, None, 0), False),
    ],
)
def test_slower_than_usual_is_noticed_where_usual_is_known(lately: DeliveryTimes, before: DeliveryTimes, noticed: bool) -> None:
    assert keys(structs.replace(WELL, lately=lately, before=before)) == (["slow"] if noticed else [])
