"""When a re-sync must not happen: it says why, has no steps, exits with 6, and nothing is written anywhere."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.changes.test_resync import both_plans
from tests.cli.office import Office
from tests.cli.program import Json, Ran


@pytest.fixture(autouse=True)
def _nothing_is_written(office: Office) -> Iterator[None]:
    office.forget()
    yield
    assert office.writes() == []


def assert_refused(ran: Ran, *words: str) -> None:
    """As a plan that says why not."""
    document = ran.document
    assert (ran.code, document["steps"], document["applied"]) == (6, [], False)
    assert document["refused"] in ran.err
    for word in words:
        assert word in document["refused"]


def assert_stopped(ran: Ran, code: str) -> Json:
    """As an error: the plan was good, and something else is in the way."""
    error: Json = ran.document["error"]
    assert (ran.code, error["code"]) == (6, code)
    assert error["message"] in ran.err
    return error


@pytest.mark.parametrize("apply", [(), ("--apply",)])
def test_two_users_named_by_the_payments_are_one_too_many(office: Office, apply: tuple[str, ...]) -> None:
    staged, other = office.stage("PBF-070"), office.stage("PBF-099")
    account = office.wires["test"].account
    account.get("customer", staged["customer_id"])["metadata"] = {"clerkUserId": other["user_id"]}
    assert_refused(office.program.ask("resync", staged["email"], *apply), staged["user_id"], other["user_id"])
    assert both_plans(office, staged) == ("free", "free")


@pytest.mark.parametrize("apply", [(), ("--apply",)])
def test_an_e_mail_alone_is_no_link(office: Office, apply: tuple[str, ...]) -> None:
    staged = office.stage("PBF-004")
    assert_refused(office.program.ask("resync", staged["email"], *apply), "e-mail")
    assert both_plans(office, staged) == ("free", "free")


def test_the_payer_is_not_the_account_that_was_named(office: Office) -> None:
    staged, other = office.stage("PBF-070"), office.stage("PBF-001")
    assert_refused(office.program.ask("resync", staged["email"], "--user", other["user_id"], "--apply"), other["user_id"])
    assert both_plans(office, other) == ("free", "free")


@pytest.mark.parametrize("rule", ["PBF-001", "PBF-010", "PBF-011"])
def test_a_plan_is_not_lowered_because_stripe_knows_of_no_payment(office: Office, rule: str) -> None:
    """Somebody may have been given the plan: that Stripe has nothing proves nothing."""
    staged = office.stage(rule)
    office.sandbox.world.clerk("test").users[staged["user_id"]]["public_metadata"] = {"plan": "pro"}
    office.execute("UPDATE users SET plan = 'pro' WHERE id = ?", staged["user_id"])
    assert_refused(office.program.ask("resync", staged["email"], "--apply"), "lower", "pro")
    assert both_plans(office, staged) == ("pro", "pro")


@pytest.mark.parametrize("rule", ["PBF-030", "PBF-031", "PBF-032"])
def test_a_product_that_leads_to_no_plan_must_be_mended_first(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    assert_refused(office.program.ask("resync", staged["email"], "--apply"), "product")
    assert both_plans(office, staged) == ("free", "free")


def test_nothing_is_written_from_facts_that_could_not_be_read(office: Office) -> None:
    staged = office.stage("PBF-070")
    for path in ("/v1/subscriptions", "/v1/customers", "/v1/prices"):
        with office.outage("stripe", "500", path):
            ran = office.program.ask("resync", staged["email"], "--apply")
        assert ran.code in (5, 6)
    assert both_plans(office, staged) == ("free", "free")


def test_a_layer_that_cannot_be_read_is_not_written_around(office: Office) -> None:
    staged = office.stage("PBF-070")
    with office.outage("clerk", "500"):
        assert_refused(office.program.ask("resync", staged["email"], "--apply"), "--to database")
    assert both_plans(office, staged) == ("free", "free")


@pytest.mark.parametrize("arguments", [("resync", "{email}"), ("resync", "{email}", "--apply"), ("apply", "{plan}")])
def test_read_only_refuses_everything(office: Office, arguments: tuple[str, ...]) -> None:
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"]).document["plan_id"]
    asked = [part.format(email=staged["email"], plan=plan) for part in arguments]
    ran = office.program.ask(*asked, "--read-only")
    assert ran.code == 6
    assert "read-only" in ran.err
    assert both_plans(office, staged) == ("free", "free")


def test_a_read_only_profile_refuses_too(office: Office) -> None:
    path = office.program.configured(('default_mode = "test"', 'default_mode = "test"\nread_only = true'))
    staged = office.stage("PBF-070")
    assert_refused(office.program.ask("resync", staged["email"], "--apply", "--config", str(path)), "read-only")


# Live mode.


@pytest.mark.parametrize("confirm", [(), ("--confirm", ""), ("--confirm", "nope"), ("--confirm", "PRO")])
def test_live_mode_wants_the_last_four_characters_typed(office: Office, confirm: tuple[str, ...]) -> None:
    staged = office.stage("PBF-070", "live")
    ran = office.program.ask("resync", staged["email"], "--mode", "live", "--apply", *confirm)
    error = assert_stopped(ran, "unconfirmed")
    assert staged["customer_id"][-4:] in error["hint"]
    assert both_plans(office, staged) == ("free", "free")


def test_a_kept_plan_wants_them_too(office: Office) -> None:
    staged = office.stage("PBF-070", "live")
    plan = office.program.ask("resync", staged["email"], "--mode", "live").document["plan_id"]
    assert_stopped(office.program.ask("apply", plan, "--mode", "live"), "unconfirmed")
    assert both_plans(office, staged) == ("free", "free")


def test_a_plan_of_one_mode_is_not_applied_in_the_other(office: Office) -> None:
    staged = office.stage("PBF-070", "live")
    plan = office.program.ask("resync", staged["email"], "--mode", "live").document
    assert_stopped(office.program.ask("apply", plan["plan_id"], "--mode", "test", "--confirm", plan["confirm"]), "mode_mismatch")


# Between the plan and the apply.


def _in_clerk(office: Office, staged: Json) -> None:
    office.sandbox.world.clerk("test").users[staged["user_id"]]["public_metadata"] = {"plan": "starter"}


def _in_the_database(office: Office, staged: Json) -> None:
    office.execute("UPDATE users SET plan = 'starter' WHERE id = ?", staged["user_id"])


def _in_stripe(office: Office, staged: Json) -> None:
    for subscription in office.wires["test"].account.table("subscription"):
        if subscription["customer"] == staged["customer_id"]:
            subscription["status"] = "canceled"


def _in_the_link(office: Office, staged: Json) -> None:
    customer = office.wires["test"].account.get("customer", staged["customer_id"])
    customer["metadata"] = {"clerkUserId": "user_3somebodyElse"}


@pytest.mark.parametrize("change", [_in_clerk, _in_the_database, _in_stripe, _in_the_link])
def test_a_plan_is_void_once_anything_it_rests_on_has_changed(office: Office, change: Callable[[Office, Json], None]) -> None:
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"]).document["plan_id"]
    change(office, staged)
    before = both_plans(office, staged)
    error = assert_stopped(office.program.ask("apply", plan), "changed")
    assert "changed since the plan" in error["message"]
    assert both_plans(office, staged) == before


def test_a_plan_that_nobody_showed_does_not_exist(office: Office) -> None:
    for name in ("000000000000", "../../audit", "x" * 300, ""):
        assert office.program.ask("apply", name).code == 4


def test_a_plan_is_good_for_an_hour(office: Office) -> None:
    staged = office.stage("PBF-070")
    plan = office.program.ask("resync", staged["email"]).document["plan_id"]
    (path,) = office.program.home.glob(f"state/**/{plan}.json")
    assert path.stat().st_mode & 0o077 == 0
    kept = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**kept, "at": "2020-01-01T00:00:00Z"}), encoding="utf-8")
    assert_stopped(office.program.ask("apply", plan), "too_old")
