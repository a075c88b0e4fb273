"""The table on a screen, over a source that changes under it."""

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from billing_tui.model.problem import OutOfReach
from billing_tui.tui.table.columns import Column, Sorting
from billing_tui.tui.table.fetching import Fetching
from billing_tui.tui.table.sheet import Sheet
from billing_tui.tui.theme import NIGHT
from tests.tui.window import PATIENCE


@dataclass(frozen=True)
class Number:
    n: int


class Numbers:
    """So many rows; some are gone, and it may be out of reach."""

    def __init__(self, count: int, gone: Sequence[int] = (), *, down: bool = False) -> None:
        self.numbers, self.gone, self.down = array("I", range(count)), set(gone), down
        self.asked = 0

    def ids(self, limit: int | None = None) -> "array[int]":
        if self.down:
            raise OutOfReach("The cache is not there.")
        return self.numbers[:limit] if limit else self.numbers

    def rows(self, numbers: Sequence[int]) -> list[Number | None]:
        self.asked += len(numbers)
        return [None if number in self.gone else Number(number) for number in numbers]


class Shown(App[None]):
    """A table and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(NIGHT)
        self.theme = NIGHT.name
        self.problems: list[str] = []

    def compose(self) -> ComposeResult:
        columns = (Column[Number]("NUMBER", lambda held: (f"row {held.n:,}", ""), 12, 1, "number"),)
        yield Sheet[Number](lambda _room: columns, Sorting("number"))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return NIGHT.variables

    def on_fetching_failed(self, event: Fetching.Failed) -> None:
        self.problems.append(event.problem.message)

    @property
    def rows(self) -> Fetching[Number]:
        return self.query_one(Sheet).rows


def text(app: Shown) -> str:
    return "\n".join("".join(part.text for part in line) for line in app.screen._compositor.render_strips())


async def shows(pilot: Pilot[None], *wanted: str) -> None:
    """Waits until all of these are on the screen."""
    app, deadline = pilot.app, monotonic() + PATIENCE
    assert isinstance(app, Shown)
    while not all(each in text(app) for each in wanted):
        assert monotonic() < deadline, f"{wanted}\n{text(app)}"
        await asyncio.sleep(0.01)
        await pilot.pause()


async def test_a_window_of_rows_is_read_of_very_many() -> None:
    numbers = Numbers(300_000)
    async with Shown().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Shown)
        app.rows.show(numbers)
        await shows(pilot, "row 0", "row 22")
        app.rows.focus()
        await pilot.press("G")
        await shows(pilot, "row 255")
        await app.workers.wait_for_complete()
        await pilot.press("G")
        await shows(pilot, "▸ row 299,999")
        await pilot.press("pageup", "g")
        await shows(pilot, "▸ row 0")
        assert numbers.asked < 3_000


async def test_a_row_that_is_gone_says_so_and_can_be_passed() -> None:
    async with Shown().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Shown)
        app.rows.show(Numbers(5, gone=[1]))
        await shows(pilot, "gone since", "row 2")
        app.rows.focus()
        await pilot.press("j", "enter", "j")
        await shows(pilot, "▸ row 2")


async def test_the_cursor_and_the_marks_follow_their_rows_through_a_refresh() -> None:
    numbers = Numbers(50)
    async with Shown().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Shown)
        app.rows.show(numbers)
        await shows(pilot, "row 5")
        app.rows.focus()
        await pilot.press("j", "j", "space")
        numbers.numbers = array("I", reversed(range(60)))
        app.rows.show(numbers, same=True)
        await shows(pilot, "▸ row 3", "*row 2")


async def test_a_click_goes_to_a_row_and_on_a_title_sorts() -> None:
    async with Shown().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Shown)
        app.rows.show(Numbers(50))
        await shows(pilot, "row 5", "NUMBER ▲")
        await pilot.click(Fetching, offset=(5, 4))
        await shows(pilot, "▸ row 4")
        await pilot.click("Heads", offset=(4, 0))
        await shows(pilot, "NUMBER ▼")


async def test_what_cannot_be_read_is_told_and_the_rows_stay() -> None:
    async with Shown().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Shown)
        app.rows.show(Numbers(50))
        await shows(pilot, "row 5")
        app.rows.show(Numbers(0, down=True))
        deadline = monotonic() + PATIENCE
        while app.problems != ["The cache is not there."]:
            assert monotonic() < deadline
            await pilot.pause()
        await shows(pilot, "row 5")
