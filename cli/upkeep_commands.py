"""``errclass outcomes merge``, ``prune`` and ``vacuum``: keeping the store in order."""

from __future__ import annotations

from typing import Any

import click

from ..core.clock import utc_now
from ..core.durations import parse_duration
from ..core.errors import StoreError, UsageError
from .options import format_option, read_settings
from .output import print_json, print_table


@click.command(name="merge")
@click.option("--wait", default="10s", show_default=True, help="How long to wait for whoever has the history.")
def merge_command(wait: str) -> None:
    """Move what waits in the inbox into the history, what could not be moved before included.

    Commands that write do this by themselves at their end; after a crash, or with many writers, it may be left over.

    \b
    Example:
      errclass outcomes merge --wait 1m
    """
    from ..system.wiring import open_store

    with open_store(read_settings()) as store:
        store.retry_parked()
        merged = store.merge(wait=parse_duration(wait).total_seconds())
        waiting, parked = store.count_waiting()
    click.echo(f"{merged} events merged, {waiting - parked} wait, {parked} cannot be merged")
    if parked:
        click.echo("errclass: an upgrade may be able to merge them; they are kept until then", err=True)
    if waiting - parked:
        raise StoreError("the history is in use by another process; what waits is safe, merge again later")


@click.command(name="prune")
@click.option("--older-than", metavar="AGE", help="Such as 180d; otherwise the setting outcomes.retention.")
@click.option("--labelled", is_flag=True, help="Drop failures that a person labelled too.")
@click.option("--dry-run", is_flag=True, help="Only count what would be dropped.")
@format_option
def prune_command(older_than: str | None, labelled: bool, dry_run: bool, form: str) -> None:
    """Drop what is older than AGE from the history, with all that belongs to it, and count per cause anew.

    Failures that a person labelled are kept, since they teach the next model. The file shrinks with ``vacuum``.

    \b
    Examples:
      errclass outcomes prune --older-than 365d --dry-run
      errclass outcomes prune --older-than 365d && errclass outcomes vacuum
    """
    from ..system.wiring import open_store

    settings = read_settings()
    age = older_than or settings.outcomes.retention
    if age is None:
        raise UsageError("how old may outcomes become? Give --older-than, such as 365d, or set outcomes.retention")
    with open_store(settings) as store:
        pruned = store.prune(utc_now() - parse_duration(age), labelled=labelled, dry_run=dry_run)
    report: dict[str, Any] = {"dry_run": dry_run, "older_than": age, "rows": dict(pruned.rows), "total": pruned.total}
    if form == "json":
        print_json(report)
        return
    print_table("", ("table", "would be dropped" if dry_run else "dropped"), pruned.rows.items())


@click.command(name="vacuum")
def vacuum_command() -> None:
    """Write the history anew without the space of what was dropped. Nothing can be read or merged meanwhile.

    \b
    Example:
      errclass outcomes vacuum
    """
    from ..system.wiring import open_store

    with open_store(read_settings()) as store:
        before, after = store.vacuum()
    click.echo(f"{before / 1e6:.1f} MB before, {after / 1e6:.1f} MB after")
