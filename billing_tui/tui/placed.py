"""The part of the app that goes from screen to screen: each is kept as it was left, and what one asks of another is passed on."""

from textual import on

from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.going import Screens
from billing_tui.tui.home.home import Home
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.refreshed import RefreshedApp


class PlacedApp(RefreshedApp):
    """Shows the screens of one room at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._here = "tickets"
        self._screens: Screens | None = None
        self.privacy = False

    def screens(self) -> tuple[FramedScreen, ...]:
        return tuple(self._screens or ())

    @property
    def framed(self) -> FramedScreen | None:
        """The screen that is shown, perhaps under a dialog."""
        return next((screen for screen in self.screen_stack if isinstance(screen, FramedScreen)), None)

    def enter(self, screens: Screens) -> None:
        """Shows another room's screens, from now on, at the place where one was; the old ones are gone."""
        left, self._screens = self.screens(), screens
        self.forget_sync()
        self.show(self._here)
        for screen in left:
            self.uninstall_screen(screen)
            screen.remove()

    def show(self, place: str) -> None:
        """Goes to a place of the room."""
        if self._screens is None:
            return
        screen = self._screens.at(place, privacy=self.privacy)
        new = not self.is_screen_installed(screen)
        if new:
            self.install_screen(screen, f"{place} of {id(self._screens)}")
        if self.framed:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        self._here = place
        screen.show_band(self.room.band())
        if new:
            self.look_at_sync(screen)

    def action_go(self, place: str) -> None:
        """To a screen; to the one that is there already, its beginning."""
        if place != self._here:
            self.show(place)
        elif self.framed:
            self.framed.begin_again()

    @on(CacheScreen.DiagnosisAsked)
    def _on_diagnosis_asked(self, event: CacheScreen.DiagnosisAsked) -> None:
        self.show("tickets")
        if self.framed:
            self.framed.post_message(Home.Asked(event.text))

    @on(CacheScreen.RowsAsked)
    def _on_rows_asked(self, event: CacheScreen.RowsAsked) -> None:
        self.show(event.place)
        if self.framed:
            self.framed.filter_by(event.words)
