"""What every stage starts from: a person in one mode, known to Clerk and to the app, not yet to Stripe.

Also holds the few things that many stages do: make the customer, find a price, buy and let the app hear of it.
"""

from dataclasses import dataclass, field
from itertools import islice

from billing_tui.sandbox.app import CustomerApp
from billing_tui.sandbox.clerk import ClerkInstance
from billing_tui.sandbox.commerce import Link, Purchase, buy
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stages.cast import Person
from billing_tui.sandbox.stages.replay import replay
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account, Hearing
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import World

MINUTE, DAY = 60, 86_400


@dataclass
class Scene:
    """`at` is when the person bought, in Unix seconds; `past` tells failed deliveries as history instead of trying.

    `hearing` is how what happens to them is heard where it is not the stage itself that keeps it from the app. `named` is whom
    what they buy names, where that is somebody else.
    """

    world: World
    mode: Mode
    person: Person
    user: Obj
    at: int
    past: bool
    customer: Obj | None = None
    hearing: Hearing = "settled"
    named: str = ""
    earlier: int = field(init=False)

    def __post_init__(self) -> None:
        self.earlier = len(self.account.table("event"))

    @property
    def account(self) -> Account:
        return self.world.stripe(self.mode)

    @property
    def clerk(self) -> ClerkInstance:
        return self.world.clerk(self.mode)

    @property
    def app(self) -> CustomerApp:
        return self.world.app(self.mode)

    @property
    def user_id(self) -> str:
        return str(self.user["id"])

    @property
    def unheard(self) -> Hearing:
        """How events are told that the app will not take: really posted, or as posts of the past."""
        return "failed" if self.past else "now"

    def make_customer(
        self, *, email: str | None = None, linked: bool = True, remembered: bool = True, created: int | None = None
    ) -> Obj:
        """The Stripe customer; `remembered` also puts its id into the app's row, as starting a checkout does."""
        created = self.at - MINUTE if created is None else created
        self.customer = objects.customer(
            self.account,
            email=email or self.person.email,
            name=self.person.name,
            country="DE",
            metadata={"clerkUserId": self.user_id} if linked else {},
            created=created,
        )
        if remembered:
            self.app.database.set_customer(self.user_id, self.customer["id"], created)
        return self.customer

    def price(self, tier: str) -> Obj:
        """The tier's current monthly price."""
        for price in self.account.table("price"):
            monthly = price["active"] and (price["recurring"] or {}).get("interval") == "month"
            if monthly and self.account.get("product", price["product"])["metadata"].get("plan") == tier:
                return price
        raise LookupError(f"the catalogue has no monthly price for {tier}")

    def buy(
        self,
        price: Obj,
        *,
        at: int | None = None,
        hearing: Hearing | None = None,
        linked: bool = True,
        heard: bool = True,
        trial_days: int = 0,
        extras: tuple[tuple[Obj, int], ...] = (),
    ) -> Purchase:
        """A purchase by the scene's customer. When it is "settled", the app has also done with it what it does."""
        hearing = hearing or self.hearing
        customer = self.customer if self.customer is not None else self.make_customer(linked=linked)
        link = Link.to(self.named or self.user_id) if linked else Link()
        purchase = buy(
            self.account,
            customer,
            price,
            link=link,
            at=self.at if at is None else at,
            hearing=hearing,
            trial_days=trial_days,
            extras=extras,
        )
        if hearing == "settled" and heard:
            self.heard(purchase.events)
        return purchase

    def new_events(self) -> list[Obj]:
        """The events made since the scene began, oldest first."""
        return list(islice(self.account.table("event"), self.earlier, None))

    def heard(self, events: list[Obj], *, at: float | None = None) -> None:
        """The app took these events, each a second after it was made unless `at` says when; if it hears of anything."""
        if self.hearing != "settled":
            return
        for event in events:
            replay(self.app, self.account, self.clerk, event, event["created"] + 1 if at is None else at)
