"""Read CSV and TSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from .encoding import open_text
from .history_file import Row, Skipped
from .lines import LINE_LIMIT, BoundedLines, TooLongError
from .source import Source
from .table import Record, read_table

_TAB_SUFFIXES = (".tsv", ".tab")


class _BrokenRecordError(Exception):
    """One record of the file cannot be used; the message is the reason."""


def recognises(source: Source) -> bool:
    """Tell whether the suffix is that of CSV or TSV."""
    return source.suffix in {".csv", *_TAB_SUFFIXES}


def read(source: Source) -> Iterator[Row]:
    """Yield a row per record that has a text."""
    return read_table(source, read_records(source.path, source.skipped))


def read_records(path: Path, skipped: Skipped) -> Iterator[Record]:
    """Yield the records of a CSV or TSV file; the delimiter is the one that is most frequent in the header line."""
    # The limit is the process's; raising it harms nobody, since it only refuses what this reader must accept.
    csv.field_size_limit(max(csv.field_size_limit(), LINE_LIMIT))
    with open_text(path) as stream:
        lines = BoundedLines(stream)
        header = _read_header(lines, "\t" if path.suffix.lower() in _TAB_SUFFIXES else None)
        if header:
            yield from _read_body(lines, *header, skipped)


def _read_header(lines: BoundedLines, delimiter: str | None) -> tuple[list[str], str] | None:
    for line in lines:
        if line.strip():
            chosen = delimiter or max(",;\t|", key=line.count)
            lines.take_back([line])
            return [name.strip() for name in next(csv.reader(lines, delimiter=chosen))], chosen
    return None


def _read_body(lines: BoundedLines, header: list[str], delimiter: str, skipped: Skipped) -> Iterator[Record]:
    # Strict, since otherwise a stray quote silently joins two rows into one text.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_record()
        place = f"line {lines.number + 1}"
        try:
            if record := _read_record(reader, header):
                yield place, record
        except StopIteration:
            return
        except _BrokenRecordError as error:
            skipped.add(str(error), place)
            # A stray quote swallows the lines after it: only the first one is broken, the others are read again.
            lines.take_back(lines.record[1:])


def _read_record(reader: Iterator[list[str]], header: list[str]) -> dict[str, str]:
    """Return the next record, empty for a blank line."""
    try:
        fields = next(reader)
    except TooLongError:
        raise _BrokenRecordError("longer than 16 MB") from None
    except csv.Error as error:
        raise _BrokenRecordError(f"broken CSV: {error}") from None
    if fields and len(fields) != len(header):
        raise _BrokenRecordError(f"{len(fields)} instead of {len(header)} fields")
    return dict(zip(header, fields, strict=False))
