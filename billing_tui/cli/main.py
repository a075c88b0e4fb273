"""The program's entry: commands loaded only when they are called, and every failure told as two plain sentences."""

import importlib
import os
import signal
import sys
from typing import Any, NoReturn

import click

from billing_tui.cli.output import complain
from billing_tui.model.problem import BadUsage, Problem

# Loading every command would load the screens, the services and the sandbox for `--help`.
_COMMANDS = {
    "apply": "billing_tui.cli.resync:apply",
    "demo": "billing_tui.cli.demo:demo",
    "diagnose": "billing_tui.cli.diagnose:diagnose",
    "resync": "billing_tui.cli.resync:resync",
    "sandbox": "billing_tui.cli.sandbox:sandbox",
}


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
    """Runs the command line and exits with the contract's code."""
    os.environ.setdefault("STRIPE_SUPPRESS_NOTICES", "true")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stopped)
    as_json = "--json" in sys.argv[1:]
    try:
        code = cli.main(prog_name="billing-tui", standalone_mode=False)
    except Problem as problem:
        code = complain(problem, as_json=as_json)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "billing-tui"
        code = complain(BadUsage(error.format_message(), f"See {command} --help."), as_json=as_json)
    except click.ClickException as error:
        code = complain(BadUsage(error.format_message()), as_json=as_json)
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _stopped(*_: object) -> NoReturn:
    """A request to end, or a lost connection, ends the work as Ctrl-C does: everything is closed on the way out."""
    raise KeyboardInterrupt
