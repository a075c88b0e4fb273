"""`keys`: set from standard input and tried first, listed by hint, checked for permissions, deleted; never shown."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.office import Office
from tests.cli.program import Json, Ran
from tests.cli.shapes import among, faults, matching, maybe, text
from tests.settings import keyrings

SLOTS = ("stripe_key", "clerk_key", "webhook_secret", "database_url")
NOWHERE = {f"BILLING_TUI_{mode}_{slot}".upper(): None for mode in ("test", "live") for slot in SLOTS}
KEY = {
    "mode": among("test", "live"),
    "slot": text,
    "source": among("environment", "command", "keyring", "vault"),
    "hint": maybe(matching(r"[^…]*….*")),
}


class Desk:
    """Somebody's machine with a keyring or without, and no key in the environment."""

    def __init__(self, office: Office, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office = office
        self.home = home
        self._patch = monkeypatch
        self.env: dict[str, str | None] = {
            **NOWHERE,
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CACHE", "CONFIG")},
            "DBUS_SESSION_BUS_ADDRESS": None,
            "PYTHON_KEYRING_BACKEND": keyrings.name_of(keyrings.Filed),
            keyrings.FILE: str(home / "keyring.json"),
        }

    def run(self, *arguments: str, typed: str | None = "", **env: str | None) -> Ran:
        self._patch.setattr(sys, "stdin", io.StringIO(typed or ""))
        return self.office.program.run(*arguments, **{**self.env, **env})

    def without_keyring(self) -> None:
        self.env["PYTHON_KEYRING_BACKEND"] = None

    def passphrase(self, words: str = "correct horse battery") -> str:
        file = self.home / "passphrase"
        file.touch(0o600)
        file.write_text(words, encoding="utf-8")
        return str(file)

    def rows(self, *arguments: str, **env: str | None) -> list[Json]:
        ran = self.run("keys", "list", "--json", *arguments, **env)
        assert ran.code == 0
        assert ran.document["schema"] == "billing-tui/keys/1"
        found: list[Json] = ran.document["keys"]
        return found


@pytest.fixture
def desk(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    office.forget()
    yield Desk(office, tmp_path, monkeypatch)
    assert office.writes() == []


@pytest.fixture
def key(office: Office) -> str:
    return str(office.sandbox.ready["stripe"]["test_key"])


def test_a_key_is_tried_kept_listed_used_and_deleted(desk: Desk, key: str) -> None:
    ran = desk.run("keys", "set", "stripe_key", typed=f"  {key}\n\n")
    assert (ran.code, ran.err) == (0, "")
    assert f"in the keyring: sk_test_…{key[-4:]}" in ran.out
    assert desk.office.wires["test"].account.number in ran.out
    rows = desk.rows()
    assert [faults(row, KEY) for row in rows] == [[]]
    assert rows == [{"mode": "test", "slot": "stripe_key", "source": "keyring", "hint": f"sk_test_…{key[-4:]}"}]
    assert desk.run("keys", "check").code == 0
    assert desk.run("sync").code == 0
    assert "from the keyring" in desk.run("keys", "delete", "stripe_key").out
    assert desk.rows() == []
    assert desk.run("keys", "delete", "stripe_key").code == 4
    assert desk.run("sync").code == 3


def test_each_slot_says_where_its_value_came_from(desk: Desk, key: str) -> None:
    ready = desk.office.sandbox.ready
    for slot, value in (
        ("clerk_key", ready["clerk"]["test_key"]),
        ("webhook_secret", ready["app"]["webhook_secret"]["test"]),
        ("database_url", ready["app"]["database_url"]["test"]),
    ):
        assert desk.run("keys", "set", slot, typed=value).code == 0
    rows = desk.rows("--mode", "test", BILLING_TUI_TEST_STRIPE_KEY=key)
    assert {row["slot"]: row["source"] for row in rows} == {
        "stripe_key": "environment",
        "clerk_key": "keyring",
        "webhook_secret": "keyring",
        "database_url": "keyring",
    }
    shown = desk.run("keys", "list", BILLING_TUI_TEST_STRIPE_KEY=key).out
    assert [line.index("environment") for line in shown.splitlines() if "environment" in line] == [26]


@pytest.mark.parametrize(
    ("slot", "typed", "code", "says"),
    [
        ("stripe_key", "sk_live_51RkQwErTyUiOp4f2a", 6, "live key"),
        ("clerk_key", "sk_live_51RkQwErTyUiOp4f2a", 6, "live key"),
        ("stripe_key", "sk_test_51RkQwErTyUiOp4f2a", 3, "does not accept"),
        ("clerk_key", "sk_test_51RkQwErTyUiOp4f2a", 3, "does not accept"),
        ("stripe_key", "pk_test_51RkQwErTyUiOp4f2a", 3, "publishable"),
        ("stripe_key", "", 2, "No secret"),
        ("database_url", "sqlite:////nowhere/51RkQwErTy.db", 5, "no database file"),
        ("no_such_slot", "sk_test_51RkQwErTyUiOp4f2a", 2, "no_such_slot"),
    ],
)
def test_what_cannot_be_right_is_not_kept(desk: Desk, slot: str, typed: str, code: int, says: str) -> None:
    ran = desk.run("keys", "set", slot, typed=typed)
    assert ran.code == code
    assert says in ran.err
    assert "51RkQwErTyUiOp" not in ran.out + ran.err
    assert desk.rows() == []


def test_a_key_of_another_account_is_6_and_not_kept(desk: Desk, key: str) -> None:
    path = desk.office.program.configured((desk.office.wires["test"].account.number, "acct_1AnotherOne"))
    ran = desk.run("keys", "set", "stripe_key", "--config", str(path), typed=key)
    assert ran.code == 6
    assert "acct_1AnotherOne" in ran.err
    assert desk.rows() == []


def test_unchecked_it_is_kept_and_nobody_is_asked(desk: Desk) -> None:
    assert desk.run("keys", "set", "stripe_key", "--no-check", typed="sk_test_51RkQwErTyUiOp4f2a").code == 0
    assert desk.office.seen() == []
    assert len(desk.rows()) == 1


def test_what_a_restricted_key_lacks_is_named_as_the_dashboard_names_it(desk: Desk) -> None:
    held = ("customer", "subscription", "invoice", "product", "plan", "checkout_session", "event", "payment_intent", "charge")
    restricted = desk.office.key(*(f"{name}_read" for name in held))
    ran = desk.run("keys", "set", "stripe_key", typed=restricted)
    assert ran.code == 0
    assert "Webhook Endpoints: Read" in ran.out
    assert "Customers: Read" not in ran.out
    assert desk.office.wires["test"].account.number in ran.out
    checked = desk.run("keys", "check", "--json")
    assert checked.code == 3
    assert checked.document["keys"][0]["state"] == "lacks_permissions"
    assert "Webhook Endpoints: Read" in checked.document["keys"][0]["missing"]


def test_a_check_tells_what_is_wrong_with_each(desk: Desk, key: str) -> None:
    ran = desk.run(
        "keys",
        "check",
        "--json",
        BILLING_TUI_TEST_STRIPE_KEY=key,
        BILLING_TUI_TEST_CLERK_KEY="sk_test_51RkQwErTyUiOp4f2a",
        BILLING_TUI_TEST_DATABASE_URL="sqlite:////nowhere/app.db",
    )
    assert ran.code == 5
    assert {row["slot"]: row["state"] for row in ran.document["keys"]} == {
        "stripe_key": "ok",
        "clerk_key": "refused",
        "database_url": "refused",
    }


def test_what_comes_first_is_told_when_something_else_is_set(desk: Desk, key: str) -> None:
    ran = desk.run("keys", "set", "stripe_key", typed=key, BILLING_TUI_TEST_STRIPE_KEY=key)
    assert "BILLING_TUI_TEST_STRIPE_KEY comes first" in ran.err


@pytest.mark.parametrize("kind", [keyrings.Locked, keyrings.Asking, keyrings.PlaintextKeyring, None])
def test_without_a_working_keyring_nothing_is_kept_without_a_passphrase(
    desk: Desk, key: str, kind: type[keyrings.Filed] | None
) -> None:
    desk.env["PYTHON_KEYRING_BACKEND"] = keyrings.name_of(kind) if kind else None
    ran = desk.run("keys", "set", "stripe_key", typed=key)
    assert ran.code == 3
    assert "BILLING_TUI_VAULT_PASSPHRASE_FILE" in ran.err
    assert desk.rows() == []
    assert not (desk.home / "state/billing-tui/vault.json").exists()


def test_a_vault_takes_its_place(desk: Desk, key: str) -> None:
    desk.without_keyring()
    named: dict[str, str | None] = {"BILLING_TUI_VAULT_PASSPHRASE_FILE": desk.passphrase()}
    assert "in the vault" in desk.run("keys", "set", "stripe_key", typed=key, **named).out
    assert desk.rows() == [
        {
            "mode": "test",
            "slot": "stripe_key",
            "source": "vault",
            "hint": None,
            "problem": "The vault that keeps this profile's keys is locked.",
        }
    ]
    assert desk.run("sync").code == 3
    assert f"vault  sk_test_…{key[-4:]}" in desk.run("keys", "list", **named).out
    wrong: dict[str, str | None] = {"BILLING_TUI_VAULT_PASSPHRASE_FILE": desk.passphrase("incorrect horse")}
    assert desk.run("sync", **wrong).code == 3
    assert desk.run("sync", BILLING_TUI_TEST_STRIPE_KEY=key).code == 0


def test_a_profile_that_is_not_written_yet_can_have_keys(desk: Desk) -> None:
    missing = str(desk.home / "none.toml")
    typed = "sk_live_51RkQwErTyUiOp4f2a"
    arguments = ("keys", "set", "stripe_key", "--no-check", "--config", missing)
    assert desk.run(*arguments, typed=typed).code == 2
    assert desk.run(*arguments, "--profile", "a/b", typed=typed).code == 2
    assert desk.run(*arguments, "--profile", "new", "--mode", "live", typed=typed).code == 0
    assert desk.run("keys", "list", "--config", missing, "--profile", "new", "--json").document["keys"][0]["mode"] == "live"


def test_no_secret_is_anywhere_but_where_it_belongs(desk: Desk, key: str) -> None:
    ready = desk.office.sandbox.ready
    secrets = {"stripe_key": key, "clerk_key": ready["clerk"]["test_key"]}
    said = ""
    for slot, value in secrets.items():
        said += "".join((ran := desk.run("keys", "set", slot, typed=value)).out + ran.err)
    for arguments in (("keys", "list", "--json"), ("keys", "check"), ("sync",), ("keys", "delete", "clerk_key"), ("doctor",)):
        ran = desk.run(*arguments)
        said += ran.out + ran.err
    kept = [path for path in desk.home.rglob("*") if path.is_file() and path.name != "keyring.json"]
    assert any(path.suffix == ".log" for path in kept)
    for value in secrets.values():
        assert value not in said
        assert [path for path in kept if value.encode() in path.read_bytes()] == []
        assert value not in " ".join(os.environ.values())
