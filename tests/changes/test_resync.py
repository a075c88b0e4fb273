"""The one-key fix: shown before it happens, verified after, complete, and nothing besides."""

import pytest

from tests.cli.office import Office
from tests.cli.program import Json, Ran

FIXED_BY_IT = ["PBF-003", "PBF-021", "PBF-041", "PBF-051", "PBF-054", "PBF-060", "PBF-070", "PBF-072", "PBF-080"]


def both_plans(office: Office, staged: Json) -> tuple[str, str]:
    """What Clerk and the database say now, asked of them and not of the tool."""
    wire = office.wires[staged["mode"]]
    return wire.clerk(f"/users/{staged['user_id']}")["public_metadata"]["plan"], wire.row(staged["user_id"])["plan"]


def states(ran: Ran) -> dict[tuple[str, str], str]:
    """Where each step stands."""
    return {(step["target"], step["field"]): step["state"] for step in ran.document["steps"]}


@pytest.mark.parametrize("rule", FIXED_BY_IT)
def test_it_brings_every_layer_to_what_was_paid_for(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    ran = office.program.ask("resync", staged["email"], "--apply")
    assert (ran.code, ran.document["applied"], ran.document["refused"]) == (0, True, None)
    assert set(states(ran).values()) <= {"verified", "unchanged"}
    assert both_plans(office, staged) == ("pro", "pro")
    after = office.program.ask("diagnose", staged["email"])
    assert after.document["layers"] == {"stripe": "pro", "clerk": "pro", "database": "pro", "token": None}


@pytest.mark.parametrize("by", ["email", "customer_id", "user_id"])
def test_whoever_names_them_the_plan_is_the_same(office: Office, by: str) -> None:
    staged = office.stage("PBF-072")
    plan = office.program.ask("resync", staged[by])
    steps = {(step["target"], step["object"], step["field"], step["after"]) for step in plan.document["steps"]}
    assert ("clerk", staged["user_id"], "public_metadata.plan", "pro") in steps
    assert ("database", staged["user_id"], "users.plan", "pro") in steps
    assert plan.document["confirm"] == staged["customer_id"][-4:]


def test_a_plan_changes_nothing(office: Office) -> None:
    staged = office.stage("PBF-070")
    before = office.wires["test"].row(staged["user_id"])
    written = office.program.journal.entries()
    office.forget()
    ran = office.program.ask("resync", staged["email"])
    assert (ran.code, ran.document["applied"]) == (0, False)
    assert set(states(ran).values()) <= {"planned", "unchanged"}
    assert "planned" in states(ran).values()
    assert office.writes() == []
    assert office.wires["test"].row(staged["user_id"]) == before
    assert office.program.journal.entries() == written


def test_the_plan_names_each_call_and_what_was_there_before(office: Office) -> None:
    staged = office.stage("PBF-070")
    steps = {step["field"]: step for step in office.program.ask("resync", staged["email"]).document["steps"]}
    clerk, row = steps["public_metadata.plan"], steps["users.plan"]
    assert (clerk["before"], clerk["after"]) == ("free", "pro")
    assert clerk["call"] == f"PATCH /v1/users/{staged['user_id']}/metadata"
    assert (row["before"], row["after"]) == ("free", "pro")
    assert row["call"].startswith("UPDATE users SET ")
    assert steps["users.stripe_subscription_id"]["after"].startswith("sub_")


def test_other_keys_of_the_metadata_and_other_columns_survive(office: Office) -> None:
    staged = office.stage("PBF-070")
    user = office.sandbox.world.clerk("test").users[staged["user_id"]]
    user["public_metadata"] = {**user["public_metadata"], "theme": "dark", "nested": {"a": [1, {"b": None}]}}
    user["private_metadata"], user["unsafe_metadata"] = {"crm": "42"}, {"seen": True}
    office.program.ask("resync", staged["email"], "--apply")
    after = office.wires["test"].clerk(f"/users/{staged['user_id']}")
    assert after["public_metadata"] == {"plan": "pro", "theme": "dark", "nested": {"a": [1, {"b": None}]}}
    assert (after["private_metadata"], after["unsafe_metadata"]) == ({"crm": "42"}, {"seen": True})
    assert office.wires["test"].row(staged["user_id"])["email"] == staged["email"]


def test_nobody_else_s_row_or_metadata_is_touched(office: Office) -> None:
    neighbour = office.stage("PBF-070")
    before = office.wires["test"].row(neighbour["user_id"])
    office.program.ask("resync", office.stage("PBF-070")["email"], "--apply")
    assert office.wires["test"].row(neighbour["user_id"]) == before
    assert both_plans(office, neighbour) == ("free", "free")


def test_the_second_run_writes_nothing(office: Office) -> None:
    staged = office.stage("PBF-054")
    assert office.program.ask("resync", staged["email"], "--apply").code == 0
    row = office.wires["test"].row(staged["user_id"])
    office.forget()
    again = office.program.ask("resync", staged["email"], "--apply")
    assert again.code == 0
    assert set(states(again).values()) == {"unchanged"}
    assert office.writes() == []
    assert office.wires["test"].row(staged["user_id"]) == row


def test_a_healthy_person_needs_no_write(office: Office) -> None:
    email = office.stage("PBF-099")["email"]
    office.forget()
    ran = office.program.run("resync", email, "--apply")
    assert (ran.code, ran.err) == (0, "")
    assert office.writes() == []


@pytest.mark.parametrize(("to", "plans"), [("clerk", ("pro", "free")), ("database", ("free", "pro"))])
def test_one_layer_alone_can_be_written(office: Office, to: str, plans: tuple[str, str]) -> None:
    staged = office.stage("PBF-070")
    ran = office.program.ask("resync", staged["email"], "--to", to, "--apply")
    assert ran.code == 0
    assert {target for target, _ in states(ran)} == {to}
    assert both_plans(office, staged) == plans


def test_what_clerk_is_sent_is_the_merge_of_the_plan_alone(office: Office) -> None:
    staged = office.stage("PBF-070")
    office.forget()
    office.program.ask("resync", staged["email"], "--apply")
    assert [(one["service"], one["method"], one["path"]) for one in office.writes()] == [
        ("clerk", "PATCH", f"/clerk/v1/users/{staged['user_id']}/metadata")
    ]


def test_an_ended_subscription_lowers_what_a_layer_still_says(office: Office) -> None:
    staged = office.stage("PBF-020")
    office.sandbox.world.clerk("test").users[staged["user_id"]]["public_metadata"] = {"plan": "pro"}
    office.execute("UPDATE users SET plan = 'pro', subscription_status = 'active' WHERE id = ?", staged["user_id"])
    ran = office.program.ask("resync", staged["email"], "--apply")
    assert ran.code == 0
    assert both_plans(office, staged) == ("free", "free")
    assert office.wires["test"].row(staged["user_id"])["subscription_status"] == "canceled"


def test_a_person_reads_the_plan_and_the_command_that_carries_it_out(office: Office) -> None:
    staged = office.stage("PBF-070")
    ran = office.program.run("resync", staged["email"])
    (command,) = [line.split("with: ")[1] for line in ran.out.splitlines() if "Carry it out" in line]
    applied = office.program.run(*command.split()[1:])
    assert (applied.code, applied.err) == (0, "")
    assert "verified" in applied.out
    assert both_plans(office, staged) == ("pro", "pro")
