"""``errclass outcomes flaky``: tests that pass and fail on the same code."""

from __future__ import annotations

import click

from .options import format_option, read_settings
from .output import print_json, print_table

_COLUMNS = ("test", "flaky_commits", "runs", "failures", "failure_rate", "last_flaky_at")


@click.command(name="flaky")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show so many at most.")
@format_option
def flaky_command(limit: int, form: str) -> None:
    """List the tests that passed and failed on the same commit, those seen so on most commits first.

    Results come from JUnit reports (`errclass outcomes import report.xml --context commit=...`), from failed logs, and
    from re-runs on the same commit. A failure of such tests alone is worth a re-run, and the rules know it.

    \b
    Example:
      errclass outcomes flaky --limit 10
    """
    from ..outcomes import read_mart
    from ..system.wiring import open_store

    with open_store(read_settings()) as store:
        rows = read_mart(store, "flaky_tests") if store.exists() else []
    rows.sort(key=lambda row: (-row["flaky_commits"], -row["failures"], row["test"]))
    if form == "json":
        print_json(rows[:limit])
        return
    if not rows:
        click.echo("errclass: no test passed and failed on one commit so far", err=True)
        return
    print_table(
        "", [name.replace("_", " ") for name in _COLUMNS], ([row[name] for name in _COLUMNS] for row in rows[:limit])
    )
