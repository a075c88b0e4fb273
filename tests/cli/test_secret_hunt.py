"""Every secret of a whole run is hunted for: in what was printed, in files that were written, in the arguments of processes."""

import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from billing_tui.settings.paths import private_dir
from billing_tui.settings.vault import Vault
from billing_tui.settings.vault_box import Cost
from tests.cli.net import Net
from tests.cli.office import Office
from tests.cli.program import Ran
from tests.sandbox.loopback import serving
from tests.settings import keyrings

PASSPHRASE = "correct horse hunted staple"
PASSWORD = "p%40ss-hunted%2Fword"
WRITING = f"postgresql://billing:{PASSWORD}@127.0.0.1:1/app"
KEPT = ("vault.json", "keyring.json", "passphrase")


class Hunted:
    """Somebody's machine whose every key is kept by the tool; everything that it says is taken down."""

    def __init__(self, office: Office, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.office, self.home, self._patch = office, home, patch
        ready = office.sandbox.ready
        self.secrets = {
            f"{mode} {slot}": value
            for mode in ("test", "live")
            for slot, value in (
                ("stripe_key", ready["stripe"][f"{mode}_key"]),
                ("clerk_key", ready["clerk"][f"{mode}_key"]),
                ("webhook_secret", ready["app"]["webhook_secret"][mode]),
                ("database_url", ready["app"]["database_url"][mode]),
                ("database_write_url", WRITING),
            )
        }
        self.hidden = {name: value for name, value in self.secrets.items() if not name.endswith("database_url")}
        self.net = Net({**self.hidden, "passphrase": PASSPHRASE, "password": PASSWORD})
        self.env: dict[str, str | None] = {name: None for name in office.program.env if name.startswith("BILLING_TUI_")}
        self.env |= {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CACHE", "CONFIG", "DATA")}
        self.env |= {"BILLING_TUI_CONFIG": str(home / "config.toml"), "PYTHON_KEYRING_BACKEND": None}
        self.env |= {keyrings.FILE: str(home / "keyring.json"), "DBUS_SESSION_BUS_ADDRESS": None}
        self.said: list[str] = []

    def run(self, *arguments: str, typed: str = "", **env: str | None) -> Ran:
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        ran = self.office.program.run(*arguments, **{**self.env, **env})
        self.said += self.net.caught(" ".join(arguments), ran.out + ran.err)
        return ran

    def with_vault(self) -> None:
        file = self.home / "passphrase"
        file.touch(0o600)
        file.write_text(PASSPHRASE, encoding="utf-8")
        self.env["BILLING_TUI_VAULT_PASSPHRASE_FILE"] = str(file)
        vault = Vault(private_dir(self.home / "state/billing-tui") / "vault.json", Cost(n=2**4, r=1, p=1))
        vault.unlock(PASSPHRASE)
        vault.set("another/test/stripe_key", "sk_test_another")

    def with_keyring(self) -> None:
        self.env["PYTHON_KEYRING_BACKEND"] = keyrings.name_of(keyrings.Filed)

    def keep_keys(self) -> None:
        for name, value in self.secrets.items():
            mode, slot = name.split()
            tried = ("--no-check",) if slot == "database_write_url" else ()
            assert self.run("keys", "set", slot, "--mode", mode, *tried, typed=value).code == 0

    def caught(self) -> list[str]:
        return self.said + self.net.in_files(self.home, but=KEPT)


@pytest.fixture
def hunted(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hunted:
    made = Hunted(office, tmp_path, monkeypatch)
    (tmp_path / "config.toml").write_text(
        Path(office.program.env["BILLING_TUI_CONFIG"]).read_text(encoding="utf-8"), encoding="utf-8"
    )
    return made


def flows(staged: dict[str, Any], until: date) -> Iterator[tuple[str, ...]]:
    """What people do all day."""
    yield from (("keys", "list"), ("keys", "check"), ("keys", "check", "--mode", "live"), ("doctor",), ("sync",))
    yield ("diagnose", staged["email"], "--all")
    yield ("diagnose", staged["email"], "--mode", "live")
    yield from ((word,) for word in ("deliveries", "drift", "golive", "probe"))
    for objects in ("customers", "subscriptions", "tiers", "events"):
        yield ("list", objects)
    yield ("fix", "endpoint", "--create", "--apply")
    yield ("resend", "--undelivered", "--since", "2h", "--via", "direct", "--apply")
    yield ("recover", "--since", "2h", "--apply")
    yield ("resync", staged["email"], "--to", "clerk", "--apply")
    yield ("resync", staged["email"], "--apply")
    yield ("grant", staged["email"], "pro", "--until", until.isoformat(), "--reason", "x", "--apply")
    yield ("profile", "init", "--yes")
    yield from (("profile", "show"), ("audit",))


@pytest.mark.parametrize("place", ["vault", "keyring"])
def test_nothing_that_is_done_in_a_day_gives_one_away(hunted: Hunted, place: str) -> None:
    """The database for writing is out of reach, so that its errors are there too."""
    hunted.with_vault() if place == "vault" else hunted.with_keyring()
    hunted.keep_keys()
    days = list(flows(hunted.office.stage("PBF-050"), datetime.now(UTC).date() + timedelta(days=30)))
    codes = [hunted.run(*arguments, "--json").code for arguments in (days if place == "keyring" else days[:6])]
    assert not {2, 3} & set(codes)
    for arguments in (("keys", "list"), ("doctor",), ("audit",), ("diagnose", days[5][1])):
        hunted.run(*arguments)
    made = hunted.office.wires["test"].account.endpoint_secrets
    hunted.net = Net({**hunted.hidden, **made, "passphrase": PASSPHRASE, "password": PASSWORD})
    assert hunted.caught() == []
    assert hunted.net.in_files(hunted.home) or place == "vault", "the net has holes"


async def echo(request: Request) -> Response:
    """A service that tells in its errors what it was sent, as what stands between sometimes does."""
    said = dict(request.headers.items()) | {"body": (await request.body()).decode()}
    status = int(request.path_params["status"])
    if status == 599:
        return PlainTextResponse(json.dumps(said), 502)
    error = {"message": f"No such key: {said['authorization']}", "type": "invalid_request_error", "code": said["authorization"]}
    return JSONResponse(
        {"error": error, "errors": [{"message": json.dumps(said), "code": "x", "long_message": json.dumps(said)}]}, status
    )


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 599])
def test_a_service_that_repeats_what_it_was_sent_is_not_repeated(hunted: Hunted, status: int) -> None:
    hunted.with_keyring()
    hunted.keep_keys()
    with serving(Starlette(routes=[Route("/{status:int}/{rest:path}", echo, methods=["GET", "POST", "PATCH"])])) as base:
        text = (hunted.home / "config.toml").read_text(encoding="utf-8")
        moved = text.replace(f'stripe_api_base = "{hunted.office.sandbox.base}', f'stripe_api_base = "{base}/{status}')
        assert moved != text
        moved = moved.replace(f'clerk_api_base = "{hunted.office.sandbox.base}', f'clerk_api_base = "{base}/{status}')
        (hunted.home / "config.toml").write_text(moved, encoding="utf-8")
        asked = [("diagnose", "a@b.example"), ("keys", "check"), ("sync",), ("golive",), ("deliveries",), ("doctor",)]
        for arguments in asked[: 1 if status >= 500 else None]:  # those are asked again, after a while
            hunted.run(*arguments)
            hunted.run(*arguments, "--json")
    assert hunted.caught() == []


@pytest.mark.parametrize(
    "broken", ["state/billing-tui/audit.db", "state/billing-tui/budget.db", "cache/billing-tui", "config.toml", "vault.json"]
)
def test_what_fails_inside_gives_nothing_away(hunted: Hunted, broken: str) -> None:
    hunted.with_keyring()
    hunted.keep_keys()
    hunted.run("sync")
    found = [path for path in hunted.home.rglob("*") if str(path).endswith(broken) or path.parent.name == broken]
    for path in [each for each in found if each.is_file()]:
        path.write_bytes(b"\x00garbage" * 999)
    for arguments in (("diagnose", "a@b.example"), ("sync",), ("list", "customers"), ("audit",), ("keys", "list"), ("drift",)):
        hunted.run(*arguments)
    hunted.run("sync", PYTHON_KEYRING_BACKEND=keyrings.name_of(keyrings.Asking))
    assert hunted.caught() == []


def test_nothing_is_in_the_arguments_of_a_process(hunted: Hunted) -> None:
    hunted.with_keyring()
    hunted.keep_keys()
    with hunted.net.over_arguments() as found:
        ran = hunted.office.program.as_process("sync", **hunted.env, PYTHONPATH=str(Path(__file__).parents[2]))
        hunted.said += hunted.net.caught("sync", ran.out + ran.err)
    assert ran.code == 0
    assert found + hunted.caught() == []
