"""What a plan is made with: the opened services, the profile, and fresh reads of whom it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from billing_tui.changes.journal import Journal
from billing_tui.diagnosis.configuration import Shared
from billing_tui.diagnosis.gather import THOROUGH, Gathering
from billing_tui.model.change import Change, Wanted
from billing_tui.model.evidence import Evidence
from billing_tui.model.problem import KeyRefused, NotThere, OutOfReach, Problem, Refused
from billing_tui.model.profile import Profile
from billing_tui.model.query import understand
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase
from billing_tui.services.stripe import Stripe


@dataclass(frozen=True)
class Desk:
    """One opened profile, as the planners see it."""

    services: Services
    shared: Shared
    profile: Profile
    now: Callable[[], datetime]
    journal: Journal
    keep_secret: Callable[[str, str], str] | None = None
    """Keeps a secret for a slot; answers where. Blocking; raises `KeyRefused` where nothing keeps one."""

    @property
    def stripe(self) -> Stripe:
        """Raises the problem that keeps it closed."""
        if not isinstance(self.services.stripe, Stripe):
            raise self.services.stripe
        return self.services.stripe

    @property
    def clerk(self) -> Clerk | None:
        """None where the profile has none; raises the problem that keeps it closed."""
        if isinstance(self.services.clerk, Problem):
            raise self.services.clerk
        return self.services.clerk

    @property
    def database(self) -> AppDatabase | None:
        """None where the profile has none; raises the problem that keeps it closed."""
        if isinstance(self.services.database, Problem):
            raise self.services.database
        return self.services.database

    async def evidence(self, text: str, user: str = "") -> Evidence:
        """Everything about whom a query names, read now. Raises as `Gathering.run` does."""
        query, now = understand(text), self.now()
        gathering = Gathering(
            self.services, self.shared, self.profile, query, at=now, named_user=user, probe=False, most=THOROUGH
        )
        async for evidence in gathering.run():
            if evidence.settled:
                return evidence
        return gathering.evidence

    async def account(self) -> str | None:
        """Whose key it is, asked now; None where a restricted key is not told.

        Raises:
            Refused: It is another account's than the profile expects, or that can't be seen.
        """
        try:
            account = (await self.stripe.account()).id
        except KeyRefused as refusal:
            if refusal.code != "permission":
                raise
            account = refusal.account
        except NotThere as problem:
            raise OutOfReach("Stripe does not say whose account this is.", problem.message) from problem
        wanted = self.profile.stripe_account
        if wanted and account != wanted:
            told = f"belongs to {account}" if account else "does not say whose it is"
            raise Refused(
                f"The {self.profile.mode} key {told}, and the profile expects {wanted}: nothing may be written.",
                "Use the key of that account, or correct stripe_account in the configuration.",
                code="account_mismatch",
            )
        return account or None

    def draft(self, wanted: Wanted, plan_id: str, stamp: datetime, account: str | None) -> Change:
        """A plan of nothing yet."""
        return Change(
            plan_id=plan_id,
            action=wanted.action,
            profile=self.profile.name,
            mode=self.profile.mode,
            account=account,
            at=stamp,
            query=wanted.query,
            subject="",
            named_user=wanted.user,
            options=wanted.options,
            rule=wanted.rule,
            refused="This is read-only: nothing may be written." if self.profile.read_only else None,
        )
