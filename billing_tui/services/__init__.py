"""What is far away: Stripe, Clerk, the app's database, its webhook endpoint, and the one transport under them."""

import sys

# Importing httpx also loads its command line, with rich and pygments, wherever those happen to be installed: a third of the time
# that a command takes to start, for something that nobody here calls. It does without where that can't be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
