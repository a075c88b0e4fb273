"""A widget that draws itself for the width it has: the picture is a function from cells to content."""

from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

Picture = Callable[[int], Content]


def nothing(_width: int) -> Content:
    """The picture of nothing."""
    return Content()


class Drawn(Widget):
    """As high as its picture has lines; an empty picture takes no room at all.

    What looks as before is not sent to the terminal again.
    """

    DEFAULT_CSS = """
    Drawn { height: auto; width: 1fr; text-wrap: nowrap; text-overflow: clip; }
    Drawn.-empty { display: none; }
    """

    def __init__(self, picture: Picture = nothing, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._picture = picture
        self._drawn = Content()
        self.set_class(picture is nothing, "-empty")

    def show(self, picture: Picture) -> None:
        """Draws something else from now on."""
        self._picture = picture
        before, after = self._drawn, picture(self.content_size.width or 80)
        self._drawn = after
        if (before.plain, before.spans) == (after.plain, after.spans):
            return
        self.set_class(not after, "-empty")
        self.refresh(layout=before.plain.count("\n") != after.plain.count("\n") or not (before and after))

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        return self._picture(width).plain.count("\n") + 1

    def render(self) -> Content:
        self._drawn = self._picture(self.content_size.width)
        return self._drawn
