from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from errclass.outcomes.reading.cells import parse_bool, parse_int, parse_name, parse_time

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("yes", True),
        (" TRUE ", True),
        (1, True),
        ("failed", False),
        (0, False),
        (False, False),
        ("", None),
        (None, None),
        ("maybe", None),
    ],
)
def test_bool(cell: Any, expected: bool | None) -> None:
    """Usual words count, anything else is unknown rather than false."""
    assert parse_bool(cell) is expected


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "2026-01-01 01:00:00+01:00",
        "1767225600",
        1767225600,
        1767225600000,
        datetime(2026, 1, 1),
    ],
)
def test_time(cell: Any) -> None:
    """ISO 8601, Unix seconds and milliseconds mean the same moment."""
    assert NEW_YEAR == parse_time(cell)


@pytest.mark.parametrize("cell", ["", None, "yesterday", "1e300", "nan", float("inf"), "31/12/2025", datetime.min])
def test_no_time(cell: Any) -> None:
    """What cannot be read, or has two readings, is unknown."""
    expected = datetime.min.replace(tzinfo=UTC) if cell == datetime.min else None
    assert expected == parse_time(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("137", 137), (-9, -9), (1.0, 1), ("1.5", None), ("x", None), (None, None), ("1e99", None), ("inf", None)],
)
def test_int(cell: Any, expected: int | None) -> None:
    """Only whole numbers of a sensible size count."""
    assert expected == parse_int(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(" network ", "network"), ("NaN", None), ("", None), (None, None), ("-", None), (3, "3"), ("unknown", "unknown")],
)
def test_name(cell: Any, expected: str | None) -> None:
    """Marks for nothing are nothing; ``unknown`` is a label."""
    assert expected == parse_name(cell)
