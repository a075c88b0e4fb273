"""What the dashboard asks of the floor below: a desk that opens rooms, and a room that diagnoses and writes.

Protocols alone, so that the screens never import a service.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from billing_tui.model.band import Band, Example
from billing_tui.model.change import Change, Wanted
from billing_tui.model.delivery import DeliveryLog
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.notice import Attention, Notice, Silence
from billing_tui.model.profile import Mode, Profile
from billing_tui.model.trend import Trend

if TYPE_CHECKING:  # the first paint waits for no cache
    from billing_tui.cache.shelf import Shelf
    from billing_tui.cache.survey import SurveyReport
    from billing_tui.cache.sync import SyncReport
    from billing_tui.changes.history import Written
    from billing_tui.changes.reins import Reins
    from billing_tui.golive.bought import Bought
    from billing_tui.golive.facts import Side
    from billing_tui.golive.seen import SeenFile
    from billing_tui.model.evidence import Configuration, Gap, Probes


class Progress(Protocol):
    """How a sync stands."""

    @property
    def rows(self) -> int: ...

    @property
    def requests(self) -> int: ...

    @property
    def left(self) -> float | None:
        """Seconds that it will still take; None while that cannot be told."""
        ...


class Room(Protocol):
    """One profile in one mode, opened. Every method that waits raises `Problem` and nothing else on purpose."""

    @property
    def profile(self) -> Profile: ...

    @property
    def locked(self) -> bool:
        """Whether writes are refused until `unlock`. Live starts locked, test never is."""
        ...

    def band(self) -> Band:
        """Where we are, as far as it is known; no I/O."""
        ...

    def unlock(self) -> None:
        """Raises `Refused` when the profile is read-only."""
        ...

    def lock(self) -> None: ...

    async def warm(self) -> None:
        """Reads what the band wants to say: account, Clerk instance, database name."""
        ...

    def diagnose(self, text: str, *, user: str = "", warm: bool = False) -> AsyncIterator[Diagnosis]:
        """Ever more complete; the last one's evidence is settled. With `warm`, the first may rest on the cache."""
        ...

    async def plan(self, wanted: Wanted) -> Change:
        """From fresh reads; a refused plan says why in `refused`."""
        ...

    async def reconcile(self) -> list[Change]:
        """Looks up what killed processes left open; answers how each of those plans ended."""
        ...

    def written(self) -> "Written":
        """What the journal tells, plan by plan. Blocking."""
        ...

    def apply(self, change: Change, confirm: str, reins: "Reins | None" = None) -> AsyncIterator[Change]:
        """The change after each step; the last one is `applied`. `reins` pause and stop a bulk."""
        ...

    def shelf(self) -> "Shelf":
        """The cache, to read from in threads; empty where nothing was ever read into it."""
        ...

    def attention(self) -> Attention:
        """What needs attention, by the cache and what is known of the endpoints. Blocking; asks nobody."""
        ...

    def silence(self, notice: Notice, how: Silence | None) -> None:
        """Silences a notice, or with None lets it be heard again. Blocking."""
        ...

    def trend(self) -> Trend:
        """What the causes of tickets were of late, to read in threads."""
        ...

    async def sync(self, *, full: bool = False, on_progress: "Callable[[Progress], None] | None" = None) -> "SyncReport":
        """Brings the cache up to date. Cancelled, it keeps what was done."""
        ...

    async def survey(self, *, older: float = 0.0) -> "SurveyReport | None":
        """Looks at everybody in Clerk and the database, unless any window has within so many seconds."""
        ...

    async def side(self) -> "Side":
        """This mode as the go-live checks look at it."""
        ...

    @property
    def seen(self) -> "SeenFile":
        """What a person has looked at and found well."""
        ...

    async def bought_with(self, coupon: str, since: datetime) -> "Bought | None":
        """The purchase with a coupon since a moment, if there is one yet."""
        ...

    async def read_customer(self, customer: str) -> Diagnosis:
        """A customer, read now in every layer."""
        ...

    async def has_arrived(self, event: str) -> bool:
        """Whether an event has got to the app."""
        ...

    async def recheck(self) -> int:
        """Asks which events are still outstanding, and which the app has; of how many of the cache's more is known now."""
        ...

    async def configuration(self) -> "Configuration":
        """The account, the catalogue, the endpoints."""
        ...

    async def probes(self) -> "Probes | Gap":
        """What the app's own endpoint answers to our requests."""
        ...

    async def event(self, event_id: str) -> dict[str, Any]:
        """An event with all that it carries."""
        ...

    async def deliveries_of(self, event_id: str) -> DeliveryLog:
        """Where one event has got to, with what this tool sent."""
        ...

    def refresh_after(self, unwatched: float) -> float | None:
        """Seconds until the cache is to be read again by itself; None for not before somebody looks.

        `unwatched` is for how many seconds nobody has. No I/O.
        """
        ...

    async def refresh(self, older: float) -> datetime | None:
        """Reads what has changed in Stripe, unless any window did within so many seconds; answers when that was.

        None where the whole was never read, or there is no key: nothing is then read unasked.
        """
        ...

    async def close(self) -> None: ...


class Desk(Protocol):
    """What the dashboard is started with."""

    @property
    def profile_name(self) -> str: ...

    @property
    def profiles(self) -> tuple[str, ...]:
        """Every one there is, this one among them."""
        ...

    def of(self, profile: str) -> "Desk":
        """The same for another profile, which starts in the mode that is usual there. Blocking. Raises `Problem`."""
        ...

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Those that have keys and can be opened."""
        ...

    @property
    def mode(self) -> Mode:
        """The one to start with."""
        ...

    def open(self, mode: Mode) -> Room:
        """Cheap: nothing is read yet."""
        ...

    def sealed(self, mode: Mode) -> bool:
        """Whether keys of the mode are in a vault that waits for its passphrase. Raises `Problem` where that can't be told."""
        ...

    def unseal(self, passphrase: str) -> None:
        """Opens the vault; blocking. Raises `KeyRefused` for a wrong passphrase."""
        ...

    def examples(self, mode: Mode) -> tuple[Example, ...]:
        """Whom the demo suggests to look up; empty elsewhere."""
        ...
