"""What the readers and menus hold: help for a screen, how a remedy goes, a link, and what can be done with a ticket."""

from textual.content import Content
from textual.style import Style

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.tui.actions import Place, available
from billing_tui.tui.dialogs.chooser import Choice
from billing_tui.tui.dialogs.explained import MOVES, keys, section
from billing_tui.tui.draw import fold
from billing_tui.tui.theme import DIM, INK, LINK, MONEY
from billing_tui.tui.ticket.remedies import pressed, why_not
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row, Rower
from billing_tui.tui.words import HOPS, STEPS

_MOVES = (
    *MOVES,
    ("tab", "next pane: remedies, evidence"),
    ("← →", "the tab before, the next tab"),
    ("enter", "open, or do what is marked"),
)
_HOME = (
    ("›", "an e-mail, an id, a receipt number, or a whole ticket pasted; enter asks Stripe, Clerk and the database"),
    ("↓", "to whom the cache finds while you type; enter there opens that customer's ticket"),
    ("Needs", "what the cache says needs attention; enter opens the list with those rows, or the event's ticket"),
    ("", "n acknowledges a line until it changes or returns, i ignores it for good, the same key takes that back; H shows them"),
)
_SURE = (
    ("sure", "the evidence leaves no other cause"),
    ("likely", "it fits, and little speaks against it"),
    ("possible", "it cannot be ruled out"),
)


def help_page(place: Place, *, read_only: bool) -> Rower:
    """The keys of a screen by group, how to move, and what the signs mean."""

    def rows(width: int) -> tuple[Row, ...]:
        signs = [Line(((mark.glyph, mark.style), (mark.word, INK))) for mark in HOPS.values()]
        steps = [Line(((mark.glyph, mark.style), (mark.word, INK))) for mark in STEPS.values()]
        return parts(
            section("Here", _HOME, width) if place == "home" else [],
            section("Move", _MOVES, width),
            *keys(place, width, read_only=read_only),
            [heading("Signs in the strip", width), *table(signs, width, indent=1)],
            section("How sure a verdict is", _SURE, width),
            [heading("Steps of a plan", width), *table(steps, width, indent=1)],
        )

    return rows


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
        Choice(f"remedy:{number}", pressed(each), mask(each.title), "", why_not(each, read_only=read_only))
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
