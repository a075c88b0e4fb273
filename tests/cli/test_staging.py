"""`sandbox --stage`: what was asked for is really broken, said in the first line, and found by the tool."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.diagnosis.rules import RULES as CATALOGUE
from billing_tui.sandbox.stages import OF_ENDPOINT, RULES
from tests.cli.program import Json, Program, keys_of

SCRIPT = Path(sys.executable).parent / "billing-tui"
BESIDE = [rule for rule in RULES if rule not in OF_ENDPOINT]


@pytest.fixture(scope="module")
def staged() -> Iterator[Json]:
    """A sandbox in a process of its own: causes by id, by name, in both modes, for whoever was named or made up."""
    asked = ["--stage", "Redirect=Ada@shop.example", "--stage", "live:pbf-054=karl@shop.example", "--stage", "PBF-070"]
    asked += ["--stage", "PBF-070", "--stage", "Test:PBF-080=lena@kornfeld.example"]
    asked += [word for rule in BESIDE for word in ("--stage", f"live:{rule}")]
    with subprocess.Popen([SCRIPT, "sandbox", "--customers", "3", *asked], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.fixture
def program(staged: Json, tmp_path: Path) -> Program:
    program = Program(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(f"{Path(staged['config']).read_text()}\n[profiles.demo.limits]\nstripe_requests_per_second = 1000\n")
    program.env |= keys_of(staged) | {"BILLING_TUI_CONFIG": str(config)}
    return program


@pytest.mark.parametrize(
    ("email", "mode", "rule"),
    [
        ("Ada@shop.example", "test", "PBF-058"),
        ("karl@shop.example", "live", "PBF-054"),
        ("pbf-070@staged.example", "test", "PBF-070"),
        ("pbf-070.2@staged.example", "test", "PBF-070"),
        ("lena@kornfeld.example", "test", "PBF-080"),
    ],
)
def test_who_was_asked_for_shows_the_cause_and_is_an_example_once(
    staged: Json, program: Program, email: str, mode: str, rule: str
) -> None:
    said = [one for one in staged["examples"] if (one["email"], one["mode"]) == (email, mode)]
    assert said == [{"email": email, "stages": rule, "mode": mode}]
    assert program.ask("diagnose", email, "--mode", mode).primary == rule


@pytest.mark.parametrize("rule", [rule for rule in BESIDE if rule != "PBF-090"])
def test_every_cause_can_be_staged_by_its_id(staged: Json, program: Program, rule: str) -> None:
    assert program.ask("diagnose", f"{rule.lower()}@staged.example", "--mode", "live").primary == rule


def test_no_example_names_an_endpoint_that_is_no_longer_broken_so(staged: Json) -> None:
    broken = {(one["mode"], one["stages"]) for one in staged["examples"] if one["stages"] in OF_ENDPOINT}
    assert broken == {("test", "PBF-058"), ("live", "PBF-054")}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("PBF-58",), "PBF-058 (Redirect)"),
        (("redirekt",), "PBF-058 (Redirect)"),
        (("?",), "--stages"),
        (("",), "--stages"),
        (("PBF-042",), "PBF-042 (Wrong Stripe account) cannot be staged"),
        (("PBF-058=ada",), "'ada' is no e-mail address"),
        (("PBF-058", "PBF-054"), "live:PBF-054"),
        (("PBF-070=a@b.example", "PBF-080=A@b.example"), "one person shows one cause"),
    ],
)
def test_what_cannot_be_staged_is_said_with_what_can(tmp_path: Path, asked: tuple[str, ...], says: str) -> None:
    ran = Program(tmp_path).run("sandbox", *(word for text in asked for word in ("--stage", text)))
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(ran.complaint) == 2


def test_the_list_has_every_stage_with_its_name(tmp_path: Path) -> None:
    ran = Program(tmp_path).as_process("sandbox", "--stages")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split("  ", 1) for line in ran.out.splitlines()] == [[r.id, r.name] for r in CATALOGUE if r.id in RULES]
    assert len(ran.out.splitlines()) == len(RULES)
