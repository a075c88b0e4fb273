"""Cancelling: now, later, and taking it back, in whichever of its forms the end was written."""

import pytest

from tests.cli.office import Office
from tests.cli.program import Json, Ran


@pytest.fixture
def payer(office: Office) -> Json:
    """Somebody whose app is well, on pro, with the id of their subscription."""
    staged = office.stage("PBF-099")
    held = office.wires["test"].stripe("/subscriptions", customer=staged["customer_id"])["data"][0]
    return staged | {"subscription": held["id"]}


def held(office: Office, payer: Json) -> Json:
    found: Json = office.wires["test"].stripe(f"/subscriptions/{payer['subscription']}")
    return found


def cancel(office: Office, payer: Json, *options: str) -> Ran:
    return office.program.ask("cancel", payer["subscription"], *options)


def test_by_default_it_ends_with_the_paid_period_and_the_plan_alone_changes_nothing(office: Office, payer: Json) -> None:
    office.forget()
    ran = cancel(office, payer)
    assert (ran.code, ran.document["action"], ran.document["applied"]) == (0, "cancel", False)
    assert office.writes() == []
    ran = cancel(office, payer, "--apply")
    (step,) = ran.document["steps"]
    assert (ran.code, step["field"], step["after"], step["state"]) == (0, "cancel_at_period_end", True, "verified")
    assert step["request_id"].startswith("req_")
    assert held(office, payer)["cancel_at_period_end"] is True
    assert held(office, payer)["status"] == "active"


def test_what_is_scheduled_already_is_left_as_it_is(office: Office, payer: Json) -> None:
    assert cancel(office, payer, "--apply").code == 0
    office.forget()
    ran = cancel(office, payer, "--apply")
    assert (ran.code, ran.document["steps"][0]["state"]) == (0, "unchanged")
    assert office.writes() == []


@pytest.mark.parametrize("form", [{"cancel_at_period_end": "true"}, {"cancel_at": "min_period_end"}])
def test_a_scheduled_end_is_taken_back_in_either_form(office: Office, payer: Json, form: Json) -> None:
    """The portal of flexible billing writes `cancel_at` and leaves the flag false."""
    office.wires["test"].stripe(f"/subscriptions/{payer['subscription']}", "POST", **form)
    ran = cancel(office, payer, "--undo", "--apply")
    assert ran.code == 0
    after = held(office, payer)
    assert (after["cancel_at"], after["cancel_at_period_end"], after["canceled_at"]) == (None, False, None)


def test_a_subscription_under_a_schedule_is_released_first(office: Office, payer: Json) -> None:
    office.wires["test"].stripe("/subscription_schedules", "POST", from_subscription=payer["subscription"])
    ran = cancel(office, payer, "--apply")
    assert [(step["field"], step["state"]) for step in ran.document["steps"]] == [
        ("status", "verified"),
        ("cancel_at_period_end", "verified"),
    ]
    assert held(office, payer)["schedule"] is None
    assert held(office, payer)["cancel_at_period_end"] is True
    assert ran.document["undo"] is None


def test_now_means_now_and_the_layers_agree_when_the_app_has_heard(office: Office, payer: Json) -> None:
    ran = cancel(office, payer, "--now", "--prorate", "--invoice-now", "--feedback", "unused", "--comment", "bye", "--apply")
    assert ran.code == 0
    assert ran.document["undo"] is None
    assert any("can't be undone" in warning for warning in ran.document["warnings"])
    after = held(office, payer)
    assert (after["status"], after["cancellation_details"]["feedback"]) == ("canceled", "unused")
    office.wires["test"].control("/settle", mode="test")
    said = office.program.ask("diagnose", payer["email"]).document
    assert said["layers"] == {"stripe": "free", "clerk": "free", "database": "free", "token": None}
    assert (cancel(office, payer, "--now").code, cancel(office, payer, "--undo").code) == (6, 6)


def test_several_items_paid_to_different_days_are_warned_of(office: Office, payer: Json) -> None:
    row = office.wires["test"].account.get("subscription", payer["subscription"])
    extra = dict(row["items"]["data"][0])
    row["items"]["data"].append(extra | {"id": "si_extra", "current_period_end": extra["current_period_end"] + 86400 * 40})
    warnings = cancel(office, payer).document["warnings"]
    assert any("different days" in warning for warning in warnings)


@pytest.mark.parametrize(
    "options",
    [("--now", "--undo"), ("--at-period-end", "--now"), ("--prorate",), ("--undo", "--feedback", "unused"), ("--feedback", "x")],
)
def test_options_that_contradict_each_other_are_bad_usage(office: Office, payer: Json, options: tuple[str, ...]) -> None:
    ran = cancel(office, payer, *options)
    assert (ran.code, len(ran.complaint)) == (2, 2)


def test_who_is_not_there_is_not_found(office: Office) -> None:
    assert office.program.ask("cancel", "sub_1NobodyHasThis0000000").code == 4
    assert office.program.ask("cancel", "cus_1NobodyHasThis0000000").code == 2


def test_in_live_mode_it_wants_the_customers_last_four(office: Office) -> None:
    staged = office.stage("PBF-099", "live")
    name = office.wires["live"].stripe("/subscriptions", customer=staged["customer_id"])["data"][0]["id"]
    office.forget()
    assert office.program.ask("cancel", name, "--now", "--mode", "live", "--apply").code == 6
    assert office.program.ask("cancel", name, "--now", "--mode", "live", "--apply", "--confirm", "nope").code == 6
    assert office.writes() == []
    right = staged["customer_id"][-4:]
    assert office.program.ask("cancel", name, "--now", "--mode", "live", "--apply", "--confirm", right).code == 0


def test_read_only_refuses_it_all(office: Office, payer: Json) -> None:
    office.forget()
    ran = cancel(office, payer, "--now", "--apply", "--read-only")
    assert (ran.code, ran.document["refused"]) == (6, "This is read-only: nothing may be written.")
    assert office.writes() == []


@pytest.mark.parametrize(
    ("kind", "state", "ended"), [("500", "unknown", False), ("429", "failed", False), ("lost", "verified", True)]
)
def test_when_stripe_fails_it_says_what_is_so(office: Office, payer: Json, kind: str, state: str, ended: bool) -> None:
    """Refused: nothing happened. No answer: it is read back, and told as it is."""
    path = f"/v1/subscriptions/{payer['subscription']}"
    plan = cancel(office, payer, "--now").document["plan_id"]
    with office.outage("stripe", kind, path, writes=True):
        ran = office.program.ask("apply", plan)
    (step,) = ran.document["steps"]
    assert (step["state"], ran.code) == (state, 0 if state == "verified" else 1)
    assert (held(office, payer)["status"] == "canceled") is ended
