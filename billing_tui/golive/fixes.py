"""Fixes that the tool itself can make: each with the change to plan, and the command that plans the same."""

from collections.abc import Iterable

from msgspec import structs

from billing_tui.model.change import Wanted
from billing_tui.model.golive import Fix
from billing_tui.model.profile import Mode


def copy_catalogue(title: str) -> Fix:
    """Test mode's products and prices, as far as live mode lacks them."""
    return _copy(title, "products")


def copy_portal(title: str, features: Iterable[str] = ()) -> Fix:
    """What test mode's customers may do, or these of it alone."""
    named = ",".join(features)
    fix = _copy(title, "portal")
    return structs.replace(fix, wanted=(_copying("portal", {"features": named}),)) if named else fix


def mend_rows(title: str, keys: Iterable[str]) -> Fix:
    """Stripe's ids taken out of rows of the live database."""
    names = " ".join(keys)
    command = "billing-tui golive GL-34 --apply"
    return Fix(automatic=True, title=title, commands=(command,), wanted=(Wanted(action="fix rows", query=names),))


def _copy(title: str, part: str) -> Fix:
    return Fix(automatic=True, title=title, commands=(f"billing-tui golive --copy --only {part}",), wanted=(_copying(part, {}),))


def _copying(part: str, options: dict[str, str]) -> Wanted:
    return Wanted(action="copy catalogue", query="", options={"parts": part, **options})


def mend_endpoint(title: str, name: str, options: dict[str, str]) -> Fix:
    """Of an endpoint in live mode: `url`, `add-events`, `enable`, `disable`."""
    return _fix(title, [Wanted(action="fix endpoint", query=name, options=options)])


def make_endpoint(title: str, events: Iterable[str]) -> Fix:
    """A new one in live mode, at the profile's address."""
    return _fix(title, [Wanted(action="new endpoint", query="", options={"add-events": ",".join(sorted(events))})])


def disable_endpoints(title: str, live: Iterable[str], test: Iterable[str]) -> Fix:
    """Only live mode's are for the tool: it writes in one mode at a time."""
    made = _fix(title, [Wanted(action="fix endpoint", query=name, options={"disable": "yes"}) for name in live])
    others = tuple(command_of(Wanted(action="fix endpoint", query=name, options={"disable": "yes"}), "test") for name in test)
    return Fix(automatic=made.automatic, title=title, commands=made.commands + others, wanted=made.wanted)


def mend_products(title: str, names: Iterable[str]) -> Fix:
    """The plan that each of live mode's products names."""
    return _fix(title, [Wanted(action="fix product", query=name) for name in dict.fromkeys(names)])


def _fix(title: str, wanted: list[Wanted]) -> Fix:
    commands = tuple(command_of(one, "live") for one in wanted)
    return Fix(automatic=bool(wanted), title=title, commands=commands, wanted=tuple(wanted))


def command_of(wanted: Wanted, mode: Mode) -> str:
    """The command that plans the same."""
    start = "fix endpoint --create" if wanted.action == "new endpoint" else f"{wanted.action} {wanted.query}"
    options = [f"--{name}" + ("" if value == "yes" else f" {value}") for name, value in wanted.options.items()]
    return " ".join(("billing-tui", start, *options, "--mode", mode))
