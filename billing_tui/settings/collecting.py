"""When Python looks for garbage: not while the program starts, not through all that stays for good, and not at the end.

A full collection goes through every object that was loaded, modules and styles included, and stops the screen for as long as
50 ms; at the end of a short command it takes longer than a request. What is there once the program stands is there until it
ends, so it is set aside; what comes later is looked through.
"""

import gc


def hold_off() -> None:
    """No collections from now on."""
    gc.disable()


def set_aside() -> None:
    """What is there now is never looked through again; what comes from now on is."""
    gc.freeze()
    gc.enable()


def is_held_off() -> bool:
    """Whether nobody has come to `set_aside` since `hold_off`."""
    return not gc.isenabled()


def let_be() -> None:
    """The process ends: nothing is looked through any more."""
    gc.freeze()
