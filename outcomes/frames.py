"""Read a table of failures that a program has in memory, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from ..core.frozen import FrozenDict
from ..core.ids import new_id
from ..core.types import Context, Outcome
from .archive import open_session
from .bulk import check_columns

T = TypeVar("T")
_GROUP = 1000
_CONTEXT = tuple(field.name for field in fields(Context) if field.name not in {"attempt", "cancelled", "metadata"})


def read_frame(frame: Any, now: datetime) -> Iterator[Outcome]:
    """Yield the rows of a frame that have a text; raise UsageError for columns that failures do not have."""
    with open_session() as session:
        session.register("incoming", frame)
        names = [name for name, *_ in session.execute("DESCRIBE incoming").fetchall()]
        check_columns(names)
        # Without its zone, which Python could only be given with one more package: sessions are in UTC.
        times = "REPLACE (CAST(occurred_at AS TIMESTAMP) AS occurred_at)" if "occurred_at" in names else ""
        cursor = session.execute(f"SELECT * {times} FROM incoming")
        while group := cursor.fetchmany(_GROUP):
            for cells in group:
                row = dict(zip(names, cells, strict=True))
                if str(row["text"] or "").strip():
                    yield _outcome(row, now)


def _outcome(row: Mapping[str, Any], now: datetime) -> Outcome:
    known = {name: row.get("commit_id" if name == "commit" else name) for name in _CONTEXT}
    context = Context(
        **{name: None if value is None else str(value) for name, value in known.items()},  # type: ignore[arg-type]
        attempt=int(row.get("attempt") or 1),
        cancelled=bool(row.get("cancelled")),
        metadata=FrozenDict(_read_json(row.get("metadata"), {})),
    )
    return Outcome(
        id=str(row.get("id") or new_id()),
        text=str(row["text"]),
        time=_time(row.get("occurred_at"), now),
        fingerprint=row.get("fingerprint"),
        context=context,
        exit_code=row.get("exit_code"),
        success=row.get("success"),
        tool=row.get("tool"),
        tags=tuple(_read_json(row.get("tags"), [])),
        failing_tests=tuple(_read_json(row.get("failing_tests"), [])),
    )


def _read_json(value: Any, empty: T) -> T:
    """Return what a cell holds, as it is or as JSON; ``empty`` where it is of another kind."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return empty
    return found if isinstance(found, type(empty)) else empty


def _time(value: Any, now: datetime) -> datetime:
    if not isinstance(value, datetime):
        return now
    return value if value.tzinfo else value.replace(tzinfo=UTC)
