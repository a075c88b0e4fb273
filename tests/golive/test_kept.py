"""What go-live writes down and hands on: the report, the names of the host's secrets, what the app is to be given."""

import json
import os
from pathlib import Path

import pytest

from billing_tui.golive.names import kinds_of, names_in
from tests.cli.office import Office
from tests.cli.program import Json

WRANGLER = '⛅️ wrangler 4.1\n[\n  {"name": "STRIPE_WEBHOOK_SECRET", "type": "secret_text"},\n  {"name": "STRIPE_API_KEY"}\n]'
VERCEL = """Vercel CLI 44
> Environment Variables found for acme/app [312ms]

 name                       value               environments        created
 STRIPE_SECRET_KEY          Encrypted           Production          3d ago
 STRIPE_WEBHOOK_SECRET      Encrypted           Production          3d ago
 CLERK_SECRET_KEY           Encrypted           Production          3d ago
 NEXT_PUBLIC_STRIPE_KEY     Encrypted           Production          3d ago
 PRO_YEARLY_PRICE_ID        Encrypted           Production          3d ago
"""
FLY = """NAME                  │ DIGEST           │ CREATED AT
STRIPE_WEBHOOK_SECRET │ 1f7c3f4f7c3f4f7c │ 3m ago
* CLERK_SECRET_KEY\tabc\t3m ago
"""
FILE = "# what it needs\nexport STRIPE_SECRET_KEY=sk_live_nobody\nSTRIPE_PRICE_PRO='x'\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (WRANGLER, ("STRIPE_WEBHOOK_SECRET", "STRIPE_API_KEY")),
        ('{"envs": [{"key": "CLERK_SECRET_KEY", "value": "hidden"}]}', ("CLERK_SECRET_KEY",)),
        (
            VERCEL,
            ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "CLERK_SECRET_KEY", "NEXT_PUBLIC_STRIPE_KEY", "PRO_YEARLY_PRICE_ID"),
        ),
        (FLY, ("STRIPE_WEBHOOK_SECRET", "CLERK_SECRET_KEY")),
        (FILE, ("STRIPE_SECRET_KEY", "STRIPE_PRICE_PRO")),
        ("\x1b[1mSTRIPE_SECRET_KEY\x1b[0m  set", ("STRIPE_SECRET_KEY",)),
        ("nothing here but prose, and NO NAME.", ()),
        ("[1, 2", ()),
        ("[[]]", ()),
    ],
)
def test_names_are_read_from_whatever_a_host_prints(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


def test_a_publishable_key_is_no_secret_key() -> None:
    assert kinds_of(names_in(VERCEL)) == {
        "stripe_key": ("STRIPE_SECRET_KEY",),
        "webhook_secret": ("STRIPE_WEBHOOK_SECRET",),
        "clerk_key": ("CLERK_SECRET_KEY",),
    }


def state(office: Office, *more: str) -> str:
    checks = office.program.ask("golive", *more).document["checks"]
    return next(str(held["state"]) for held in checks if held["id"] == "GL-23")


def test_what_the_host_knows_is_evidence(office: Office, tmp_path: Path) -> None:
    told = tmp_path / "secrets.txt"
    told.write_text(VERCEL, encoding="utf-8")
    assert (state(office), state(office, "--host-secrets", str(told))) == ("manual", "pass")
    told.write_text(WRANGLER, encoding="utf-8")
    ran = office.program.run("golive", "--host-secrets", str(told))
    assert "there is no Clerk's secret key" in ran.out
    assert office.program.ask("golive", "--host-secrets", str(tmp_path / "none")).code == 2


def test_an_installed_host_is_asked_in_the_directory_of_its_app(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin/wrangler"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n[ \"$*\" = 'secret list' ] && cat <<'END'\n{WRANGLER}\nEND\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    checks = office.program.ask("golive", PATH=path).document["checks"]
    assert next(held for held in checks if held["id"] == "GL-23")["state"] == "manual"
    (tmp_path / "wrangler.toml").touch()
    checks = office.program.ask("golive", PATH=path).document["checks"]
    assert next(held for held in checks if held["id"] == "GL-23")["state"] == "fail"


def test_the_app_is_given_its_secret_by_a_pipe_and_its_prices_by_name(office: Office, tmp_path: Path) -> None:
    told = tmp_path / "secrets.txt"
    told.write_text(VERCEL.replace("STRIPE_WEBHOOK_SECRET", "STRIPE_SIGNING_SECRET"), encoding="utf-8")
    ran = office.program.ask("golive", "--handover", "--host-secrets", str(told))
    assert (ran.code, ran.document["schema"]) == (0, "billing-tui/handover/1")
    secret = office.program.env["BILLING_TUI_LIVE_WEBHOOK_SECRET"]
    assert secret is not None
    assert secret not in ran.out
    pipe = "billing-tui keys pipe webhook_secret --profile demo --mode live"
    assert ran.document["commands"]["vercel"][0] == f"{pipe} | vercel env add STRIPE_SIGNING_SECRET production"
    assert ran.document["commands"]["fly"][0] == f"{pipe} --as STRIPE_SIGNING_SECRET | fly secrets import"
    named = {one["name"]: one["what"] for one in ran.document["given"] if one["value"]}
    assert named["PRO_YEARLY_PRICE_ID"] == "pro, by the year"
    assert named["STRIPE_PRICE_PRO_MONTHLY"] == "pro, by the month"
    assert len(named) == 6
    live = {row["id"] for row in office.wires["live"].stripe("/prices", limit=100)["data"]}
    assert {one["value"] for one in ran.document["given"] if one["value"]} <= live
    text = office.program.run("golive", "--handover", "wrangler").out
    assert f"{pipe} | wrangler secret put STRIPE_WEBHOOK_SECRET" in text
    assert "vercel" not in text


def test_a_secret_goes_into_a_pipe_alone(office: Office) -> None:
    secret = office.program.env["BILLING_TUI_LIVE_WEBHOOK_SECRET"]
    ran = office.program.run("keys", "pipe", "webhook_secret", "--mode", "live")
    assert (ran.code, ran.out) == (0, secret)
    assert str(secret) not in ran.err
    assert office.program.run("keys", "pipe", "webhook_secret", "--mode", "live", "--as", "A_B").out == f"A_B={secret}\n"
    for words in (("--json",), ("--as", "A B"), ("--as", "A\nB=1")):
        refused = office.program.run("keys", "pipe", "webhook_secret", "--mode", "live", *words)
        assert refused.code == 2
        assert str(secret) not in refused.out + refused.err
    assert office.program.run("keys", "pipe", "webhook_secret", BILLING_TUI_TEST_WEBHOOK_SECRET=None).code == 3


def test_a_report_is_kept_as_markdown_and_as_json(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "golive.md"
    ran = office.program.run("golive", "--report", str(path))
    assert f"Written to {path}." in ran.out
    text, account = path.read_text(encoding="utf-8"), office.wires["live"].account.number
    assert text.startswith("# Go-live of demo\n\nChecked at 20")
    assert f"Live: Plainsong `{account}`" in text
    ids = [held["id"] for held in office.program.ask("golive").document["checks"]]
    assert all(f"· {name} " in text for name in ids)
    path = tmp_path / "golive.json"
    office.program.run("golive", "--report", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["schema"] == "billing-tui/golive/1"
    assert document["accounts"] == {"test": account, "live": account}
    assert [held["id"] for held in document["checks"]] == ids
    assert office.program.run("golive", "--report", str(tmp_path / "no/such/place.md")).code == 5


def test_a_report_says_which_mode_could_not_be_read(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "golive.md"
    office.program.run("golive", "--report", str(path), BILLING_TUI_LIVE_STRIPE_KEY=None)
    assert "whose account it is could not be read" in path.read_text(encoding="utf-8")


def test_what_is_by_hand_can_be_looked_at(office: Office) -> None:
    def told(name: str) -> Json:
        checks: list[Json] = office.program.ask("golive").document["checks"]
        return next(held for held in checks if held["id"] == name)

    assert told("GL-39")["state"] == "manual"
    assert office.program.run("golive", "--seen", "GL-39", "gl-40").out == "GL-39 and GL-40: noted that you have looked.\n"
    assert (told("GL-39")["state"], told("GL-40")["state"]) == ("pass", "pass")
    assert " looked at it on " in told("GL-39")["headline"]
    assert office.program.ask("golive", "--seen", "GL-12").code == 6
    assert office.program.ask("golive", "--seen").code == 2
