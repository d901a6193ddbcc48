"""``errclass config``: the settings, and where each comes from."""

from __future__ import annotations

from pathlib import Path

import click

from .options import format_option, read_settings
from .output import print_json, print_table


@click.group(name="config")
def config_group() -> None:
    """Show the settings and where they come from.

    \b
    Examples:
      errclass config show
      errclass config trust .
    """


@config_group.command(name="show")
@format_option
def show_command(form: str) -> None:
    """Print every setting, its value, and which file, variable or flag set it; secrets are masked.

    \b
    Example:
      errclass config show --format json
    """
    settings = read_settings()
    rows = settings.describe()
    if form == "json":
        print_json({"settings": rows, "refused": [str(refusal) for refusal in settings.refused]})
    else:
        print_table("", ("setting", "value", "from"), ((row["key"], row["value"], row["origin"]) for row in rows))


@config_group.command(name="trust")
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
def trust_command(directory: Path) -> None:
    """Let the settings files in DIRECTORY, as they are now, set anything; a changed file loses this trust.

    \b
    Example:
      errclass config trust .
    """
    from ..system.trust import TrustStore

    for path in TrustStore(read_settings().home).trust_directory(directory):
        click.echo(f"trusted: {path}")
