"""Filter words as people type them, understood as SQL: `status:past_due plan:pro created:>30d ends:<7d lena`.

Words that name no column are text, found anywhere in e-mail, name, ids and metadata values; all words must hold. Ages are
distances from now, whichever way the column looks: `created:>30d` is more than thirty days ago, `ends:<7d` within the next seven.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from billing_tui.cache.condition import Condition, Value
from billing_tui.cache.rows import Kind, View
from billing_tui.cache.sent import KEYS, sent_condition
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, listed, quoted

STATUSES = ("active", "trialing", "past_due", "unpaid", "incomplete", "incomplete_expired", "canceled", "paused")
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "mo": 30 * 86400, "y": 365 * 86400}
_AGE = re.compile(r"(<=|>=|<|>)?(\d{1,6})(mo|m|h|d|w|y)\Z")
_DATE = re.compile(r"(<=|>=|<|>)?(\d{4})-(\d\d)(?:-(\d\d))?\Z")
_WORD = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_YES = {"yes": True, "true": True, "no": False, "false": False}

SEARCHED = {"customers": ("id", "email", "name", "words"), "subscriptions": ("id", "words")}
"""The columns in which a text is looked for."""
Term = Callable[[str, str, datetime], Condition]


def words_of(text: str) -> list[str]:
    """The words of a filter; quotation marks keep blanks together: `plan:"Pro Plan"`."""
    return [found.group().replace('"', "") for found in _WORD.finditer(clean(text)) if found.group().strip('"')]


def understood(view: View, now: datetime) -> Condition:
    """A view's words as one condition. Raises `BadUsage` naming the word that makes no sense."""
    parts = [_understood(view, word, now) for word in words_of(view.words)]
    sql = " and ".join(part.sql for part in parts) or "1"
    return Condition(sql, tuple(value for part in parts for value in part.values))


def looked_through(view: View, now: datetime) -> Condition | None:
    """The same for customers that are looked at one by one, where a text among the words would else be asked of the index.

    None where no word is a text, or the list is another.
    """
    words = words_of(view.words) if view.kind == "customers" else []
    texts = [word for word in words if _term(view.kind, word) is None]
    if not texts:
        return None
    parts = [_understood(view, word, now) for word in words if word not in texts]
    held = " or ".join(f"customers.{name} like ? escape '\\'" for name in SEARCHED["customers"])
    parts += [Condition(f"({held})", (f"%{escaped(text)}%",) * len(SEARCHED["customers"])) for text in texts]
    return Condition(" and ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def keys_of(kind: Kind) -> tuple[str, ...]:
    """What may stand before the colon."""
    return tuple(_TERMS[kind])


def _understood(view: View, word: str, now: datetime) -> Condition:
    key, _, value = word.partition(":")
    term = _term(view.kind, word)
    if term is None:
        return _TEXTS[view.kind](word)
    if value and view.kind == "events" and key.lower() in KEYS:
        return sent_condition(key.lower(), value, view.sent, now)
    if not value:
        raise BadUsage(f"The filter word {quoted(word)} lacks a value.", f"Write e.g. {_EXAMPLES.get(key, key + ':…')}.")
    return term(word, value, now)


def _term(kind: Kind, word: str) -> Term | None:
    """The column that a word names; None where it is text."""
    key, colon, _ = word.partition(":")
    return _TERMS[kind].get(key.lower()) if colon else None


def _equal(column: str) -> Term:
    return lambda _word, value, _now: Condition(f"{column} = ? collate nocase", (value,))


def _within(column: str) -> Term:
    return lambda _word, value, _now: Condition(f"{column} like ? escape '\\'", (f"%{escaped(value)}%",))


def _status(template: str) -> Term:
    def term(word: str, value: str, _now: datetime) -> Condition:
        if value not in STATUSES:
            raise BadUsage(f"There is no status {quoted(value)} (in {quoted(word)}).", f"It is one of {listed(STATUSES)}.")
        return Condition(template, (value,))

    return term


def _flag(yes: str, no: str) -> Term:
    def term(word: str, value: str, _now: datetime) -> Condition:
        if value.lower() not in _YES:
            raise BadUsage(f"The filter word {quoted(word)} is answered with yes or no.")
        return Condition(yes if _YES[value.lower()] else no)

    return term


def _of_endpoints(key: str) -> Term:
    return lambda _word, value, now: sent_condition(key, value, None, now)


def _drift(word: str, value: str, _now: datetime) -> Condition:
    within, looked = (
        "subscriptions.id in (select subscription from drift)",
        "exists (select 1 from meta where name = 'surveyed_at')",
    )
    answers = {"yes": within, "no": f"{looked} and subscriptions.paid and not {within}", "unknown": f"not {looked}"}
    if value.lower() not in answers:
        raise BadUsage(f"The filter word {quoted(word)} is answered with yes, no or unknown.")
    return Condition(answers[value.lower()])


def _number(column: str) -> Term:
    def term(word: str, value: str, _now: datetime) -> Condition:
        found = re.fullmatch(r"(<=|>=|<|>)?(\d{1,15})", value)
        if not found:
            raise BadUsage(f"The filter word {quoted(word)} needs a whole number, e.g. {word.partition(':')[0]}:>0.")
        return Condition(f"{column} {found[1] or '='} ?", (int(found[2]),))

    return term


def _pending(word: str, value: str, now: datetime) -> Condition:
    """What some endpoint has not taken stands in an index of its own, which only this very condition finds."""
    some = value in (">0", ">=1")
    return Condition("events.pending > 0") if some else _number("events.pending")(word, value, now)


def _time(column: str, *, ahead: bool = False, yes: str = "", no: str = "") -> Term:
    """`ahead` for moments that lie before us, whose ages count forwards."""

    def term(word: str, value: str, now: datetime) -> Condition:
        if yes and value.lower() in _YES:
            return Condition(yes if _YES[value.lower()] else no)
        aged, dated = _AGE.match(value), _DATE.match(value)
        if aged:
            return _aged(column, aged[1] or "<", int(aged[2]) * _UNITS[aged[3]], int(now.timestamp()), ahead=ahead)
        if dated:
            return _dated(column, word, dated)
        raise BadUsage(
            f"The time in {quoted(word)} is not understood.",
            "Write a distance from now such as <7d or >30d (m, h, d, w, mo, y), or a date such as >2026-01-31.",
        )

    return term


def _aged(column: str, sign: str, distance: int, now: int, *, ahead: bool) -> Condition:
    near = sign in ("<", "<=")
    if ahead:
        return (
            Condition(f"{column} between ? and ?", (now, now + distance))
            if near
            else Condition(f"{column} > ?", (now + distance,))
        )
    return Condition(f"{column} >= ?" if near else f"{column} < ?", (now - distance,))


def _dated(column: str, word: str, found: re.Match[str]) -> Condition:
    sign, year, month, day = found.groups()
    try:
        start = datetime(int(year), int(month), int(day or 1), tzinfo=UTC)
        following = start + timedelta(days=1) if day else (start + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError) as error:
        raise BadUsage(f"There is no such date as in {quoted(word)}.") from error
    low, high = int(start.timestamp()), int(following.timestamp())
    match sign:
        case "<":
            return Condition(f"{column} < ?", (low,))
        case "<=":
            return Condition(f"{column} < ?", (high,))
        case ">":
            return Condition(f"{column} >= ?", (high,))
        case ">=":
            return Condition(f"{column} >= ?", (low,))
        case _:
            return Condition(f"{column} >= ? and {column} < ?", (low, high))


def escaped(text: str) -> str:
    """Text for the inside of a `like`."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def phrase(text: str) -> str:
    """Text for an FTS5 `match`, to be found as it stands."""
    return '"' + text.replace('"', '""') + '"'


def found(table: str) -> str:
    """A query for the numbers of rows that hold a text of three letters or more: by the index, and for the newest by looking.

    Its question marks are those of `sought`.
    """
    return f"""select rowid from {table}_text where {table}_text match ?
        union all select n from {table} where {unindexed(table)}"""  # noqa: S608 - our own words


def unindexed(table: str) -> str:
    """A condition for the rows not yet in the search index that hold a text; its values are `sought`'s without the first."""
    upto = f"select cast(value as integer) from meta where name = 'indexed_{table}'"  # noqa: S608 - a table of this module
    return f"n > coalesce(({upto}), 0) and ({holding(table)})"


def holding(table: str) -> str:
    """A condition for the rows that hold a text, looked at one by one; its values are `sought`'s without the first."""
    return " or ".join(f"{name} like ? escape '\\'" for name in SEARCHED[table])


def sought(table: str, text: str) -> tuple[Value, ...]:
    """The values of `found`'s question marks."""
    return (phrase(text), *[f"%{escaped(text)}%"] * len(SEARCHED[table]))


def customer_text(text: str) -> Condition:
    """Customers with this text anywhere; one shorter than a trigram is looked for only where e-mail or name begins with it."""
    if len(text) >= 3:
        return Condition(f"customers.n in ({found('customers')})", sought("customers", text))
    low, high = text, text + "\U0010ffff"
    begins = " union ".join(
        f"select n from customers where {name} >= ? collate nocase and {name} < ? collate nocase"  # noqa: S608 - constants
        for name in ("email", "name")
    )
    return Condition(f"customers.n in ({begins})", (low, high, low, high))


def _subscription_text(text: str) -> Condition:
    theirs = customer_text(text)
    whose = f"subscriptions.customer in (select id from customers where {theirs.sql})"  # noqa: S608 - our own words
    if len(text) < 3:
        return Condition(whose, theirs.values)
    own = f"subscriptions.n in ({found('subscriptions')})"
    return Condition(f"({own} or {whose})", (*sought("subscriptions", text), *theirs.values))


def _event_text(text: str) -> Condition:
    if _ID.match(text):
        begins = " or ".join(
            f"events.{name} >= ? and events.{name} < ?" for name in ("id", "object_id", "customer", "subscription")
        )
        return Condition(f"({begins})", (text, text + "\U0010ffff") * 4)
    theirs = customer_text(text)
    if len(text) < 3:  # as little as that is in nearly all of them
        whose = f"events.customer in (select id from customers where {theirs.sql})"  # noqa: S608 - our own words
        return Condition(f"(events.type like ? escape '\\' or {whose})", (f"{escaped(text)}%", *theirs.values))
    like = f"%{escaped(text)}%"
    own = " or ".join(f"events.{name} like ? escape '\\'" for name in ("type", "id", "object_id", "customer", "subscription"))
    whose = f"events.customer in (select id from customers where {theirs.sql})"  # noqa: S608 - our own words
    return Condition(f"({own} or {whose})", (like, like, like, like, like, *theirs.values))


_TEXTS: dict[Kind, Callable[[str], Condition]] = {
    "customers": customer_text,
    "subscriptions": _subscription_text,
    "events": _event_text,
}
_ID = re.compile(r"(evt|cus|sub|in|pi|ch|cs|price|prod|re|dp|seti|sub_sched|we|acct)_[A-Za-z0-9_]*\Z")
"""The beginning of one of Stripe's ids, which the indexes know."""
_EXAMPLES = {"status": "status:past_due", "plan": "plan:pro", "created": "created:<30d", "ends": "ends:<7d"}
_HAVING = "exists (select 1 from subscriptions where customer = customers.id and {})"
_TERMS: dict[Kind, dict[str, Term]] = {
    "customers": {
        "status": _status(_HAVING.format("status = ?")),
        "plan": _equal("customers.tier"),
        "created": _time("customers.created"),
        "email": _within("customers.email"),
        "name": _within("customers.name"),
        "id": _equal("customers.id"),
        "currency": lambda _word, value, _now: Condition(_HAVING.format("currency = ? and not ended"), (value.lower(),)),
        "delinquent": _flag("customers.delinquent", "not customers.delinquent"),
        "paying": _flag(_HAVING.format("paid"), "not " + _HAVING.format("paid")),
        "clock": _flag("customers.clock <> ''", "customers.clock = ''"),
    },
    "subscriptions": {
        "status": _status("subscriptions.status = ?"),
        "plan": _equal("coalesce(subscriptions.tier, '')"),
        "created": _time("subscriptions.created"),
        "currency": _equal("subscriptions.currency"),
        "amount": _number("subscriptions.amount"),
        "interval": _equal("subscriptions.interval"),
        "period": _time("subscriptions.period_end", ahead=True),
        "ends": _time(
            "subscriptions.ends_at", ahead=True, yes="subscriptions.ends_at is not null", no="subscriptions.ends_at is null"
        ),
        "trial": _time(
            "subscriptions.trial_end",
            ahead=True,
            yes="subscriptions.status = 'trialing'",
            no="subscriptions.status <> 'trialing'",
        ),
        "ended": _time("subscriptions.ended_at", yes="subscriptions.ended", no="not subscriptions.ended"),
        "paused": _flag("subscriptions.paused <> ''", "subscriptions.paused = ''"),
        "drift": _drift,
        "items": _number("json_array_length(subscriptions.items)"),
        "price": lambda _word, value, _now: Condition(
            "(subscriptions.price = ? or subscriptions.several and instr(subscriptions.items, ?))", (value, f'"{value}"')
        ),
        "customer": _equal("subscriptions.customer"),
        "id": _equal("subscriptions.id"),
        "clock": _flag("subscriptions.clock <> ''", "subscriptions.clock = ''"),
    },
    "events": {
        "type": lambda _word, value, _now: Condition("events.type glob ?", (value.replace("[", "[[]"),)),
        "created": _time("events.created"),
        "customer": _equal("events.customer"),
        "subscription": _equal("events.subscription"),
        "object": _equal("events.object_id"),
        "id": _equal("events.id"),
        "pending": _pending,
        **{key: _of_endpoints(key) for key in KEYS},
    },
}
