"""What happens while a plan is carried out: confirmed in live mode, cut short by a failure, and told truly by the journal."""

import sqlite3

import pytest

from tests.changes.test_resync import both_plans, states
from tests.cli.office import Office


def phases(office: Office, plan_id: str) -> list[tuple[str, str]]:
    """What the journal holds of a plan: each entry's phase, and where its steps write to."""
    entries = [entry for entry in office.program.journal.entries() if entry["plan_id"] == plan_id]
    return [(entry["phase"], "+".join(dict.fromkeys(step["target"] for step in entry["body"]["steps"]))) for entry in entries]


def test_live_mode_writes_once_the_right_text_is_given(office: Office) -> None:
    staged = office.stage("PBF-072", "live")
    confirm = staged["customer_id"][-4:]
    ran = office.program.ask("resync", staged["email"], "--mode", "live", "--apply", "--confirm", confirm)
    assert (ran.code, ran.document["applied"], ran.document["mode"]) == (0, True, "live")
    assert both_plans(office, staged) == ("pro", "pro")


def test_a_kept_plan_is_carried_out_as_it_was_shown(office: Office) -> None:
    staged = office.stage("PBF-080", "live")
    plan = office.program.ask("resync", staged["email"], "--mode", "live").document
    ran = office.program.ask("apply", plan["plan_id"], "--mode", "live", "--confirm", plan["confirm"])
    assert (ran.code, ran.document["plan_id"]) == (0, plan["plan_id"])
    shown = [(step["field"], step["before"], step["after"]) for step in plan["steps"]]
    assert [(step["field"], step["before"], step["after"]) for step in ran.document["steps"]] == shown
    assert both_plans(office, staged) == ("pro", "pro")


def test_the_same_plan_is_not_carried_out_twice(office: Office) -> None:
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"]).document["plan_id"]
    assert office.program.ask("apply", plan).code == 0
    office.forget()
    assert office.program.ask("apply", plan).code == 6
    assert office.writes() == []


@pytest.mark.parametrize(("kind", "state"), [("500", "unknown"), ("429", "failed"), ("html", "unknown")])
def test_when_clerk_fails_the_rest_is_skipped_and_it_says_so(office: Office, kind: str, state: str) -> None:
    """A refusal means that nothing was written; a failure in the middle of a write proves nothing either way."""
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"]).document["plan_id"]
    with office.outage("clerk", kind, f"/clerk/v1/users/{staged['user_id']}/metadata"):
        ran = office.program.ask("apply", plan)
    told = states(ran)
    assert (ran.code, ran.document["applied"]) == (1, True)
    assert told["clerk", "public_metadata.plan"] == state
    assert {each for (target, _), each in told.items() if target == "database"} <= {"skipped", "unchanged"}
    assert told["database", "users.plan"] == "skipped"
    (failed,) = [step for step in ran.document["steps"] if step["state"] == state]
    assert failed["error"]
    assert both_plans(office, staged) == ("free", "free")
    assert phases(office, plan) == [
        ("planned", "clerk+database"),
        ("sending", "clerk"),
        (state, "clerk"),
        *([("verified", "clerk")] if state == "unknown" else []),
        ("finished", "clerk+database"),
    ]


def test_when_the_answer_is_lost_the_outcome_is_looked_up(office: Office) -> None:
    """The write was sent, the connection was cut: whether it happened is told by reading back, not by guessing."""
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"]).document["plan_id"]
    with office.outage("clerk", "reset", f"/clerk/v1/users/{staged['user_id']}/metadata"):
        ran = office.program.ask("apply", plan)
    assert ran.code == 1
    assert states(ran)["clerk", "public_metadata.plan"] == "unknown"
    assert states(ran)["database", "users.plan"] == "skipped"
    assert ("unknown", "clerk") in phases(office, plan)


def test_a_locked_database_fails_alone_and_what_clerk_took_stays_verified(office: Office) -> None:
    staged = office.stage("PBF-070")
    locked = sqlite3.connect(office.wires["test"].database, isolation_level=None)
    try:
        locked.execute("BEGIN IMMEDIATE")
        ran = office.program.ask("resync", staged["email"], "--apply", "--timeout", "0.5")
    finally:
        locked.rollback()
        locked.close()
    assert ran.code == 1
    assert states(ran)["clerk", "public_metadata.plan"] == "verified"
    assert states(ran)["database", "users.plan"] == "failed"
    assert both_plans(office, staged) == ("pro", "free")
    assert office.program.ask("resync", staged["email"], "--apply").code == 0
    assert both_plans(office, staged) == ("pro", "pro")


def test_the_journal_tells_of_each_step_before_and_after(office: Office) -> None:
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"], "--apply").document["plan_id"]
    assert phases(office, plan) == [
        ("planned", "clerk+database"),
        ("sending", "clerk"),
        ("applied", "clerk"),
        ("sending", "database"),
        ("applied", "database"),
        ("verified", "clerk"),
        ("verified", "database"),
        ("finished", "clerk+database"),
    ]
    entry = office.program.journal.entries()[-1]
    assert (entry["subject"], entry["customer_id"], entry["mode"]) == (staged["user_id"], staged["customer_id"], "test")
    assert entry["account"] == office.wires["test"].account.number


def test_without_a_journal_nothing_is_written(office: Office) -> None:
    staged = office.stage("PBF-070")
    assert office.program.ask("resync", office.stage("PBF-070")["email"], "--apply").code == 0
    journal = office.program.home / "state/billing-tui/audit.db"
    kept = journal.read_bytes()
    journal.write_bytes(b"this is no database, and long enough to be looked at as one" * 20)
    office.forget()
    try:
        ran = office.program.ask("resync", staged["email"], "--apply")
    finally:
        journal.write_bytes(kept)
    assert (ran.code, ran.document["error"]["code"]) == (5, "journal")
    assert office.writes() == []
    assert both_plans(office, staged) == ("free", "free")
