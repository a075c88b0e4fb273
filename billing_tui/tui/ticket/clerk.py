"""The Clerk tab: the users who hold the e-mail, what their metadata says, and their sessions."""

import json

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.clerk import Bag, ClerkSession, User
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import Gap
from billing_tui.model.moment import from_unix_ms
from billing_tui.model.text import clean, quoted, short
from billing_tui.tui.draw import Piece
from billing_tui.tui.theme import BAD, DIM, GOOD, INK
from billing_tui.tui.ticket.table import Line, gap_rows, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import stamp


def clerk_rows(found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
    """Users, the organization where there is one, sessions, and where a link leads."""
    evidence = found.evidence
    if isinstance(evidence.users, Gap):
        users = [gap_rows(evidence.users, width)]
    else:
        users = [_user(found, user, mask, width) for user in evidence.users]
    groups = users or [said("Clerk has no user with this e-mail.", width)]
    return parts(*groups, _organization(found, mask, width), _linked(found, width), _sessions(found, width))


def _user(found: Diagnosis, user: User, mask: Mask, width: int) -> list[Row]:
    name = " ".join(filter(None, [user.first_name, user.last_name]))
    state = "  banned" if user.banned else "  locked" if user.locked else ""
    head = Line(((user.id, f"bold {INK}"), (mask("  ".join(filter(None, [name, *user.emails]))) + state, DIM)), user.id)
    bags = [("public_metadata", user.public_metadata), ("private_metadata", user.private_metadata)]
    lines = [line for name, bag in bags for line in _bag(found, name, bag or {}, mask)]
    lines += [Line((("updated", DIM), (stamp(from_unix_ms(user.updated_at), found.evidence.at), DIM)))] if user.updated_at else []
    return [*table([head], width), *table(lines, width, caps=(40,), indent=2)]


def _bag(found: Diagnosis, name: str, bag: Bag, mask: Mask) -> list[Line]:
    field = found.evidence.profile.clerk_plan_field
    lines = [
        Line(((f"{name}.{clean(key)}", DIM), _value(found, f"{name}.{key}" == field, value, mask))) for key, value in bag.items()
    ]
    if field.startswith(name + ".") and field.count(".") == 1 and field.partition(".")[2] not in bag:
        lines.insert(
            0, Line(((field, DIM), ("missing", BAD if found.expected_plan not in (None, found.evidence.profile.free) else DIM)))
        )
    return lines


def _value(found: Diagnosis, is_plan: bool, value: object, mask: Mask) -> Piece:
    text = mask(quoted(clean(value)) if isinstance(value, str) else clean(json.dumps(value, ensure_ascii=False)))
    if not is_plan or found.expected_plan is None:
        return (text, INK)
    return (text, GOOD) if value == found.expected_plan else (f"{text}   ✗ should be {quoted(found.expected_plan)}", BAD)


def _organization(found: Diagnosis, mask: Mask, width: int) -> list[Row]:
    held = found.evidence.organization
    if held is None:
        return []
    if isinstance(held, Gap):
        return gap_rows(held, width) if held.failed else []
    head = Line(((held.id, f"bold {INK}"), (mask(held.name), DIM)), held.id)
    return [
        *table([head], width),
        *table(_bag(found, "public_metadata", held.public_metadata or {}, mask), width, caps=(40,), indent=2),
    ]


def _linked(found: Diagnosis, width: int) -> list[Row]:
    lines = []
    for user_id, held in found.evidence.linked.items():
        says: Piece = (
            ("Clerk has no such user", BAD)
            if held is None
            else ("asked, no answer", DIM)
            if isinstance(held, Gap)
            else ("exists", GOOD)
        )
        lines.append(Line(((user_id, INK), says), user_id))
    return [heading("Whom the links name", width), *table(lines, width, caps=(36,))] if lines else []


def _sessions(found: Diagnosis, width: int) -> list[Row]:
    held = found.evidence.clerk_sessions
    if isinstance(held, Gap):
        return gap_rows(held, width) if held.failed else []
    lines = [_session(found, each) for each in held]
    return [heading("Sessions", width), *table(lines, width, caps=(16, 10))] if lines else []


def _session(found: Diagnosis, held: ClerkSession) -> Line:
    active = f"last active {stamp(from_unix_ms(held.last_active_at), found.evidence.at)}" if held.last_active_at else ""
    return Line(((short(held.id), INK), (held.status, GOOD if held.status == "active" else DIM), (active, DIM)), held.id)
