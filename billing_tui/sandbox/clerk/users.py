"""Which users a query means: every filter of `GET /users`, and of `GET /users/count`, as predicates over wire objects.

There is no filter on metadata, in the sandbox as in life.
"""

from collections.abc import Callable, Iterable
from math import inf

from starlette.datastructures import QueryParams

from billing_tui.sandbox.clerk.errors import invalid
from billing_tui.sandbox.clerk.query import (
    flag,
    number,
    order,
    ordered,
    page,
    page_bounds,
    passes,
    signed,
    values,
)
from billing_tui.sandbox.clerk.shapes import Json

Predicate = Callable[[Json], bool]
Reader = Callable[[Json], list[str]]


def emails(user: Json) -> list[str]:
    return [entry["email_address"] for entry in user["email_addresses"]]


def phones(user: Json) -> list[str]:
    return [entry["phone_number"] for entry in user["phone_numbers"]]


def wallets(user: Json) -> list[str]:
    return [entry["web3_wallet"] for entry in user["web3_wallets"]]


def usernames(user: Json) -> list[str]:
    return [user["username"]] if user["username"] else []


def full_name(user: Json) -> list[str]:
    return [" ".join(filter(None, (user["first_name"], user["last_name"])))]


def anything(user: Json) -> list[str]:
    return [user["id"], *emails(user), *phones(user), *usernames(user), *wallets(user), *full_name(user)]


EXACT: dict[str, Reader] = {
    "email_address": emails,
    "phone_number": phones,
    "username": usernames,
    "web3_wallet": wallets,
}
FUZZY: dict[str, Reader] = {
    "query": anything,
    "email_address_query": emails,
    "phone_number_query": phones,
    "username_query": usernames,
    "name_query": full_name,
}
ORDERS: dict[str, Callable[[Json], object]] = {
    "created_at": lambda u: u["created_at"],
    "updated_at": lambda u: u["updated_at"],
    "last_active_at": lambda u: u["last_active_at"],
    "last_sign_in_at": lambda u: u["last_sign_in_at"],
    "email_address": lambda u: next(iter(emails(u)), None),
    "phone_number": lambda u: next(iter(phones(u)), None),
    "web3wallet": lambda u: next(iter(wallets(u)), None),
    "username": lambda u: u["username"],
    "first_name": lambda u: u["first_name"],
    "last_name": lambda u: u["last_name"],
}


def selected(users: Iterable[Json], params: QueryParams, organizations_of: Callable[[str], list[str]]) -> list[Json]:
    """The users that every given filter lets through, unordered."""
    predicates = [*_exact(params), *_signed(params, organizations_of), *_fuzzy(params), *_times(params), *_rest(params)]
    return [user for user in users if all(predicate(user) for predicate in predicates)]


def listed(users: list[Json], params: QueryParams) -> list[Json]:
    """One page of `users`, in the order asked for; `starting_after` works with creation order alone."""
    name, descending = order(params, ORDERS)
    rows = ordered(users, name, descending, ORDERS)
    cursor = params.get("starting_after")
    if cursor is None:
        return page(rows, params)
    limit, offset = page_bounds(params)
    if name != "created_at":
        raise invalid("starting_after", "starting_after requires ordering by created_at.")
    if offset:
        raise invalid("starting_after", "starting_after cannot be combined with offset.")
    place = next((i for i, row in enumerate(rows) if row["id"] == cursor), None)
    if place is None:
        raise invalid("starting_after", f"No user was found with id {cursor}.")
    return rows[place + 1 : place + 1 + limit]


def _any_of(read: Reader, included: set[str], excluded: set[str]) -> Predicate:
    return lambda user: passes(read(user), included, excluded)


def _contains(read: Reader, text: str) -> Predicate:
    return lambda user: any(text in value.casefold() for value in read(user))


def _between(field: str, after: float, before: float) -> Predicate:
    return lambda user: user[field] is not None and after < user[field] < before


def _exact(params: QueryParams) -> Iterable[Predicate]:
    for name, read in EXACT.items():
        wanted = set(values(params, name))
        if wanted:
            yield _any_of(read, wanted, set())


def _signed(params: QueryParams, organizations_of: Callable[[str], list[str]]) -> Iterable[Predicate]:
    readers: dict[str, Reader] = {
        "user_id": lambda user: [user["id"]],
        "external_id": lambda user: [user["external_id"]] if user["external_id"] else [],
        "organization_id": lambda user: organizations_of(user["id"]),
    }
    for name, read in readers.items():
        included, excluded = signed(params, name)
        if included or excluded:
            yield _any_of(read, included, excluded)


def _fuzzy(params: QueryParams) -> Iterable[Predicate]:
    for name, read in FUZZY.items():
        text = params.get(name, "").casefold()
        if text:
            yield _contains(read, text)


def _times(params: QueryParams) -> Iterable[Predicate]:
    for field in ("created_at", "last_active_at", "last_sign_in_at"):
        before, after = number(params, f"{field}_before"), number(params, f"{field}_after")
        if before is not None or after is not None:
            yield _between(field, -inf if after is None else after, inf if before is None else before)
    since = number(params, "last_active_at_since")
    if since is not None:
        yield _between("last_active_at", since - 1, inf)


def _rest(params: QueryParams) -> Iterable[Predicate]:
    banned = flag(params, "banned")
    if banned is not None:
        yield lambda user: bool(user["banned"] is banned)
    provider, ids = params.get("provider"), set(values(params, "provider_user_id"))
    if bool(provider) != bool(ids):
        given = "provider" if provider else "provider_user_id"
        raise invalid(given, "provider and provider_user_id must be used together.")
    if provider:
        yield lambda user: any(
            account["provider"] == provider and account["provider_user_id"] in ids for account in user["external_accounts"]
        )
