"""Which part each column of a table plays: told by what it holds, and by its name where it holds nothing yet."""

import re
from collections.abc import Collection

from msgspec import Struct

from billing_tui.detection.links import kind_of
from billing_tui.services.database_look import ColumnSeen, TableSeen

# Names as they are met in the wild, without case and underscores, the more telling first.
_NAMES: dict[str, tuple[str, ...]] = {
    "plan_column": (
        "plankey",
        "plan",
        "planname",
        "plantier",
        "tier",
        "subscriptiontier",
        "subscriptionplan",
        "currentplan",
        "billingplan",
        "package",
        "planid",
    ),
    "customer_id_column": (
        "stripecustomerid",
        "billingcustomerid",
        "customerid",
        "paymentprocessoruserid",
        "stripeid",
        "billingid",
    ),
    "subscription_id_column": ("stripesubscriptionid", "subscriptionid"),
    "status_column": ("subscriptionstatus", "stripesubscriptionstatus", "stripestatus", "planstatus", "status"),
    "email_column": ("email", "emailaddress", "useremail"),
    "period_end_column": (
        "subscriptioncurrentperiodend",
        "stripesubscriptioncurrentperiodend",
        "stripecurrentperiodend",
        "currentperiodend",
        "periodend",
        "subscriptionend",
        "billingcycleendsat",
        "endsat",
        "enddate",
    ),
    "cancel_at_period_end_column": ("cancelatperiodend",),
    "updated_at_column": ("updatedat", "modifiedat", "updated"),
}
_KEYS = (
    "clerkid",
    "clerkuserid",
    "userid",
    "referenceid",
    "organizationid",
    "orgid",
    "teamid",
    "workspaceid",
    "accountid",
    "ownerid",
    "id",
)
_PREFIXES = {"customer_id_column": "cus_", "subscription_id_column": "sub_"}
_NO_PLAN = re.compile(r"(sub|price|prod|cus|user|org)_\w+|[0-9a-f-]{32,36}|\d+")


class Key(Struct, frozen=True):
    """The column that names a person, what it holds, and how that is known."""

    column: str
    key_is: str
    evidence: str
    sure: bool


def folded(name: str) -> str:
    """`Stripe_CustomerId` as `stripecustomerid`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def roles_of(table: TableSeen) -> dict[str, ColumnSeen]:
    """The columns by the configuration key that would name them; the key column is found apart."""
    found: dict[str, ColumnSeen] = {}
    for role, prefix in _PREFIXES.items():
        by_value = next((column for column in table.columns if _begin(column, prefix)), None)
        if by_value:
            found[role] = by_value
    for role, names in _NAMES.items():
        taken = {column.name for column in found.values()}
        free = [column for column in table.columns if column.name not in taken and _can_be(role, column)]
        named = sorted((names.index(name), column.name) for column in free if (name := folded(column.name)) in names)
        if role not in found and named:
            found[role] = next(column for column in free if column.name == named[0][1])
    return found


def key_of(table: TableSeen, roles: dict[str, ColumnSeen], linked: Collection[str]) -> Key | None:
    """The column that holds what Stripe's objects are linked by, or else the customer's id, or the e-mail.

    `linked` are the ids that Stripe's objects carry.
    """
    shared = {column.name: len(set(column.values) & set(linked)) for column in table.columns}
    best = max(shared, key=lambda name: shared[name], default="")
    if best and shared[best]:
        return Key(best, "clerk_id", f"{shared[best]} of its values are ids that Stripe's objects carry", True)
    for column in table.columns:
        if column.values and kind_of(column.values) in ("user", "org"):
            return Key(column.name, "clerk_id", f"it holds ids of Clerk's, such as {column.values[0]}", True)
    named = sorted((_KEYS.index(name), column.name) for column in table.columns if (name := folded(column.name)) in _KEYS)
    same = [
        name for _, name in named if linked and kind_of(_values(table, name)) == kind_of(list(linked)) and _values(table, name)
    ]
    if same:
        return Key(same[0], "clerk_id", "its values look like the ids that Stripe's objects carry", False)
    customer, email = roles.get("customer_id_column"), roles.get("email_column")
    if customer and customer.values:
        return Key(
            customer.name, "customer_id", "no column holds what Stripe's objects are linked by; this holds customers", False
        )
    if email and email.values:
        return Key(email.name, "email", "no column holds an id that Stripe knows", False)
    return Key(named[0][1], "clerk_id", "by its name alone, the table is empty", False) if named and not table.rows else None


def _values(table: TableSeen, name: str) -> tuple[str, ...]:
    return next(column.values for column in table.columns if column.name == name)


def _begin(column: ColumnSeen, prefix: str) -> bool:
    return bool(column.values) and all(value.startswith(prefix) for value in column.values)


def _can_be(role: str, column: ColumnSeen) -> bool:
    """Whether what a column holds allows the part; an empty one may play any that its type allows."""
    if role == "plan_column":
        return column.column.kind == "text" and not any(_NO_PLAN.fullmatch(value) for value in column.values)
    if role in _PREFIXES:
        return _begin(column, _PREFIXES[role]) or (not column.values and column.column.kind == "text")
    if role == "email_column":
        return all("@" in value for value in column.values)
    if role == "status_column":
        return column.column.kind == "text"
    return True
