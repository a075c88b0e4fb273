"""A vault that the dashboard finds locked: asked for in the window, tried, and left without harm."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.options import Asked
from billing_tui.model.profile import Mode
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.settings.config import load_config
from billing_tui.settings.paths import private_file
from billing_tui.settings.safes import vault_path
from billing_tui.settings.vault import UNLOCKED_BY, Vault
from billing_tui.settings.vault_box import Cost
from billing_tui.tui.app import Dashboard
from tests.tui.window import Window

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BILLING_TUI_CONFIG", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND", UNLOCKED_BY):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def vault(sandbox: RunningSandbox) -> Vault:
    """One that holds the keys for test mode."""
    made = Vault(vault_path(), Cost(n=2**4, r=1, p=1))
    made.unlock(PASSPHRASE)
    made.set("demo/test/stripe_key", sandbox.ready["stripe"]["test_key"])
    made.set("demo/test/clerk_key", sandbox.ready["clerk"]["test_key"])
    made.lock()
    return made


def desk(sandbox: RunningSandbox, mode: Mode = "test") -> ProfileDesk:
    return ProfileDesk(load_config(Path(sandbox.ready["config"])), Asked(profile="demo", mode=mode))


@asynccontextmanager
async def before(opened: ProfileDesk) -> AsyncIterator[Window]:
    """The window, whatever it shows first."""
    app = Dashboard(opened)
    async with app.run_test(size=(80, 24)) as pilot:
        yield Window(app, pilot)


async def test_a_wrong_passphrase_is_said_so_and_the_right_one_opens(sandbox: RunningSandbox, vault: Vault) -> None:
    async with before(desk(sandbox)) as screen:
        await screen.shows("TEST · vault", "The keys of the profile demo are in a vault")
        await screen.paste("incorrect horse")
        assert "incorrect" not in screen.text
        await screen.press("enter")
        await screen.shows("✗ ", "passphrase")
        await screen.paste(PASSPHRASE)
        await screen.press("enter")
        await screen.shows("Paste an e-mail", "Plainsong")
        assert screen.app.refusal is None


async def test_esc_leaves_with_what_the_command_line_says(sandbox: RunningSandbox, vault: Vault) -> None:
    async with before(desk(sandbox)) as screen:
        await screen.shows("TEST · vault")
        await screen.press("escape")
        await screen.until(lambda: not screen.app.is_running, "the end")
    refusal = screen.app.refusal
    assert refusal is not None
    assert (refusal.code, refusal.exit_code, screen.app.return_value) == ("vault_locked", 3, 3)
    with pytest.raises(type(refusal), match="is locked") as told:
        vault.get("demo/test/stripe_key")
    assert (told.value.message, told.value.hint) == (refusal.message, refusal.hint)


async def test_a_switch_of_mode_asks_when_it_must(sandbox: RunningSandbox, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_TUI_LIVE_STRIPE_KEY", sandbox.ready["stripe"]["live_key"])
    async with before(desk(sandbox, "live")) as screen:
        await screen.shows("Paste an e-mail", " LIVE ")
        await screen.press("escape", "m")
        await screen.shows("TEST · vault")
        await screen.press("escape")
        await screen.shows("The vault that keeps this profile's keys is locked", " LIVE ")
        await screen.press("m")
        await screen.shows("TEST · vault")
        await screen.paste(PASSPHRASE)
        await screen.press("enter")
        await screen.shows(" TEST ", "Plainsong")


async def test_a_passphrase_in_a_file_asks_nobody(
    sandbox: RunningSandbox, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = private_file(tmp_path / "passphrase")
    file.write_text(PASSPHRASE, encoding="utf-8")
    monkeypatch.setenv(UNLOCKED_BY, str(file))
    async with before(desk(sandbox)) as screen:
        await screen.shows("Paste an e-mail", "Plainsong")
