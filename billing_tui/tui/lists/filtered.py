"""A list that shows what the words of its filter find, and what a word may become while it is being typed."""

from dataclasses import replace

from textual import events, on

from billing_tui.tui.lists.filter import FilterLine
from billing_tui.tui.lists.screen import ListScreen


class FilteredList(ListScreen):
    """Follows the filter's line."""

    @on(FilterLine.Changed)
    def _on_words(self, event: FilterLine.Changed) -> None:
        self._look_for(event.words)

    def _look_for(self, words: str) -> None:
        if words != self._words or self._standing.problem:
            self._words = words
            self._ask()

    @on(FilterLine.Offered)
    def _on_offered(self, event: FilterLine.Offered) -> None:
        self._know(replace(self._standing, offers=tuple(event.words)))

    @on(FilterLine.Left)
    def _on_left(self) -> None:
        self.take_list()

    def filter_by(self, words: str) -> None:
        if self.is_mounted:
            self.filter.say(words)
        else:
            self._words = words

    def take_list(self) -> None:
        """Gives the keys to the table."""
        self.set_focus(self.sheet.rows, scroll_visible=False)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """The filter is meant as it stands from when the keys are elsewhere."""
        if not self.filter.typing:
            self._look_for(self.filter.words.strip())
        self._know(self._standing)
        self.show_keys()
