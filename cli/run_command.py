"""``errclass run``: any command, again where that is worth it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..core.errors import UsageError
from ..system.jobs.run_order import RunOrder
from .options import context_option
from .run_line import read_context, read_count, read_effect, read_recover, read_replay, read_seconds


def _by(read: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    def convert(_: click.Context, option: click.Parameter, value: str | None) -> Any:
        try:
            return None if value is None else read(value)
        except UsageError as error:
            raise UsageError(f"{option.opts[0]}: {error}") from error

    return convert


@click.command(name="run", context_settings={"allow_interspersed_args": False})
@click.option(
    "--attempts", metavar="N", callback=_by(read_count), help="Call it so many times at most.  [default: as decided]"
)
@click.option(
    "--deadline", metavar="TIME", callback=_by(read_seconds), help="For all calls and waits together, such as 15m."
)
@click.option("--attempt-timeout", metavar="TIME", callback=_by(read_seconds), help="End a call that takes longer.")
@click.option(
    "--effect",
    metavar="EFFECT",
    callback=_by(read_effect),
    help="What calling it again does: read_only, idempotent, reversible, or irreversible, which is never called again.",
)
@click.option("--operation", metavar="NAME", help="A stable name of what is run.  [default: program and first word]")
@click.option(
    "--recover",
    metavar="off|ask|auto",
    callback=_by(read_recover),
    help="Carry out the recipe that fits the failure, then call again: never, after asking, or by itself."
    "  [default: recovery.autonomy of the settings]",
)
@click.option(
    "--stdin",
    "replay",
    metavar="replay|pass",
    default="pass",
    show_default=True,
    callback=_by(read_replay),
    help="Keep up to 1 MB of standard input, so that each call reads the same.",
)
@click.option(
    "--notify",
    is_flag=True,
    help="Tell people, through the channels of the settings, when it failed for good, and when it works again."
    "  [default: run.notify of the settings]",
)
@click.option("--report", metavar="FILE", help="Write what happened to FILE, as JSON.")
@click.option("--quiet", is_flag=True, help="Say nothing.")
@click.option("--json", "as_json", is_flag=True, help="Say it as one line of JSON on standard error, at the end.")
@context_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run_command(command: tuple[str, ...], context: tuple[str, ...], **options: Any) -> None:
    """Run COMMAND; where it fails, say why, and recover or run it again if that is worth it.

    Its output, its terminal and its exit code are those that it has without errclass. One that a signal ended gives
    128 + the signal's number, one that is not found 127.

    \b
    Examples:
      errclass run -- npm ci
      errclass run --deadline 15m --attempt-timeout 5m -- ./deploy.sh staging
      errclass run --recover auto -- npm test
      errclass run --notify --operation deploy -- ./deploy.sh staging
      errclass run --effect irreversible -- ./migrate up
    """
    from .run_entry import run_and_exit

    run_and_exit(RunOrder(command, context=read_context(context), **options))
