"""Asking one thing and keeping what came of it: an answer, or a gap that says why there is none."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from billing_tui.model.evidence import Gap, Why
from billing_tui.model.problem import BadUsage, KeyRefused, NotThere, Problem

S = TypeVar("S")
T = TypeVar("T")


def gap_from(what: str, problem: Problem) -> Gap:
    """The gap that a problem leaves."""
    why = Why.REFUSED if isinstance(problem, KeyRefused) else Why.BROKEN if isinstance(problem, BadUsage) else Why.FAILED
    permission = problem.permission if isinstance(problem, KeyRefused) else ""
    return Gap(
        what=what,
        why=why,
        message=problem.message,
        hint=problem.hint,
        exit_code=problem.exit_code,
        permission=permission,
    )


async def ask(what: str, service: S | Problem | None, call: Callable[[S], Awaitable[T]]) -> T | Gap:
    """What a service answers. A service that isn't configured, or isn't open, leaves a gap at once.

    Raises:
        NotThere: It knows no such object; only the caller knows what that means.
    """
    if service is None:
        return Gap(what=what, why=Why.NOT_CONFIGURED)
    if isinstance(service, Problem):
        return gap_from(what, service)
    try:
        return await call(service)
    except NotThere:
        raise
    except Problem as problem:
        return gap_from(what, problem)


async def ask_for_one(what: str, service: S | Problem | None, call: Callable[[S], Awaitable[T]]) -> T | Gap | None:
    """The same for one object by its id: None where there is no such object."""
    try:
        return await ask(what, service, call)
    except NotThere:
        return None
