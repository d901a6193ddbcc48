"""The command ``errclass`` and its groups, each imported only when it is used."""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from ..core.errors import ErrclassError, UsageError
from ..core.escaping import escape_terminal

_COMMANDS = {
    "train": ("train_command:train_command", "Train a model on historical logs."),
    "classify": ("classify_command:classify_command", "Say what failures are."),
    "explain": ("explain_command:explain_command", "Explain a failed log to a person."),
    "run": ("run_command:run_command", "Run a command, and again where that is worth it."),
    "recover": ("recover_commands:recover_group", "List, plan and carry out recoveries."),
    "rules": ("rules_commands:rules_group", "List and check the rules."),
    "models": ("models_commands:models_group", "List, show, measure, compare, promote and trust models."),
    "notifications": ("notifications_commands:notifications_group", "List, send and re-send what is to be told."),
    "outcomes": ("outcomes_commands:outcomes_group", "Record, import, label and look at what happened."),
    "escalations": ("escalations_commands:escalations_group", "List escalations, take them up and settle them."),
    "alerts": ("alerts_commands:alerts_group", "List alerts, look for new ones, and take them up."),
    "report": ("report_command:report_command", "Report on what failed and what came of it."),
    "reports": ("reports_commands:reports_group", "List, show and delete kept reports."),
    "demo": ("demo_command:demo_command", "Make up a history in a store of its own, to try all of this on."),
    "serve": ("serve_commands:serve_group", "Answer over HTTP, and make keys for it."),
    "doctor": ("doctor_command:doctor_command", "Look at everything here, and say what to do where it is not well."),
    "config": ("config_commands:config_group", "Show the settings and where they come from, check them, begin a file."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use; its help names them without importing anything."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f".{module}", __package__), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="errclass", prog_name="errclass")
def errclass_command() -> None:
    """Turn a failed deployment or CI job into the right next step.

    \b
    Examples:
      errclass explain build.log
      kubectl logs job/migrate | errclass explain -
      errclass train history.csv
    """


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a log may hold what the terminal's encoding does not
    try:
        errclass_command(standalone_mode=False, prog_name="errclass", color=False if "NO_COLOR" in os.environ else None)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("errclass: interrupted", err=True)
        sys.exit(130)
    except ErrclassError as error:
        _complain(error)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        # The reader of our output has gone; what Python would still flush goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a folder that cannot be written, a disk that is full
        _complain(error)
        sys.exit(1)


def _complain(error: Exception) -> None:
    lines = (line.strip() for line in str(error).splitlines())  # parsers quote what they do not understand
    click.echo(f"errclass: {escape_terminal(' '.join(lines))}", err=True)
