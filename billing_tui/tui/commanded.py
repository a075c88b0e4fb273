"""The part of the app that knows which commands there are here: it allows them, offers them by name and explains them."""

from billing_tui.tui.actions import ACTIONS, Place, allowed
from billing_tui.tui.dialogs.chooser import Chooser
from billing_tui.tui.dialogs.pages import commands
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.placed import PlacedApp


class CommandedApp(PlacedApp):
    """A read-only profile has fewer commands, everywhere."""

    @property
    def _place(self) -> Place:
        return self.framed.place if self.framed and self.framed.is_mounted else "home"

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, self._place, read_only=self.room.profile.read_only)

    def action_palette(self) -> None:
        choices = commands(self._place, read_only=self.room.profile.read_only)
        self.push_screen(Chooser("every command", choices, filtered=True), self._command)

    async def _command(self, chosen: str | None) -> None:
        action = next((each for each in ACTIONS if each.id == chosen), None)
        if action and self.framed:
            owner = self if action.owner == "app" else self.framed.owners.get(action.owner)
            if owner:
                await owner.run_action(action.run)

    def action_help_here(self) -> None:
        if self.framed:
            self.push_screen(Reader("keys and signs", self.framed.help()))
