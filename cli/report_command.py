"""``errclass report``: what failed, what came of it, and what to look at first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import UsageError
from ..core.whole_files import write_whole
from .options import read_settings

if TYPE_CHECKING:
    from ..reports import Report

_FORMATS = ("table", "json", "md", "csv", "html")


@click.command(name="report")
@click.option("--type", "kind", default="summary", show_default=True, help="Which report.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="As what; by the ending of FILE, or a table.")
@click.option("--since", default="24h", show_default=True, metavar="AGE", help="How far back: 30m, 24h, 7d, 2w.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only what fits: environment, operation, repository, component, type, severity; any of a key's values.",
)
@click.option("--raw", is_flag=True, help="The failures themselves too, the newest 5,000.")
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write it there, as a whole.")
def report_command(
    kind: str, form: str | None, since: str, filters: tuple[str, ...], raw: bool, out: Path | None
) -> None:
    """Report on what failed, what came of it, and what to look at first.

    \b
    Examples:
      errclass report
      errclass report --since 7d --filter environment=production -o report.html
      errclass report --since 24h --format md >> "$GITHUB_STEP_SUMMARY"
    """
    from ..reports import make_report
    from ..system.reporting import check_reporting
    from ..system.wiring import open_store

    chosen, wanted, settings = _choose_format(form, out), _parse_filters(filters), read_settings()
    check_reporting(settings)
    with open_store(settings) as store:
        report = make_report(store, kind, window=since, filters=wanted, include_raw_data=raw)
    if out is None:
        _print(report, chosen)
    else:
        _write(report, chosen, out)


def _choose_format(form: str | None, out: Path | None) -> str:
    if out is None:
        return form or "table"
    chosen = form or out.suffix[1:].lower()
    if chosen not in _FORMATS[1:]:
        raise UsageError(f"{out}: say what it is to be with --format json|md|csv|html, or by its ending")
    return chosen


def _parse_filters(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--filter {pair}: write KEY=VALUE, such as environment=production")
        found.setdefault(name, []).append(value)
    return found


def _print(report: Report, form: str) -> None:
    from ..reports import render_report
    from .report_display import display_report

    if form == "table":
        display_report(report)
    else:
        click.echo(render_report(report, form), nl=False)


def _write(report: Report, form: str, out: Path) -> None:
    from ..reports import render_report

    content = render_report(report, form).encode()
    try:
        write_whole(out, content)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror}); name a file in a folder of yours") from error
    click.echo(f"{out}: {len(content)} bytes", err=True)
