"""The JSON documents have every key that the contract names, of its type, alone on standard output."""

from collections.abc import Callable

import pytest

from tests.cli.office import Office
from tests.cli.program import Json, Ran
from tests.cli.shapes import DIAGNOSIS, ERROR, PLAN, faults


@pytest.mark.parametrize("rule", ["PBF-001", "PBF-003", "PBF-011", "PBF-041", "PBF-052", "PBF-054", "PBF-090", "PBF-099"])
def test_a_diagnosis_has_the_shape_of_the_contract(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    document = office.program.ask("diagnose", staged["email"], "--all").document
    assert faults(document, DIAGNOSIS) == []
    assert (document["profile"], document["mode"], document["query"]) == ("demo", "test", staged["email"])
    assert document["account"] == office.wires["test"].account.number
    assert all(rule["missing"] for rule in document["rules"] if rule["result"] == "unknown")
    assert all(rule["evidence"] for rule in document["rules"] if rule["result"] == "match")


@pytest.mark.parametrize("rule", ["PBF-054", "PBF-004", "PBF-099", "PBF-013"])
def test_a_plan_has_the_shape_of_the_contract(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    document = office.program.ask("resync", staged["email"]).document
    assert faults(document, PLAN) == []
    assert document["action"] == "resync"
    assert document["confirm"] == staged["customer_id"][-4:]
    assert (document["steps"] == []) is (document["refused"] is not None)


def test_an_applied_plan_has_it_too(office: Office) -> None:
    document = office.program.ask("resync", office.stage("PBF-070")["email"], "--apply").document
    assert faults(document, PLAN) == []
    assert document["applied"] is True


def test_nothing_in_a_document_is_empty_where_it_is_unknown(office: Office) -> None:
    """A text that is not known is null, never an empty one."""

    def empty(held: object, at: str = "") -> list[str]:
        if isinstance(held, dict):
            return [found for key, value in held.items() for found in empty(value, f"{at}.{key}")]
        if isinstance(held, list):
            return [found for value in held for found in empty(value, f"{at}[]")]
        return [at] if held == "" else []

    email = office.stage("PBF-041")["email"]
    assert empty(office.program.ask("diagnose", email, "--all").document) == []
    steps = [step for step in office.program.ask("resync", email).document["steps"] if step["state"] == "planned"]
    assert empty(steps) == []


@pytest.mark.parametrize(
    "unreadable",
    [("clerk", "clerk"), ("stripe", "stripe"), ("stripe", "expected_plan")],
)
def test_what_could_not_be_read_is_null(office: Office, unreadable: tuple[str, str]) -> None:
    service, key = unreadable
    email = office.stage("PBF-099")["email"]
    with office.outage(service, "html"):
        document = office.program.ask("diagnose", email).document
    assert faults(document, DIAGNOSIS) == []
    assert ({**document["layers"], **document})[key] is None
    assert document["verdict"]["primary"] is None


def test_a_failure_is_an_error_object_beside_or_instead_of_the_document(office: Office) -> None:
    def error(ran: Ran) -> Json:
        found: Json = ran.document["error"]
        return found

    nobody = office.program.ask("diagnose", "nobody@nowhere.example")
    assert faults(error(nobody), ERROR) == []
    assert faults(nobody.document, DIAGNOSIS) == []
    garbage = office.program.ask("diagnose", "?!")
    assert faults(error(garbage), ERROR) == []
    assert list(garbage.document) == ["error"]


@pytest.mark.parametrize("command", ["diagnose", "resync", "apply"])
def test_help_is_no_error_and_needs_no_configuration(office: Office, command: str) -> None:
    ran = office.program.run(command, "--help", BILLING_TUI_CONFIG="/nowhere/at/all.toml")
    assert (ran.code, ran.err) == (0, "")
    assert "--json" in ran.out


SENTENCES: dict[str, Callable[[Json], bool]] = {
    "PBF-054": lambda verdict: verdict["confidence"] == "high",
    "PBF-070": lambda verdict: verdict["confidence"] in ("low", "medium"),
}


@pytest.mark.parametrize("rule", sorted(SENTENCES))
def test_a_verdict_says_how_sure_it_is(office: Office, rule: str) -> None:
    assert SENTENCES[rule](office.program.ask("diagnose", office.stage(rule)["email"]).document["verdict"])
