"""Organizations and memberships as answers: live counts filled in, filters and orders applied.

An organization's count and a membership's nested organization change with time, so they are made for each answer.
"""

from collections.abc import Callable

from starlette.datastructures import QueryParams

from billing_tui.sandbox.clerk import users
from billing_tui.sandbox.clerk.instance import ClerkInstance
from billing_tui.sandbox.clerk.query import flag, order, ordered, page, passes, signed, values
from billing_tui.sandbox.clerk.shapes import Json, public_user_data

Reader = Callable[[Json], object]
MEMBER_ORDERS = ("email_address", "phone_number", "first_name", "last_name", "username")


def members_of(clerk: ClerkInstance, organization_id: str) -> list[Json]:
    return [m for m in clerk.memberships if m["organization"]["id"] == organization_id]


def organizations_of(clerk: ClerkInstance, user_id: str) -> list[str]:
    return [m["organization"]["id"] for m in clerk.memberships if m["public_user_data"]["user_id"] == user_id]


def organization_answer(clerk: ClerkInstance, organization: Json, params: QueryParams) -> Json:
    answer = dict(organization)
    members = members_of(clerk, organization["id"])
    if flag(params, "include_members_count"):
        answer["members_count"] = len(members)
    if flag(params, "include_missing_member_with_elevated_permissions"):
        answer["missing_member_with_elevated_permissions"] = all(m["role"] != "org:admin" for m in members)
    return answer


def membership_answer(clerk: ClerkInstance, membership: Json) -> Json:
    user = clerk.users[membership["public_user_data"]["user_id"]]
    nested = dict(clerk.organizations[membership["organization"]["id"]])
    nested.pop("private_metadata")
    return membership | {"organization": nested, "public_user_data": public_user_data(user)}


def list_organizations(clerk: ClerkInstance, params: QueryParams) -> Json:
    orders: dict[str, Reader] = {
        "name": lambda o: o["name"],
        "created_at": lambda o: o["created_at"],
        "members_count": lambda o: len(members_of(clerk, o["id"])),
    }
    ids, members = signed(params, "organization_id"), signed(params, "user_id")
    text = params.get("query", "")
    chosen = [
        o
        for o in clerk.organizations.values()
        if passes([o["id"]], *ids)
        and passes([m["public_user_data"]["user_id"] for m in members_of(clerk, o["id"])], *members)
        and (o["id"] == text or text.casefold() in o["name"].casefold() or text.casefold() in o["slug"])
    ]
    rows = page(ordered(chosen, *order(params, orders), orders), params)
    return {"data": [organization_answer(clerk, o, params) for o in rows], "total_count": len(chosen)}


def list_members(clerk: ClerkInstance, organization_id: str, params: QueryParams) -> Json:
    """The organization's memberships; user filters are those of `GET /users`, and `role` comes on top."""
    roles = set(values(params, "role"))
    members = {m["public_user_data"]["user_id"]: m for m in members_of(clerk, organization_id)}
    people = users.selected(
        [clerk.users[user_id] for user_id in members], params, lambda user_id: organizations_of(clerk, user_id)
    )
    chosen = [members[user["id"]] for user in people if not roles or members[user["id"]]["role"] in roles]
    orders: dict[str, Reader] = {name: _of_member(clerk, users.ORDERS[name]) for name in MEMBER_ORDERS}
    orders["created_at"] = lambda membership: membership["created_at"]
    rows = page(ordered(chosen, *order(params, orders), orders), params)
    return {"data": [membership_answer(clerk, m) for m in rows], "total_count": len(chosen)}


def list_memberships_of(clerk: ClerkInstance, user_id: str, params: QueryParams) -> Json:
    own = [m for m in clerk.memberships if _user_id(m) == clerk.user(user_id)["id"]]
    return {"data": [membership_answer(clerk, m) for m in page(own, params)], "total_count": len(own)}


def _of_member(clerk: ClerkInstance, read: Reader) -> Reader:
    return lambda membership: read(clerk.users[_user_id(membership)])


def _user_id(membership: Json) -> str:
    return str(membership["public_user_data"]["user_id"])
