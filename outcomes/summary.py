"""What a store holds, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.frozen import FrozenDict
from ..core.jsonable import to_jsonable


@dataclass(frozen=True, slots=True)
class StoreStats:
    """Count what a store holds; all zero for a store that does not exist yet."""

    outcomes: int = 0
    by_type: Mapping[str, int] = field(default_factory=FrozenDict)
    """Outcomes per type, most frequent first: as labelled, otherwise as decided; ``undecided`` has neither."""
    labelled: Mapping[str, int] = field(default_factory=FrozenDict)
    """Outcomes per source of the label that counts."""
    calls: int = 0
    """Recorded calls of operations: those that succeeded, and those that were run again."""
    waiting: int = 0
    """Events in the inbox, durable but not merged yet; outcomes, labels and results count one each."""
    parked: int = 0
    """Those of them that could not be merged, and stay until a later version can."""
    first: datetime | None = None
    last: datetime | None = None
    size_bytes: int = 0
    """On disk, all files of the store."""

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        fields: dict[str, Any] = to_jsonable(self)
        return fields
