"""The repairs beside the re-sync: relink, a product's plan, an endpoint, a given plan, signing out; each on its own facts."""

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from billing_tui.model.change import Wanted
from billing_tui.workspace import Workspace
from tests.changes.test_resync import both_plans
from tests.cli.office import Office
from tests.cli.program import Json


def until(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


# Relink.


def test_relink_writes_the_user_wherever_the_app_looks_and_the_resync_then_goes_through(office: Office) -> None:
    staged = office.stage("PBF-002")
    customer, user = staged["customer_id"], staged["user_id"]
    assert office.program.ask("resync", customer).code == 6
    ran = office.program.ask("relink", customer, user, "--apply")
    assert ran.code == 0
    assert {step["state"] for step in ran.document["steps"]} <= {"verified", "unchanged"}
    wire = office.wires["test"]
    assert wire.stripe(f"/customers/{customer}")["metadata"]["clerkUserId"] == user
    assert [one["metadata"]["userId"] for one in wire.stripe("/subscriptions", customer=customer)["data"]] == [user]
    assert wire.row(user)["stripe_customer_id"] == customer
    assert office.program.ask("resync", customer, "--apply").code == 0
    assert both_plans(office, staged) == ("pro", "pro")


def test_nobody_is_linked_to_a_user_whom_clerk_does_not_have(office: Office) -> None:
    staged = office.stage("PBF-002")
    office.forget()
    ran = office.program.ask("relink", staged["customer_id"], "user_2nobodyAtAll00000000000", "--apply")
    assert (ran.code, ran.document["steps"]) == (6, [])
    assert "Clerk has no user_2nobodyAtAll" in ran.document["refused"]
    assert office.writes() == []


def test_a_relink_says_whom_it_takes_the_customer_from(office: Office) -> None:
    payer, other = office.stage("PBF-099"), office.stage("PBF-001")
    ran = office.program.ask("relink", payer["customer_id"], other["user_id"])
    assert any(payer["user_id"] in warning for warning in ran.document["warnings"])
    assert any("none of this user's addresses" in warning for warning in ran.document["warnings"])


@pytest.mark.parametrize("words", [("nobody", "user_1"), ("cus_1", "nobody")])
def test_what_is_no_id_is_bad_usage(office: Office, words: tuple[str, str]) -> None:
    assert office.program.ask("relink", *words).code == 2


# A product's plan.


@pytest.mark.parametrize("rule", ["PBF-030", "PBF-031", "PBF-032"])
def test_a_product_is_made_to_say_what_is_evidently_meant(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    wire = office.wires["test"]
    held = wire.stripe("/subscriptions", customer=staged["customer_id"])["data"][0]
    product = held["items"]["data"][0]["price"]["product"]
    ran = office.program.ask("fix", "product", product, "--apply")
    assert (ran.code, ran.document["confirm"]) == (0, product[-4:])
    assert wire.stripe(f"/products/{product}")["metadata"]["plan"] == "pro"
    assert any("1 subscription of this product" in warning for warning in ran.document["warnings"])
    assert office.program.ask("fix", "product", product, "--apply").document["steps"][0]["state"] == "unchanged"
    assert office.program.ask("diagnose", staged["email"]).document["expected_plan"] == "pro"


def test_what_nobody_can_tell_is_asked_and_what_is_no_tier_is_refused(office: Office) -> None:
    made = office.wires["test"].stripe("/products", "POST", name="Widget")
    ran = office.program.ask("fix", "product", made["id"])
    assert (ran.code, "--plan" in ran.document["refused"]) == (6, True)
    assert office.program.ask("fix", "product", made["id"], "--plan", "gold").code == 2
    assert office.program.ask("fix", "product", made["id"], "--plan", "pro", "--apply").code == 0
    assert office.program.ask("fix", "product", "prod_nobody").code == 4


# An endpoint.


def endpoint_of(office: Office) -> Json:
    found: Json = office.wires["test"].stripe("/webhook_endpoints")["data"][0]
    return found


def test_an_endpoint_is_enabled_and_hears_what_is_missing(office: Office) -> None:
    staged = office.stage("PBF-051")
    name = endpoint_of(office)["id"]
    office.wires["test"].stripe(f"/webhook_endpoints/{name}", "POST", **{"enabled_events[0]": "checkout.session.completed"})
    ran = office.program.ask("fix", "endpoint", name, "--enable", "--add-events", "missing", "--apply")
    assert ran.code == 0
    assert len({step["call"] for step in ran.document["steps"]}) == 1
    after = endpoint_of(office)
    assert after["status"] == "enabled"
    assert "customer.subscription.deleted" in after["enabled_events"]
    assert office.program.ask("audit", "--undo", ran.document["plan_id"], "--apply").code == 0
    assert endpoint_of(office)["enabled_events"] == ["checkout.session.completed"]
    assert endpoint_of(office)["status"] == "disabled"
    assert staged["email"]


def test_a_new_address_is_asked_before_anything_is_sent_there(office: Office) -> None:
    held = endpoint_of(office)
    for wrong in (f"{office.sandbox.base}/nothing/here", "http://127.0.0.1:9/webhook", "ftp://elsewhere"):
        office.forget()
        ran = office.program.ask("fix", "endpoint", held["id"], "--url", wrong, "--apply")
        assert (ran.code, ran.document["steps"]) == (6, [])
        assert office.writes() == []
    assert endpoint_of(office)["url"] == held["url"]


def test_an_endpoint_at_a_wrong_address_is_put_right(office: Office) -> None:
    office.stage("PBF-059")
    held = endpoint_of(office)
    right = office.wires["test"].webhook_url
    ran = office.program.ask("fix", "endpoint", held["id"], "--url", right, "--apply")
    assert ran.code == 0
    assert endpoint_of(office)["url"] == right


@pytest.mark.parametrize("options", [(), ("--enable", "--disable")])
def test_what_to_mend_has_to_be_said_once(office: Office, options: tuple[str, ...]) -> None:
    assert office.program.ask("fix", "endpoint", endpoint_of(office)["id"], *options).code == 2


# A given plan.


def test_a_given_plan_holds_until_its_day_and_a_resync_takes_it_back_afterwards(office: Office) -> None:
    staged = office.stage("PBF-001")
    ran = office.program.ask("grant", staged["email"], "pro", "--until", until(30), "--reason", "a long outage", "--apply")
    assert ran.code == 0
    assert both_plans(office, staged) == ("pro", "pro")
    refused = office.program.ask("resync", staged["email"]).document["refused"]
    assert "a long outage" in refused
    ended = {"planOverride": {"plan": "pro", "until": "2026-01-01T00:00:00Z", "reason": "a long outage"}}
    office.sandbox.world.clerk("test").users[staged["user_id"]]["private_metadata"] |= ended
    assert office.program.ask("resync", staged["email"], "--apply").code == 0
    assert both_plans(office, staged) == ("free", "free")
    assert office.wires["test"].clerk(f"/users/{staged['user_id']}")["private_metadata"].get("planOverride") in (None, {})


def test_a_given_plan_is_taken_back_as_it_was(office: Office) -> None:
    staged = office.stage("PBF-001")
    ran = office.program.ask("grant", staged["email"], "pro", "--until", until(3), "--reason", "x", "--apply")
    assert office.program.ask("audit", "--undo", ran.document["plan_id"], "--apply").code == 0
    assert both_plans(office, staged) == ("free", "free")


def test_who_pays_is_given_nothing_less(office: Office) -> None:
    staged = office.stage("PBF-099")
    ran = office.program.ask("grant", staged["email"], "starter", "--until", until(3), "--reason", "x", "--apply")
    assert (ran.code, ran.document["steps"]) == (6, [])


@pytest.mark.parametrize(
    ("tier", "day", "reason"), [("gold", "2099-01-01", "x"), ("pro", "2020-01-01", "x"), ("pro", "soon", "x"), ("pro", "+1", " ")]
)
def test_a_grant_without_a_tier_a_day_to_come_or_a_reason_is_bad_usage(office: Office, tier: str, day: str, reason: str) -> None:
    staged = office.stage("PBF-001")
    day = until(3) if day == "+1" else day
    assert office.program.ask("grant", staged["email"], tier, "--until", day, "--reason", reason).code == 2


# Signing out.


async def test_every_session_of_a_user_ends_and_nobody_elses(office: Office) -> None:
    staged, other = office.stage("PBF-090"), office.stage("PBF-090")
    workspace: Workspace = office.window(office.program.home / "window")
    try:
        plan = await workspace.plan(Wanted(action="sign out", query=staged["user_id"]))
        ends = [held async for held in workspace.apply(plan, "")]
    finally:
        await workspace.close()
    assert {step.state for step in ends[-1].steps} == {"verified"}
    held = office.sandbox.world.clerk("test").sessions.values()
    assert {one["status"] for one in held if one["user_id"] == staged["user_id"]} == {"revoked"}
    assert {one["status"] for one in held if one["user_id"] == other["user_id"]} == {"active"}


# A new endpoint.


def test_an_endpoint_is_made_once_and_its_secret_is_said_nowhere(office: Office) -> None:
    wire = office.wires["test"]
    office.stage("PBF-050")
    before = {one["id"] for one in wire.stripe("/webhook_endpoints")["data"]}
    ran = office.program.ask("fix", "endpoint", "--create", "--apply")
    assert ran.code == 0
    assert {step["state"] for step in ran.document["steps"]} == {"verified"}
    (made,) = [one for one in wire.stripe("/webhook_endpoints")["data"] if one["id"] not in before]
    assert (made["url"], ran.document["steps"][0]["object"]) == (wire.webhook_url, made["id"])
    secret = wire.account.endpoint_secrets[made["id"]]
    kept = [path.read_bytes() for path in office.program.home.rglob("*") if path.is_file()]
    assert not [held for held in (ran.out.encode(), ran.err.encode(), *kept) if secret.encode() in held]
    assert any("signing secret" in warning for warning in ran.document["warnings"])
    assert office.program.ask("fix", "endpoint", "--create").code == 6
    assert office.program.ask("audit", "--undo", ran.document["plan_id"]).code == 6


def test_somebody_at_a_terminal_is_shown_a_new_secret_once(office: Office) -> None:
    wire = office.wires["test"]
    office.stage("PBF-050")
    before = {one["id"] for one in wire.stripe("/webhook_endpoints")["data"]}
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).parent / "billing-tui"), "fix", "endpoint", "--create", "--apply", "--json"]
    env = {"PATH": "/usr/bin:/bin", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **office.program.env}
    env |= {"BILLING_TUI_VAULT_PASSPHRASE_FILE": str(office.program.home / "passphrase")}
    (office.program.home / "passphrase").write_text("correct horse battery", encoding="utf-8")
    (office.program.home / "passphrase").chmod(0o600)
    ended = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, check=False)
    os.write(theirs, b"\n")
    shown = os.read(ours, 1 << 16).decode()
    os.close(theirs)
    os.close(ours)
    assert ended.returncode == 0, shown
    (made,) = [one["id"] for one in wire.stripe("/webhook_endpoints")["data"] if one["id"] not in before]
    secret = wire.account.endpoint_secrets[made]
    assert shown.count(f"shown this once: {secret}") == 1
    assert secret.encode() not in ended.stdout
