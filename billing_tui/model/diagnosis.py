"""What a diagnosis says: findings of rules, the verdict they weigh to, and the remedies that follow."""

from datetime import datetime
from enum import IntEnum
from typing import Literal

from msgspec import Struct

from billing_tui.model.change import Wanted
from billing_tui.model.evidence import Cost, Evidence, Gap

Result = Literal["match", "no", "unknown"]
Confidence = Literal["high", "medium", "low"]


class Layer(IntEnum):
    """Where a cause sits, most upstream first: the order in which causes are weighed."""

    IDENTITY = 1
    MODE = 2
    PAYMENT = 3
    SUBSCRIPTION = 4
    CATALOGUE = 5
    DELIVERY = 6
    HANDLER = 7
    STATE = 8
    SESSION = 9


class Fact(Struct, frozen=True, kw_only=True):
    """One piece of what a rule saw. `source` is e.g. `stripe.event`, `value` is as it was read, `says` is a sentence."""

    source: str
    id: str | None = None
    field: str | None = None
    value: str | int | bool | None = None
    says: str


class Finding(Struct, frozen=True, kw_only=True):
    """What one rule makes of the evidence.

    `headline` is the cause in one sentence for support staff; set on a match. `detail` is a second one, may be empty.
    `missing` names what an unknown rule lacked, `gaps` are those of it that were wanted and could not be had. `ours` is False
    where nothing is wrong on our side.
    """

    id: str
    name: str
    layer: Layer
    result: Result
    confidence: Confidence | None = None
    headline: str = ""
    detail: str = ""
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    ours: bool = True


class Verdict(Struct, frozen=True, kw_only=True):
    """The findings weighed.

    `primary` is the most upstream cause, `PBF-099` when all is well, None when a needed layer could not be read; `headline`
    then says what is missing. `exit_code` is the contract's for `diagnose`.
    """

    primary: str | None
    also: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    ours: bool = False
    confidence: Confidence | None = None
    headline: str
    detail: str = ""
    exit_code: int = 0


class Remedy(Struct, frozen=True, kw_only=True):
    """Something to do about it. `key` is None for an instruction to a human outside the tool; `wanted` is what a key plans."""

    key: str | None
    name: str
    title: str
    automatic: bool = True
    allowed: bool = True
    why_not: str | None = None
    steps: tuple[str, ...] = ()
    command: str | None = None
    wanted: Wanted | None = None


class Subject(Struct, frozen=True, kw_only=True):
    """Who holds the plan. `key` is how the link names them: a user's or an organization's id."""

    user_id: str | None = None
    organization_id: str | None = None
    emails: tuple[str, ...] = ()
    customer_ids: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        return self.organization_id or self.user_id


class LayerPlans(Struct, frozen=True, kw_only=True):
    """The plan as each layer has it; None where it is unknown or the layer is not configured."""

    stripe: str | None = None
    clerk: str | None = None
    database: str | None = None
    token: str | None = None


HopState = Literal["good", "bad", "unknown", "pending", "off"]


class Hop(Struct, frozen=True, kw_only=True):
    """One station of the strip from the payment to the token, e.g. `Delivery`, bad, "1 endpoint outstanding".

    `name` is one of payment, subscription, event, delivery, handler, clerk, database, token. `value` is short (a plan, or "").
    `broken` marks the station at which the verdict sees the fault. `at` is when it was last true, where it comes from the cache.
    """

    name: str
    state: HopState
    value: str = ""
    broken: bool = False
    at: datetime | None = None


Mood = Literal["plain", "good", "attention", "bad"]


class Happening(Struct, frozen=True, kw_only=True):
    """One line of the timeline."""

    at: datetime
    what: str
    id: str = ""
    says: str = ""
    mood: Mood = "plain"


class Diagnosis(Struct, frozen=True, kw_only=True):
    """One ticket, as far as it is known at this moment. `evidence.settled` says whether more will come."""

    evidence: Evidence
    subject: Subject
    verdict: Verdict
    expected_plan: str | None
    layers: LayerPlans
    findings: tuple[Finding, ...]
    remedies: tuple[Remedy, ...]
    strip: tuple[Hop, ...]
    timeline: tuple[Happening, ...]
    summary: str
    cost: Cost
    requests: tuple[str, ...] = ()
    """The ids of the requests that it rests on, as Stripe and Clerk know them."""
