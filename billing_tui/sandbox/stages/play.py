"""Which stages there are, what a demo starts with, and how one is put on: for a fresh person or for a known one.

The table at the top is the list of causes that the sandbox can show.
"""

from collections.abc import Callable
from dataclasses import dataclass

from billing_tui.sandbox.options import MODES, Mode, SandboxOptions, Wanted
from billing_tui.sandbox.stages import accounts, buyers, catalogue, endpoint, handling
from billing_tui.sandbox.stages.cast import LEADS, Person, extra
from billing_tui.sandbox.stages.scene import DAY, MINUTE, Scene
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import World

RULES: dict[str, Callable[[Scene], str]] = {
    "PBF-001": buyers.nothing_in_stripe,
    "PBF-002": accounts.another_address,
    "PBF-003": buyers.duplicate_customers,
    "PBF-004": buyers.no_user_link,
    "PBF-005": accounts.gone_user,
    "PBF-006": accounts.two_accounts,
    "PBF-010": buyers.declined,
    "PBF-011": buyers.unfinished_payment,
    "PBF-012": accounts.on_its_way,
    "PBF-013": buyers.refunded,
    "PBF-014": handling.free_of_charge,
    "PBF-020": buyers.ended,
    "PBF-021": buyers.two_subscriptions,
    "PBF-022": handling.extra_first,
    "PBF-023": accounts.waiting_for_payment,
    "PBF-030": catalogue.key_missing,
    "PBF-031": catalogue.wrong_key,
    "PBF-032": catalogue.value_not_canonical,
    "PBF-040": accounts.in_the_other_mode,
    "PBF-041": handling.id_of_other_mode,
    "PBF-043": accounts.other_instance,
    **{rule: endpoint.staged(rule) for rule in sorted(endpoint.IN_STRIPE | endpoint.AT_THE_APP)},
    "PBF-063": handling.period_lost,
    "PBF-070": handling.nothing_written,
    "PBF-071": handling.ended_afterwards,
    "PBF-072": handling.marked_then_crashed,
    "PBF-074": handling.no_row,
    "PBF-080": handling.clerk_skipped,
    "PBF-081": handling.replaced_in_clerk,
    "PBF-082": handling.unsafe_bag,
    "PBF-084": handling.given_by_hand,
    "PBF-090": buyers.stale_token,
    "PBF-099": buyers.healthy,
}
OF_ENDPOINT = frozenset(endpoint.IN_STRIPE | endpoint.AT_THE_APP)
PASSING = frozenset({"PBF-090"})
"""True for two minutes only, so no cause to start a demo with."""


@dataclass(frozen=True)
class Staged:
    """Who shows a cause now. `customer_id` is None where Stripe knows nobody."""

    email: str
    rule: str
    mode: Mode
    customer_id: str | None
    user_id: str
    note: str


def default_stages(mode: Mode) -> tuple[str, ...]:
    """The rules a demo starts with: one broken endpoint, every cause that can stand beside it, and healthy payers."""
    broken = "PBF-054" if mode == "test" else "PBF-058"
    beside = [rule for rule in RULES if rule not in OF_ENDPOINT | PASSING]
    return (broken, *beside, "PBF-099", "PBF-099")


def stage_at_start(world: World, options: SandboxOptions) -> list[Staged]:
    """Stages the rules of `options` in both modes, all as history: nothing is waited for."""
    staged = []
    for mode in MODES:
        chosen = default_stages(mode) if options.stages is None else options.stages
        if any(wanted.mode == mode and wanted.rule in OF_ENDPOINT for wanted in options.also):
            chosen = tuple(rule for rule in chosen if rule not in OF_ENDPOINT)
        for number, rule in enumerate(chosen):
            staged.append(_play(world, mode, rule, _lead(world, mode, rule), _minutes(rule, number), past=True))
    return staged


def stage_also(world: World, also: tuple[Wanted, ...], staged: list[Staged]) -> list[Staged]:
    """Stages these for whom they name, as history too; then tells who shows a cause, of all of them."""
    later = [
        _play(world, one.mode, one.rule, _named(world, one.mode, one.email), _minutes(one.rule, number), past=True)
        for number, one in enumerate(also)
    ]
    again = {(one.mode, one.email) for one in later}
    return [*later, *(one for one in staged if (one.mode, one.email) not in again)]


def _minutes(rule: str, number: int) -> int:
    """How long ago somebody bought: since the endpoint broke, or before."""
    return 20 if rule in OF_ENDPOINT else 27 + number % 13


def stage(world: World, mode: Mode, rule: str, email: str | None = None) -> Staged:
    """Stages one rule now. Somebody known by `email` loses what Stripe knew of them and starts over as free.

    Raises KeyError for a rule that is not in RULES. One of OF_ENDPOINT ends the one before it.
    """
    person = _lead(world, mode, rule) if email is None else _named(world, mode, email)
    return _play(world, mode, rule, person, 14, past=False)


def _lead(world: World, mode: Mode, rule: str) -> Person:
    lead = LEADS[rule][mode]
    number = 0
    while world.clerk(mode).user_by_email(lead.email) is not None:
        lead = extra(number)
        number += 1
    return lead


def _named(world: World, mode: Mode, email: str) -> Person:
    known = world.clerk(mode).user_by_email(email)
    if known is not None:
        return Person(known["first_name"] or "", known["last_name"] or "", email)
    first, _, rest = email.partition("@")[0].partition(".")
    return Person(first.capitalize(), rest.capitalize() or "Example", email)


def _play(world: World, mode: Mode, rule: str, person: Person, minutes: int, *, past: bool) -> Staged:
    at = world.stripe(mode).now() - minutes * MINUTE
    scene = Scene(world, mode, person, _user(world, mode, person, at), at, past)
    note = RULES[rule](scene)
    customer_id = None if scene.customer is None else scene.customer["id"]
    return Staged(person.email, rule, mode, customer_id, scene.user_id, note)


def _user(world: World, mode: Mode, person: Person, at: int) -> Obj:
    """The person in Clerk and in the app: free, signed in since, and new to Stripe."""
    clerk, joined = world.clerk(mode), at - 210 * DAY
    user = clerk.user_by_email(person.email)
    if user is None:
        user = clerk.add_user(
            email=person.email,
            first_name=person.first,
            last_name=person.last,
            created_at=joined,
            last_sign_in_at=at - 5 * MINUTE,
            last_active_at=at,
            public_metadata={"plan": "free"},
        )
        clerk.add_session(user["id"], created_at=at - 5 * MINUTE, last_active_at=clerk.now() - MINUTE)
    else:
        _forget(world, mode, person.email)
        user["public_metadata"] = user["public_metadata"] | {"plan": "free"}
    world.app(mode).add_row(user["id"], person.email, at=joined)
    return user


def _forget(world: World, mode: Mode, email: str) -> None:
    """Takes a customer and all that hangs on it out of Stripe's tables; no wire call could do that."""
    account = world.stripe(mode)
    gone = {row["id"] for row in account.table("customer") if (row["email"] or "").lower() == email.lower()}
    for ties in (("id", "customer"), ("subscription", "invoice", "charge", "payment_intent")):
        for kind, table in account.objects.items():
            for row in list(table) if kind != "event" else ():
                if any(isinstance(row.get(tie), str) and row[tie] in gone for tie in ties):
                    gone.add(row["id"])
                    table.remove(row["id"])
