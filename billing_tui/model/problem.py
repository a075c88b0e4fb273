"""What can go wrong, as one tree of exceptions that people can read.

Each carries one sentence that says what happened, one that says what to do, and the exit code that the contract gives
it. Nothing below the command line catches a bare exception; what a service meets, it raises as one of these.
"""

from typing import ClassVar


class Problem(Exception):
    """A failure to tell a person about.

    Attributes:
        message: One sentence: what happened.
        hint: One sentence: what to do; may be empty.
        code: A word for programs, e.g. `key_expired`.
        exit_code: As the contract lists them.
    """

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "problem"

    def __init__(self, message: str, hint: str = "", *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.default_code


class BadUsage(Problem):
    """The command or the configuration is not understood."""

    exit_code = 2
    default_code = "usage"


class KeyRefused(Problem):
    """A key is missing, wrong, expired, or lacks a permission.

    `permission` is its name in the Dashboard where it is known, `account` the account that the refusal names; otherwise empty.
    """

    exit_code = 3
    default_code = "key"

    def __init__(self, message: str, hint: str = "", *, code: str = "", permission: str = "", account: str = "") -> None:
        super().__init__(message, hint, code=code)
        self.permission = permission
        self.account = account


class NotThere(Problem):
    """Nothing was found for what was asked. `other_mode` names the mode in which it does exist, where that was said."""

    exit_code = 4
    default_code = "not_found"

    def __init__(self, message: str, hint: str = "", *, code: str = "", other_mode: str = "") -> None:
        super().__init__(message, hint, code=code)
        self.other_mode = other_mode


class OutOfReach(Problem):
    """A service could not be reached, kept failing, or answered something that makes no sense."""

    exit_code = 5
    default_code = "unreachable"


class OutcomeUnknown(OutOfReach):
    """A write was sent and no answer came: it may or may not have happened."""

    default_code = "outcome_unknown"


class Refused(Problem):
    """A guard said no: read-only, unconfirmed, changed since the plan, wrong account or mode."""

    exit_code = 6
    default_code = "refused"
