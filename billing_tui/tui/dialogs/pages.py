"""What the readers and menus hold: help for a screen, how a remedy goes, a link, and what can be done with a ticket."""

from collections.abc import Iterable

from textual.content import Content
from textual.style import Style

from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.tui.actions import Place, available
from billing_tui.tui.dialogs.chooser import Choice
from billing_tui.tui.draw import fit, fold
from billing_tui.tui.privacy import Mask
from billing_tui.tui.theme import DIM, INK, LINK, MONEY
from billing_tui.tui.ticket.remedies import why_not
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row, Rower
from billing_tui.tui.words import HOPS, STEPS

_MOVES = (
    ("j k ↑ ↓", "one row down or up"),
    ("g G", "first and last row"),
    ("pgup pgdn", "a page"),
    ("tab", "next pane: remedies, evidence"),
    ("h l ← →", "the tab before, the next tab"),
    ("enter", "open, or do what is marked"),
)
_SURE = (
    ("sure", "the evidence leaves no other cause"),
    ("likely", "it fits, and little speaks against it"),
    ("possible", "it cannot be ruled out"),
)


def help_page(place: Place, *, read_only: bool) -> Rower:
    """The keys of a screen by group, how to move, and what the signs mean."""

    def rows(width: int) -> tuple[Row, ...]:
        actions = available(place, read_only=read_only)
        groups = [
            [heading(group, width), *_pairs(((each.key, each.title) for each in actions if each.group == group), width)]
            for group in dict.fromkeys(each.group for each in actions)
        ]
        signs = [Line(((mark.glyph, mark.style), (mark.word, INK))) for mark in HOPS.values()]
        steps = [Line(((mark.glyph, mark.style), (mark.word, INK))) for mark in STEPS.values()]
        return parts(
            [heading("Move", width), *_pairs(_MOVES, width)],
            *groups,
            [heading("Signs in the strip", width), *table(signs, width, indent=1)],
            [heading("How sure a verdict is", width), *_pairs(_SURE, width)],
            [heading("Steps of a plan", width), *table(steps, width, indent=1)],
        )

    return rows


def _pairs(pairs: Iterable[tuple[str, str]], width: int) -> list[Row]:
    return table([Line(((fit(key, 9), f"bold {LINK}"), (text, INK))) for key, text in pairs], width, indent=1)


def guide_page(remedy: Remedy, mask: Mask) -> Rower:
    """A remedy in full: its title, its steps, the command to copy, and why it cannot be done from here."""

    def rows(width: int) -> tuple[Row, ...]:
        steps = [row for number, step in enumerate(remedy.steps, 1) for row in said(f"{number}. {mask(step)}", width, INK)]
        command = [Row(row_of(remedy.command, MONEY))] if remedy.command else []
        reason = said(mask(remedy.why_not), width, DIM) if remedy.why_not else []
        return parts(said(mask(remedy.title), width, f"bold {INK}"), steps, command, reason)

    return rows


def row_of(text: str, style: str) -> Content:
    """A text in one style."""
    return Content.assemble((text, style))


def link_page(link: str, *, demo: bool) -> Rower:
    """A link that terminals make clickable, and that can be copied where they do not."""

    def rows(width: int) -> tuple[Row, ...]:
        pieces = [Row(Content.assemble((text, LINK)).stylize(Style(link=link))) for text in fold(link, width)]
        note = (
            "The demo's account is not in any Dashboard: this shows what the link looks like."
            if demo
            else "Click it where the terminal can, or copy it with y."
        )
        return parts(pieces, said(note, width))

    return rows


def menu(found: Diagnosis, mask: Mask, *, read_only: bool) -> list[Choice]:
    """Every remedy, the unavailable ones with their reason, then what else the ticket's keys do."""
    remedies = [
        Choice(f"remedy:{number}", each.key or "", mask(each.title), "", why_not(each, read_only=read_only))
        for number, each in enumerate(found.remedies)
    ]
    taken = {each.key for each in found.remedies}
    others = [
        Choice(f"run:{each.run}", each.key, each.title, each.group)
        for each in available("ticket", read_only=read_only)
        if each.owner == "ticket" and not each.dangerous and each.key not in taken and each.run != "actions_menu"
    ]
    return [*remedies, *others]


def commands(place: Place, *, read_only: bool) -> list[Choice]:
    """What the palette offers here."""
    seen = available(place, read_only=read_only)
    return [Choice(each.id, each.key, each.title, each.group) for each in seen if each.run != "palette"]
