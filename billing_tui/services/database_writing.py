"""Text as what a column takes: our words, moments and flags in the app's own spelling.

What the row holds now, or another row does, shows how the app writes such a value; the configuration wins. Pure.
"""

from datetime import UTC, datetime
from decimal import Decimal

from billing_tui.model.moment import rfc3339
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, quoted
from billing_tui.services.database_columns import Column
from billing_tui.services.database_values import Raw, as_bool, as_moment, moment_like

_MILLISECONDS = 100_000_000_000
_PAIRS = (("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off"), ("1", "0"))


def plain_value(text: str, column: Column) -> Raw:
    """A word or a number for a column that means neither a moment nor a flag."""
    if column.kind == "json":
        message = f"The column {quoted(clean(column.name))} holds JSON, which is not written here."
        raise BadUsage(message, "Name a column of its own in the profile, or leave it out.", code="wrong_type")
    # SQLite calls every type that it does not know a number, and lets it hold text.
    if column.kind not in ("integer", "number") or (column.kind == "number" and not column.native):
        return text
    try:
        return int(text) if column.kind == "integer" else Decimal(text)
    except (ValueError, ArithmeticError):
        raise _unfit(text, column, "a number") from None


def flag_value(text: str, column: Column, held: Raw) -> Raw:
    """A flag, spelled as `held` is where that is text."""
    flag = as_bool(text)
    if flag is None:
        raise _unfit(text, column, "true or false")
    if column.kind == "boolean" and column.native:
        return flag
    if not isinstance(held, str):
        return ("true" if flag else "false") if column.kind == "text" else int(flag)
    pair = next((pair for pair in _PAIRS if held.strip().lower() in pair), _PAIRS[0])
    word = pair[0] if flag else pair[1]
    return word.upper() if held.isupper() else word.title() if held.istitle() else word


def moment_value(text: str, column: Column, held: Raw, form: str) -> Raw:
    """A moment in the column's type.

    Args:
        text: RFC 3339.
        column: Where it goes.
        held: What the column holds now or elsewhere, None where nothing is known.
        form: `period_end_type` as configured; "" to find out.
    """
    moment = as_moment(text)
    if moment is None:
        raise _unfit(text, column, "a moment")
    if column.native and column.kind == "date":
        return moment.date()
    if column.native and column.kind == "moment":
        return moment if column.zoned else moment.replace(tzinfo=None)
    return _unnative(moment, column, held, form or _number_form(held))


def _number_form(held: Raw) -> str:
    """Which of the two ways to count a number shows, in digits or as text; "" when it is no number."""
    number = str(held).strip().lstrip("-").partition(".")[0]
    if not number.isdecimal():
        return ""
    return "unix_ms" if int(number) >= _MILLISECONDS else "unix"


def _unnative(moment: datetime, column: Column, held: Raw, form: str) -> Raw:
    counted = column.kind == "integer" or (column.kind == "number" and column.native)
    if form in ("unix", "unix_ms") or (not form and counted):
        number = int(moment.timestamp() * (1000 if form == "unix_ms" else 1))
        return str(number) if column.kind == "text" else number
    sample = held if isinstance(held, str) else ""
    if column.kind == "date" and not sample:
        return f"{moment.astimezone(UTC):%Y-%m-%d}"
    if form == "iso" and "T" not in sample:
        return rfc3339(moment)
    return moment_like(moment, sample, form or ("iso" if column.kind == "text" else "timestamp"))


def _unfit(text: str, column: Column, wanted: str) -> BadUsage:
    message = f"The column {quoted(clean(column.name))} takes {wanted}, not {quoted(clean(text))}."
    return BadUsage(message, "Correct the column or its values in the profile.", code="wrong_type")
