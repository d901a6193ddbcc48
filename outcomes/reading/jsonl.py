"""Read JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import UsageError
from .encoding import open_text
from .history_file import Skipped
from .lines import BoundedLines, TooLongError
from .table import Record


def read_jsonl(path: Path, skipped: Skipped) -> Iterator[Record]:
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
