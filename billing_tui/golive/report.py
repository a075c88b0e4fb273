"""A report to keep: what was checked, when, on which account, and what came of it, as Markdown or JSON. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from billing_tui.golive.facts import Both, Side
from billing_tui.model.golive import Checked, Severity, State
from billing_tui.model.moment import rfc3339
from billing_tui.model.problem import Problem
from billing_tui.model.stripe import Account
from billing_tui.model.text import plural

_STATES: dict[State, str] = {"fail": "✗ fault", "unknown": "? not known", "manual": "· by hand", "pass": "✓ well"}
_SEVERITIES: dict[Severity, str] = {"blocker": "Blockers", "high": "High", "warning": "Warnings", "info": "Good to know"}


def markdown(profile: str, both: Both, checks: Sequence[Checked]) -> str:
    """Faults first within each severity; what was well is told too, since silence is no pass."""
    text = [
        f"# Go-live of {_plain(profile)}",
        "",
        f"Checked at {rfc3339(both.at)}: {counted(checks)}.",
        "",
        f"- Test: {_side(both.test)}",
        f"- Live: {_side(both.live)}",
        *([f"- Host: {plural(len(both.host.names), 'name')} from {_plain(both.host.source)}"] if both.host else []),
        "",
    ]
    for severity, title in _SEVERITIES.items():
        held = [each for each in checks if each.severity == severity]
        if held:
            text += [f"## {title}", "", *(line for each in worst_first(held) for line in _check(each))]
    return "\n".join(text).rstrip() + "\n"


def document(profile: str, both: Both, checks: Sequence[Checked]) -> dict[str, Any]:
    """The same for a program: `billing-tui/golive/1`, with whose accounts were looked at, and which could not be."""
    unread = {name: side.message for name, side in (("test", both.test), ("live", both.live)) if isinstance(side, Problem)}
    accounts = {"test": account_of(both.test) or None, "live": account_of(both.live) or None}
    head = {
        "schema": "billing-tui/golive/1",
        "profile": profile,
        "mode": "live",
        "account": accounts["live"],
        "at": rfc3339(both.at),
    }
    return {**head, "checks": [check_document(held) for held in checks], "accounts": accounts, "unread": unread}


def check_document(held: Checked) -> dict[str, Any]:
    """What a program can use; how this one plans a fix is its own matter."""
    check: dict[str, Any] = to_builtins(held)
    if check["fix"]:
        del check["fix"]["wanted"]
    return check


def account_of(side: Side | Problem) -> str:
    """Whose account a mode is; "" where that is not known."""
    account = side.configuration.account if isinstance(side, Side) else None
    return account.id if isinstance(account, Account) else ""


def text_for(path: Path, profile: str, both: Both, checks: Sequence[Checked]) -> str:
    """The report as a file of that name holds it."""
    if path.suffix == ".json":
        return json.dumps(document(profile, both, checks), ensure_ascii=False, indent=2) + "\n"
    return markdown(profile, both, checks)


def counted(checks: Sequence[Checked]) -> str:
    """How many of each state, in a sentence."""
    number = {state: sum(each.state == state for each in checks) for state in _STATES}
    return f"{plural(number['fail'], 'fault')}, {number['unknown']} not known, {number['manual']} by hand, {number['pass']} well"


def worst_first(checks: Iterable[Checked]) -> list[Checked]:
    """Faults, what is not known, what is for a person, and then what is well."""
    order = list(_STATES)
    return sorted(checks, key=lambda each: order.index(each.state))


def _side(side: Side | Problem) -> str:
    if isinstance(side, Problem):
        return _plain(side.message)
    account = side.configuration.account
    if not isinstance(account, Account):
        return "whose account it is could not be read"
    return f"{_plain(account.name)} `{account.id}`" if account.name else f"`{account.id}`"


def _check(held: Checked) -> Iterator[str]:
    yield f"### {_STATES[held.state]} · {held.id} {_plain(held.name)}"
    yield ""
    yield _plain(held.headline)
    yield ""
    evidence = [f"- {f'`{_code(fact.id)}` ' if fact.id else ''}{_plain(fact.says)}" for fact in held.evidence]
    yield from [*evidence, ""] if evidence else []
    if held.fix:
        yield from [f"To do: {_plain(held.fix.title)}", ""] if held.state != "pass" else []
        yield from ["```", *(command.replace("`", "'") for command in held.fix.commands), "```", ""] if held.fix.commands else []


def _plain(text: str) -> str:
    """Text of others' making in one line, without anything that Markdown would take for its own."""
    flat = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in flat)


def _code(text: str) -> str:
    return text.replace("`", "'")
