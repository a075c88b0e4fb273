"""The schemas themselves: that they follow the installed package, and that what they were taught is true of it."""

from tests.peers import schemas
from tests.peers.annotations import Deriver


def test_classes_of_one_name_are_told_apart() -> None:
    names = schemas.deriver().definitions
    assert "stripe.checkout._session.Session" in names
    assert "stripe.billing_portal._configuration.Configuration" in names
    assert names["stripe._invoice.Invoice.Parent"] != names["stripe._invoice_line_item.InvoiceLineItem.Parent"]


def test_what_may_be_absent_is_known_to_the_package() -> None:
    definitions = schemas.deriver().definitions
    taught = {name: fields for name, fields in schemas.may_be_absent().items() if name in definitions}
    stale = {name: fields - definitions[name]["properties"].keys() for name, fields in taught.items()}
    assert {name: fields for name, fields in stale.items() if fields} == {}
    assert len(taught) > 300


def test_a_part_that_no_example_showed_may_lack_only_what_admits_null() -> None:
    untaught = Deriver({})
    untaught.reference(schemas.resource_class("customer"))
    customer = untaught.definitions["stripe._customer.Customer"]
    assert customer["required"] == ["created", "id", "livemode", "object"]
    assert "email" in schemas.deriver().definitions["stripe._customer.Customer"]["required"]


def test_documented_words_alone_pass_where_the_package_admits_any_string() -> None:
    status = schemas.deriver().definitions["stripe._subscription.Subscription"]["properties"]["status"]
    assert set(status["enum"]) == {
        *("active", "canceled", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid")
    }


def test_decimals_travel_as_strings() -> None:
    amount = schemas.deriver().definitions["stripe._price.Price"]["properties"]["unit_amount_decimal"]
    assert amount["else"]["type"] == "string"
