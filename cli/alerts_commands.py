"""``errclass alerts``: what is wrong with many failures, not with one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..core.durations import parse_duration
from ..core.escaping import escape_terminal
from .author_option import author_option
from .options import format_option, read_settings
from .output import print_json, print_table

if TYPE_CHECKING:
    from ..actions.notify import DrainReport
    from ..reports.alerts import Alert
    from ..system.alerting import AlertCheck, AlertManager

_COLUMNS = ("id", "state", "severity", "what", "since", "taken up by")
_STATES = ("pending", "firing", "acknowledged", "resolved")


@click.group(name="alerts")
def alerts_group() -> None:
    """List alerts, look for new ones, and take them up.

    Rules and whom they tell are set below alerts in config.toml of the home.

    \b
    Examples:
      errclass alerts check
      errclass alerts list --state firing
      errclass alerts ack high_failure_rate --note "the registry is down"
    """


@alerts_group.command(name="list")
@click.option("--state", type=click.Choice(_STATES), help="Only those; by default all that are not over.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show so many at most.")
@format_option
def list_command(state: str | None, limit: int, form: str) -> None:
    """List alerts as the last look left them, newest first.

    \b
    Example:
      errclass alerts list --state resolved --format json
    """
    with _open_manager() as manager:
        book = manager.read_book()
    found = [one for one in book.list_all() if one.state == state or (state is None and one.state != "resolved")]
    if form == "json":
        print_json({"checked_at": book.checked_at, "alerts": [one.to_dict() for one in found[:limit]]})
        return
    _render(found[:limit])
    last = f"looked last at {book.checked_at:%Y-%m-%d %H:%M} UTC" if book.checked_at else "nobody has looked yet"
    click.echo(f"errclass: {last}; look now with: errclass alerts check", err=True)


@alerts_group.command(name="check")
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 1 when an alert fires.")
@click.option("--wait", default="5s", show_default=True, help="Time for sending what is due.")
@format_option
def check_command(exit_code: bool, wait: str, form: str) -> None:
    """Look at all rules now, and tell people what is new; for a timer, where no service runs.

    What cannot be sent in time is sent by the next process.

    \b
    Example:
      errclass alerts check --exit-code
    """
    seconds = parse_duration(wait).total_seconds()
    with _open_manager() as manager:
        check = manager.check(wait=seconds)
    for fault in check.faults:
        click.echo(escape_terminal(f"errclass: {fault}"), err=True)
    if form == "json":
        print_json(check.to_dict())
    else:
        _render(check.alerts)
        click.echo(f"errclass: {_sum_up(check)}", err=True)
    if exit_code and check.firing:
        sys.exit(1)


@alerts_group.command(name="test")
@click.argument("rule", required=False)
@click.option("--dry-run", is_flag=True, help="Only show what would be sent, and to whom.")
@click.option("--wait", default="5s", show_default=True, help="Time for sending it.")
@format_option
def test_command(rule: str | None, dry_run: bool, wait: str, form: str) -> None:
    """Send what looks as an alert of RULE to its channels, and says that it is none; exits with 1 where it fails.

    \b
    Example:
      errclass alerts test high_failure_rate --dry-run
    """
    seconds = parse_duration(wait).total_seconds()
    with _open_manager() as manager:
        if dry_run:
            _show_draft(manager.compose_test(rule), manager, form)
            return
        receipt = manager.send_test(rule, wait=seconds)
    if form == "json":
        print_json(receipt.to_dict())
    else:
        for name, one in receipt.channels.items():
            detail = f": {one.reason}" if one.reason else ""
            click.echo(escape_terminal(f"{name}: {one.status}{detail}"))
        if not receipt.channels:
            click.echo("errclass: no channel is set up; see docs/notifications.md", err=True)
    if receipt.status != "sent":
        sys.exit(1)


@alerts_group.command(name="ack")
@click.argument("alert_id", metavar="ID")
@click.option("--note", default="", help="What is known of it, for the others.")
@author_option
def ack_command(alert_id: str, note: str, author: str | None) -> None:
    """Say that you have taken an alert up: people are told of its end, and not again that it fires.

    \b
    Example:
      errclass alerts ack high_failure_rate --note "the registry is down"
    """
    with _open_manager() as manager:
        alert = manager.acknowledge(alert_id, by=author or "somebody", note=note)
    click.echo(escape_terminal(f"{alert.id} is taken up by {alert.acknowledged_by}"))


@contextmanager
def _open_manager() -> Iterator[AlertManager]:
    from ..system.alerting import AlertManager
    from ..system.wiring import open_store

    settings = read_settings()
    with open_store(settings) as store:
        yield AlertManager(settings, store=store)


def _render(alerts: Iterable[Alert]) -> None:
    rows = [_make_row(one) for one in alerts]
    if rows:
        print_table("", _COLUMNS, rows)
    else:
        click.echo("errclass: there are none", err=True)


def _make_row(alert: Alert) -> tuple[object, ...]:
    from ..reports.alerts import describe_alert

    since = f"{alert.fired_at or alert.since:%Y-%m-%d %H:%M}"
    return alert.id, alert.state, alert.severity, describe_alert(alert), since, alert.acknowledged_by


def _sum_up(check: AlertCheck) -> str:
    counts = f"{len(check.fired)} began to fire, {len(check.resolved)} are over"
    return f"{counts}; {_describe_sending(check.sending)}"


def _describe_sending(report: DrainReport | None) -> str:
    if report is None:
        return "nobody can be told: no channel is set up"
    failed = f", {report.failed} attempts failed" if report.failed else ""
    return f"{report.sent} messages sent{failed}"


def _show_draft(alert: Alert, manager: AlertManager, form: str) -> None:
    from ..reports.alerts import describe_alert

    document = {"would_send": describe_alert(alert), "to": manager.find_channels(alert), "severity": alert.severity}
    if form == "json":
        print_json(document)
        return
    to = ", ".join(document["to"]) or "nobody: no channel is set up"
    click.echo(escape_terminal(f"would send, as {alert.severity}: {document['would_send']}"))
    click.echo(escape_terminal(f"to {to}"))
