"""An event's payload and its deliveries, as a tree to unfold. What is within a value is drawn when that is unfolded."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.problem import Problem
from billing_tui.model.text import clean
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.draw import cut
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.webhooks.payload import Twig, delivered, roots, twigs

_PARTS = ("name", "value", "changed")
_CHANGED = 50
"""Cells for a value that changed, so that what it was is seen beside it."""
_UNFOLDED = 40
"""So many values that changed are unfolded at first."""


class PayloadTree(Tree[Twig]):
    """The values, each drawn from its twig: the name dim, and where it changed the word before what it was."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"payload--name", "payload--value", "payload--changed"}
    DEFAULT_CSS = """
    PayloadTree { height: auto; max-height: 100%; background: $background; padding: 0; }
    PayloadTree:focus { background-tint: $background 0%; }
    PayloadTree > .payload--name { color: $dim; }
    PayloadTree > .payload--value { color: $ink; }
    PayloadTree > .payload--changed { color: $attention; }
    PayloadTree > .tree--guides, PayloadTree:focus > .tree--guides { color: $faint; }
    PayloadTree > .tree--cursor, PayloadTree:focus > .tree--cursor { background: $panel; color: $ink; text-style: none; }
    PayloadTree:ansi > .tree--cursor { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "scroll_home", "First", show=False),
        Binding("G", "scroll_end", "Last", show=False),
        Binding("right,l", "unfold", "Unfold", show=False),
        Binding("left,h", "fold", "Fold", show=False),
    ]
    ICON_NODE = "+ "
    ICON_NODE_EXPANDED = "- "

    def __init__(self, title: str, mask: Mask) -> None:
        super().__init__(Text(clean(title)[:100] or "event"))
        self._mask = mask
        self.guide_depth = 2

    def plant(self, twig: Twig, *, levels: int) -> TreeNode[Twig]:
        """Adds a twig at the root; with levels unfolded, and what changed within."""
        node = self._grow(self.root, twig)
        if levels:
            self._unfold(node, _UNFOLDED)
        return node

    def turn(self, node: TreeNode[Twig], twig: Twig) -> None:
        """Lets a node stand for another twig, unfolded with what is within it."""
        node.data, node.allow_expand = twig, twig.within is not None
        if twig.within is None:
            node.refresh()
            return
        self._unfold(node, 0)
        for child in node.children:
            self._unfold(child, 0)

    def _grow(self, node: TreeNode[Twig], twig: Twig) -> TreeNode[Twig]:
        return node.add(Text(twig.name or "?"), twig, allow_expand=twig.within is not None)

    def _unfold(self, node: TreeNode[Twig], left: int) -> int:
        """Unfolds a node and what changed within it; how many more may be."""
        node.expand()
        self._fill(node)
        for child in node.children:
            if left > 0 and child.data and child.data.changed and child.data.within is not None:
                left = self._unfold(child, left - 1)
        return left

    def _fill(self, node: TreeNode[Twig]) -> None:
        if node.data and node.data.within is not None and not node.children:
            for twig in twigs(node.data, self._mask):
                self._grow(node, twig)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Twig]) -> None:
        event.stop()
        self._fill(event.node)

    def render_label(self, node: TreeNode[Twig], base_style: Style, style: Style) -> Text:
        """The icon, the name, whether it changed, and the value."""
        twig = node.data
        if twig is None:
            return super().render_label(node, base_style, style)
        fold = (self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE) if node.allow_expand else "  "
        name, value, changed = (self.get_component_rich_style(f"payload--{part}", partial=True) for part in _PARTS)
        drawn = Text.assemble((f"{fold}{twig.name}  ", name))
        if twig.changed:
            drawn.append("changed  " if twig.was is not None else "changed within  ", changed)
        drawn.append(cut(twig.text, _CHANGED) if twig.was is not None else twig.text, changed if twig.changed else value)
        drawn.append(f"   was {twig.was}" if twig.was is not None else "", changed)
        drawn.stylize(style)
        return drawn

    def action_unfold(self) -> None:
        if self.cursor_node:
            self.cursor_node.expand()

    def action_fold(self) -> None:
        """Folds what is under the cursor, or goes to what that is within."""
        node = self.cursor_node
        if node and node.is_expanded and node.allow_expand:
            node.collapse()
        else:
            self.action_cursor_parent()


class PayloadDialog(Dialog[str]):
    """Answers with the text that is to be copied, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,v", "leave", "Close", show=False),
        Binding("y", "copy", "Copy", show=False),
    ]

    def __init__(self, room: Room, event_id: str, event: Mapping[str, Any], mask: Mask) -> None:
        super().__init__(event_id)
        self._deliveries: TreeNode[Twig] | None = None
        self._room, self._event_id, self._event, self._mask = room, event_id, event, mask

    def compose_box(self) -> ComposeResult:
        yield PayloadTree(str(self._event.get("type", "")), self._mask)

    def hints(self) -> Iterable[Hint]:
        return [("enter", "unfold or fold"), ("j k", "move"), ("y", "copy the value"), ("esc", "close")]

    def on_mount(self) -> None:
        tree = self.query_one(PayloadTree)
        tree.root.expand()
        self._deliveries = tree.plant(Twig("deliveries", "reading …"), levels=0)
        for number, twig in enumerate(roots(self._event, self._mask)):
            tree.plant(twig, levels=0 if number else 1)
        tree.focus()
        self._read_deliveries()

    @work(group="payload", exclusive=True, exit_on_error=False)
    async def _read_deliveries(self) -> None:
        """What is known of its deliveries, read now; the payload is there without."""
        try:
            held = delivered(await self._room.deliveries_of(self._event_id), self._room.profile.mode, self._mask)
        except Problem as problem:
            held = Twig("deliveries", problem.message)
        if self._deliveries:
            self.query_one(PayloadTree).turn(self._deliveries, held)

    def action_copy(self) -> None:
        node = self.query_one(PayloadTree).cursor_node
        self.dismiss(node.data.text.strip('"') if node and node.data and node.data.within is None else self._event_id)
