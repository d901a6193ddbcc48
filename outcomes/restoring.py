"""Take in what another store exported."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from .events import row_event
from .reading.history_file import Skipped
from .reading.parquet import read_records
from .records import read_event
from .store import Store
from .tables import REQUIRED, TABLES

_CHUNK = 2000
_MERGE_EVERY = 100_000
_FIRST = 64 * 1024


def is_export(path: Path) -> bool:
    """Tell whether ``path`` is what ``errclass outcomes export`` wrote: JSON lines, or a folder of Parquet files."""
    if path.is_dir():
        return any((path / f"{table}.parquet").is_file() for table in TABLES)
    try:
        with path.open("rb") as file:
            record = json.loads(file.readline(_FIRST))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and record.get("table") in TABLES and "id" in record


def restore_export(store: Store, path: Path, skipped: Skipped) -> Counter[str]:
    """Record every row of an export and return their number by table; rows that are there already stay as they are.

    Raises UsageError when there is nothing of an export in it.
    """
    remaining, counts, waiting = _checked(_read(path, skipped), skipped), Counter[str](), 0
    while chunk := list(islice(remaining, _CHUNK)):
        store.add_events(row_event(table, record) for table, record in chunk)
        counts.update(table for table, _ in chunk)
        waiting += len(chunk)
        if waiting >= _MERGE_EVERY:
            waiting -= store.merge()
    store.merge()
    store.recount()  # rows came table by table, and what belongs together in different merges
    return counts


def _read(path: Path, skipped: Skipped) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if path.is_dir():
        for table in TABLES:
            file = path / f"{table}.parquet"
            if file.is_file():
                yield from (
                    (f"{file.name}, {place}", {**record, "table": table}) for place, record in read_records(file)
                )
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                skipped.add("broken JSON", f"line {number}")
                continue
            yield f"line {number}", record


def _checked(records: Iterable[tuple[str, Any]], skipped: Skipped) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for place, record in records:
        table = str(record.get("table")) if isinstance(record, dict) else ""
        if table not in TABLES:
            skipped.add("no row of a store", place)
        elif any(record.get(name) is None for name in REQUIRED[table]):
            skipped.add("a column is missing", place)
        else:
            row = {name: record.get(name) for name in TABLES[table]}
            if read_event(row_event(table, row)) is None:
                skipped.add("a value is not what its column takes", place)
            else:
                yield table, row
