"""In which order a bulk goes: each person's own events in theirs, no faster than an app can take, others first meanwhile."""

import asyncio

import pytest

from billing_tui.changes.line import Line
from billing_tui.changes.pace import events_a_second, lasts
from billing_tui.model.change import Step
from billing_tui.model.clerk import Instance
from billing_tui.model.evidence import not_asked
from billing_tui.model.profile import Limits


def group(name: str, about: str | None) -> tuple[Step, ...]:
    return (Step(target="stripe", object=name, field="delivery", before="outstanding", after="delivered", call="", about=about),)


async def test_others_go_first_while_somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billing_tui.changes.line.WINDOW", 0.05)
    monkeypatch.setattr("billing_tui.changes.line.MOST", 1)
    line = Line([group("a1", "cus_a"), group("a2", "cus_a"), group("b1", "cus_b"), group("x", None), group("a3", "cus_a")])
    loop = asyncio.get_running_loop()
    order, times = [], []
    while taken := await line.next():
        order.append(taken[0].object)
        times.append(loop.time())
    assert order == ["a1", "b1", "x", "a2", "a3"]
    assert times[3] - times[0] >= 0.05
    assert times[4] - times[3] >= 0.05


async def test_what_was_not_done_after_all_comes_next() -> None:
    line = Line([group("a", None), group("b", None)])
    first = await line.next()
    assert first is not None
    line.put_back(first)
    assert await line.next(lambda: True) is None
    assert [step.object for step in line.ahead(5)] == ["a", "b"]
    assert [held[0].object for held in line.rest()] == ["a", "b"]


def test_how_fast_and_how_long() -> None:
    nobody = not_asked("Clerk's instance")
    small = Instance(id="ins_1", environment_type="development")
    assert events_a_second(Limits(), nobody) == 5
    assert events_a_second(Limits(stripe_requests_per_second=100), nobody) == 25
    assert events_a_second(Limits(stripe_requests_per_second=100), small) == 8
    assert events_a_second(Limits(stripe_requests_per_second=1), nobody) == 0.25
    assert lasts([f"cus_{place}" for place in range(2000)], 5) == 400
    assert lasts(["cus_1"] * 8, 5) == 1.6
    assert lasts(["cus_1"] * 80, 5) == 90
    assert lasts([None] * 10, 5) == 2
