"""A fault of ours, put as a problem: the window stays, and the words help whoever mends it."""

import traceback
from pathlib import Path

from billing_tui.model.problem import Problem


def fault(error: BaseException | None, *, writing: bool = False) -> Problem:
    """Names the kind of the error and where it was raised, never what it says: that may hold a secret."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    message = f"Something in billing-tui itself went wrong: {type(error).__name__}{where}."
    hint = (
        "Look at the ticket again before anything else: a step may have been written."
        if writing
        else "Nothing was written. ctrl+r asks again."
    )
    return Problem(message, f"{hint} Please report this line.", code="fault")
