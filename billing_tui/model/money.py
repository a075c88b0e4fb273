"""Money: an integer in the currency's minor unit and the currency's code, never a float."""

# Currencies without a minor unit, and those with three decimals: https://docs.stripe.com/currencies
_WHOLE = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"]
)
_THREE = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
_SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "cad": "CA$", "aud": "A$", "inr": "₹"}


def money(amount: int, currency: str) -> str:
    """`2900, "usd"` as `$29.00`; a currency without a sign of its own as `CHF 29.00`."""
    code = currency.lower()
    digits = 0 if code in _WHOLE else 3 if code in _THREE else 2
    whole, rest = divmod(abs(amount), 10**digits)
    figure = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    return ("-" if amount < 0 else "") + _SIGNS.get(code, code.upper() + " ") + figure
