"""A write that fails in the middle says exactly what is done and what is not, and can be finished."""

import sqlite3

import pytest

from tests.changes.test_resync import both_plans, states
from tests.cli.office import Office
from tests.cli.program import Json


@pytest.fixture
def unlinked(office: Office) -> Json:
    staged = office.stage("PBF-002")
    held = office.wires["test"].stripe("/subscriptions", customer=staged["customer_id"])["data"][0]
    return staged | {"subscription": held["id"]}


@pytest.mark.parametrize(
    ("kind", "state"), [("500", "unknown"), ("html", "unknown"), ("429", "failed"), ("reset", "unknown"), ("hang", "unknown")]
)
def test_a_relink_that_stops_at_the_subscription_is_finished_later(office: Office, unlinked: Json, kind: str, state: str) -> None:
    customer, user = unlinked["customer_id"], unlinked["user_id"]
    with office.outage("stripe", kind, f"/v1/subscriptions/{unlinked['subscription']}", writes=True):
        ran = office.program.ask("relink", customer, user, "--apply", "--timeout", "1")
    told = {step["object"]: step["state"] for step in ran.document["steps"] if step["target"] == "stripe"}
    assert (ran.code, told) == (1, {customer: "verified", unlinked["subscription"]: state})
    office.forget()
    again = office.program.ask("relink", customer, user, "--apply")
    assert again.code == 0
    assert [one["path"] for one in office.writes()] == [f"/v1/subscriptions/{unlinked['subscription']}"]


@pytest.mark.parametrize("kind", ["500", "html", "429", "reset", "hang", "lost"])
def test_clerk_failing_in_any_way_is_told_as_it_is_and_finished_later(office: Office, kind: str) -> None:
    staged = office.stage("PBF-070")
    with office.outage("clerk", kind, f"/clerk/v1/users/{staged['user_id']}/metadata", writes=True):
        ran = office.program.ask("resync", staged["email"], "--apply", "--timeout", "1")
    happened = both_plans(office, staged)[0] == "pro"
    assert happened is (kind == "lost")
    assert (states(ran)["clerk", "public_metadata.plan"] == "verified") is happened
    assert states(ran)["database", "users.plan"] == "skipped"
    assert ran.code == 1
    assert office.program.ask("resync", staged["email"], "--apply").code == 0
    assert both_plans(office, staged) == ("pro", "pro")


def test_a_row_that_changes_at_the_last_moment_is_not_written_over(office: Office) -> None:
    """Between the plan and the write somebody else writes the row: the database itself refuses."""
    staged = office.stage("PBF-070")
    trigger = (
        f"CREATE TRIGGER meddle AFTER UPDATE OF subscription_status ON users WHEN NEW.id = '{staged['user_id']}' "
        "BEGIN SELECT RAISE(ABORT, 'the app is writing'); END"
    )
    connection = sqlite3.connect(office.wires["test"].database)
    try:
        connection.execute(trigger)
        connection.commit()
        ran = office.program.ask("resync", staged["email"], "--apply")
        connection.execute("DROP TRIGGER meddle")
        connection.commit()
    finally:
        connection.close()
    assert ran.code == 1
    assert states(ran)["clerk", "public_metadata.plan"] == "verified"
    assert states(ran)["database", "users.plan"] == "failed"
    assert both_plans(office, staged) == ("pro", "free")
    assert office.program.ask("resync", staged["email"], "--apply").code == 0
