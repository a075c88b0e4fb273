"""`billing-tui golive --copy`: which parts of test mode are made again in live mode."""

from collections.abc import Callable
from typing import TypeVar

import click
from msgspec import Struct, structs

from billing_tui.changes.copying.plan import USUAL
from billing_tui.changes.copying.stock import PARTS
from billing_tui.cli.options import Asked
from billing_tui.cli.writing import plan_it
from billing_tui.model.change import Wanted
from billing_tui.model.problem import BadUsage

R = TypeVar("R")


class Copying(Struct, frozen=True, kw_only=True):
    """What was said about copying."""

    copy_it: bool = False
    also: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    overwrite: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are wanted. Raises `BadUsage` where none is left."""
        wanted = tuple(part for part in (self.only or (*USUAL, *self.also)) if part not in self.leaving)
        if not wanted:
            raise BadUsage("Nothing is left to be copied.", "Leave --without out.")
        return wanted


def copy_options(command: Callable[..., R]) -> Callable[..., R]:
    """`--copy` and what goes with it."""
    parts = click.Choice(PARTS)
    for option in (
        click.option("--overwrite", is_flag=True, help="With --copy: also make what differs in live mode as test mode has it."),
        click.option("--only", multiple=True, type=parts, help="With --copy: this part alone; may be given again."),
        click.option("--without", "leaving", multiple=True, type=parts, help="With --copy: leave this part out."),
        click.option("--with", "also", multiple=True, type=parts, help="With --copy: this part too, e.g. coupons."),
        click.option(
            "--copy",
            "copy_it",
            is_flag=True,
            help="Plan to make in live mode what it lacks of test mode's products, prices, meters, portal and endpoint.",
        ),
    ):
        command = option(command)
    return command


def copy(said: Copying, asked: Asked, *, apply_it: bool, confirm: str) -> None:
    """Plans it, in live mode."""
    options = {"parts": ",".join(dict.fromkeys(said.parts))} | ({"overwrite": "yes"} if said.overwrite else {})
    wanted = Wanted(action="copy catalogue", query="", options=options)
    plan_it(structs.replace(asked, mode="live"), wanted, apply_it=apply_it, confirm=confirm)
