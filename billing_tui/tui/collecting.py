"""When Python looks for garbage: not while the dashboard starts, and not through all that stays for good.

A full collection goes through every object that was loaded, modules and styles included, and stops the screen for as long as
50 ms. What is there once the dashboard stands is there until it ends, so it is set aside; what comes later is looked through.
"""

import gc


def hold_off() -> None:
    """No collections from now on."""
    gc.disable()


def set_aside() -> None:
    """What is there now is never looked through again; what comes from now on is."""
    gc.freeze()
    gc.enable()
