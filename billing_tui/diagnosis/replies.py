"""A reply to the customer, in plain words, for what is not the app's fault. Pure.

Nothing in it names a system, an id or a rule; support staff read it over before they send it.
"""

from textwrap import dedent

_GREETING, _END = "Hello,", "Kind regards"
_TEXTS = """
    PBF-001: we can't find a payment under this e-mail address. Could you send us the receipt number, or the day, the exact
      amount and the last four digits of the card? Perhaps you paid with another address.
    PBF-006: your plan is active, on another account of yours. Please sign out, and sign in again with the address that you
      used when you bought it.
    PBF-010: your bank declined the payment, so nothing was charged. What you may see in your account is a hold, which the
      bank releases by itself. Please try again, perhaps with another card.
    PBF-011: your first payment is not complete: your bank still waits for you to confirm it. Please open the invoice that
      we sent you and finish the payment there.
    PBF-012: your payment is on its way. A direct debit takes a few days; your plan starts by itself as soon as it arrives.
    PBF-013: your payment was given back, and your subscription ended with it. If you want to go on, you can subscribe again
      at any time.
    PBF-020: your subscription is not active at the moment: it has ended, or it waits for an open payment. Your billing page
      shows which; there you can settle it, or subscribe again.
    PBF-023: your change of plan has not happened yet: it waits for its payment, or for the date that it was set for. Your
      billing page shows which.
    PBF-083: your plan belongs to your organization. Please switch to that organization in the app; everything is there.
    PBF-090: your plan is active. Please reload the page in a minute, or sign out and in again, and you will see it.
    PBF-099: everything looks right on our side: your plan is active. Please check which account you are signed in to, and
      reload the page. If it still looks wrong, send us a screenshot.
"""


def reply_to(rule_id: str | None) -> str:
    """The text for a cause; "" where there is none to send."""
    text = _SAYINGS.get(rule_id or "", "")
    return "\n\n".join((_GREETING, text, _END)) if text else ""


def _sayings() -> dict[str, str]:
    whole = dedent(_TEXTS).strip().replace("\n  ", " ")
    return dict(line.split(": ", 1) for line in whole.splitlines())


_SAYINGS = _sayings()
