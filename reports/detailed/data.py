"""What a detailed report holds; ``schemas/detailed.json`` describes it for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DetailedData:
    """Hold the failures of a window."""

    total_errors: int
    """All that there are, without cancelled ones."""
    shown: int
    """Those that are listed: all, or the newest of them."""
    errors: tuple[Mapping[str, Any], ...]
    """Newest first, as ``describe_failure`` makes them."""
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
