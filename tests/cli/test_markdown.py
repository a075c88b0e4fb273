"""`diagnose --markdown`: what can be pasted where anybody may read it."""

import re

import pytest

from billing_tui.diagnosis.replies import reply_to
from tests.cli.office import Office

SECRET = re.compile(r"(?:sk|rk)_(?:test|live)_\w{8}|whsec_\w{8}|sqlite:|v1=[0-9a-f]{16}")


def section(text: str, title: str) -> list[str]:
    """The entries of a list under its title."""
    _, _, rest = text.partition(f"\n### {title}\n")
    return [line.removeprefix("- ") for line in rest.partition("\n### ")[0].splitlines() if line]


@pytest.mark.parametrize("rule", ["PBF-001", "PBF-004", "PBF-006", "PBF-041", "PBF-054", "PBF-058", "PBF-084", "PBF-099"])
def test_it_says_the_verdict_and_no_secret_name_or_address(office: Office, rule: str) -> None:
    staged = office.stage(rule)
    document = office.program.ask("diagnose", staged["email"]).document
    ran = office.program.run("diagnose", staged["email"], "--markdown")
    assert (ran.code, ran.err) == (0 if rule == "PBF-099" else 1, "")
    assert ran.out.startswith("## ")
    assert f"\n{rule} · " in ran.out
    assert staged["user_id"] in ran.out.replace("\\", "")
    user = office.wires["test"].clerk(f"/users/{staged['user_id']}")
    told = [*document["subject"]["emails"], staged["email"], user["first_name"], user["last_name"]]
    assert [word for word in told if re.search(rf"\b{re.escape(word)}\b", ran.out, re.IGNORECASE)] == []
    held = [value for name, value in office.program.env.items() if name.endswith(("_KEY", "_SECRET", "_URL"))]
    assert [value for value in held if value in ran.out] == []
    assert not SECRET.search(ran.out)


def test_masked_addresses_stay_code(office: Office) -> None:
    staged = office.stage("PBF-099", email="willa.knit@shop.example")
    out = office.program.run("diagnose", staged["email"], "--markdown").out
    assert "\n- `w•••@s•••.example`\n" in out


def test_the_requests_that_it_rests_on_are_those_that_were_answered(office: Office) -> None:
    staged = office.stage("PBF-070")
    ran = office.program.run("diagnose", staged["email"], "--markdown")
    listed = section(ran.out, "Requests")
    assert len(set(listed)) == len(listed) > 4
    assert all(re.fullmatch(r"`req_\w{14}`", entry) for entry in listed)


def test_the_sections_hold_what_the_document_holds(office: Office) -> None:
    staged = office.stage("PBF-072")
    document = office.program.ask("diagnose", staged["email"]).document
    out = office.program.run("diagnose", staged["email"], "--markdown").out.replace("\\", "")
    assert document["verdict"]["headline"] in out
    assert len(section(out, "What to do")) == len(document["remedies"])
    seen = section(out, "What was seen")
    for rule in document["rules"]:
        if rule["result"] == "match":
            assert any(line.startswith(rule["id"]) for line in seen)
    assert "clerk: bad (free)" in section(out, "Layers")
    assert any(staged["customer_id"] in line for line in section(out, "Timeline"))


def test_what_could_not_be_read_is_named(office: Office) -> None:
    staged = office.stage("PBF-099")
    with office.outage("clerk", "500"):
        ran = office.program.run("diagnose", staged["email"], "--markdown")
    assert "PBF-099 · " not in ran.out
    assert any("needs" in line for line in section(ran.out, "Not known"))


def test_text_of_a_customer_stays_text(office: Office) -> None:
    staged = office.stage("PBF-080")
    customer = office.wires["test"].account.get("customer", staged["customer_id"])
    customer["name"] = "](http://x.example) <img src=x> **bold** `tick`"
    out = office.program.run("diagnose", staged["email"], "--markdown").out
    assert not re.search(r"(?<!\\)(?:\]\(|<img|\*\*)", out)


def test_a_person_reads_the_letter_too(office: Office) -> None:
    ran = office.program.run("diagnose", office.stage("PBF-001")["email"])
    assert all(line in ran.out for line in reply_to("PBF-001").splitlines())
    assert "Kind regards" not in office.program.run("diagnose", office.stage("PBF-054")["email"]).out
