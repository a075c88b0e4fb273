"""The floor of a first paint: a Textual app that shows one widget."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class OneWidget(App[None]):
    """Nothing but a sentence."""

    def compose(self) -> ComposeResult:
        yield Static("Nothing else to show")


if __name__ == "__main__":
    OneWidget().run()
