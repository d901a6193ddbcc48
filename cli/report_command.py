"""``errclass report``: what failed, what came of it, and what to look at first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..core.whole_files import write_whole
from .options import read_settings

if TYPE_CHECKING:
    from ..reports import Report
    from ..system.settings import Settings

_FORMATS = ("table", "json", "md", "csv", "html", "pdf")


@click.command(name="report")
@click.option(
    "--type",
    "kind",
    default="summary",
    show_default=True,
    help="Which report: analytics, detailed, model, performance, summary, trends or waste.",
)
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
@click.option("--no-charts", is_flag=True, help="HTML and PDF without charts, and without the script that draws them.")
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write it there, as a whole.")
@click.option("--keep", is_flag=True, help="Keep it for 30 days; see errclass reports.")
@click.option("--due", is_flag=True, help="Make the reports of reporting.schedules that are due, and nothing else.")
@click.pass_context
def report_command(
    context: click.Context,
    kind: str,
    form: str | None,
    since: str,
    filters: tuple[str, ...],
    raw: bool,
    no_charts: bool,
    out: Path | None,
    keep: bool,
    due: bool,
) -> None:
    """Report on what failed, what came of it, and what to look at first.

    A PDF is printed by a Chromium of this machine.

    \b
    Examples:
      errclass report
      errclass report --since 7d --filter environment=production -o report.html
      errclass report --type waste --since 30d -o waste.pdf
      errclass report --since 24h --format md >> "$GITHUB_STEP_SUMMARY"
    """
    if due:
        _check_alone(context)
        _make_due(read_settings())
        return
    from ..reports import make_report
    from ..system.reporting import check_reporting, find_price
    from ..system.wiring import open_store

    chosen, wanted, settings = _choose_format(form, out, keep=keep), _parse_filters(filters), read_settings()
    check_reporting(settings, kind)
    with open_store(settings) as store:
        report = make_report(
            store, kind, window=since, filters=wanted, include_raw_data=raw, price=find_price(settings)
        )
    if out is None and not keep:
        _print(report, chosen, include_charts=not no_charts)
    else:
        _save(report, chosen, settings, out, keep=keep, include_charts=not no_charts)


def _choose_format(form: str | None, out: Path | None, *, keep: bool) -> str:
    if out is None and not keep:
        if form == "pdf":
            raise UsageError("a PDF is no text for a terminal: name its file with -o, or keep it with --keep")
        return form or "table"
    chosen = form or (out.suffix[1:].lower() if out else "html")
    if chosen not in _FORMATS[1:]:
        said = out or "--keep"
        raise UsageError(f"{said}: say what it is to be with --format json|md|csv|html|pdf, or by the ending of FILE")
    return chosen


def _parse_filters(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--filter {pair}: write KEY=VALUE, such as environment=production")
        found.setdefault(name, []).append(value)
    return found


def _print(report: Report, form: str, *, include_charts: bool) -> None:
    from ..reports import render_report
    from .report_display import display_report

    if form == "table":
        display_report(report)
    else:
        click.echo(render_report(report, form, include_charts=include_charts), nl=False)


def _save(report: Report, form: str, settings: Settings, out: Path | None, *, keep: bool, include_charts: bool) -> None:
    from ..system.reporting import open_shelf, write_report

    content = write_report(report, form, settings, include_charts=include_charts)
    if out is not None:
        try:
            write_whole(out, content)
        except OSError as error:
            raise UsageError(
                f"{out}: cannot be written ({error.strerror}); name a file in a folder of yours"
            ) from error
        click.echo(f"{out}: {len(content)} bytes", err=True)
    if keep:
        kept = open_shelf(settings).keep(report.id, form, content, report.generated_at)
        click.echo(kept.id)


def _check_alone(context: click.Context) -> None:
    """Raise UsageError where --due is given together with what a schedule says itself."""
    given = [
        name
        for name in context.params
        if name != "due" and context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
    ]
    if given:
        raise UsageError("--due: takes no other option; reporting.schedules says what each report is to be")


def _make_due(settings: Settings) -> None:
    from ..system.report_schedules import ReportSchedules
    from ..system.reporting import check_reporting
    from ..system.wiring import open_store

    check_reporting(settings)
    if not settings.reporting.schedules:
        raise UsageError("--due: there are no schedules; name one below reporting.schedules in config.toml")
    with open_store(settings) as store:
        schedules = ReportSchedules(settings, store)
        made = schedules.make_due()
        for one in made:
            click.echo(escape_terminal(str(one)), err=one.fault is not None)
        for name, time in schedules.list_next() if not made else ():
            click.echo(f"{name}: next at {time:%Y-%m-%d %H:%M} UTC", err=True)
    if any(one.fault for one in made):
        sys.exit(1)
