"""What is remembered of one account in one mode: lists, search, tiers and the event history, in one SQLite file."""
