"""`billing-tui probe`: the four answers as they were seen, and what they mean."""

from pathlib import Path

from tests.cli.office import Office, opened


def test_a_healthy_endpoint_is_told_with_its_four_answers(office: Office) -> None:
    ran = office.program.ask("probe")
    assert (ran.code, ran.err) == (0, "")
    statuses = {held["name"]: held["status"] for held in ran.document["probes"]}
    assert statuses == {"unsigned": 400, "valid": 200, "wrong key": 400, "old": 400}
    assert {held["state"] for held in ran.document["checks"]} == {"pass"}


def test_it_asks_the_app_four_times_and_writes_nothing(office: Office) -> None:
    office.forget()
    office.program.run("probe")
    assert len([one for one in office.seen() if one["service"] == "app"]) == 4
    assert office.writes() == []


def test_a_wrong_secret_is_a_finding(office: Office) -> None:
    ran = office.program.run("probe", BILLING_TUI_TEST_WEBHOOK_SECRET="whsec_another0000000000")
    assert ran.code == 1
    assert "The app refuses what is signed with the test secret." in ran.out


def test_without_the_secret_two_answers_are_not_known(office: Office) -> None:
    ran = office.program.ask("probe", BILLING_TUI_TEST_WEBHOOK_SECRET=None)
    assert {held["name"] for held in ran.document["probes"] if held["status"] is None} == {"valid", "old"}
    assert {held["state"] for held in ran.document["checks"]} == {"pass", "unknown"}


def test_an_endpoint_that_is_not_there_can_not_be_reached(office: Office) -> None:
    url = office.sandbox.ready["app"]["webhook_url"]["test"]
    config = office.program.configured((url, "http://127.0.0.1:9/hook"))
    ran = office.program.run("probe", "--config", str(config))
    assert ran.code == 5
    assert ran.complaint[0] == "The app's endpoint does not answer."


def test_a_redirect_is_a_finding(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.stage("PBF-058")
        ran = office.program.run("probe")
    assert ran.code == 1
    assert "it redirects to" in ran.out
