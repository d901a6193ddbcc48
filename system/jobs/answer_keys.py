"""With which single key each type is said, on a terminal and in the dashboard."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final

COMMAND_KEYS: Final = "rsuq?"
"""Keys that do something else."""
_LETTERS = string.digits[1:] + string.ascii_lowercase + string.ascii_uppercase


def assign_keys(types: Sequence[str]) -> dict[str, str]:
    """Return key -> type: digits from 1, then the letters that do nothing else; types beyond these have no key."""
    return dict(zip((key for key in _LETTERS if key not in COMMAND_KEYS), types, strict=False))
