"""A table of any length: it holds the order as numbers and draws the few rows in sight. It knows nothing of billing."""
