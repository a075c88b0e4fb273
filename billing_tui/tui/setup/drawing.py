"""The rows of the steps: keys and what came of trying them, what was found with its evidence, what will be written. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean, listed, plural
from billing_tui.settings.safes import Place
from billing_tui.settings.shape import SLOTS
from billing_tui.setup.keys import HeldKey, Keys
from billing_tui.tui.draw import Piece, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, GREY, INK, LINK
from billing_tui.tui.ticket.table import Line, blank, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row

if TYPE_CHECKING:
    from billing_tui.detection.findings import Lack
    from billing_tui.setup.proposals import Proposal

KEEP, ON, WRITE, SHOW = "keep", "on", "write", "show"
"""What the rows are called that do something."""

WORDS = {
    "stripe_key": ("Stripe key", "A restricted (rk_) key that may only read will do; a secret (sk_) key can re-sync too."),
    "clerk_key": ("Clerk key", "With it: where the plan is kept in Clerk, and who a user is."),
    "webhook_secret": ("Webhook secret", "With it: signed probes of the app's endpoint, and direct resends."),
    "database_url": ("Database", "With it: the table and columns that keep the plan, and the ledger of events."),
    "database_write_url": ("Database, to write", "Only where writing needs another login than reading."),
}
PLACES: dict[Place, tuple[str, str]] = {
    "keyring": ("Keyring", "the keyring of this machine"),
    "vault": ("Vault", "an encrypted file that a passphrase opens"),
    "memory": ("Memory", "for this run alone; gone when you quit"),
}


def key_rows(keys: Keys, width: int, *, looking: bool) -> tuple[Row, ...]:
    """Every slot of every mode, where the keys go, and the way on."""
    lines = [_slot(keys, mode, slot) for mode in keys.modes for slot in SLOTS]
    place = PLACES[keys.keeping.place] if keys.keeping.place else ("…", "this machine is being asked")
    ready = bool(keys.readable) and not looking
    on = (
        ("Go on: find out how your app is laid out, by reading alone", f"bold {LINK}")
        if ready
        else ("Looking what this machine has already …", DIM)
        if looking
        else ("Go on: needs a key for Stripe at least", GREY)
    )
    return parts(
        table(lines, width, caps=(4, 18, 24)),
        table([Line((("Keep what is typed in", INK), (place[0], f"bold {INK}"), (place[1], DIM)), KEEP)], width),
        [Row(row(on), ON)],
    )


def _slot(keys: Keys, mode: Mode, slot: str) -> Line:
    held, trouble = keys.held(mode, slot), keys.trouble(mode, slot)
    glyph, style, says = ("✗", ATTENTION, trouble.message) if trouble else key_mark(held)
    hint = held.secret.hint if held else "not usable" if trouble else "not given"
    return Line(((mode, DIM), (WORDS[slot][0], INK), (f"{glyph} {hint}", style), (says, DIM)), f"{mode}/{slot}")


def key_mark(held: HeldKey | None) -> tuple[str, str, str]:
    """The sign, its colour, and a word on what came of trying it."""
    if held is None:
        return "–", GREY, ""
    result = held.result
    if result is None:
        return "?", ATTENTION, "not tried"
    if isinstance(result, Problem):
        return "✗", BAD, result.message
    whose = clean(result.who or result.note)
    if result.missing:
        return "!", ATTENTION, f"{plural(len(result.missing), 'permission')} missing · {whose}"
    return "✓", GOOD, whose


def about_key(keys: Keys, mode: Mode, slot: str) -> list[tuple[str, str]]:
    """What there is to say of a slot: sentences, each with its colour."""
    held = keys.held(mode, slot)
    says = [(WORDS[slot][1], DIM)]
    if trouble := keys.trouble(mode, slot):
        says.append((f"{trouble.message} {trouble.hint}".strip(), ATTENTION))
    if held is None:
        return says
    if first := keys.outdone(mode, slot):
        says.append((f"{first} is set too; the environment comes first, and is what is used.", ATTENTION))
    if not held.typed:
        says.append((f"It comes from the {held.secret.source}, and stays there.", DIM))
    return [*says, *result_says(held)]


def result_says(held: HeldKey) -> list[tuple[str, str]]:
    """What came of trying a key, in full."""
    result = held.result
    if result is None:
        return [("It could not be tried.", ATTENTION)]
    if isinstance(result, Problem):
        return [(f"{result.message} {result.hint}".strip(), ATTENTION)]
    says = [(f"It belongs to {clean(result.who)}.", INK)] if result.who else []
    says += [(clean(result.note), DIM)] if result.note else []
    if result.missing:
        lacks = f"It lacks {listed(result.missing)}: edit the key in Stripe's Dashboard (Developers, API keys), or go on without."
        says.append((clean(lacks), ATTENTION))
    return says


def found_rows(proposals: Sequence["Proposal"], left_out: Sequence[tuple[str, str]], fault: str, width: int) -> tuple[Row, ...]:
    """What is to be written, mode by mode, with the evidence; what could not be found; the way on."""
    groups = [_proposal(one, [key for mode, key in left_out if mode == one.mode], width) for one in proposals]
    doubts = sum(one.doubtful(entry) for one in proposals for entry in one.entries)
    on: list[Row] = []
    if fault:
        on += said(f"This cannot be written yet: {fault}", width, BAD)
    if doubts:
        on += said(f"{plural(doubts, 'line')} marked ? {'wants' if doubts == 1 else 'want'} a look.", width, ATTENTION)
    way: Piece = ("Go on: see what will be written", GREY if fault else f"bold {LINK}")
    return parts(*groups, [*_passive(on), Row(row(way), ON)] if on else [Row(row(way), ON)])


def _proposal(proposal: "Proposal", left_out: Sequence[str], width: int) -> list[Row]:
    from billing_tui.setup.proposals import shown

    rows = [heading(f"{proposal.mode} mode", width, clean(proposal.whose))]
    wide = max((len(entry.key) for entry in proposal.entries), default=0)
    lines = []
    for entry in proposal.entries:
        mark: Piece = ("?", ATTENTION) if proposal.doubtful(entry) else ("✓", GOOD)
        lines.append(Line((mark, (entry.key, INK), (shown(entry.value), f"bold {INK}")), f"{proposal.mode}/{entry.key}"))
    for drawn, entry in zip(table(lines, width, caps=(1, min(wide, 36))), proposal.entries, strict=True):
        rows.append(drawn)
        why = [Row(each.content, drawn.names, stops=False) for each in said(clean(entry.why), width, DIM, indent=3, lines=2)]
        rows += why if entry.why else []
    for key in left_out:
        rows.append(Row(row(("–  ", GREY), (f"{key}  left out", GREY)), f"{proposal.mode}/{key}"))
    for lack in proposal.detected.lacks:
        rows += [Row(each.content, stops=False) for each in said(_lack(lack), width, ATTENTION)]
    return rows


def _lack(lack: "Lack") -> str:
    tells = f"{lack.problem.message} {lack.would_help}" if lack.problem else lack.would_help
    return clean(f"– {lack.what[:1].upper()}{lack.what[1:]}: {tells}")


def write_rows(keys: Keys, path: str, lines: int, busy: str, width: int) -> tuple[Row, ...]:
    """Everything that will be written, and where."""
    place = f"into the {PLACES[keys.keeping.place][0].lower()}" if keys.keeping.place else ""
    kept = [
        Line(
            ((mode, DIM), (WORDS[slot][0], INK), (held.secret.hint if (held := keys.held(mode, slot)) else "", INK), (place, DIM))
        )
        for mode, slot in keys.to_keep
    ]
    there = [
        Line(((mode, DIM), (WORDS[slot][0], INK), (secret.hint, INK), (f"stays in the {secret.source}", DIM)))
        for (mode, slot), secret in sorted(keys.secrets.items(), key=lambda one: (one[0][0], SLOTS.index(one[0][1])))
        if (mode, slot) not in keys.to_keep
    ]
    note = "It holds no secret." if lines else ""
    file = [*said(clean(path), width, INK), *said(f"{lines} lines, for your eyes alone. {note}", width)]
    ways = [(busy, DIM)] if busy else [("Write it and open the dashboard", f"bold {LINK}"), ("Look at the file first", LINK)]
    return parts(
        [heading("The file", width), *_passive(file)],
        [heading("The keys", width), *_passive(table([*kept, *there], width, caps=(4, 18, 24)))],
        [Row(row(way), name, stops=not busy) for way, name in zip(ways, (WRITE, SHOW), strict=False)],
    )


def _passive(rows: Sequence[Row]) -> list[Row]:
    return [Row(each.content, stops=False) for each in rows] or [blank()]
