"""`profile`: detected by reading, written with evidence and comments kept, listed, shown; nothing written to any service."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.office import Office
from tests.cli.program import Ran
from tests.sandbox.app_client import Wire

ALL = ("customer", "subscription", "product", "plan", "checkout_session", "webhook")


@pytest.fixture(scope="module", autouse=True)
def _people(office: Office) -> None:
    for _ in range(3):
        office.stage("PBF-099")


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator["Desk"]:
    office.forget()
    yield Desk(office, tmp_path)
    assert office.writes() == []


class Desk:
    """Somebody with keys in the environment and no configuration yet."""

    def __init__(self, office: Office, home: Path) -> None:
        self.office = office
        self.path = home / "config" / "config.toml"
        self._home = home

    @property
    def wire(self) -> Wire:
        return self.office.wires["test"]

    def init(self, *arguments: str, **env: str | None) -> Ran:
        ready = self.office.sandbox.ready
        bases = ("--set", f"stripe_api_base={ready['stripe']['base']}", "--set", f"clerk_api_base={ready['clerk']['base']}")
        return self.run("profile", "init", *bases, *arguments, **env)

    def run(self, *arguments: str, **env: str | None) -> Ran:
        places: dict[str, str | None] = {f"XDG_{name}_HOME": str(self._home / name.lower()) for name in ("STATE", "CACHE")}
        places |= {"DBUS_SESSION_BUS_ADDRESS": None, "PYTHON_KEYRING_BACKEND": None, "BILLING_TUI_CONFIG": str(self.path)}
        return self.office.program.run(*arguments, **{**places, **env})

    def written(self) -> dict[str, Any]:
        return tomllib.loads(self.path.read_text(encoding="utf-8"))


def test_the_sandboxs_app_is_found_without_a_correction(desk: Desk) -> None:
    ran = desk.init("--profile", "acme")
    assert (ran.code, ran.err) == (0, "")
    truth = tomllib.loads(Path(desk.office.sandbox.ready["config"]).read_text(encoding="utf-8"))["profiles"]["demo"]
    found = desk.written()["profiles"]["acme"]
    assert found["tiers"] == truth["tiers"]
    assert found["plan_from"] == ["product.metadata.plan"]
    assert found["user_id_from"][:3] == [
        "subscription.metadata.userId",
        "customer.metadata.clerkUserId",
        "session.client_reference_id",
    ]
    assert {key: found["test"][key] for key in truth["test"]} == truth["test"] | {"database": found["test"]["database"]}
    assert truth["test"]["database"].items() <= found["test"]["database"].items()


def test_what_was_found_serves_at_once(desk: Desk) -> None:
    email = desk.office.stage("PBF-070")["email"]
    assert desk.init("--profile", "acme").code == 0
    ran = desk.run("diagnose", email, "--mode", "test", "--json")
    assert (ran.code, ran.primary) == (1, "PBF-070")
    assert desk.run("profile", "list").out.split() == ["acme", "test", "default"]
    shown = desk.run("profile", "show", "--json").document
    assert (shown["profile"], shown["settings"]["database"]["plan_column"]) == ("acme", "plan")
    assert "database.plan_column" in desk.run("profile", "show").out
    assert desk.run("profile", "path").out == f"{desk.path}\n"


def test_everything_is_shown_and_written_with_its_evidence(desk: Desk) -> None:
    ran = desk.init("--profile", "acme", "--mode", "test", "--json")
    document = ran.document
    assert (document["schema"], document["profile"], document["mode"]) == ("billing-tui/detection/1", "acme", "test")
    assert document["account"] == desk.wire.account.number
    assert (document["written"], document["lacks"]) == (True, [])
    assert all(row["evidence"] for row in document["detected"])
    text = desk.path.read_text(encoding="utf-8")
    for row in document["detected"]:
        assert row["evidence"] in text
    assert list(desk.written()["profiles"]["acme"]) == ["user_id_from", "tiers", "plan_from", "test"]


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    ran = desk.init("--dry-run")
    assert ran.code == 0
    assert "tiers" in ran.out
    assert not desk.path.exists()


def test_what_a_person_wrote_stays_with_its_comments(desk: Desk) -> None:
    base = desk.office.sandbox.ready["stripe"]["base"]
    top = '# mine\n[profiles.acme]\ntiers = ["free", "gold"]  # on purpose\n'
    desk.path.parent.mkdir()
    desk.path.write_text(f'{top}\n[profiles.acme.test]\nstripe_api_base = "{base}"\n', encoding="utf-8")
    assert desk.run("profile", "init", "--mode", "test", BILLING_TUI_TEST_CLERK_KEY=None).code == 0
    text = desk.path.read_text(encoding="utf-8")
    assert text.startswith(top)
    assert desk.written()["profiles"]["acme"]["test"]["stripe_account"] == desk.wire.account.number
    again = text
    assert desk.run("profile", "init", "--mode", "test", BILLING_TUI_TEST_CLERK_KEY=None).code == 0
    assert desk.path.read_text(encoding="utf-8") == again


def test_a_value_that_is_said_beats_what_is_found(desk: Desk) -> None:
    arguments = (
        "--set",
        "database.plan_column=subscription_status",
        "--set",
        'tiers=["free", "pro"]',
        "--set",
        "database.status_column=",
    )
    desk.init("--mode", "test", "--set", 'tiers=["free", "pro"]', *arguments)
    found = desk.written()["profiles"]["main"]
    assert (found["tiers"], found["test"]["database"]["plan_column"]) == (["free", "pro"], "subscription_status")


@pytest.mark.parametrize("change", ["tires=3", "tiers=[]", "database.plan_column=", "nonsense", "webhook_url=ftp://x"])
def test_a_value_that_cannot_be_meant_is_2_and_nothing_is_written(desk: Desk, change: str) -> None:
    ran = desk.init("--mode", "test", "--set", change)
    assert ran.code == 2
    assert not desk.path.exists()


def test_a_restricted_key_alone_gets_as_far_as_it_may_and_is_told_the_rest(desk: Desk) -> None:
    key = desk.office.key(*(f"{name}_read" for name in ALL if name != "webhook"))
    nothing = {f"BILLING_TUI_TEST_{slot}": None for slot in ("CLERK_KEY", "DATABASE_URL", "WEBHOOK_SECRET")}
    ran = desk.init("--mode", "test", "--json", BILLING_TUI_TEST_STRIPE_KEY=key, **nothing)
    assert ran.code == 0
    keys = {row["key"] for row in ran.document["detected"]}
    assert {"tiers", "plan_from", "user_id_from", "stripe_account"} <= keys
    assert not any(one.startswith(("database", "clerk", "webhook")) for one in keys)
    lacks = {lack["what"]: lack for lack in ran.document["lacks"]}
    assert {"Clerk", "the database", "Stripe's webhook endpoints"} <= set(lacks)
    assert "Webhook Endpoints: Read" in lacks["Stripe's webhook endpoints"]["error"]["message"]
    assert desk.written()["profiles"]["main"]["tiers"]


def test_without_a_key_it_says_how_to_set_one(desk: Desk) -> None:
    ran = desk.init(BILLING_TUI_TEST_STRIPE_KEY=None, BILLING_TUI_LIVE_STRIPE_KEY=None)
    assert ran.code == 3
    assert "billing-tui keys set stripe_key" in ran.err
    assert not desk.path.exists()


def test_no_secret_gets_into_the_file_or_onto_the_screen(desk: Desk) -> None:
    said = "".join((ran := desk.init(*arguments)).out + ran.err for arguments in ((), ("--json", "--profile", "b")))
    said += desk.path.read_text(encoding="utf-8")
    ready = desk.office.sandbox.ready
    for secret in (ready["stripe"]["test_key"], ready["clerk"]["live_key"], ready["app"]["database_url"]["test"]):
        assert secret not in said
