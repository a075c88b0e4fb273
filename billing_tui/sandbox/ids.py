"""Ids and secrets in the forms that Stripe gives them, from a seeded source so that a demo can be told again."""

import random
import string

_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ALL_PAIRS = [a + b for a in _LETTERS for b in _LETTERS]
# Twelve random bits choose a pair; a few pairs come twice as often, which nobody minds in a sandbox.
_PAIRS = [_ALL_PAIRS[number % len(_ALL_PAIRS)] for number in range(4096)]
_SHORT = frozenset({"cus_", "prod_", "si_", "di_"})


def token(source: random.Random, length: int) -> str:
    """Random letters and digits; made thousands of times at every start, so by bits and not by choices."""
    pairs = (length + 1) // 2
    bits = source.getrandbits(12 * pairs)
    return "".join([_PAIRS[bits >> shift & 4095] for shift in range(0, 12 * pairs, 12)])[:length]


class IdSource:
    """Makes ids of one account; `account` is letters that all its long ids share in the middle."""

    def __init__(self, seed: str, account: str) -> None:
        self.random = random.Random(seed)
        self._account = account

    def new(self, prefix: str) -> str:
        """A fresh id, e.g. `new("sub_")`; customers and products get the short form."""
        if prefix in _SHORT:
            return prefix + token(self.random, 14)
        if prefix.startswith("cs_"):
            return prefix + "a1" + token(self.random, 56)
        lead = "3" if prefix in {"pi_", "ch_", "py_", "re_"} else "1"
        return f"{prefix}{lead}{token(self.random, 5)}{self._account[:10]}{token(self.random, 8)}"

    def token(self, length: int) -> str:
        """Random letters and digits for secrets, fingerprints and request ids."""
        return token(self.random, length)
