"""The table without a screen: cells, order and what is held, whatever a name holds."""

from array import array
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from billing_tui.model.text import clean
from billing_tui.tui.table.columns import Column, Sorting, column_at, heads, widths
from billing_tui.tui.table.order import Order, place_of
from billing_tui.tui.table.pages import ABSENT, Pages
from billing_tui.tui.table.paint import cells, inks, strip

TEXTS = st.text(max_size=60) | st.sampled_from(
    ["ACME [/b] ltd", "株式会社くも", "שלום", "👩‍👩‍👧‍👦 é", "x" * 10_000, "\x1b]0;owned\x07\x1b[31m"]
)


@dataclass(frozen=True)
class Person:
    n: int
    name: str


def columns() -> tuple[Column[Person], ...]:
    return (
        Column("NAME", lambda held: (clean(held.name), "red"), 10, 1, "name"),
        Column("NUMBER", lambda held: (str(held.n), ""), 6, right=True),
        Column("AGAIN", lambda held: (clean(held.name), "red"), 8, 2, "again", falls=True),
    )


@given(TEXTS, st.integers(0, 160))
def test_every_row_fills_exactly_its_width(name: str, room: int) -> None:
    pieces = cells(columns(), Person(7, name), room)
    drawn = strip(pieces, room, Style(), inks({}))
    assert drawn.cell_length == room
    assert sum(cell_len(segment.text) for segment in drawn) == room


@given(TEXTS, st.integers(40, 160))
def test_the_second_column_starts_where_it_should(name: str, room: int) -> None:
    first, gap, *_ = cells(columns(), Person(7, name), room)
    assert cell_len(first[0] + gap[0]) == widths(columns(), room)[0] + 2


def test_few_changes_of_style_make_few_runs() -> None:
    drawn = strip([(" ", "blue"), ("a", "red"), ("  ", ""), ("b", "red"), ("c", "")], 10, Style(), inks({}))
    assert [segment.text for segment in drawn] == [" a  b", "c    "]


def test_titles_say_the_order_and_a_click_finds_its_column() -> None:
    drawn = heads(columns(), 60, Sorting("again"), 0).plain
    assert "AGAIN ▼" in drawn
    assert "AGAIN ▲" in heads(columns(), 60, Sorting("again", reverse=True), 0).plain
    assert column_at(columns(), 60, drawn.index("AGAIN")) == 2
    assert column_at(columns(), 60, 0) == 0


def test_sorting_again_by_the_same_column_turns_it_round() -> None:
    assert Sorting("a").by("a") == Sorting("a", reverse=True)
    assert Sorting("a", reverse=True).by("a") == Sorting("a")
    assert Sorting("a", reverse=True).by("b") == Sorting("b")


def test_the_order_keeps_its_cursor_within_and_its_marks_on_their_rows() -> None:
    order = Order()
    order.swap(array("I", [3, 1, 2]), 2, whole=True)
    order.toggle()
    assert order.number == 2
    order.swap(array("I", [2]), 9, whole=True)
    assert (order.number, order.marks) == (2, {2})
    order.swap(array("I"), 0, whole=True)
    assert order.number is None
    assert place_of(array("I", [5, 6]), 6) == 1
    assert place_of(array("I", [5, 6]), 7) is None


def test_so_many_rows_are_held_and_no_more() -> None:
    pages: Pages[str] = Pages(kept=4)
    pages.take([1, 2, 3, 4], ["a", "b", "c", None])
    assert pages.get(1) == "a"
    assert pages.get(4) is None
    pages.take([5], ["e"])
    assert len(pages) == 4
    assert pages.get(2) is ABSENT
    assert pages.get(1) == "a"


def test_what_has_aged_is_drawn_until_it_is_fetched_again() -> None:
    pages: Pages[str] = Pages()
    pages.take([1, 2], ["a", "b"])
    pages.age()
    assert pages.get(1) == "a"
    assert pages.lacks([1, 2, 3]) == [1, 2, 3]
    assert not pages.take([1], ["a"])
    assert pages.take([2], ["B"])
    assert pages.lacks([1, 2]) == []
