"""What a check is: an id, a name, how bad it would be, and one pure function from both modes to what it makes of them.

Adding a check is writing that function in the file of its area and naming it in `checks/__init__.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct

from billing_tui.golive.facts import Both, Side
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Checked, Fix, Severity, State
from billing_tui.model.moment import day
from billing_tui.model.problem import Problem


class Found(Struct, frozen=True, kw_only=True):
    """What a check makes of it, before its own name is put to it."""

    state: State
    headline: str
    facts: tuple[Fact, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None


def passed(headline: str, *facts: Fact) -> Found:
    """It is as it should be."""
    return Found(state="pass", headline=headline, facts=facts)


def failed(headline: str, *facts: Fact, fix: Fix | None = None, severity: Severity | None = None) -> Found:
    """It is not; `severity` where this is less, or more, than the check's own."""
    return Found(state="fail", headline=headline, facts=facts, fix=fix, severity=severity)


def unknown(lacking: Gap | Problem | str) -> Found:
    """It can't be told, for lack of this."""
    if isinstance(lacking, str):
        return Found(state="unknown", headline=f"Not known: {lacking}.")
    said = lacking.message or f"{getattr(lacking, 'what', 'a piece')} could not be read."
    permission = getattr(lacking, "permission", "")
    fix = (
        Fix(title=f"Give the key the permission {permission}.")
        if permission
        else Fix(title=lacking.hint)
        if lacking.hint
        else None
    )
    return Found(state="unknown", headline=f"Not known: {said}", fix=fix)


def unsaid(lacking: str, title: str, *commands: str) -> Found:
    """It can't be told before somebody says something, which this is how to say."""
    return Found(state="unknown", headline=f"Not known: {lacking}.", fix=Fix(title=title, commands=commands))


def by_hand(headline: str, *commands: str) -> Found:
    """Nothing that the tool can read tells; a person has to look."""
    return Found(state="manual", headline=headline, fix=Fix(title=headline, commands=commands) if commands else None)


@dataclass(frozen=True)
class Check:
    """One entry of the list."""

    id: str
    name: str
    severity: Severity
    judge: Callable[[Both], Found]

    def run(self, both: Both) -> Checked:
        """What it finds."""
        found = self.judge(both)
        seen = both.live.seen.get(self.id) if isinstance(both.live, Side) and found.state == "manual" else None
        if seen:
            found = passed(f"{seen.who} looked at it on {day(seen.at)}. {found.headline}")
        return Checked(
            id=self.id,
            name=self.name,
            state=found.state,
            severity=found.severity or self.severity,
            headline=found.headline,
            evidence=found.facts,
            fix=found.fix,
        )


def check(check_id: str, name: str, severity: Severity) -> Callable[[Callable[[Both], Found]], Check]:
    """Makes a check of the function below it, which sees both modes."""
    return lambda judge: Check(check_id, name, severity, judge)


def live_check(check_id: str, name: str, severity: Severity) -> Callable[[Callable[[Side], Found]], Check]:
    """Makes a check of the function below it, which sees live mode alone; unknown where live mode can't be opened."""

    def made(judge: Callable[[Side], Found]) -> Check:
        def of_live(both: Both) -> Found:
            return unknown(both.live) if isinstance(both.live, Problem) else judge(both.live)

        return Check(check_id, name, severity, of_live)

    return made


def both_check(check_id: str, name: str, severity: Severity) -> Callable[[Callable[[Side, Side], Found]], Check]:
    """Makes a check of the function below it, which compares test with live; unknown where one of them can't be opened."""

    def made(judge: Callable[[Side, Side], Found]) -> Check:
        def of_both(both: Both) -> Found:
            if isinstance(both.test, Problem):
                return unknown(both.test)
            return unknown(both.live) if isinstance(both.live, Problem) else judge(both.test, both.live)

        return Check(check_id, name, severity, of_both)

    return made
