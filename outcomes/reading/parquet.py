"""Read Parquet through DuckDB, which needs no further package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...core.errors import UsageError
from ..archive import open_session, quote
from .history_file import Row
from .source import Source
from .table import Record, read_table

_GROUP = 1000


def recognises(source: Source) -> bool:
    """Tell whether the suffix is Parquet's."""
    return source.suffix in {".parquet", ".pq"}


def read(source: Source) -> Iterator[Row]:
    """Yield a row per record that has a text."""
    return read_table(source, read_records(source.path))


def read_records(path: Path) -> Iterator[Record]:
    """Yield the records of a Parquet file; raise UsageError when it is none."""
    import duckdb

    with open_session() as session:
        try:
            cursor = session.execute(f"SELECT * FROM read_parquet({quote(path)})")
            names = [column[0] for column in cursor.description or ()]
            number = 0
            while group := cursor.fetchmany(_GROUP):
                for cells in group:
                    number += 1
                    yield f"row {number}", dict(zip(names, cells, strict=True))
        except duckdb.Error as error:
            raise UsageError(f"{path} cannot be read as Parquet: {str(error).partition(chr(10))[0]}") from error
