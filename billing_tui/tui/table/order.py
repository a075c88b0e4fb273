"""The order of a table: every row's number, the cursor, and the marks, both kept by number so that they stay on their rows."""

from array import array

_STRIDE = 20_000


class Order:
    """So many numbers, one under the cursor, some marked."""

    def __init__(self) -> None:
        self.numbers: array[int] = array("I")
        self.at = 0
        self.marks: set[int] = set()
        self.whole = True
        """Whether these are all, not only the first."""

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def number(self) -> int | None:
        """The row under the cursor."""
        return self.numbers[self.at] if self.at < len(self.numbers) else None

    def swap(self, numbers: "array[int]", at: int, *, whole: bool) -> None:
        """Another order, with the cursor here or at the nearest that there is."""
        self.numbers, self.whole = numbers, whole
        self.at = self.within(at)

    def within(self, at: int) -> int:
        """The nearest place to this one."""
        return min(max(at, 0), max(len(self.numbers) - 1, 0))

    def toggle(self) -> None:
        """Marks the row under the cursor, or takes its mark away."""
        number = self.number
        if number is not None:
            self.marks ^= {number}

    def span(self, start: int, end: int) -> list[int]:
        """The numbers from one place to before another."""
        return list(self.numbers[max(start, 0) : max(end, 0)])


def place_of(numbers: "array[int]", number: int | None) -> int | None:
    """Where this number stands; None where it does not. Looks at each, so not for the event loop, which it lets in between."""
    if number is None:
        return None
    for start in range(0, len(numbers), _STRIDE):
        try:
            return numbers.index(number, start, start + _STRIDE)
        except ValueError:
            continue
    return None
