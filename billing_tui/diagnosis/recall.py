"""Evidence from the cache: what is known of somebody before anybody is asked, each piece with the moment it was last true.

It is shown at once and confirmed by live reads; nothing is ever written from it. Whether an event was delivered is not taken
from the cache: it was read when the event was seconds old. Pure, on what the shelf holds.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import structs

from billing_tui.diagnosis.links import Carriers, links
from billing_tui.model.clerk import EmailAddress, Organization, User
from billing_tui.model.database import AppRow
from billing_tui.model.evidence import Evidence, Gap, Why, known
from billing_tui.model.moment import from_unix
from billing_tui.model.profile import Profile
from billing_tui.model.query import Kind
from billing_tui.model.stripe import (
    Customer,
    Event,
    EventData,
    EventObject,
    Item,
    Items,
    PauseCollection,
    Price,
    Subscription,
)
from billing_tui.model.text import Loose

if TYPE_CHECKING:  # a command that asks no cache loads none
    from billing_tui.cache.persons import Person
    from billing_tui.cache.rows import CustomerRow, EventRow, ItemRow, SubscriptionRow
    from billing_tui.cache.subjects import Sighting

_PIECES = ("customers", "users", "rows", "events", "organization")


def recall(person: "Person", nothing: Evidence) -> Evidence | None:
    """What the cache holds of a person, laid over evidence in which nothing has arrived; None where none of it is theirs."""
    subscriptions = {
        key: tuple(_subscription(held, person.prices) for held in rows) for key, rows in person.subscriptions.items()
    }
    customers = tuple(_customer(row) for row in person.customers)
    if nothing.query.kind in (Kind.USER, Kind.ORGANIZATION):
        customers = tuple(held for held in customers if _names(held, subscriptions[held.id], nothing.query.text, nothing.profile))
    if not customers:
        return None
    at = from_unix(person.synced_at)
    configuration = structs.replace(nothing.configuration, prices=person.prices, products=person.products)
    theirs = {held.id for held in customers}
    layers, seen = _layers(person.sightings, nothing.profile)
    return structs.replace(
        nothing,
        configuration=configuration,
        customers=customers,
        subscriptions={key: subscriptions[key] for key in theirs},
        events=tuple(_event(row) for row in reversed(person.events) if row.customer_id in theirs),
        owner="" if nothing.query.kind in (Kind.EMAIL, Kind.USER, Kind.ORGANIZATION) else customers[0].id,
        **layers,
        recalled={**dict.fromkeys(("customers", "subscriptions", "events", "configuration"), at), **seen},
    )


def _layers(sightings: "Sequence[Sighting]", profile: Profile) -> tuple[dict[str, object], dict[str, datetime]]:
    """Users and rows as far as they were seen, and when each kind was."""
    pieces: dict[str, object] = {}
    seen: dict[str, datetime] = {}
    users = [held for held in sightings if held.layer == "clerk" and held.key.startswith("user_")]
    groups = [held for held in sightings if held.layer == "clerk" and held.key.startswith("org_")]
    rows = [held for held in sightings if held.layer == "database"]
    if users:
        pieces["users"] = tuple(_user(held, profile) for held in users)
    if groups:
        pieces["organization"] = Organization(id=groups[0].key, **_bags(groups[0].plan, profile))
    if rows:
        pieces["rows"] = tuple(_row(held) for held in rows)
    for name, found in (("users", users), ("organization", groups), ("rows", rows)):
        if found:
            seen[name] = from_unix(min(held.seen for held in found))
    return pieces, seen


def _user(held: "Sighting", profile: Profile) -> User:
    addresses = tuple(EmailAddress(email_address=email) for email in held.emails)
    return User(id=held.key, email_addresses=addresses, **_bags(held.plan, profile))


def _bags(plan: str, profile: Profile) -> dict[str, Any]:
    """Metadata in which the plan stands where the profile looks for it."""
    bag, *keys = profile.clerk_plan_field.split(".")
    value: Any = plan
    for key in reversed(keys):
        value = {key: value}
    return {bag: value} if keys else {}


def _row(held: "Sighting") -> AppRow:
    return AppRow(key=held.key, plan=held.plan, email=next(iter(held.emails), None), customer_id=held.customer or None)


def laid_over(live: Evidence, recalled: Evidence) -> Evidence:
    """Live evidence, and from the cache what has not arrived yet."""
    pieces = {name: getattr(recalled, name) for name in _PIECES if _awaited(getattr(live, name))}
    if "users" in pieces and live.linked:
        # Whom a link named was asked for by itself: what the cache says of them no longer counts.
        pieces["users"] = tuple(user for user in known(recalled.users, ()) if user.id not in live.linked)
    configuration = live.configuration
    if _awaited(configuration.prices):
        configuration = structs.replace(
            configuration, prices=recalled.configuration.prices, products=recalled.configuration.products
        )
    left = {name for name, piece in pieces.items() if name in recalled.recalled and piece != ()}
    left |= {"configuration"} if configuration is not live.configuration else set()
    left |= {"subscriptions"} if recalled.subscriptions.keys() - live.subscriptions.keys() else set()
    return structs.replace(
        live,
        **pieces,
        configuration=configuration,
        subscriptions={**recalled.subscriptions, **live.subscriptions},
        linked={**recalled.linked, **live.linked},
        owner=live.owner or recalled.owner,
        recalled={name: at for name, at in recalled.recalled.items() if name in left},
    )


def _awaited(piece: object) -> bool:
    return piece is None or (isinstance(piece, Gap) and piece.why in (Why.PENDING, Why.NOT_ASKED))


def _names(customer: Customer, subscriptions: Iterable[Subscription], subject: str, profile: Profile) -> bool:
    found = links(Carriers((customer,), tuple(subscriptions)), profile)
    return any(link.value == subject for link in found)


def _customer(row: "CustomerRow") -> Customer:
    return Customer(
        id=row.id,
        created=row.created,
        email=row.email or None,
        name=Loose(row.name) if row.name else None,
        metadata=dict(row.metadata),
        delinquent=row.delinquent,
    )


def _subscription(row: "SubscriptionRow", prices: dict[str, Price]) -> Subscription:
    return Subscription(
        id=row.id,
        created=row.created,
        customer=row.customer_id,
        status=row.status,
        items=Items(tuple(_item(item, prices) for item in row.items)),
        metadata=dict(row.metadata),
        cancel_at=row.ends_at if row.ends_by == "cancel_at" else None,
        cancel_at_period_end=row.ends_by == "cancel_at_period_end",
        canceled_at=row.canceled_at,
        ended_at=row.ended_at,
        trial_end=row.trial_end,
        currency=row.currency,
        pause_collection=PauseCollection(behavior=row.pause_reason, resumes_at=row.resumes_at)
        if row.paused == "collection"
        else None,
    )


def _item(row: "ItemRow", prices: dict[str, Price]) -> Item:
    price = prices.get(row.price_id) or Price(id=row.price_id)
    return Item(price=price, quantity=row.quantity, current_period_start=row.period_start, current_period_end=row.period_end)


def _event(row: "EventRow") -> Event:
    about = EventObject(id=row.object_id or None, object=row.object, customer=row.customer_id or None)
    return Event(id=row.id, created=row.created, type=row.type, api_version=row.api_version or None, data=EventData(object=about))
