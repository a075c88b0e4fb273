"""What the band at the top of the dashboard says: where one is, and what one may do there."""

from datetime import datetime

from msgspec import Struct

from billing_tui.model.profile import Mode


class Band(Struct, frozen=True, kw_only=True):
    """Empty texts are not known yet, or not configured.

    `clerk` is e.g. `production`, `database` e.g. `users@demo.db`. `reads` counts what this process has read from Stripe today.
    `warning` is one sentence to keep in sight, e.g. that the account's id could not be read.
    """

    mode: Mode
    demo: bool = False
    profile: str = ""
    account_name: str = ""
    account_id: str = ""
    clerk: str = ""
    database: str = ""
    read_only: bool = False
    locked: bool = False
    reads: int = 0
    reads_per_day: int = 0
    fresh: datetime | None = None
    warning: str = ""


class Example(Struct, frozen=True):
    """Somebody whom the demo suggests to look up, and what is wrong there: a rule's id, and `about` its name."""

    email: str
    stages: str
    mode: Mode = "test"
    about: str = ""
