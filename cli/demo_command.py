"""``errclass demo``: a made-up history to try everything on."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ..core.clock import utc_now
from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..system.settings import Settings
from .options import format_option, read_settings
from .output import print_json, print_table, show_progress

_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_USE = """Use it:
  export ERRCLASS_STORE={store}
  errclass report --since 30d
  errclass outcomes stats
  errclass serve"""


@click.command(name="demo")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the demo store; `demo` in the home."
)
@click.option("--days", type=click.IntRange(7, 365), default=90, show_default=True, help="How long the history is.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes up another history.")
@click.option("--until", metavar="TIME", help="When it ends, as 2026-03-01T12:00Z; now.")
@click.option("--force", is_flag=True, help="Make it anew where there is a demo store already.")
@format_option
def demo_command(out: Path | None, days: int, seed: int, until: str | None, force: bool, form: str) -> None:
    """Fill a store of its own with a made-up history, and say what is planted in it.

    The failures are made up, and really decided on, by your model and your rules. Planted are a regression, an outage,
    a flaky test, the load of a working week, a recovery that helps and one that does not. Your own store is left alone.

    \b
    Examples:
      errclass demo
      errclass demo --days 30 --seed 7 --until 2026-03-01 --out demo-store
    """
    from ..system.jobs.demo import find_demo, name_demo

    moment, settings = _read_until(until), read_settings()
    folder = out or name_demo(settings)
    document = find_demo(folder)
    if document is None or force or not document["complete"]:
        document = _fill(folder, settings, days, seed, moment)
    else:
        _check_same(folder, document, days, seed, moment)
        click.echo(f"errclass: {escape_terminal(str(folder))} is there already; --force makes it anew", err=True)
    _show(folder, document, form)


def _read_until(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--until {text}: write a time such as 2026-03-01 or 2026-03-01T12:00Z") from error
    if not _EARLIEST <= moment <= utc_now():
        raise UsageError(f"--until {text}: name a time from {_EARLIEST.year} on that has come already")
    return moment


def _fill(folder: Path, settings: Settings, days: int, seed: int, until: datetime | None) -> dict[str, Any]:
    from ..system.jobs.demo import DemoOptions, check_place, fill_demo
    from ..system.wiring import build_parts

    check_place(folder, settings)
    options = DemoOptions(until or utc_now().replace(microsecond=0), days, seed)
    with show_progress() as progress:
        return fill_demo(folder, options, build_parts(settings), progress=progress)


def _check_same(folder: Path, document: dict[str, Any], days: int, seed: int, until: datetime | None) -> None:
    """Refuse to show another history than the one asked for."""
    same = (document["days"], document["seed"]) == (days, seed)
    if not same or (until is not None and datetime.fromisoformat(document["until"]) != until):
        raise UsageError(
            f"{folder}: holds another demo history: --days {document['days']} --seed {document['seed']} "
            f"--until {document['until']}; --force replaces it, --out names another folder"
        )


def _show(folder: Path, document: dict[str, Any], form: str) -> None:
    if form == "json":
        print_json({"store": str(folder.absolute()), **document})
        return
    counts = document["counts"]
    print_table(
        f"demo store {folder}: {counts['calls']} calls, {counts['failures']} of them failed, "
        f"{document['since'][:10]} to {document['until'][:16]} UTC",
        ("planted", "from", "until", "what is to be seen"),
        ((truth["name"], *_tell_times(truth, document), truth["says"]) for truth in document["truths"]),
    )
    click.echo(escape_terminal(_USE.format(store=shlex.quote(str(folder.absolute())))), err=True)


def _tell_times(truth: dict[str, Any], document: dict[str, Any]) -> tuple[str, str]:
    """Return from when until when it is to be seen."""
    since, until = truth.get("since") or document["since"], truth.get("until")
    return since[:16].replace("T", " "), until[:16].replace("T", " ") if until else "the end"
