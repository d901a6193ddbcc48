from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from errclass.core.errors import UsageError
from errclass.outcomes.reading import Row, read_history


def write(path: Path, query: str) -> Path:
    """Write the rows of a query."""
    with duckdb.connect() as session:
        session.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_rows_and_types(tmp_path: Path) -> None:
    """Columns of other types than text are understood."""
    query = """SELECT 'boom' AS "Log Output", 'test' AS category, TIMESTAMP '2026-01-01' AS time, true AS retryable,
               137 AS exit_code UNION ALL SELECT NULL, 'test', NULL, NULL, NULL"""
    history = read_history(write(tmp_path / "a.parquet", query))
    expected = Row("boom", "row 1", "test", True, time=datetime(2026, 1, 1, tzinfo=UTC), exit_code=137)
    assert ([expected], {"no text": ["row 2"]}) == (list(history.rows), history.skipped.places)


def test_more_rows_than_one_group(tmp_path: Path) -> None:
    """All of them, in order."""
    path = write(tmp_path / "a.parquet", "SELECT 'text ' || range AS text FROM range(2500)")
    assert [f"text {number}" for number in range(2500)] == [row.text for row in read_history(path).rows]


def test_broken_parquet_is_refused(tmp_path: Path) -> None:
    """In one line."""
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + b"x" * 100)
    with pytest.raises(UsageError, match="cannot be read as Parquet") as caught:
        read_history(path)
    assert "\n" not in str(caught.value)
