"""Sending again: one event or everything since an outage; only what can arrive and has not, and each exactly once."""

import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.changes.test_killed import started
from tests.changes.test_resync import both_plans
from tests.cli.office import Office, opened
from tests.cli.program import Json, Ran


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """One whose app nobody else breaks."""
    with opened(tmp_path) as office:
        yield office


def outage(office: Office, people: int, *, mended: bool = True) -> list[Json]:
    """People who bought while the app answered 500."""
    staged = [office.stage("PBF-060") for _ in range(people)]
    office.wires["test"].control("/settle", mode="test")
    office.sandbox.world.app("test").faults.crash = not mended
    return staged


def lost(office: Office, staged: Json) -> list[Json]:
    """Somebody's events that some endpoint has not taken."""
    held = office.wires["test"].stripe("/events", limit=100, delivery_success="false")["data"]
    return [one for one in held if staged["customer_id"] in (one["data"]["object"].get("customer"), one["data"]["object"]["id"])]


def arrivals(office: Office, ids: set[str]) -> dict[str, int]:
    """How often the app has processed each event, by its ledger."""
    return dict(Counter(row["event_id"] for row in office.wires["test"].ledger(list(ids))))


def states(ran: Ran) -> Counter[str]:
    return Counter(step["state"] for step in ran.document["steps"])


def test_after_an_outage_everything_arrives_and_only_once(office: Office) -> None:
    staged = outage(office, 3)
    ids = {one["id"] for held in staged for one in lost(office, held)}
    assert ids
    plan = office.program.ask("recover", "--since", "2h")
    assert (plan.code, plan.document["applied"]) == (0, False)
    assert {step["object"] for step in plan.document["steps"]} == ids
    ran = office.program.ask("recover", "--since", "2h", "--apply")
    assert (ran.code, set(states(ran))) == (0, {"verified"})
    assert arrivals(office, ids) == dict.fromkeys(ids, 1)
    for held in staged:
        assert both_plans(office, held) == ("pro", "pro")
    again = office.program.ask("recover", "--since", "2h", "--apply")
    assert (again.code, "has arrived" in again.document["refused"]) == (6, True)


def test_killed_in_the_middle_it_is_taken_up_and_nothing_arrives_twice(office: Office, tmp_path: Path) -> None:
    staged = outage(office, 3)
    ids = {one["id"] for held in staged for one in lost(office, held)}
    for last in (4, 5):
        ended = started(office, tmp_path / "state", last, "recover", "--since", "2h", "--apply").wait(60)
        assert ended in (-signal.SIGKILL, 0, 6)  # Stripe goes on trying by itself, too, and little may be left
    office.wires["test"].control("/settle", mode="test")
    ran = office.program.ask("recover", "--since", "2h", "--apply", XDG_STATE_HOME=str(tmp_path / "state"))
    assert len(ran.document["steps"]) < len(ids)
    assert ran.code == 0 or "has arrived" in ran.document["refused"]
    assert arrivals(office, ids) == dict.fromkeys(ids, 1)


def test_who_cannot_be_reached_by_sending_again_is_resynced_in_the_same_plan(office: Office) -> None:
    staged = office.stage("PBF-052")
    ran = office.program.ask("recover", "--since", "2h", "--apply")
    assert ran.code == 0
    assert {step["target"] for step in ran.document["steps"]} == {"clerk", "database"}
    assert both_plans(office, staged) == ("pro", "pro")


def test_while_the_app_is_broken_nothing_is_sent_to_it(office: Office) -> None:
    office.stage("PBF-054")
    office.forget()
    ran = office.program.ask("resend", "--undelivered", "--since", "2h", "--apply")
    assert (ran.code, "rightly signed" in ran.document["refused"]) == (6, True)
    assert office.writes() == []


def test_one_event_is_sent_again_through_stripe_and_not_a_second_time(office: Office) -> None:
    (staged,) = outage(office, 1)
    event = lost(office, staged)[0]["id"]
    endpoint = office.wires["test"].stripe("/webhook_endpoints")["data"][0]["id"]
    assert f"stripe events resend {event} --webhook-endpoint={endpoint}\n" in office.program.run("resend", event).out
    ran = office.program.ask("resend", event, "--apply")
    (step,) = ran.document["steps"]
    assert (ran.code, step["state"], step["object"]) == (0, "verified", event)
    assert step["request_id"].startswith("req_")
    again = office.program.ask("resend", event, "--apply")
    assert (again.code, "ledger" in again.document["refused"]) == (6, True)
    assert ran.document["undo"] is None
    assert office.program.ask("audit", "--undo", ran.document["plan_id"]).code == 6


def test_sent_directly_the_answer_is_seen_and_remembered(office: Office) -> None:
    (staged,) = outage(office, 1)
    event = lost(office, staged)[0]["id"]
    assert office.program.ask("sync").code == 0
    ran = office.program.ask("resend", event, "--via", "direct", "--apply")
    (step,) = ran.document["steps"]
    assert (ran.code, step["target"], step["state"], step["attempt"]["status"]) == (0, "app", "verified", 200)
    assert arrivals(office, {event}) == {event: 1}
    log = office.program.ask("deliveries", "--since", "2h").document["deliveries"]
    (told,) = [one for one in log if one["event"] == event]
    assert (told["state"], told["source"]) == ("delivered", "ledger")
    assert [(one["via"], one["status"]) for one in told["attempts"]] == [("direct", 200)]
    (row,) = office.program.ask("list", "events", "--filter", event).document["rows"]
    assert (row["pending"], row["arrived"]) == (1, "direct")  # Stripe goes on counting, and the app has it


def test_what_cannot_arrive_is_refused_with_what_helps_instead(office: Office) -> None:
    (staged,) = outage(office, 1)
    event = lost(office, staged)[0]["id"]
    endpoint = office.wires["test"].stripe("/webhook_endpoints")["data"][0]["id"]
    office.wires["test"].stripe(f"/webhook_endpoints/{endpoint}", "POST", disabled="true")
    assert "fix endpoint" in office.program.ask("resend", event).document["refused"]
    office.wires["test"].stripe(
        f"/webhook_endpoints/{endpoint}", "POST", disabled="false", **{"enabled_events[0]": "charge.failed"}
    )
    assert "a re-sync helps" in office.program.ask("resend", event).document["refused"]


def test_three_failures_in_a_row_end_it(office: Office) -> None:
    staged = outage(office, 3)
    assert sum(len(lost(office, held)) for held in staged) > 4
    with office.outage("stripe", "500", "/v1/events/evt_", writes=True):
        ran = office.program.ask("recover", "--since", "2h", "--apply")
    assert ran.code == 1
    assert states(ran)["skipped"] == len(ran.document["steps"]) - 3
    ran = office.program.ask("recover", "--since", "2h", "--apply")
    assert ran.code == 0 or "has arrived" in ran.document["refused"]  # Stripe goes on trying by itself, too


@pytest.mark.parametrize(
    "arguments",
    [("resend",), ("resend", "evt_1", "--undelivered", "--since", "2h"), ("resend", "--undelivered"), ("resend", "cus_1"),
     ("recover",), ("recover", "--since", "soon")],
)  # fmt: skip
def test_what_is_not_said_clearly_is_bad_usage(office: Office, arguments: tuple[str, ...]) -> None:
    assert office.program.ask(*arguments).code == 2


def test_an_event_that_is_not_there_is_not_found(office: Office) -> None:
    assert office.program.ask("resend", "evt_1NobodyHasThis0000000").code == 4


def test_one_plan_writes_for_no_more_people_than_the_cap(office: Office) -> None:
    people = [office.stage("PBF-052") for _ in range(3)]
    ran = office.program.ask("recover", "--since", "2h", BILLING_TUI_BULK_CAP="2")
    assert len({step["whose"] for step in ran.document["steps"]}) == 2
    assert any("1 more" in warning for warning in ran.document["warnings"])
    assert office.program.ask("recover", "--since", "2h", BILLING_TUI_BULK_CAP="many").code == 2
    assert office.program.ask("recover", "--since", "2h", "--cap", "3", "--apply").code == 0
    assert {both_plans(office, staged) for staged in people} == {("pro", "pro")}
