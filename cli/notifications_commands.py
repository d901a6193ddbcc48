"""``errclass notifications``: what is to be told, and what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from ..core.durations import parse_duration
from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..core.mail import MailDelivery
from ..system.notifying import Notifying, make_notifications
from .options import format_option, read_settings
from .output import print_json, print_table


@click.group(name="notifications")
def notifications_group() -> None:
    """List, send and re-send what is to be told.

    Channels are set up in config.toml of the home, or by the environment.

    \b
    Examples:
      errclass notifications test slack
      errclass notifications list --dead
      errclass notifications send-due --wait 5m
    """


@notifications_group.command(name="list")
@click.option("--waiting", is_flag=True, help="Only those that were not sent yet.")
@click.option("--dead", is_flag=True, help="Only dead letters: given up after many attempts, or refused.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show so many at most.")
@format_option
def list_command(waiting: bool, dead: bool, limit: int, form: str) -> None:
    """List notifications of the last 30 days, newest first, with what became of each.

    \b
    Example:
      errclass notifications list --waiting
    """
    if waiting and dead:
        raise UsageError("--waiting and --dead: give one of them")
    with _open() as notifying:
        rows = _list_dead(notifying, limit) if dead else _list_history(notifying, limit, waiting=waiting)
    if form == "json":
        print_json(rows)
        return
    if not rows:
        click.echo("errclass: there are none", err=True)
        return
    columns = list(rows[0])
    print_table("", [name.replace("_", " ") for name in columns], ([row[name] for name in columns] for row in rows))


@notifications_group.command(name="send-due")
@click.option("--wait", default="60s", show_default=True, help="Send also what comes due within so long.")
@format_option
def send_due_command(wait: str, form: str) -> None:
    """Send what is due, and digests that come due meanwhile; exits with 1 where an attempt failed.

    What is not due yet stays queued. For a timer, or for the end of a job whose processes were killed.

    \b
    Example:
      errclass notifications send-due --wait 5m
    """
    seconds = parse_duration(wait).total_seconds()
    with _open() as notifying:
        report = notifying.system.drain(seconds)
        left = notifying.system.get_statistics().queued
    if form == "json":
        print_json({"sent": report.sent, "failed": report.failed, "finished": report.finished, "queued": left})
    else:
        click.echo(f"{report.sent} messages sent, {report.failed} attempts failed, {left} notifications queued")
    if report.failed:
        sys.exit(1)


@notifications_group.command(name="resend")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All dead letters.")
def resend_command(ids: tuple[str, ...], everything: bool) -> None:
    """Queue dead letters again, under their old keys; `send-due` or the next process sends them.

    IDS are those that `errclass notifications list --dead` shows.

    \b
    Example:
      errclass notifications resend --all && errclass notifications send-due
    """
    if bool(ids) == everything:
        raise UsageError("which dead letters? Give their ids, or --all")
    with _open() as notifying:
        count = notifying.system.resend(None if everything else ids)
    click.echo(f"{count} queued again")


@notifications_group.command(name="test")
@click.argument("channel")
@format_option
def test_command(channel: str, form: str) -> None:
    """Send a test message to CHANNEL at once, past queue and limits, and say what became of it.

    \b
    Example:
      errclass notifications test slack
    """
    with _open() as notifying:
        delivered = notifying.system.test_channel(channel)
    if form == "json":
        print_json(delivered)
    else:
        detail = f": {delivered.detail}" if delivered.detail else ""
        click.echo(escape_terminal(f"{channel}: {delivered.status}{detail}"))
    if delivered.status != "sent":
        sys.exit(1)


@contextmanager
def _open() -> Iterator[Notifying]:
    from ..system.wiring import open_store

    settings = read_settings()
    with open_store(settings) as store:
        notifying = make_notifications(settings, store)
        for fault in notifying.faults:
            click.echo(escape_terminal(f"errclass: {fault}"), err=True)
        yield notifying


def _list_history(notifying: Notifying, limit: int, *, waiting: bool) -> list[dict[str, Any]]:
    from datetime import UTC, datetime

    entries = notifying.system.get_history(limit, waiting=waiting)
    return [
        {
            "queued_at": datetime.fromtimestamp(entry.queued_at, UTC).isoformat(timespec="seconds"),
            "channel": entry.channel,
            "priority": entry.priority,
            "state": entry.state,
            "reason": entry.reason or None,
            "what": entry.document.get("what"),
            "delivery_id": entry.delivery_id,
        }
        for entry in entries
    ]


def _list_dead(notifying: Notifying, limit: int) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "channel": one.channel,
            "priority": one.priority,
            "attempts": one.attempts,
            "error": one.error,
            "what": _name_content(one),
        }
        for one in notifying.system.list_dead_letters()[:limit]
    ]


def _name_content(dead: MailDelivery) -> str:
    notice = dead.document.get("notice")
    if isinstance(notice, Mapping):
        return str(notice.get("what") or "a damaged notice")
    return "a digest" if "digest" in dead.document else "a damaged message"
