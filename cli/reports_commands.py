"""``errclass reports``: the reports that were kept."""

from __future__ import annotations

import sys

import click

from ..core.errors import UsageError
from .options import format_option, read_settings
from .output import print_json, print_table


@click.group(name="reports")
def reports_group() -> None:
    """List, show and delete kept reports.

    Reports are kept by `errclass report --keep` and by schedules, for 30 days.

    \b
    Examples:
      errclass reports list
      errclass reports show summary-20260303T000000Z-88a775c4
    """


@reports_group.command(name="list")
@format_option
def list_command(form: str) -> None:
    """List kept reports, newest first.

    \b
    Example:
      errclass reports list --format json
    """
    from ..system.reporting import open_shelf

    kept = open_shelf(read_settings()).list()
    if form == "json":
        print_json({"reports": [one.to_dict() for one in kept]})
        return
    if not kept:
        click.echo("errclass: none is kept; errclass report --keep keeps one", err=True)
        return
    rows = ((one.id, one.format, f"{one.kept_at:%Y-%m-%d %H:%M}", one.size_bytes) for one in kept)
    print_table("", ("id", "format", "kept at (UTC)", "bytes"), rows)


@reports_group.command(name="show")
@click.argument("report_id", metavar="ID")
@click.option("--format", "form", help="Which of its formats, where it has several.")
def show_command(report_id: str, form: str | None) -> None:
    """Print a kept report; a PDF only into a file or a pipe.

    \b
    Example:
      errclass reports show summary-20260303T000000Z-88a775c4 > report.html
    """
    from ..reports.registry import PRINTED
    from ..system.reporting import open_shelf

    shelf = open_shelf(read_settings())
    kept = shelf.find(report_id, form)
    if kept.format in PRINTED and sys.stdout.isatty():
        raise UsageError(f"a {kept.format} is no text for a terminal; it is in {kept.path}")
    click.echo(shelf.read(report_id, kept.format), nl=False)


@reports_group.command(name="delete")
@click.argument("report_id", metavar="ID")
def delete_command(report_id: str) -> None:
    """Delete a kept report, in all its formats.

    \b
    Example:
      errclass reports delete summary-20260303T000000Z-88a775c4
    """
    from ..system.reporting import open_shelf

    shelf = open_shelf(read_settings())
    shelf.find(report_id)
    click.echo(f"{shelf.delete(report_id)} files deleted")
