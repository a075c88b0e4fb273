"""What the app has to be given once live mode is set up, as commands to copy: secrets by a pipe, never as an argument. Pure."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from billing_tui.golive.names import SECRETS, Host, kinds_of, price_names
from billing_tui.model.plans import PlanRead
from billing_tui.model.profile import Mode

Where = Literal["wrangler", "vercel", "fly", "dotenv"]
WHERE: tuple[Where, ...] = ("wrangler", "vercel", "fly", "dotenv")
_FILE = ".env.production"


class Given(Struct, frozen=True):
    """Something that the app reads under a name; `value` is "" for a secret, which only a pipe may carry."""

    name: str
    what: str
    slot: str = ""
    value: str = ""


class Handover(Struct, frozen=True):
    """Everything that is to be handed over, of one profile in one mode."""

    profile: str
    mode: Mode
    given: tuple[Given, ...]
    usual: Where = "wrangler"
    """The host that told its names, or the first of them."""

    def commands(self, where: Where) -> tuple[str, ...]:
        """How a host is given all of it."""
        return tuple(self._command(each, where) for each in self.given)

    def _command(self, each: Given, where: Where) -> str:
        if each.value:
            return {
                "wrangler": f"printf %s {each.value} | wrangler secret put {each.name}",
                "vercel": f"printf %s {each.value} | vercel env add {each.name} production",
                "fly": f"fly secrets set {each.name}={each.value}",
                "dotenv": f"echo {each.name}={each.value} >> {_FILE}",
            }[where]
        pipe = f"billing-tui keys pipe {each.slot} --profile {self.profile} --mode {self.mode}"
        return {
            "wrangler": f"{pipe} | wrangler secret put {each.name}",
            "vercel": f"{pipe} | vercel env add {each.name} production",
            "fly": f"{pipe} --as {each.name} | fly secrets import",
            "dotenv": f"{pipe} --as {each.name} >> {_FILE}",
        }[where]


def handover(profile: str, mode: Mode, reads: Sequence[PlanRead], host: Host | None) -> Handover:
    """The signing secret, whatever secret the host lacks, and the ids of the prices that lead to a tier."""
    names = host.names if host else ()
    found = kinds_of(names)
    given = [
        Given(name, kind.what, slot=kind.slot)
        for kind in SECRETS
        if kind.slot == "webhook_secret" or (host and kind.slot not in found)
        for name in found.get(kind.slot, (kind.usual,))
    ]
    prices = price_names(reads, names)
    given += [Given(prices[read.price.id], _what(read), value=read.price.id) for read in reads if read.price.id in prices]
    usual: Where = next((where for where in WHERE if host and host.source.startswith(where)), "wrangler")
    return Handover(profile, mode, tuple(given), usual)


def _what(read: PlanRead) -> str:
    recurring = read.price.recurring
    return f"{read.tier}, by the {recurring.interval}" if recurring else str(read.tier)
