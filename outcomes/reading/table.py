"""From records, dicts by column name, to rows: common to all table formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import chain, islice
from typing import Any

from ...core.frozen import FrozenDict
from ...core.types import Context
from .cells import parse_bool, parse_int, parse_name, parse_time
from .columns import Columns, choose_columns
from .history_file import Row, Skipped
from .source import Source

Record = tuple[str, Mapping[str, Any]]
"""A place in the file and the cells there, by column."""
_PEEKED = 100
_CONTEXT = tuple(
    field.name for field in fields(Context) if field.name not in ("metadata", "attempt", "cancelled", "effect")
)


def read_table(source: Source, records: Iterable[Record]) -> Iterator[Row]:
    """Choose the columns by the first records, note them, and yield the rows."""
    remaining = iter(records)
    first = list(islice(remaining, _PEEKED))
    names = list(dict.fromkeys(name for _, record in first for name in record))
    if names:
        columns = choose_columns(source.path, names, source.text_column, source.label_column)
        source.columns.update(columns.by_field)
        yield from _read_rows(chain(first, remaining), columns, source.skipped)


def _read_rows(records: Iterable[Record], columns: Columns, skipped: Skipped) -> Iterator[Row]:
    for place, record in records:
        problem = _find_problem(record, columns)
        if problem:
            skipped.add(problem, place)
        else:
            yield _row(place, record, columns)


def _find_problem(record: Mapping[str, Any], columns: Columns) -> str | None:
    text = record.get(columns.text)
    if text is None:
        return "no text"
    if not isinstance(text, str):
        return "the text is not a string"
    if isinstance(record.get(columns.by_field.get("label", "")), (dict, list)):
        return "the label is not a name"
    return None


def _row(place: str, record: Mapping[str, Any], columns: Columns) -> Row:
    cells = {field: record.get(column) for field, column in columns.by_field.items()}
    return Row(
        text=cells["text"] or "",
        place=place,
        label=parse_name(cells.get("label")),
        retryable=parse_bool(cells.get("retryable")),
        success=parse_bool(cells.get("success")),
        time=parse_time(cells.get("time")),
        tool=parse_name(cells.get("tool")),
        exit_code=parse_int(cells.get("exit_code")),
        context=_context(record.get("context"), cells),
    )


def _context(nested: Any, cells: Mapping[str, Any]) -> Context:
    given = nested if isinstance(nested, Mapping) else {}
    named: dict[str, Any] = {name: parse_name(cells.get(name, given.get(name))) for name in _CONTEXT}
    extra = {
        key: str(value) for key, value in given.items() if key not in named and isinstance(value, (str, int, float))
    }
    return Context(**named, metadata=FrozenDict(extra))
