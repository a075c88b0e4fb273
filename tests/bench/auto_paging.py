"""The peer of a sync: the `stripe` package's own auto-paging over one list. Prints objects a second."""

import sys
from itertools import islice
from time import monotonic

from stripe import StripeClient

if __name__ == "__main__":
    base, key, count = sys.argv[1:]
    client = StripeClient(key, base_addresses={"api": base})
    started = monotonic()
    found = sum(1 for _ in islice(client.v1.customers.list({"limit": 100}).auto_paging_iter(), int(count)))
    sys.stdout.write(f"{found / (monotonic() - started)}\n")
