"""Every cause that the sandbox can show is found over real HTTP, told in its document, and found in nobody else."""

import pytest

from billing_tui.diagnosis.replies import reply_to
from billing_tui.sandbox.options import MODES, Mode
from billing_tui.sandbox.stages import RULES
from tests.cli.office import Office

NOT_OURS = {
    *("PBF-001", "PBF-006", "PBF-010", "PBF-011", "PBF-012", "PBF-013", "PBF-020", "PBF-023", "PBF-084", "PBF-090", "PBF-099"),
}
SYMPTOMS = {
    "PBF-002": ["PBF-004"],
    "PBF-003": ["PBF-004"],
    "PBF-013": ["PBF-020"],
    "PBF-041": ["PBF-072", "PBF-080"],
    "PBF-053": ["PBF-060"],
    "PBF-074": ["PBF-080"],
    "PBF-081": ["PBF-080"],
    "PBF-082": ["PBF-080"],
}
# Whether the one key helps: the plan can be written, or something must be mended first, or there is nothing to write.
RESYNC = {
    **dict.fromkeys(("PBF-004", "PBF-005", "PBF-084", "PBF-030", "PBF-031", "PBF-032", "PBF-043"), False),
    **dict.fromkeys((*(NOT_OURS - {"PBF-084"}), "PBF-002", "PBF-040", "PBF-062")),
}
PAYS_FOR = {
    **dict.fromkeys(("PBF-030", "PBF-031", "PBF-032")),
    **dict.fromkeys((*(NOT_OURS - {"PBF-006", "PBF-023", "PBF-090", "PBF-099"}), "PBF-040"), "free"),
    "PBF-023": "starter",
}
# Whom the payment names is not who is asked for, or is nobody.
OTHERS = {"PBF-002", "PBF-005", "PBF-006", "PBF-043"}


@pytest.fixture(scope="module")
def healthy(office: Office) -> dict[Mode, str]:
    """Somebody in each mode whose purchase went well before anything broke."""
    return {mode: office.stage("PBF-099", mode)["email"] for mode in MODES}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_cause_is_found_in_whom_it_befell_and_in_nobody_else(
    office: Office, healthy: dict[Mode, str], mode: Mode, rule: str
) -> None:
    staged = office.stage(rule, mode)
    ran = office.program.ask("diagnose", staged["email"], "--mode", mode)
    assert ran.primary == rule
    assert ran.code == (0 if rule == "PBF-099" else 1)
    document = ran.document
    verdict = document["verdict"]
    assert (verdict["also"], verdict["symptoms"]) == ([], SYMPTOMS.get(rule, []))
    # To have paid in live mode is no fault of test mode's.
    assert verdict["ours"] is (rule not in NOT_OURS and (rule, mode) != ("PBF-040", "test"))
    assert document["expected_plan"] == document["layers"]["stripe"] == PAYS_FOR.get(rule, "pro")
    assert (document["subject"]["user_id"] == staged["user_id"]) is (rule not in OTHERS)
    assert staged["customer_id"] in {None, *document["subject"]["customer_ids"]}
    allowed = {remedy["key"]: remedy["allowed"] for remedy in document["remedies"] if remedy["key"]}
    assert allowed.get("r") is RESYNC.get(rule, True)
    assert ("s" in allowed) is (not verdict["ours"] and bool(reply_to(rule)))
    beside = office.program.ask("diagnose", healthy[mode], "--mode", mode)
    assert (beside.primary, beside.code) == ("PBF-099", 0)


@pytest.mark.parametrize("rule", ["PBF-001", "PBF-021", "PBF-032", "PBF-054", "PBF-090", "PBF-099"])
def test_a_person_reads_the_same_verdict(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    ran = office.program.run("diagnose", staged["email"])
    document = office.program.ask("diagnose", staged["email"]).document
    assert document["verdict"]["headline"] in ran.out
    assert rule in ran.out
    assert (ran.code, ran.err) == (0 if rule == "PBF-099" else 1, "")


def test_the_layers_are_as_each_service_has_them(office: Office) -> None:
    layers = office.program.ask("diagnose", office.stage("PBF-080")["email"]).document["layers"]
    assert layers == {"stripe": "pro", "clerk": "free", "database": "pro", "token": None}


def test_without_the_probe_nothing_is_asked_of_the_app(office: Office) -> None:
    staged = office.stage("PBF-058")
    office.forget()
    ran = office.program.ask("diagnose", staged["email"], "--no-probe")
    assert [one for one in office.seen() if one["service"] == "app"] == []
    assert ran.document["cost"]["probe_requests"] == 0
    assert ran.primary != "PBF-099"


def test_all_lists_every_rule_and_otherwise_only_those_that_say_something(office: Office) -> None:
    email = office.stage("PBF-072")["email"]
    every = {rule["id"]: rule["result"] for rule in office.program.ask("diagnose", email, "--all").document["rules"]}
    few = {rule["id"]: rule["result"] for rule in office.program.ask("diagnose", email).document["rules"]}
    assert set(RULES) <= set(every)
    assert few == {rule: result for rule, result in every.items() if result != "no"}
    assert few["PBF-072"] == "match"
