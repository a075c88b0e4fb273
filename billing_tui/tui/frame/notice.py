"""The line above the footer: a quiet rule, or what there is to say until somebody has read it."""

from dataclasses import dataclass
from typing import Literal

from textual.content import Content
from textual.message import Message

from billing_tui.model.problem import Problem
from billing_tui.tui.draw import fold, lines, row
from billing_tui.tui.theme import ATTENTION, BAD, FAINT, GOOD, INK
from billing_tui.tui.widgets.drawn import Drawn

Tone = Literal["done", "careful", "bad"]
_TONES = {"done": ("✓", GOOD), "careful": ("!", ATTENTION), "bad": ("✗", BAD)}


@dataclass(frozen=True)
class Note:
    """Something to say. A sticky one stays until `esc` or the next ticket, any other until the next key."""

    text: str
    tone: Tone = "done"
    sticky: bool = False


def note_of(problem: Problem) -> Note:
    """A problem in the words it brings: what happened, and what to do."""
    return Note(" ".join(filter(None, [problem.message, problem.hint])), "bad", sticky=True)


@dataclass
class Said(Message):
    """Somebody below has something to say; the screen draws it."""

    note: Note | None


class Notice(Drawn):
    """At most three lines; a rule while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__(rule, id="notice")
        self.note: Note | None = None

    def tell(self, note: Note | None) -> None:
        """Says this, in place of what was said before; None says nothing any more."""
        if note != self.note:
            self.note = note
            self.show((lambda width: note_content(note, width)) if note else rule)


def note_content(note: Note, width: int) -> Content:
    """The sentence, folded under its sign."""
    glyph, style = _TONES[note.tone]
    first, *more = fold(note.text, width - 3, lines=3)
    return lines([row((f" {glyph} ", f"bold {style}"), (first, INK)), *(row(("   " + text, INK)) for text in more)])


def rule(width: int) -> Content:
    """A line from edge to edge."""
    return row(("─" * width, FAINT))
