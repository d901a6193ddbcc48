"""``errclass outcomes``: what happened before."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from .export_command import export_command
from .flaky_command import flaky_command
from .label_command import label_command
from .options import context_option, format_option, parse_context, read_settings
from .output import print_json, print_table
from .record_command import record_command
from .review_command import review_command
from .upkeep_commands import merge_command, prune_command, vacuum_command


@click.group(name="outcomes")
def outcomes_group() -> None:
    """Record what failed and what came of it, look at it, label it, keep it in order.

    \b
    Examples:
      errclass outcomes import history.csv
      echo '{"text": "connect ETIMEDOUT", "operation": "deploy"}' | errclass outcomes record
      errclass outcomes stats
    """


for _command in (
    record_command,
    export_command,
    flaky_command,
    label_command,
    review_command,
    merge_command,
    prune_command,
    vacuum_command,
):
    outcomes_group.add_command(_command)


@outcomes_group.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where its name is unusual.")
@click.option("--label-column", metavar="NAME", help="Column that holds the label, where its name is unusual.")
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), help="Table from your labels to types (CSV, JSON, YAML)."
)
@click.option("--importer", metavar="NAME", help="Read with this importer instead of the one that recognises the file.")
@context_option
@format_option
def import_command(
    paths: tuple[Path, ...],
    text_column: str | None,
    label_column: str | None,
    map_file: Path | None,
    importer: str | None,
    context: tuple[str, ...],
    form: str,
) -> None:
    """Take past failures into the store; importing the same file again adds nothing.

    PATHS are CSV, TSV, JSONL, Parquet or JUnit XML files, logs or folders of logs, log archives of GitHub Actions, job
    traces of GitLab, consoles of Jenkins, exports of another store, and whatever installed plug-ins read. Of a JUnit
    report the passing tests are kept too: with the commit, they tell which tests are flaky.

    \b
    Examples:
      errclass outcomes import history.csv incidents.jsonl --map labels.csv
      errclass outcomes import logs_4711.zip
      errclass outcomes import saved.txt --importer jenkins
      errclass outcomes import report.xml --context commit=$(git rev-parse HEAD)
    """
    from ..system.jobs.importing import ImportOptions, import_history
    from ..system.jobs.label_mapping import read_label_map
    from ..system.wiring import open_store

    settings = read_settings()
    mapping = read_label_map(map_file) if map_file else {}
    options = ImportOptions(text_column, label_column, mapping, importer, parse_context(context, settings))
    reports, faults = [], 0
    with open_store(settings) as store:
        for path in paths:
            try:
                reports.append(import_history(path, options, store))
            except UsageError as error:  # the other files are as good as without it
                click.echo(escape_terminal(f"errclass: {error}"), err=True)
                faults += 1
    if reports:
        print_json(reports) if form == "json" else _render_imports(reports)
    if faults:
        sys.exit(2)


def _render_imports(reports: list[dict[str, Any]]) -> None:
    for report in reports:
        tests = f", {report['test_results']} test results" if report["test_results"] else ""
        click.echo(f"{report['path']}: {report['rows']} rows, {report['labelled']} of them labelled{tests}")
        for reason in report["skipped"]:
            click.echo(escape_terminal(f"  {reason}"))
        for label in report["foreign_labels"]:
            nearest = f", nearest type {label['nearest']}" if label["nearest"] else ""
            name = escape_terminal(label["label"])
            click.echo(f"  label outside the taxonomy: {name} ({label['rows']} rows{nearest})")


@outcomes_group.command(name="stats")
@format_option
def stats_command(form: str) -> None:
    """Count what is stored.

    \b
    Example:
      errclass outcomes stats --format json
    """
    from ..system.wiring import open_store

    with open_store(read_settings()) as store:
        if not store.exists():
            click.echo(f"errclass: nothing was ever recorded in {store.place}", err=True)
        data: dict[str, Any] = store.stats().to_dict()
    if form == "json":
        print_json(data)
        return
    print_table("", ("figure", "value"), ((key, _plain(value)) for key, value in data.items()))


def _plain(value: Any) -> Any:
    return ", ".join(f"{name} {count}" for name, count in value.items()) or None if isinstance(value, dict) else value
