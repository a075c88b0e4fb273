"""The program's entry: commands loaded only when they are called, and every failure told as two plain sentences."""

import importlib
import logging
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

import click

from billing_tui.cli.output import complain
from billing_tui.model.problem import BadUsage, Problem
from billing_tui.settings.collecting import hold_off, let_be

# Loading every command would load the screens, the services and the sandbox for `--help`.
_COMMANDS = {
    "apply": "billing_tui.cli.resync:apply",
    "audit": "billing_tui.cli.audit:audit",
    "cancel": "billing_tui.cli.cancel:cancel",
    "deliveries": "billing_tui.cli.deliveries:deliveries",
    "demo": "billing_tui.cli.demo:demo",
    "diagnose": "billing_tui.cli.diagnose:diagnose",
    "doctor": "billing_tui.cli.doctor:doctor",
    "drift": "billing_tui.cli.drift:drift",
    "fix": "billing_tui.cli.mend:fix",
    "golive": "billing_tui.cli.golive:golive",
    "grant": "billing_tui.cli.mend:grant",
    "keys": "billing_tui.cli.keys:keys",
    "list": "billing_tui.cli.lists:list_",
    "probe": "billing_tui.cli.probe:probe",
    "profile": "billing_tui.cli.profile:profile",
    "recover": "billing_tui.cli.resend:recover",
    "relink": "billing_tui.cli.mend:relink",
    "resend": "billing_tui.cli.resend:resend",
    "resync": "billing_tui.cli.resync:resync",
    "sandbox": "billing_tui.cli.sandbox:sandbox",
    "tail": "billing_tui.cli.tail:tail",
    "sync": "billing_tui.cli.sync:sync",
}


_REPORT = "The log says where; please report it with those lines."


class _Lazy(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own signature
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    cls=_Lazy, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="billing-tui", prog_name="billing-tui")
@click.option("--profile", metavar="NAME", help="Profile of the configuration to open.")
@click.option("--mode", type=click.Choice(["test", "live"]), help="Mode to open it in.")
@click.option("--config", metavar="PATH", help="Configuration file.")
@click.option("--read-only", is_flag=True, help="Refuse every write.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """Why is this person not on Pro? Stripe, its webhooks, Clerk and the database, joined; and the fix.

    Without a command it opens the dashboard. `billing-tui demo` needs no keys.
    """
    if ctx.invoked_subcommand is None:
        from billing_tui.cli.dashboard import open_dashboard

        ctx.exit(open_dashboard(**options))


def main() -> NoReturn:
    """The program: a process of its own, that lives for this one command."""
    hold_off()
    try:
        run()
    finally:
        let_be()


def run() -> NoReturn:
    """Runs the command line and exits with the contract's code."""
    os.environ.setdefault("STRIPE_SUPPRESS_NOTICES", "true")
    _keep_ignoring_interrupts()
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _stopped)
    try:
        code = _run(as_json="--json" in sys.argv[1:])
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        code = 1
    _let_go()
    sys.exit(code)


def _keep_ignoring_interrupts() -> None:
    """Whoever started this in the background had Ctrl-C ignored. So it stays, but its handler is what ends work in order."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _let_go() -> None:
    """Puts away what nobody is left to read, at a closed pipe or a lost terminal: Python would stumble over it at the end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(*, as_json: bool) -> int:
    """Runs it; whatever goes wrong is told in two sentences."""
    try:
        code = cli.main(prog_name="billing-tui", standalone_mode=False)
    except Problem as problem:
        return complain(problem, as_json=as_json)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "billing-tui"
        return complain(BadUsage(error.format_message(), f"See {command} --help."), as_json=as_json)
    except click.Abort:
        raise
    except click.ClickException as error:
        return complain(BadUsage(error.format_message()), as_json=as_json)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        _log_unforeseen()
        return complain(Problem(f"Something went wrong inside billing-tui ({type(error).__name__}).", _REPORT), as_json=as_json)
    return code if isinstance(code, int) else 0


def _log_unforeseen() -> None:
    """Writes down where it happened: in the log, and nowhere that a person is looking at."""
    from billing_tui.cli.log import keep_log

    with suppress(Problem):  # there is no place for a log either
        keep_log()
        logging.getLogger("billing_tui").exception("unforeseen")


def _stopped(_: int, frame: FrameType | None) -> None:
    """A request to end, or a lost connection, ends the work as Ctrl-C does: everything is closed on the way out.

    An event loop has a handler of its own for Ctrl-C, which ends the work between two steps of it and not within one.
    """
    as_ctrl_c = signal.getsignal(signal.SIGINT)
    if not callable(as_ctrl_c):
        raise KeyboardInterrupt
    as_ctrl_c(signal.SIGINT, frame)
