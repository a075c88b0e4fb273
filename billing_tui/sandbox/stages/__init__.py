"""Puts causes into a world: `stage` breaks it for one person the way a rule describes, and really so.

A stage may change anything in the world except the truth of the wire: every symptom must be there to be read.
"""

from billing_tui.sandbox.stages.play import OF_ENDPOINT, RULES, Staged, default_stages, stage, stage_also, stage_at_start

__all__ = ["OF_ENDPOINT", "RULES", "Staged", "default_stages", "stage", "stage_also", "stage_at_start"]
