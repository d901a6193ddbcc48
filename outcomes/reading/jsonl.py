"""Read JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import UsageError
from .encoding import open_text
from .history_file import Row, Skipped
from .lines import BoundedLines, TooLongError
from .source import Source
from .table import Record, read_table


def recognises(source: Source) -> bool:
    """Tell whether the suffix is that of JSON Lines, or of a JSON file that may turn out to be some."""
    return source.suffix in {".jsonl", ".ndjson", ".json"}


def read(source: Source) -> Iterator[Row]:
    """Yield a row per object that has a text."""
    return read_table(source, _read_records(source.path, source.skipped))


def _read_records(path: Path, skipped: Skipped) -> Iterator[Record]:
    """Yield the objects of a file that has one per line; raise UsageError when it is one JSON array instead."""
    with open_text(path) as stream:
        lines = BoundedLines(stream)
        while True:
            lines.start_record()
            try:
                line = next(lines)
            except StopIteration:
                return
            except TooLongError:
                skipped.add("longer than 16 MB", f"line {lines.number}")
                continue
            if lines.number == 1 and line.lstrip().startswith("["):
                raise UsageError(f"{path} is a JSON array; write one object per line instead, as `jq -c '.[]'` does")
            if line.strip():
                yield from _read_line(line, f"line {lines.number}", skipped)


def _read_line(line: str, place: str, skipped: Skipped) -> Iterator[Record]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        skipped.add("broken JSON", place)
        return
    if isinstance(value, dict):
        yield place, value
    else:
        skipped.add("not a JSON object", place)
