"""Which profile a `keys` command is about: one of the configuration, or one that is not written yet, since keys come first."""

from billing_tui.cli.options import Asked
from billing_tui.model.problem import BadUsage
from billing_tui.setup.key_place import KeyPlace, unwritten


def key_place(asked: Asked) -> KeyPlace:
    """The profile and mode asked for.

    Raises:
        BadUsage: There is no such profile; or no configuration yet, and no name was given either.
    """
    try:
        config = asked.load()
    except BadUsage as problem:
        if problem.code != "no_config" or not asked.profile:
            raise
        return KeyPlace(unwritten(asked.profile, asked.mode), None)
    return KeyPlace(asked.guarded(config.open(asked.profile, asked.mode)), config)
