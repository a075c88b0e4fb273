"""The first run: what is offered, what is tried, what is found, and that nothing is written before somebody says so."""

import stat
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.options import Asked
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.sandbox.stripe.account import ApiKey
from billing_tui.settings.config_edit import Entry
from billing_tui.settings.keyring_store import KeyringStore
from billing_tui.settings.paths import config_file
from billing_tui.settings.safes import Safes, vault_path
from billing_tui.settings.vault import Vault
from billing_tui.settings.vault_box import Cost
from billing_tui.setup.draft import Draft, Written
from billing_tui.tui.setup.app import FirstRun
from tests.cache.till import requests
from tests.settings import keyrings
from tests.tui.window import NARROW, WIDE, Glass, window

PASSPHRASE = "correct horse"


class Newcomer(Glass):
    """Somebody who has no profile yet, before the window of the first run."""

    app: FirstRun

    async def sets_up(self) -> None:
        await self.press("enter")
        await self.shows("What is it called?")

    async def goes_to_keys(self, mode: str = "test") -> None:
        """Through the first two screens."""
        await self.sets_up()
        await self.press("enter", *["j"] * ["test", "live", "both"].index(mode), "enter")
        await self.shows("Stripe key", "Go on: needs a key for Stripe")

    async def gives(self, row: str, secret: str) -> None:
        """Goes to a row and pastes what belongs there."""
        await self.press("g")
        while f"▸ {row}" not in self.text:
            await self.press("j")
        await self.press("enter")
        await self.shows("try it")
        await self.paste(secret)
        await self.press("enter")

    async def goes_on(self, *shows: str) -> None:
        await self.press("G", "enter")
        await self.shows(*shows)


@asynccontextmanager
async def newcomer(sandbox: RunningSandbox, safes: Safes, size: tuple[int, int] = NARROW) -> AsyncIterator[Newcomer]:
    wanted = (Entry("stripe_api_base", sandbox.ready["stripe"]["base"]), Entry("clerk_api_base", sandbox.ready["clerk"]["base"]))
    app = FirstRun(Draft(config_file(), safes, "", wanted))
    async with app.run_test(size=size) as pilot:
        opened = Newcomer(app, pilot)
        await opened.shows("There is no profile yet", "Set up a profile", "Try the demo")
        yield opened


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BILLING_TUI_CONFIG", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def safes() -> Safes:
    """A machine without a keyring, and a vault that is quickly opened."""
    return Safes(KeyringStore(0.2), Vault(vault_path(), Cost(n=2**4, r=1, p=1)))


def secret(sandbox: RunningSandbox, slot: str, mode: str = "test") -> str:
    ready = sandbox.ready
    held = {
        "stripe": ready["stripe"][f"{mode}_key"],
        "clerk": ready["clerk"][f"{mode}_key"],
        "database": ready["app"]["database_url"][mode],
    }
    return str(held[slot])


def restricted(sandbox: RunningSandbox, *resources: str) -> str:
    """A key that may only read some things."""
    key = f"rk_test_51{'r' * 30}"
    sandbox.world.stripe("test").keys[key] = ApiKey(key, frozenset(f"{name}_read" for name in resources))
    return key


def toml(path: Path) -> dict[str, Any]:
    """The profiles of a file."""
    held: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["profiles"]
    return held


def private(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) == 0o600


async def with_vault(screen: Newcomer) -> None:
    """Goes on from the keys, through the passphrase of a new vault."""
    await screen.goes_on("Once more")
    await screen.paste(PASSPHRASE)
    await screen.press("enter")
    await screen.paste(PASSPHRASE)
    await screen.press("enter")


async def test_from_nothing_to_the_dashboard(sandbox: RunningSandbox, safes: Safes) -> None:
    async with newcomer(sandbox, safes) as screen:
        await screen.goes_to_keys()
        await screen.gives("test  Stripe key", secret(sandbox, "stripe"))
        await screen.shows(f"✓ sk_test_…{secret(sandbox, 'stripe')[-4:]}", "Plainsong (acct_")
        await screen.gives("test  Clerk key", secret(sandbox, "clerk"))
        await screen.shows("Clerk's development")
        await screen.gives("test  Database", secret(sandbox, "database"))
        await screen.shows("2 tables")
        await with_vault(screen)
        await screen.shows("stripe_account", "the key belongs to Plainsong")
        assert not config_file().exists()
        await screen.goes_on("Write it and open the dashboard", "into the vault")
        assert not config_file().exists()
        assert not vault_path().exists()
        await screen.press("enter")
        await screen.until(lambda: screen.app.outcome is not None, "the end")
        done = screen.app.outcome
    assert isinstance(done, Written)
    truth, found = toml(Path(sandbox.ready["config"]))["demo"], toml(config_file())["main"]
    assert private(config_file())
    assert found["tiers"] == truth["tiers"]
    assert truth["test"]["database"].items() <= found["test"]["database"].items()
    assert not [one for one in requests(sandbox) if one["method"] != "GET" and one["service"] in ("stripe", "clerk")]
    async with window(ProfileDesk(done.config, Asked(profile=done.name, mode=done.mode), done.safes)) as dashboard:
        await dashboard.shows("TEST", "Plainsong")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_restricted_key_alone_goes_as_far_as_it_may(sandbox: RunningSandbox, safes: Safes, size: tuple[int, int]) -> None:
    key = restricted(sandbox, "customer", "subscription", "product", "plan", "checkout_session")
    async with newcomer(sandbox, safes, size) as screen:
        await screen.goes_to_keys()
        await screen.gives("test  Stripe key", key)
        await screen.shows(f"! rk_test_…{key[-4:]}", "permissions missing")
        await screen.press("g")
        await screen.shows("Webhook Endpoints: Read", "Invoices: Read")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        await screen.press("G", "k", "enter", "m")
        await screen.shows("Memory")
        await screen.goes_on("stripe_account")
        await screen.press("G")
        await screen.shows("– Clerk: With Clerk's secret key", "– The database: With database_url", "Webhook Endpoints: Read")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        await screen.goes_on("Write it")
        await screen.press("enter")
        await screen.until(lambda: screen.app.outcome is not None, "the end")
    profile = toml(config_file())["main"]
    assert {"tiers", "plan_from", "user_id_from"} <= set(profile)
    assert "database" not in profile["test"]
    held = safes.find("main", "test", "stripe_key")
    assert held is not None
    assert held.source == "memory"
    assert not vault_path().exists()


async def test_a_key_that_cannot_be_right_is_said_so_and_not_taken(sandbox: RunningSandbox, safes: Safes) -> None:
    live = secret(sandbox, "stripe", "live")
    async with newcomer(sandbox, safes) as screen:
        await screen.goes_to_keys()
        for wrong, says in ((live, "is a live key"), ("sk_test_51RkQwErTyUiOp", "does not accept"), ("pk_test_1", "publishable")):
            await screen.gives("test  Stripe key", wrong)
            await screen.shows(says)
            assert wrong not in screen.text
            await screen.press("escape")
            await screen.shows("– not given", "needs a key for Stripe")
        await screen.goes_on("a restricted one that may only read")


async def test_esc_goes_back_a_step_and_nothing_is_lost(sandbox: RunningSandbox, safes: Safes) -> None:
    async with newcomer(sandbox, safes) as screen:
        await screen.sets_up()
        await screen.press(*["backspace"] * 4)
        await screen.type("acme")
        await screen.press("enter", "enter")
        await screen.gives("test  Stripe key", secret(sandbox, "stripe"))
        await screen.shows("Plainsong (acct_")
        await screen.press("G", "k", "enter", "m")
        await screen.shows("Memory")
        await screen.goes_on("stripe_account")
        await screen.press("g", "j", "j", "x")
        await screen.shows("stripe_account  left out")
        for says in ("Go on: find out", "What is it called?", "There is no profile yet"):
            await screen.press("escape")
            await screen.shows(says)
        asked = len(requests(sandbox))
        await screen.press("enter")
        await screen.shows("acme")
        await screen.press("enter")
        await screen.shows("Plainsong (acct_", "Memory")
        await screen.goes_on("stripe_account  left out")
        assert len(requests(sandbox)) == asked
        await screen.press("escape", "escape", "escape", "escape")
        await screen.until(lambda: not screen.app.is_running, "the end")
    assert screen.app.outcome is None
    assert not config_file().exists()


async def test_every_line_can_be_changed_left_out_and_brought_back(sandbox: RunningSandbox, safes: Safes) -> None:
    async with newcomer(sandbox, safes, WIDE) as screen:
        await screen.goes_to_keys()
        await screen.gives("test  Stripe key", secret(sandbox, "stripe"))
        await screen.shows("Plainsong (acct_")
        await screen.press("G", "k", "enter", "m")
        await screen.goes_on("tiers")
        await screen.press("g")
        while "tiers" not in next(line for line in screen.lines if "▸" in line):
            await screen.press("j")
        await screen.press("enter")
        await screen.shows("Words with commas")
        await screen.press("ctrl+u")
        await screen.paste("free, free")
        await screen.press("enter")
        await screen.shows("This cannot be written yet")
        await screen.goes_on("✗")
        await screen.press("g")
        while "tiers" not in next(line for line in screen.lines if "▸" in line):
            await screen.press("j")
        await screen.press("enter")
        await screen.shows("Words with commas")
        await screen.press("ctrl+u")
        await screen.paste("free, gold")
        await screen.press("enter")
        await screen.hides("This cannot be written yet")
        await screen.press("j", "x")
        await screen.shows("plan_from  left out")
        await screen.press("enter", "enter")
        await screen.hides("left out")
        await screen.goes_on("Look at the file first")
        await screen.press("j", "enter")
        await screen.shows('tiers = ["free", "gold"]', "plan_from = ")
    assert not config_file().exists()


async def test_a_keyring_that_hangs_is_a_reason_and_not_a_wait(
    sandbox: RunningSandbox, safes: Safes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", keyrings.name_of(keyrings.Hanging))
    monkeypatch.setenv(keyrings.FILE, str(tmp_path / "keyring.json"))
    async with newcomer(sandbox, safes) as screen:
        await screen.goes_to_keys()
        await screen.shows("Vault  an encrypted file")
        await screen.press("G", "k", "enter")
        await screen.shows("did not answer within")
        await screen.press("v")
        await screen.shows("Vault  an encrypted file")


async def test_a_keyring_that_works_takes_them(
    sandbox: RunningSandbox, safes: Safes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", keyrings.name_of(keyrings.Filed))
    monkeypatch.setenv(keyrings.FILE, str(tmp_path / "keyring.json"))
    monkeypatch.setenv("BILLING_TUI_LIVE_CLERK_KEY", secret(sandbox, "clerk", "live"))
    async with newcomer(sandbox, safes) as screen:
        await screen.goes_to_keys("both")
        await screen.shows("Keyring", "✓ sk_live_…", "Clerk's production")
        await screen.gives("live  Stripe key", secret(sandbox, "stripe", "live"))
        await screen.shows(f"✓ sk_live_…{secret(sandbox, 'stripe', 'live')[-4:]}")
        await screen.goes_on("live mode", "stripe_account")
        await screen.goes_on("Write it", "into the keyring", "stays in the environment")
        assert not (tmp_path / "keyring.json").exists()
        await screen.press("enter")
        await screen.until(lambda: screen.app.outcome is not None, "the end")
    assert secret(sandbox, "stripe", "live") in (tmp_path / "keyring.json").read_text(encoding="utf-8")
    text = config_file().read_text(encoding="utf-8")
    assert toml(config_file())["main"]["default_mode"] == "live"
    assert secret(sandbox, "stripe", "live") not in text


async def test_keys_that_are_in_a_locked_vault_are_taken_from_there(sandbox: RunningSandbox, safes: Safes) -> None:
    safes.unlock(PASSPHRASE)
    safes.keep("main", "test", "stripe_key", secret(sandbox, "stripe"), "vault")
    safes.vault.lock()
    async with newcomer(sandbox, safes) as screen:
        await screen.sets_up()
        await screen.press("enter", "enter")
        await screen.shows("The vault of this machine is locked")
        await screen.press("escape")
        await screen.shows("✗ not usable", "needs a key for Stripe")
        await screen.press("escape")
        await screen.shows("What is it called?")
        await screen.press("j", "enter")
        await screen.shows("live  Stripe key")
        await screen.press("escape", "k", "enter")
        await screen.shows("The vault of this machine is locked")
        await screen.paste(PASSPHRASE)
        await screen.press("enter")
        await screen.shows("Plainsong (acct_", "It comes from the vault")
        await screen.goes_on("stripe_account")


async def test_what_cannot_be_tried_is_taken_untried_by_a_second_enter(sandbox: RunningSandbox, safes: Safes) -> None:
    async with newcomer(sandbox, safes) as screen:
        await screen.goes_to_keys()
        await screen.gives("test  Stripe key", secret(sandbox, "stripe"))
        await screen.shows("Plainsong (acct_")
        await screen.gives("test  Database", "postgresql://login:hidden-word@127.0.0.1:1/app")
        await screen.shows("takes it untried")
        assert "hidden-word" not in screen.text
        await screen.press("enter")
        await screen.shows("? postgresql://…@127.0.", "not tried")
        await screen.press("G", "k", "enter", "m")
        await screen.goes_on("stripe_account")
        await screen.press("G")
        await screen.shows("– The database: ")


async def test_a_keyring_that_keeps_nothing_is_found_out_before_the_file_is_written(
    sandbox: RunningSandbox, safes: Safes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", keyrings.name_of(keyrings.Forgetful))
    monkeypatch.setenv(keyrings.FILE, str(tmp_path / "keyring.json"))
    async with newcomer(sandbox, safes) as screen:
        await screen.goes_to_keys()
        await screen.gives("test  Stripe key", secret(sandbox, "stripe"))
        await screen.shows("Plainsong (acct_", "Keyring")
        await screen.goes_on("stripe_account")
        await screen.goes_on("Write it")
        await screen.press("enter")
        await screen.shows("did not keep it")
        assert not config_file().exists()
        await screen.press("escape", "escape")
        await screen.shows("Keyring")
        await screen.press("G", "k", "enter", "m")
        await screen.goes_on("Go on: see what")
        await screen.goes_on("Write it")
        await screen.press("enter")
        await screen.until(lambda: screen.app.outcome is not None, "the end")
    assert config_file().exists()


async def test_what_the_environment_has_is_told_to_come_first(
    sandbox: RunningSandbox, safes: Safes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLING_TUI_TEST_STRIPE_KEY", secret(sandbox, "stripe"))
    monkeypatch.setenv("BILLING_TUI_TEST_CLERK_KEY", secret(sandbox, "clerk", "live"))
    async with newcomer(sandbox, safes, WIDE) as screen:
        await screen.sets_up()
        await screen.press("enter", "enter")
        await screen.shows("Plainsong (acct_", "It comes from the environment", "✗ not usable", "is a live key")
        await screen.gives("test  Stripe key", secret(sandbox, "stripe"))
        await screen.press("g")
        await screen.shows("BILLING_TUI_TEST_STRIPE_KEY is set too")


@pytest.mark.parametrize(("keys", "outcome"), [(("j", "enter"), "demo"), (("j", "j", "enter"), None), (("escape",), None)])
async def test_the_demo_or_nothing(sandbox: RunningSandbox, safes: Safes, keys: tuple[str, ...], outcome: str | None) -> None:
    async with newcomer(sandbox, safes) as screen:
        await screen.press(*keys)
        await screen.until(lambda: not screen.app.is_running, "the end")
    assert screen.app.outcome == outcome
    assert not config_file().exists()
