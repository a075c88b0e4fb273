"""All services of one profile in one mode, each either open or the reason why it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from billing_tui.model.problem import Problem
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase
from billing_tui.services.endpoint import AppEndpoint
from billing_tui.services.stripe import Stripe


class Elsewhere(Protocol):
    """The other mode's services, for reading alone; opened when they are first asked for."""

    @property
    def webhook_url(self) -> str:
        """Where the app is told of the other mode's events; "" where that is not set."""
        ...

    async def open(self) -> "Services | None":
        """None where they can't be opened: the other mode is not set up here, and that is no fault."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Services:
    """None stands for a service that the profile does not have; a `Problem` for one that could not be opened."""

    stripe: Stripe | Problem
    clerk: Clerk | Problem | None
    database: AppDatabase | Problem | None
    endpoint: AppEndpoint | None
    elsewhere: Elsewhere | None = None
    endpoint_at: Callable[[str], AppEndpoint] | None = None
    """An address that somebody wants the endpoint to have, to be asked before that. Whoever opens it closes it."""

    async def close(self) -> None:
        """Closes all of them; no request is in flight afterwards."""
        if isinstance(self.stripe, Stripe):
            await self.stripe.api.close()
        if isinstance(self.clerk, Clerk):
            await self.clerk.close()
        if isinstance(self.database, AppDatabase):
            await self.database.close()
        if self.endpoint:
            await self.endpoint.close()
        if self.elsewhere:
            await self.elsewhere.close()
