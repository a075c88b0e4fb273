"""Where secrets are found, which are refused, and that none of them ever shows."""

import logging
import os
import pickle
import select
import sys
from pathlib import Path

import pytest

from billing_tui.model.problem import KeyRefused, Problem, Refused
from billing_tui.settings.config import Config
from billing_tui.settings.key_command import output_of
from billing_tui.settings.secrets import Secret, environment_name, find_secret, guard_secret
from tests.settings.conftest import Written

LIVE = "sk_live_51RkQwErTyUiOp4f2a"
TEST = "sk_test_51RkQwErTyUiOp9b1c"


def config_with(written: Written, program: str, *, slot: str = "stripe_key", extra: str = "") -> Config:
    """A profile whose live secret is printed by a line of Python."""
    command = ", ".join(f"'''{word}'''" for word in (sys.executable, "-c", program))
    return written(f"[profiles.acme.live]\n{extra}\nsecrets.{slot} = {{ command = [{command}] }}")


def test_the_environment_comes_first(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_with(written, f"print('{LIVE[:-1]}z')")
    monkeypatch.setenv("BILLING_TUI_LIVE_STRIPE_KEY", f" {LIVE}\n")
    found = find_secret(config, "acme", "live", "stripe_key")
    assert found is not None
    assert (found.reveal(), found.source, found.slot) == (LIVE, "environment", "stripe_key")


@pytest.mark.parametrize("blank", [None, "", " \n"])
def test_the_command_comes_next(written: Written, monkeypatch: pytest.MonkeyPatch, blank: str | None) -> None:
    if blank is not None:
        monkeypatch.setenv(environment_name("live", "stripe_key"), blank)
    found = find_secret(config_with(written, f"print('{LIVE}')"), "acme", "live", "stripe_key")
    assert found is not None
    assert (found.reveal(), found.source) == (LIVE, "command")


def test_nowhere_is_none(written: Written) -> None:
    assert find_secret(written("[profiles.acme]"), "acme", "live", "stripe_key") is None
    assert find_secret(config_with(written, "print()"), "acme", "live", "stripe_key") is None


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import sys; print('sk_live_leaked'); print('leaked', file=sys.stderr); sys.exit(3)", "failed with exit code 3"),
        ("import sys; sys.stdout.buffer.write(b'leaked\\xff')", "printed what is not text"),
    ],
)
def test_a_failing_command_is_named_without_what_it_said(
    written: Written, capfd: pytest.CaptureFixture[str], program: str, says: str
) -> None:
    with pytest.raises(KeyRefused, match=says) as caught:
        find_secret(config_with(written, program), "acme", "live", "stripe_key")
    said = caught.value.message + caught.value.hint + "".join(capfd.readouterr())
    assert Path(sys.executable).name in said
    assert "leaked" not in said


def test_a_missing_command_is_named() -> None:
    with pytest.raises(KeyRefused, match="“no-such-program” for clerk_key cannot be run"):
        output_of(("/nowhere/no-such-program", "op://secret"), "clerk_key")


def test_a_command_that_never_ends_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "held by what was started"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(KeyRefused, match=r"did not end within 0\.5 s"):
            output_of(("sh", "-c", 'sleep 60 > "$0"; true', str(pipe)), "stripe_key", 0.5)
        ended, _, _ = select.select([reading], [], [], 10)
        assert ended
        assert os.read(reading, 1) == b""
    finally:
        os.close(reading)


def test_no_shell_is_between(written: Written) -> None:
    assert output_of(("echo", "$HOME; echo two"), "webhook_secret") == "$HOME; echo two"


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format, "{:>30}".format, lambda it: f"{[it]}"])
def test_a_secret_shows_its_hint_alone(shown: object) -> None:
    assert callable(shown)
    text = shown(Secret(LIVE, "stripe_key", "environment"))
    assert "sk_live_…4f2a" in text
    assert "51Rk" not in text


def test_a_secret_is_not_logged_nor_written(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(LIVE, "stripe_key", "environment")
    logging.getLogger("any").warning("with %s and %r", secret, {"key": secret})
    assert "51Rk" not in caplog.text
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    ("value", "slot", "hint"),
    [
        ("whsec_abcdefghijklmnop", "webhook_secret", "whsec_…mnop"),
        ("sk_live_short", "stripe_key", "sk_live_…"),
        ("hunter2hunter2", "stripe_key", "…ter2"),
        ("rkcs_test_abcdefghijklmnop", "stripe_key", "rkcs_test_…mnop"),
        ("postgresql://app:hunter2@pg-1:5432/acme?sslkey=hunter2", "database_url", "postgresql://…@pg-1/acme"),
        ("sqlite:////home/me/app.db?key=hunter2", "database_url", "sqlite:…/app.db"),
        ("postgresql://app:hun[ter2@pg-1/acme", "database_write_url", "postgresql:…"),
    ],
)
def test_hints(value: str, slot: str, hint: str) -> None:
    assert str(Secret(value, slot, "environment")) == hint


@pytest.mark.parametrize(
    ("value", "slot", "mode"),
    [
        (LIVE, "stripe_key", "live"),
        (TEST, "stripe_key", "test"),
        ("rk_live_51RkQwErTyUiOp4f2a", "stripe_key", "live"),
        ("rkcs_test_51RkQwErTyUiOp", "stripe_key", "test"),
        (TEST, "clerk_key", "test"),
        ("whsec_abc", "webhook_secret", "live"),
        ("sqlite:////home/Ä B/app.db", "database_url", "test"),
        ("file:./dev.db", "database_url", "test"),
    ],
)
def test_what_fits_passes(value: str, slot: str, mode: str) -> None:
    guard_secret(value, slot, mode)


@pytest.mark.parametrize(
    ("value", "slot", "mode"),
    [
        (LIVE, "stripe_key", "test"),
        (TEST, "stripe_key", "live"),
        ("rkcs_test_51RkQwErTyUiOp", "stripe_key", "live"),
        (LIVE, "clerk_key", "test"),
    ],
)
def test_a_key_of_the_other_mode_is_refused(value: str, slot: str, mode: str) -> None:
    with pytest.raises(Refused) as caught:
        guard_secret(value, slot, mode)
    assert (caught.value.code, caught.value.exit_code) == ("mode_mismatch", 6)
    assert "51Rk" not in caught.value.message + caught.value.hint


def test_only_clerk_may_be_mixed_and_only_when_the_profile_says_so(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = written("[profiles.acme]")
    mixed = written("[profiles.acme.test]\nallow_mode_mix = true")
    monkeypatch.setenv("BILLING_TUI_TEST_CLERK_KEY", LIVE)
    monkeypatch.setenv("BILLING_TUI_TEST_STRIPE_KEY", LIVE)
    assert find_secret(mixed, "acme", "test", "clerk_key") is not None
    for config, slot in ((strict, "clerk_key"), (mixed, "stripe_key")):
        with pytest.raises(Refused):
            find_secret(config, "acme", "test", slot)


@pytest.mark.parametrize(
    ("value", "slot", "code"),
    [
        ("pk_live_51RkQwErTyUiOp4f2a", "stripe_key", "publishable_key"),
        ("pk_live_51RkQwErTyUiOp4f2a", "clerk_key", "publishable_key"),
        ("sk_org_live_51RkQwErTyUiOp4f2a", "stripe_key", "organization_key"),
        ("rk_live_51RkQwErTyUiOp4f2a", "clerk_key", "not_a_key"),
        ("whsec_51RkQwErTyUiOp4f2a", "stripe_key", "not_a_key"),
        ("51RkQwErTyUiOp4f2a", "stripe_key", "not_a_key"),
        ("sk_live_51Rk QwErTyUiOp", "stripe_key", "not_a_key"),
        ("sk_live_51Rkß", "stripe_key", "not_a_key"),
        ("sk_live_51Rk\x1b[2J", "stripe_key", "not_a_key"),
        ("sk_live_", "stripe_key", "not_a_key"),
        ("51RkQwErTyUiOp4f2a", "webhook_secret", "not_a_key"),
        ("51RkQwErTyUiOp4f2a", "database_url", "not_a_url"),
        ("postgres://51Rk\n@h", "database_url", "not_a_url"),
    ],
)
def test_what_is_no_such_key_is_refused_and_not_repeated(value: str, slot: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        guard_secret(value, slot, "live")
    assert isinstance(caught.value, KeyRefused)
    assert caught.value.code == code
    assert "51Rk" not in caught.value.message + caught.value.hint
    assert caught.value.hint
