"""Puts a world together and peoples it; the only place that knows all three services' constructors."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_tui.sandbox.app import CustomerApp
from billing_tui.sandbox.clerk import ClerkInstance
from billing_tui.sandbox.options import MODES, SandboxOptions
from billing_tui.sandbox.seed import invite, stock
from billing_tui.sandbox.stages import Staged, stage_also, stage_at_start
from billing_tui.sandbox.world import World


def build_world(options: SandboxOptions, base: str, directory: Path) -> tuple[World, list[Staged]]:
    """A peopled world at `base`, before anybody serves it, and who shows which cause in it.

    Those who show causes count among the `customers` asked for.
    """
    with _long_lived():
        world = World(options, base, directory)
        for mode in MODES:
            world.clerks[mode] = ClerkInstance(mode, world.clerk_keys[mode], seed=options.seed)
            world.apps[mode] = CustomerApp(world, mode)
        shops = {mode: stock(world, mode) for mode in MODES}
        staged = stage_at_start(world, options)
        for mode in MODES:
            account = world.stripe(mode)
            account.sealing = True
            more = sum(wanted.mode == mode for wanted in options.also)
            invite(world, mode, shops[mode], options.customers - len(account.table("customer")) - more)
            account.sealing = False
        return world, stage_also(world, options.also, staged)


@contextmanager
def _long_lived() -> Iterator[None]:
    """A hundred thousand objects that stay: no collector looks at them while they are made, nor again later.

    Without this a third of the start is spent in vain, and every full collection would hold up the screens.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
