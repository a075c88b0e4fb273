"""A list with the pane of one object beside it, or below it where there is no room beside it."""

from dataclasses import replace

from textual import events, on

from billing_tui.tui.frame.notice import note_of
from billing_tui.tui.lists.detail import Detail
from billing_tui.tui.lists.filtered import FilteredList
from billing_tui.tui.lists.look import Look
from billing_tui.tui.table.lines import Lines


class PanedList(FilteredList):
    """Opens, follows and closes the pane."""

    @on(Detail.Failed)
    def _on_detail_failed(self, event: Detail.Failed) -> None:
        self.tell(note_of(event.problem))

    def set_privacy(self, on: bool) -> None:
        """Masks names and e-mails, or shows them again."""
        self._look = Look(on)
        self.filter.veil(on)
        self.sheet.dress()
        self.detail.wear(self._look)

    @on(Lines.Marked)
    def _on_marked(self) -> None:
        self._know(replace(self._standing, marks=len(self.sheet.rows.order.marks)))

    @on(Lines.Opened)
    def _on_opened(self) -> None:
        self._open_detail()
        if self.detail.open:
            self.detail.focus(scroll_visible=False)

    @on(Lines.Moved)
    def _on_moved(self) -> None:
        if self.detail.open and not self.detail.has_focus:
            self._open_detail()

    def _open_detail(self) -> None:
        held = self.sheet.rows.current
        if held is not None:
            self.detail.begin(held.id)
            self.add_class("-detail")

    def close_detail(self) -> None:
        """Hides the pane; the keys go back to the table."""
        self.detail.close()
        self.remove_class("-detail")
        self.take_list()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= 100, "-wide")
