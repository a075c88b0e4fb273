"""The Audit screen: what was written, by whom, why, and how it ended."""
