"""Two causes that befall one person: how they are put on together, and which of them can meet.

A cause that lies with the buyer, the purchase or the app is staged while the endpoint is broken, or with what another one makes
people buy. Each is staged by the sandbox's own stage; only the scene differs.
"""

from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from billing_tui.sandbox.commerce import Purchase
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stages import OF_ENDPOINT, RULES
from billing_tui.sandbox.stages.cast import Person
from billing_tui.sandbox.stages.endpoint import AT_THE_APP, IN_STRIPE, repair
from billing_tui.sandbox.stages.scene import DAY, MINUTE, Scene
from billing_tui.sandbox.stripe.account import event_shape
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import World

Pair = tuple[str, str]

OF_CATALOGUE = ("PBF-030", "PBF-031", "PBF-032")

# Why a cause meets none of the endpoint's: nothing of theirs is lost there, or what is theirs takes a delivery.
APART_FROM_ENDPOINT = {
    **dict.fromkeys(("PBF-001", "PBF-010", "PBF-011", "PBF-012", "PBF-040", "PBF-084"), "no event of theirs would give a plan"),
    **dict.fromkeys(("PBF-014", "PBF-022", "PBF-063", "PBF-070", "PBF-072"), "the handler was never asked"),
    **dict.fromkeys(("PBF-071", "PBF-080", "PBF-081", "PBF-082", "PBF-090"), "something was written, so something came"),
    **dict.fromkeys(("PBF-006", "PBF-099"), "the plan was written, so the events came"),
    "PBF-074": "no write was tried that could be refused",
    "PBF-021": "the app follows the later of two, so it heard of both",
    "PBF-023": "what waits for its payment is told once what is paid for is there",
}
# Why a cause meets none of the catalogue's: no plan is paid for, or the app does not come to read it.
APART_FROM_CATALOGUE = {
    **dict.fromkeys(
        ("PBF-001", "PBF-010", "PBF-011", "PBF-012", "PBF-013", "PBF-020", "PBF-040", "PBF-084"), "nothing is paid for"
    ),
    **dict.fromkeys(("PBF-006", "PBF-023", "PBF-063", "PBF-071", "PBF-074"), "they rest on a plan that was read"),
    **dict.fromkeys(("PBF-080", "PBF-081", "PBF-082", "PBF-090", "PBF-099"), "they rest on a plan that was read"),
    **dict.fromkeys(("PBF-014", "PBF-070"), "that the handler wrote no plan is what the catalogue explains"),
    "PBF-022": "another item leads to no plan either",
    "PBF-021": "what leads to no plan is not what the app could follow better",
}

# Why two causes at one endpoint don't meet. Of those at the app only the first to answer shows, whatever stands behind it.
APART_AT_ENDPOINT = {
    **{("PBF-050", other): "there is no endpoint to be anything else" for other in ("PBF-051", "PBF-052", "PBF-053", "PBF-062")},
    **{(other, "PBF-060"): "nothing was sent that could be failed on" for other in ("PBF-050", "PBF-051", "PBF-052")},
    ("PBF-051", "PBF-062"): "one that is disabled is no duplicate",
    ("PBF-052", "PBF-062"): "what is sent to neither is outstanding at neither",
    ("PBF-053", "PBF-062"): "which of the two is the app's own nobody can tell",
    ("PBF-062", "PBF-055"): "neither has a secret that would do",
    ("PBF-062", "PBF-060"): "what is outstanding at both is no matter of secrets",
}

# Who somebody is, with what they bought or what became of it. For the rest, whom a payment does not lead to is missed once
# something is owed to them, and nobody's plan could be written wrongly.
WHOSE = (
    *product(("PBF-041", "PBF-043"), ("PBF-010", "PBF-011", "PBF-012", "PBF-013", "PBF-020")),
    *product(("PBF-002", "PBF-003", "PBF-004", "PBF-005", "PBF-041", "PBF-043"), ("PBF-022", "PBF-071")),
    *product(("PBF-002", "PBF-004", "PBF-005", "PBF-041", "PBF-043"), ("PBF-014",)),
    *product(("PBF-003", "PBF-004", "PBF-041"), ("PBF-082",)),
    *product(("PBF-041",), ("PBF-021", "PBF-072")),
)

# Two faults of one handler that both leave a trace.
IN_ONE_HANDLER = (("PBF-063", "PBF-022"), ("PBF-063", "PBF-080"), ("PBF-063", "PBF-081"), ("PBF-063", "PBF-082"))
# Who was heard of when they bought, and is no more when it ends.
ENDS = ("PBF-013", "PBF-020")


class LeftError(Exception):
    """Somebody looked at a price, and did not buy."""


@dataclass
class Crossed(Scene):
    """A scene that holds two causes. `leaves` ends a stage where it would buy; `instead` is what is bought as pro."""

    leaves: bool = False
    instead: Obj | None = None
    seen: Obj | None = None

    def price(self, tier: str) -> Obj:
        return self.instead if self.instead and tier == "pro" else super().price(tier)

    def buy(self, price: Obj, **how: Any) -> Purchase:
        self.seen = price
        if self.leaves:
            raise LeftError
        return super().buy(price, **how)


@dataclass
class OneHandler(Crossed):
    """A scene with one customer, whoever makes it."""

    def make_customer(self, **how: Any) -> Obj:
        return self.customer or super().make_customer(**how)


@dataclass
class Whose(Crossed):
    """A scene in which what a first stage made of who is who holds for all that is bought."""

    links: bool = True

    @property
    def user_id(self) -> str:
        return self.named or (super().user_id if self.links else "")

    def make_customer(self, **how: Any) -> Obj:
        return self.customer if self.customer and not self.leaves else super().make_customer(**how)

    def buy(self, price: Obj, **how: Any) -> Purchase:
        self.links = self.links and how.pop("linked", True)
        return super().buy(price, linked=self.links, **how)

    def heard(self, events: list[Obj], **how: Any) -> None:
        if not self.named:
            super().heard(events, **how)


@dataclass
class Ending(Crossed):
    """A scene in which the purchase was heard of, and what came after goes where the endpoint sends it."""

    def buy(self, price: Obj, **how: Any) -> Purchase:
        purchase = super().buy(price, **how)
        bought = purchase.subscription
        if not purchase.events:  # it is so long ago that Stripe no longer shows any
            self.heard([event_shape(self.account, "customer.subscription.created", bought, None, bought["created"])])
        self.hearing = "now"
        return purchase


def behind_endpoint(world: World, mode: Mode, person: Person, rule: str) -> Crossed:
    """One cause, with whatever is told of it really sent to the endpoint as it is now."""
    scene = _scene(world, mode, person, Ending if rule in ENDS else Crossed)
    scene.hearing = "settled" if rule in ENDS else "now"
    RULES[rule](scene)
    return scene


def of_product(world: World, mode: Mode, person: Person, rule: str, sold: str) -> Crossed:
    """One cause, in a purchase of what the catalogue's cause sells."""
    scene = _scene(world, mode, person, Crossed)
    _left(scene, sold)
    scene.instead = scene.seen
    RULES[rule](scene)
    return scene


def at_one_endpoint(world: World, mode: Mode, person: Person, rules: Pair) -> Crossed:
    """Two causes at one endpoint, and a purchase that it is, or isn't, told of."""
    scene = _scene(world, mode, person, Crossed)
    repair(world, mode)
    for rule in rules:
        (IN_STRIPE | AT_THE_APP)[rule][0](scene)
    scene.buy(scene.price("pro"), hearing="now")
    return scene


def in_handler(world: World, mode: Mode, person: Person, rule: str, other: str) -> Crossed:
    """Two faults of the handler, and one purchase."""
    scene = _scene(world, mode, person, OneHandler)
    _left(scene, rule)
    RULES[other](scene)
    return scene


def of_whom(world: World, mode: Mode, person: Person, rule: str, other: str) -> Crossed:
    """A cause in who somebody is, and one in what they bought or what became of it."""
    scene = _scene(world, mode, person, Whose)
    _left(scene, rule)
    RULES[other](scene)
    return scene


def _left(scene: Crossed, rule: str) -> None:
    """A stage as far as its purchase."""
    scene.leaves = True
    with suppress(LeftError):
        RULES[rule](scene)
    scene.leaves = False


def _scene(world: World, mode: Mode, person: Person, kind: type[Crossed]) -> Crossed:
    at = world.stripe(mode).now() - 15 * MINUTE
    user = world.clerk(mode).add_user(email=person.email, created_at=at - 90 * DAY, public_metadata={"plan": "free"})
    world.app(mode).add_row(user["id"], person.email, at=at - 90 * DAY)
    return kind(world, mode, person, user, at, past=False)


def behind() -> list[str]:
    """The causes that can meet each of the endpoint's."""
    return [rule for rule in RULES if rule not in OF_ENDPOINT and rule not in APART_FROM_ENDPOINT]


def of_endpoints() -> list[Pair]:
    """The pairs of causes that can meet at one endpoint."""
    crossed = [*product(IN_STRIPE, AT_THE_APP), *combinations(IN_STRIPE, 2)]
    return [pair for pair in crossed if pair not in APART_AT_ENDPOINT]


def with_product() -> list[str]:
    """The causes that can meet one of the catalogue's, beside the endpoint's."""
    apart = {*OF_ENDPOINT, *OF_CATALOGUE, *APART_FROM_CATALOGUE}
    return [rule for rule in RULES if rule not in apart]
