"""A small, stateful Stripe, Clerk and customer app in one process, on loopback only.

It exists so that the tool can be shown, tried and tested without keys and without a network. It knows nothing of the
tool but the words of `billing_tui.model`: what it answers is what the real services would answer.
"""
