"""What the causes were, on the start page: there once something was counted, aligned at every width, never in the way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.trend import Cause, Trend
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.statistics.file import count_ticket
from billing_tui.tui.home.causes import cause_rows
from tests.tui.conftest import victim
from tests.tui.window import NARROW, WIDE, window


def fill(state: Path, **tickets: tuple[int, int]) -> None:
    """So many tickets of each rule lately, and so many before."""
    today = datetime.now(UTC).date()
    for place, day in ((1, today - timedelta(days=40)), (0, today)):
        for rule, numbers in tickets.items():
            for number in range(numbers[place]):
                count_ticket(state / "statistics.db", day, ("demo", "test"), (rule.replace("_", "-"), True), str(number))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_causes_are_shown_with_their_trend(desk: DemoDesk, tmp_path: Path, size: tuple[int, int]) -> None:
    fill(tmp_path / "state", PBF_054=(4, 1), PBF_041=(1, 3), PBF_010=(2, 0), PBF_099=(3, 0))
    async with window(desk, size) as screen:
        await screen.shows("Causes of the last 30 days  10 tickets, 3 of them healthy")
        found = [line for line in screen.lines if "█" in line]
        assert [line.split()[0] for line in found] == ["4", "2", "1"]
        assert [line.count("█") for line in found] == [12, 6, 3]
        assert len({line.index("█") for line in found}) == 1
        for line, says in zip(found, ("▲ more, 1 before", "▲ none before", "▼ fewer, 3 before"), strict=True):
            assert says in line
        assert {cell_len(line) for line in screen.lines} == {size[0]}


async def test_a_ticket_is_counted_when_one_comes_back_from_it(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk) as screen:
        assert "Causes" not in screen.text
        await screen.look_up(victim(sandbox, "PBF-054"))
        await screen.press("escape")
        await screen.shows("Causes of the last 30 days  1 ticket", "1  Signature rejected", "Last tickets")


def test_what_is_rare_is_counted_together() -> None:
    causes = tuple(Cause(rule=f"PBF-{number}", count=20 - number) for number in range(9))
    told = [row.content.plain.split("  ") for row in cause_rows(Trend(days=30, causes=causes), 78)]
    assert len(told) == 1 + 5 + 1
    assert [part.strip() for part in told[-1] if part.strip()] == ["54", "of 4 other causes"]


def test_nothing_before_is_no_trend() -> None:
    (_, line) = cause_rows(Trend(days=30, causes=(Cause(rule="PBF-054", name="Signature", count=2),)), 78)
    assert line.content.plain.split() == ["2", "Signature", "█" * 12]


def test_nothing_counted_is_nothing_shown() -> None:
    assert cause_rows(Trend(days=30), 78) == []
