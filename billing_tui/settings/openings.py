"""What a profile is opened with. The services are opened from it; whoever only holds it loads none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from billing_tui.model.profile import Profile
from billing_tui.settings.secret import Secret


@dataclass(frozen=True)
class Openings:
    """What it takes to open a profile: how to look up its secrets, and how long to wait for anybody, in seconds."""

    profile: Profile
    secret: Callable[[str], Secret | None]
    timeout: float = 10.0
    state: Path | None = None
    """Where what all processes of this machine share is kept; without it, this one paces itself alone."""
    other: "Openings | None" = None
    """The other mode, to look into where somebody is not to be found in this one."""
    keep: Callable[[str, str], str] | None = None
    """Keeps a secret for a slot, and answers where; without it, none is kept."""
    advice: Callable[[], str] = lambda: ""
    """What to add where a secret is missing: why a place that may hold it could not be asked."""
