"""Secrets hunted for in the windows: in every picture of the set-up and the dashboard, and in what is left on the disk."""

from pathlib import Path

import httpx

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.log import keep_log
from billing_tui.cli.options import Asked
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.settings.paths import log_file
from billing_tui.settings.safes import Safes
from billing_tui.setup.draft import Written
from tests.cli.net import Net
from tests.tui.conftest import victim
from tests.tui.test_first_run import PASSPHRASE, newcomer, no_keys, safes, secret, with_vault  # noqa: F401 - fixtures too
from tests.tui.window import WIDE, Glass, window


class Pictures:
    """What somebody who looks on gets to see, and what a screenshot holds."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self.caught: list[str] = []

    def take(self, screen: Glass, name: str) -> None:
        self.caught += self._net.caught(f"the picture of {name}", screen.text + screen.app.export_screenshot())


async def test_no_picture_and_no_file_holds_one(sandbox: RunningSandbox, safes: Safes, tmp_path: Path) -> None:  # noqa: F811
    keys = {"Stripe key": secret(sandbox, "stripe"), "Clerk key": secret(sandbox, "clerk")}
    url = "postgresql://login:hunted-word@127.0.0.1:1/app"
    net = Net({**keys, "password": "hunted-word", "passphrase": PASSPHRASE})
    pictures = Pictures(net)
    keep_log()
    async with newcomer(sandbox, safes, WIDE) as screen:
        await screen.goes_to_keys()
        for row, value in {**keys, "Database": url}.items():
            await screen.press("g")
            while f"▸ test  {row}" not in screen.text:
                await screen.press("j")
            await screen.press("enter")
            await screen.paste(value)
            pictures.take(screen, f"{row} typed")
            await screen.press("enter")
            await screen.shows("takes it untried" if value == url else "…" + value[-4:])
            pictures.take(screen, f"{row} tried")
        await screen.press("enter")
        await screen.shows("not tried")
        await with_vault(screen)
        await screen.shows("stripe_account")
        pictures.take(screen, "what was found")
        await screen.goes_on("Write it and open the dashboard")
        await screen.press("j", "enter")
        await screen.shows("stripe_account =")
        pictures.take(screen, "the file")
        await screen.press("escape", "k", "enter")
        await screen.until(lambda: screen.app.outcome is not None, "the end")
        written = screen.app.outcome
    assert isinstance(written, Written)
    email = victim(sandbox, "PBF-054")
    async with window(ProfileDesk(written.config, Asked(profile=written.name), written.safes), WIDE) as dashboard:
        await dashboard.look_up(email)
        pictures.take(dashboard, "a ticket")
        for key, says in (("2", "Customers"), ("7", "GL-"), ("8", "Audit"), ("5", "Webhooks")):
            await dashboard.press(key)
            await dashboard.shows(says)
            pictures.take(dashboard, key)
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"{sandbox.base}/_sandbox/outage", json={"service": "clerk", "kind": "html"})
        await dashboard.press("1", "ctrl+r")
        await dashboard.shows("live at")
        pictures.take(dashboard, "an outage")
    assert pictures.caught == []
    assert net.in_files(tmp_path, but=("vault.json",)) == []
    assert log_file().exists()
