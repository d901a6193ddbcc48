"""``errclass config``: the settings, where each comes from, and whether they make sense."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..core.suggesting import join_names, suggest_name
from .options import format_option, read_settings
from .output import print_json, print_table


@click.group(name="config")
def config_group() -> None:
    """Show the settings and where they come from, check them, and begin a file of one's own.

    \b
    Examples:
      errclass config show --environment production
      errclass config init --preset staging
      errclass config check
    """


@config_group.command(name="show")
@click.option("--environment", metavar="NAME", help="Show what holds in this environment.")
@click.option("--component", metavar="NAME", help="Show what holds for this component.")
@format_option
def show_command(environment: str | None, component: str | None, form: str) -> None:
    """Print every setting, its value, and which file, variable, preset or flag set it; secrets are masked.

    \b
    Examples:
      errclass config show --format json
      errclass config show --environment production --component database
    """
    settings = read_settings()
    if component is not None and component not in settings.components:
        known = join_names(settings.components)
        hint = suggest_name(component, settings.components)
        raise UsageError(f"--component: nothing is set for {component!r}{hint}; components: {known}")
    rows = settings.for_call(component=component, environment=environment).describe()
    if form == "json":
        print_json({"settings": rows, "refused": [str(refusal) for refusal in settings.refused]})
    else:
        print_table("", ("setting", "value", "from"), ((row["key"], row["value"], row["origin"]) for row in rows))


@config_group.command(name="check")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
def check_command(file: Path | None, form: str) -> None:
    """Look for mistakes in files and variables, and for what is probably not meant; exit 1 on mistakes.

    FILE is checked in the place of config.toml. Nothing is sent, and nothing is changed.

    \b
    Examples:
      errclass config check
      errclass config check ./config.toml --format json
    """
    from ..system.settings_check import check_settings

    report = check_settings(file)
    if form == "json":
        print_json({"valid": report.valid, "findings": report.findings, "variables": report.variables})
    else:
        for finding in report.findings:
            click.echo(escape_terminal(f"{finding.level}: {finding.message}"))
        click.echo(f"variables set: {join_names(name for name, is_set in report.variables.items() if is_set)}")
        click.echo(f"not set: {join_names(name for name, is_set in report.variables.items() if not is_set)}")
        click.echo("the settings are valid" if report.valid else "the settings are not valid")
    sys.exit(0 if report.valid else 1)


@config_group.command(name="init")
@click.option("--preset", metavar="NAME", help="The environment: development, staging or production.")
@click.option("--force", is_flag=True, help="Write it anew where there is one.")
def init_command(preset: str | None, force: bool) -> None:
    """Write config.toml to ERRCLASS_HOME, with every setting explained and commented out; only you can read it.

    \b
    Example:
      errclass config init --preset production
    """
    from ..system.settings.presets import check_preset
    from ..system.settings.reading import find_home
    from ..system.settings.user_file import write_user_file

    if preset is not None:
        check_preset(preset)
    click.echo(f"written: {write_user_file(find_home({}), environment=preset, force=force)}")


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
