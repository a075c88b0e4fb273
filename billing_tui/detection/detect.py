"""A profile found out by reading: everything that Stripe, Clerk and the database tell of each other, put together.

The words that the app uses for its plans decide what a tier is called; the ids that Stripe's objects carry decide which column
holds people. So each part is read first, and judged with the others in sight.
"""

import asyncio
from typing import TypeVar

from msgspec import structs

from billing_tui.detection.clerk import carried, detect_clerk, plan_path
from billing_tui.detection.endpoint import detect_endpoint
from billing_tui.detection.findings import Detected, Found, Lack, Value
from billing_tui.detection.links import detect_links, link_values
from billing_tui.detection.plans import detect_plans
from billing_tui.detection.read import Reader, Seen, nothing_of
from billing_tui.detection.tables import TableMatch, detect_ledger, detect_table, plan_table
from billing_tui.model.problem import Problem
from billing_tui.opening import open_services
from billing_tui.services.clerk import Clerk
from billing_tui.services.stripe import Stripe
from billing_tui.settings.openings import Openings

T = TypeVar("T")


async def detect(openings: Openings) -> Detected:
    """What a profile with these secrets should be, read-only.

    Raises:
        Refused: A key belongs to the other mode.
    """
    profile = structs.replace(openings.profile, read_only=True, database=None, webhook_url="")
    opened = Openings(profile, openings.secret, openings.timeout)
    services = await asyncio.to_thread(open_services, opened)
    reader = Reader()
    try:
        seen, people, tables = await asyncio.gather(
            reader.stripe(services.stripe) if isinstance(services.stripe, Stripe) else _nothing(Seen()),
            reader.clerk(services.clerk) if isinstance(services.clerk, Clerk) else _nothing(((), (), ())),
            reader.database(url, openings.timeout) if (url := openings.secret("database_url")) else _nothing(()),
        )
    finally:
        await services.close()
    refused = [held for held in (services.stripe, services.clerk) if isinstance(held, Problem) and held.code != "key_missing"]
    lacks = [*nothing_of(openings.secret), *(Lack("a key", "", problem) for problem in refused), *reader.lacks]
    users, organizations, templates = people
    return judge(
        structs.replace(seen, users=users, organizations=organizations, templates=templates, tables=tables, lacks=tuple(lacks))
    )


def judge(seen: Seen) -> Detected:
    """What was read as proposals; pure."""
    found = [Found("stripe_account", seen.account, f"the key belongs to {seen.name or 'it'}")] if seen.account else []
    links = detect_links(seen.carriers)
    found += links
    linked = link_values(seen.carriers, _texts(Detected(tuple(links)).value("user_id_from")))
    table = plan_table(seen.tables, linked)
    subjects = seen.organizations if any(one.key == "scope" for one in links) else seen.users
    people = carried(subjects)
    words = {*people.get(plan_path(people), ()), *(table.plan.values if table else ())}
    plans = detect_plans(seen.prices, words)
    found += plans
    found += detect_endpoint(seen.endpoints)
    found += detect_clerk(subjects, seen.templates, "organizations" if subjects is seen.organizations else "users")
    tiers = _texts(Detected(tuple(plans)).value("tiers")) or ("free", "pro")
    if table:
        found += [*detect_table(table, tiers), *detect_ledger(seen.tables)]
    return Detected(tuple(found), (*seen.lacks, *_not_found(seen, found, table)), seen.account, seen.name)


def _not_found(seen: Seen, found: list[Found], table: TableMatch | None) -> list[Lack]:
    """What was read and did not tell."""
    keys = {one.key for one in found}
    lacks = []
    if seen.prices and "tiers" not in keys:
        lacks.append(Lack("the tiers", "No price is sold as a subscription: write tiers and plan_from yourself."))
    if seen.carriers.subscriptions and "user_id_from" not in keys:
        lacks.append(
            Lack("the user link", "No subscription, customer or checkout session carries a user's id: write user_id_from.")
        )
    if seen.users and "clerk_plan_field" not in keys:
        lacks.append(Lack("the plan in Clerk", 'None of the newest users carries one: write clerk_plan_field, "" for none.'))
    if seen.tables and table is None:
        lacks.append(Lack("the table", "No table keeps the plan in a column of its own: write [….database], or leave it out."))
    return lacks


def _texts(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


async def _nothing(empty: T) -> T:
    return empty
