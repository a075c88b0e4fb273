"""A customer chooses their own name: nothing that comes from outside reaches the terminal as more than text."""

import re

import pytest

from tests.cli.office import Office
from tests.cli.program import Json

NASTY = "\x1b]0;pwned\x07\x1b[2J[bold red]Bobby[/] <b>x</b>\r\n\u202etxt.exe\u2066\x9b31m\u200f\x00"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def nasty(office: Office) -> Json:
    """Somebody whose every text, wherever it is kept, is an attack."""
    staged = office.stage("PBF-031")
    account = office.wires["test"].account
    customer = account.get("customer", staged["customer_id"])
    customer["name"] = customer["description"] = NASTY
    customer["metadata"] = {**customer["metadata"], NASTY: NASTY}
    for charge in account.table("charge"):
        if charge["customer"] == customer["id"]:
            charge["billing_details"] = {**charge["billing_details"], "name": NASTY, "email": f"a{NASTY}@x.example"}
    for subscription in account.table("subscription"):
        if subscription["customer"] == customer["id"]:
            price = subscription["items"]["data"][0]["price"]
            price["nickname"] = account.get("price", price["id"])["nickname"] = NASTY
            product = account.get("product", price["product"])
            product["name"], product["metadata"] = NASTY, {"planKey": "pro" + NASTY, "plan": "pro" + NASTY, NASTY: NASTY}
    for endpoint in account.table("webhook_endpoint"):
        endpoint["description"] = NASTY
    user = office.sandbox.world.clerk("test").users[staged["user_id"]]
    user["first_name"] = user["last_name"] = NASTY
    user["public_metadata"] = {"plan": "free" + NASTY, NASTY: NASTY}
    office.execute("UPDATE users SET plan = ?, subscription_status = ? WHERE id = ?", NASTY, NASTY, staged["user_id"])
    return staged


@pytest.mark.parametrize("command", ["diagnose", "resync"])
@pytest.mark.parametrize("by", ["email", "customer_id", "user_id"])
def test_no_control_character_reaches_the_terminal_or_the_document(office: Office, nasty: Json, command: str, by: str) -> None:
    for ran in (office.program.run(command, nasty[by]), office.program.ask(command, nasty[by])):
        assert UNSAFE.search(ran.out + ran.err) is None
        assert ran.code in (0, 1, 6)


def test_the_strings_within_the_document_are_clean_too(office: Office, nasty: Json) -> None:
    """Escaped in the JSON they would be harmless to look at, and not to whoever prints them."""
    document = office.program.ask("diagnose", nasty["email"], "--all").document
    found = [text for text in _strings(document) if UNSAFE.search(text) or "\n" in text]
    assert found == []
    assert any("Bobby" in text for text in _strings(document))


def test_a_query_full_of_escape_sequences_is_told_without_them(office: Office) -> None:
    ran = office.program.ask("diagnose", NASTY)
    assert ran.code == 2
    assert UNSAFE.search(ran.out + ran.err) is None
    assert all(UNSAFE.search(text) is None for text in _strings(ran.document))


def test_the_log_holds_no_address_no_key_and_no_escape(office: Office, nasty: Json) -> None:
    office.program.run("diagnose", nasty["email"])
    (log,) = office.program.home.glob("state/**/billing-tui.log")
    text = log.read_text(encoding="utf-8")
    assert "GET /v1/customers" in text
    assert UNSAFE.search(text) is None
    assert nasty["email"] not in text
    assert not [value for name, value in office.program.env.items() if name.endswith(("_KEY", "_SECRET")) and value in text]
    assert log.stat().st_mode & 0o077 == 0


def _strings(held: object) -> list[str]:
    if isinstance(held, dict):
        return [text for key, value in held.items() for text in (*_strings(key), *_strings(value))]
    if isinstance(held, list):
        return [text for value in held for text in _strings(value)]
    return [held] if isinstance(held, str) else []
