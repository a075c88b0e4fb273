"""`doctor`: findings of this machine and of the way to the services, what is mended, and the exit code."""

import socket
import stat
from pathlib import Path

import pytest

from tests.cli.office import Office
from tests.cli.program import Json
from tests.settings import keyrings

IDS = {"versions", "terminal", "locale", "clipboard", "keyring", "vault", "files", "configuration"}
BEYOND = {"stripe", "clock", "clerk", "database"}


def checks(office: Office, home: Path, *arguments: str, **env: str | None) -> tuple[int, dict[str, Json]]:
    places: dict[str, str | None] = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CACHE", "CONFIG")}
    quiet: dict[str, str | None] = {"DBUS_SESSION_BUS_ADDRESS": None, "PYTHON_KEYRING_BACKEND": None, "LC_ALL": "C.UTF-8"}
    ran = office.program.ask("doctor", *arguments, **{**places, **quiet, **env})
    assert ran.document["schema"] == "billing-tui/doctor/1"
    return ran.code, {check["id"]: check for check in ran.document["checks"]}


def test_a_machine_in_order_is_0(office: Office, tmp_path: Path) -> None:
    Path(office.program.env["BILLING_TUI_CONFIG"]).chmod(0o600)
    code, found = checks(office, tmp_path)
    assert set(found) == IDS | BEYOND
    assert {one["id"] for one in found.values() if one["state"] in ("warn", "fail")} == set()
    assert code == 0
    assert office.writes() == []


def test_no_key_is_sent_to_find_out_who_answers(office: Office, tmp_path: Path) -> None:
    office.forget()
    code, found = checks(office, tmp_path, BILLING_TUI_TEST_STRIPE_KEY="sk_test_51RkQwErTyUiOp4f2a")
    assert (code, found["stripe"]["state"], found["clerk"]["state"]) == (0, "pass", "pass")


def test_what_others_may_read_is_mended_and_told_once(office: Office, tmp_path: Path) -> None:
    kept = tmp_path / "cache/billing-tui/cache-acct_1-test.db"
    kept.parent.mkdir(parents=True, mode=0o755)
    kept.touch(0o644)
    readonly, said = checks(office, tmp_path, "--read-only")
    assert (readonly, said["files"]["state"]) == (1, "fail")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o644
    code, found = checks(office, tmp_path)
    assert (code, found["files"]["state"]) == (1, "warn")
    assert "cache" in found["files"]["headline"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (kept.parent, kept)] == [0o700, 0o600]
    assert checks(office, tmp_path)[0] == 0


def test_what_is_no_file_is_let_alone(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as held:
        held.bind("config.toml")
        before = Path("config.toml").stat().st_mode
        _, found = checks(office, tmp_path, "--config", "config.toml")
        assert (found["files"]["state"], found["configuration"]["state"]) == ("pass", "fail")
        assert Path("config.toml").stat().st_mode == before


@pytest.mark.parametrize(
    ("env", "check", "state"),
    [
        ({"LC_ALL": None, "LANG": None, "PYTHON_KEYRING_BACKEND": keyrings.name_of(keyrings.Locked)}, "keyring", "warn"),
        ({"PYTHON_KEYRING_BACKEND": keyrings.name_of(keyrings.PlaintextKeyring)}, "keyring", "warn"),
        ({"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}, "keyring", "unknown"),
        ({"BILLING_TUI_TEST_DATABASE_URL": None}, "database", "warn"),
        ({"BILLING_TUI_TEST_DATABASE_URL": "sqlite:////nowhere/app.db"}, "database", "fail"),
        ({"BILLING_TUI_CONFIG": "/nowhere/config.toml"}, "configuration", "warn"),
    ],
)
def test_a_fault_is_a_finding(office: Office, tmp_path: Path, env: dict[str, str | None], check: str, state: str) -> None:
    code, found = checks(office, tmp_path, **env)
    assert (found[check]["state"], code) == (state, 0 if state == "unknown" else 1)
    assert found[check]["hint"]


@pytest.mark.parametrize("service", ["stripe", "clerk"])
def test_a_service_that_is_out_of_reach_is_a_finding(office: Office, tmp_path: Path, service: str) -> None:
    path = office.program.configured((f'{service}_api_base = "http://127.0.0.1:', f'{service}_api_base = "http://127.0.0.1:1/'))
    code, found = checks(office, tmp_path, "--config", str(path))
    assert (code, found[service]["state"]) == (1, "fail")
    assert (found["clock"]["state"] == "unknown") == (service == "stripe")


def test_a_person_gets_a_line_for_each(office: Office, tmp_path: Path) -> None:
    ran = office.program.run("doctor", XDG_STATE_HOME=str(tmp_path), TMUX="default,1,0")
    names = [line.split()[1] for line in ran.out.splitlines() if line[:1] != " "]
    assert names[:4] == ["versions", "terminal", "locale", "clipboard"]
    assert "set-clipboard on" in ran.out
