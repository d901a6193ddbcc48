"""Keep the counts per group and per test in step with the tables: by what is new, or all anew."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from .sql_files import load_sql

Execute = Callable[[str], Any]

SUMMARISED = ("failures", "decisions", "attempts", "resolutions", "test_results")
"""Tables whose new rows count; each must be there as ``fresh_<table>``."""
_GROUPED = frozenset({"failures", "attempts", "resolutions"})
SUMMARIES = ("summaries", "recovery_summaries", "test_summaries")
_STAGES = ("fresh_sightings", "fresh_reruns", "fresh_recoveries")


def changes_groups(present: Collection[str]) -> bool:
    """Tell whether new rows of these tables change the counts per group."""
    return not _GROUPED.isdisjoint(present)


def add_fresh(execute: Execute, present: Collection[str]) -> None:
    """Add the rows of the tables ``fresh_*`` to the summaries; ``present`` names the tables that have any."""
    if changes_groups(present):
        for stage in _STAGES:
            execute(load_sql(stage))
        execute(load_sql("add_summaries"))
        execute(load_sql("add_recovery_summaries"))
    if "test_results" in present:
        execute(load_sql("set_test_summaries"))


def drop_stages(execute: Execute) -> None:
    """Drop what ``add_fresh`` left."""
    for stage in _STAGES:
        execute(f"DROP TABLE IF EXISTS {stage}")


def rebuild_summaries(execute: Execute) -> None:
    """Count everything anew, within the caller's transaction."""
    for table in SUMMARIES:
        execute(f"DELETE FROM {table}")
    for table in SUMMARISED:
        execute(f"CREATE TEMPORARY VIEW fresh_{table} AS SELECT * FROM {table}")
    add_fresh(execute, SUMMARISED)
    drop_stages(execute)
    for table in SUMMARISED:
        execute(f"DROP VIEW fresh_{table}")
