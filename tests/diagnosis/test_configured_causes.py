"""Causes that lie in how a profile describes the app, so that no sandbox alone can show them."""

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
