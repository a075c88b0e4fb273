"""Causes that lie in how a profile describes the app, so that no sandbox alone can show them."""

import pytest

from tests.cli.office import Office


def test_a_price_on_no_list_of_the_app_is_named(office: Office) -> None:
    staged = office.stage("PBF-030")
    config = office.program.configured(("[profiles.demo.test]\n", '[profiles.demo.test]\nprices = { price_another = "pro" }\n'))
    ran = office.program.ask("diagnose", staged["email"], "--config", str(config))
    assert ran.primary == "PBF-024"
    assert ran.document["expected_plan"] is None


def test_a_token_template_that_is_not_there_concerns_whoever_is_well_otherwise(office: Office) -> None:
    staged = office.stage("PBF-099")
    config = office.program.configured(("[profiles.demo.test]\n", '[profiles.demo.test]\nclerk_jwt_template = "app"\n'))
    ran = office.program.ask("diagnose", staged["email"], "--config", str(config))
    assert ran.primary == "PBF-091"
    ill = office.stage("PBF-070")
    assert office.program.ask("diagnose", ill["email"], "--config", str(config)).primary == "PBF-070"


def test_an_account_without_any_of_the_apps_prices_and_endpoints_is_another_one(office: Office) -> None:
    staged = office.stage("PBF-070")
    url = office.sandbox.ready["app"]["webhook_url"]["test"]
    config = office.program.configured(
        ("[profiles.demo.test]\n", '[profiles.demo.test]\nprices = { price_elsewhere = "pro" }\n'),
        (url, "http://127.0.0.1:9/elsewhere"),
    )
    ran = office.program.ask("diagnose", staged["email"], "--config", str(config), "--no-probe")
    assert ran.primary == "PBF-042"


def test_an_organization_that_pays_and_a_user_who_was_written_instead(office: Office) -> None:
    staged = office.stage("PBF-070")
    clerk = office.sandbox.world.clerk("test")
    organization = clerk.add_organization(name="Kornfeld GmbH", slug="kornfeld", public_metadata={"plan": "free"})
    clerk.add_membership(organization["id"], staged["user_id"])
    subscription = office.sandbox.world.stripe("test").table("subscription").having("customer", staged["customer_id"])[0]
    subscription["metadata"] = {"organizationId": organization["id"]}
    office.sandbox.world.stripe("test").get("customer", staged["customer_id"])["metadata"] = {}
    clerk.users[staged["user_id"]]["public_metadata"] = {"plan": "pro"}
    config = office.program.configured(
        (
            "[profiles.demo]\n",
            '[profiles.demo]\nscope = "organization"\nuser_id_from = ["subscription.metadata.organizationId"]\n',
        )
    )
    ran = office.program.ask("diagnose", staged["email"], "--config", str(config), "--no-probe")
    assert (ran.primary, ran.document["subject"]["organization_id"]) == ("PBF-083", organization["id"])


SCOPED = (
    "[profiles.demo]\n",
    '[profiles.demo]\nscope = "organization"\nuser_id_from = ["subscription.metadata.organizationId"]\n',
)


@pytest.mark.parametrize("by", ["email", "id"])
@pytest.mark.parametrize("kept", [True, False], ids=["on the row", "by search"])
@pytest.mark.parametrize("works", ["there", "elsewhere"])
def test_a_member_who_does_not_pay_is_judged_by_their_organization(office: Office, by: str, kept: bool, works: str) -> None:
    """Their e-mail leads to no payment: the organization that they belong to does, in a third round trip."""
    payer = office.stage("PBF-099")
    clerk, account = office.sandbox.world.clerk("test"), office.sandbox.world.stripe("test")
    choir = clerk.add_organization(name="Choir", public_metadata={"plan": "pro"})["id"]
    other = clerk.add_organization(name="Orchestra", public_metadata={})["id"]
    email = f"{by}.{kept}.{works}@choir.example".lower()
    singer = clerk.add_user(email=email)["id"]
    for held in (payer["user_id"], singer):
        clerk.add_membership(choir, held)
    clerk.add_session(singer, last_active_organization_id=choir if works == "there" else other)
    (subscription,) = account.table("subscription").having("customer", payer["customer_id"])
    subscription["metadata"] = {"organizationId": choir}
    account.get("customer", payer["customer_id"])["metadata"] = {}
    office.execute("UPDATE users SET id = ? WHERE id = ?", choir, payer["user_id"])
    if not kept:
        office.execute("UPDATE users SET stripe_customer_id = NULL WHERE id = ?", choir)
    config = office.program.configured(SCOPED)
    office.forget()
    ran = office.program.ask("diagnose", email if by == "email" else singer, "--config", str(config))
    assert (ran.document["expected_plan"], ran.document["layers"]["clerk"]) == ("pro", "pro")
    assert ran.document["subject"]["organization_id"] == choir
    assert (ran.primary, ran.code) == (("PBF-099", 0) if works == "there" else ("PBF-083", 1))
    cost = ran.document["cost"]
    assert cost["sequential_round_trips"] <= 3
    assert cost["stripe_requests"] + cost["clerk_requests"] <= 12
