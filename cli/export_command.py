"""``errclass outcomes export``: everything that is stored, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..core.clock import utc_now
from ..core.durations import parse_duration
from ..core.errors import UsageError
from .options import read_settings


@click.command(name="export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    default="jsonl",
    show_default=True,
    help="JSON lines into one stream; CSV and Parquet into one file per table.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File (JSON lines) or new folder (CSV, Parquet).")
@click.option("--since", metavar="AGE", help="Only what is not older, such as 30d.")
def export_command(form: str, out: Path | None, since: str | None) -> None:
    """Export every event of the store: one row each, with its table and its id.

    `errclass outcomes import` takes JSON lines and folders of Parquet files back in.

    \b
    Examples:
      errclass outcomes export > outcomes.jsonl
      errclass outcomes export --format parquet --out outcomes/ --since 90d
    """
    from ..outcomes import export_folder, export_lines
    from ..system.wiring import open_store

    if out is None and form != "jsonl":
        raise UsageError(f"--format {form} makes one file per table; name a new folder with --out")
    moment = utc_now() - parse_duration(since) if since else None
    with open_store(read_settings()) as store:
        if out is None:
            export_lines(store, sys.stdout.buffer, since=moment)
            return
        if form == "jsonl":
            with out.open("wb") as target:
                count = export_lines(store, target, since=moment)
        else:
            count = export_folder(store, out, "csv" if form == "csv" else "parquet", since=moment)
    click.echo(f"{out}: {count} rows", err=True)
