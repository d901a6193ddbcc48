"""``errclass rules replay``: what other rules would have decided on what is stored."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ..core.escaping import escape_terminal
from .options import format_option, read_settings
from .output import print_json, show_progress
from .rule_options import rules_option


@click.command(name="replay")
@rules_option
@click.option(
    "--model", metavar="NAME|DIR", help="Predict anew with this model; without it predictions stay as stored."
)
@click.option("--since", default="30d", show_default=True, metavar="SPAN", help="What is replayed: 24h, 7d, 4w.")
@click.option(
    "--fail-if",
    "limits",
    multiple=True,
    metavar="METRIC OP N[%]",
    help="Exit with 1 when this holds, such as 'changed>5%'; any number of times.",
)
@click.option(
    "--minutes-per-call",
    type=float,
    metavar="N",
    help="What a call takes, instead of what was seen.",
)
@click.option("--cost-per-minute", type=float, metavar="N", help="What a minute costs; money is told only then.")
@format_option
def replay_command(
    folders: tuple[Path, ...],
    model: str | None,
    since: str,
    limits: tuple[str, ...],
    minutes_per_call: float | None,
    cost_per_minute: float | None,
    form: str,
) -> None:
    """Decide the stored failures anew by other rules, and tell what changes: nothing is written or carried out.

    The facts of each decision are kept, so what the new rules say of them is what they would have said. What would have
    come of it is known only where the same was tried on the same fingerprint; otherwise it is bounded.

    Limits may be on changed, newly_automatic, no_longer_automatic, retries_added, retries_saved, recoveries_added,
    recoveries_saved, successes_lost, people_added, calls_allowed_added, minutes_added, minutes_saved, not_observed,
    not_decidable, unreadable and replayed.

    \b
    Examples:
      errclass rules replay --rules our-rules/ --since 30d
      errclass rules replay --rules our-rules/ --fail-if 'changed>5%' --fail-if 'newly_automatic>0'
    """
    from ..system.jobs.replaying import ReplayRequest, replay_rules
    from .replay_report import render

    request = ReplayRequest(since, folders, model, minutes_per_call, cost_per_minute, limits)
    settings = read_settings()
    with show_progress() as progress:
        report = replay_rules(settings, request, progress=progress)
    print_json(report) if form == "json" else render(report)
    for sentence in report["never_read"]:
        click.echo(f"errclass: {escape_terminal(sentence)} See: errclass rules check", err=True)
    crossed = [one for one in report["limits"] if one["crossed"]]
    for one in crossed:
        click.echo(escape_terminal(_describe_limit(one)), err=True)
    if not report["decisions"]["stored"]:
        click.echo(f"errclass: nothing was decided since {report['start']}", err=True)
    sys.exit(1 if crossed else 0)


def _describe_limit(one: dict[str, Any]) -> str:
    if one["value"] is None:
        return f"errclass: {one['limit']}: cannot be told, and counts as crossed: {one['unknown_because']}"
    unit = " %" if one["limit"].endswith("%") else ""
    return f"errclass: {one['limit']}: it is {one['value']:.6g}{unit}"
