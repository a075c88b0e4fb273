"""What one part of a copy comes to: its steps, what is said about it, and which object stands for which."""

from dataclasses import dataclass, field
from typing import Any

from billing_tui.changes.copying.fields import changing, differing, told
from billing_tui.changes.stripe_fields import field_of
from billing_tui.model.change import Step
from billing_tui.model.text import listed

Row = dict[str, Any]


@dataclass
class Part:
    """What one part of the plan comes to; `ids` says which of live mode's objects stands for which, made or to be made."""

    steps: list[Step] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    makes: dict[str, int] = field(default_factory=dict)
    has: int = 0
    ids: dict[str, str] = field(default_factory=dict)

    def counted(self, name: str, number: int) -> None:
        self.makes[name] = self.makes.get(name, 0) + number


def fill_up(part: Part, kind: str, rows: tuple[Row, Row], what: tuple[str, list[str]], *, overwrite: bool) -> None:
    """Gives live mode's object what it lacks of test mode's, and with `overwrite` also what it has otherwise."""
    (row, twin), (whose, paths) = rows, what
    lacking, other = differing(row, twin, paths)
    if not twin.get("active", True):
        lacking = ["active", *lacking]
        part.warnings.append(f"The {whose} is archived in live mode: it is put on sale again.")
    for path, value, sent in told(row, [*lacking, *(other if overwrite else ())]):
        part.steps.append(changing(kind, twin["id"], whose, path, (field_of(twin, path), value), sent))
    if other and not overwrite:
        more = f" and {len(other) - 3} more" if len(other) > 3 else ""
        part.warnings.append(f"The {whose} has another {listed(other[:3])}{more} in live mode, which is left as it is.")
