"""Read what a person says of a failure, in the words that they use."""

from __future__ import annotations

from ...core.errors import UsageError
from ...core.taxonomy import Taxonomy
from .label_mapping import LabelMapping

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


def read_type(given: str, taxonomy: Taxonomy) -> str:
    """Return the type that is meant, whatever its case; raise UsageError, naming the nearest, when there is none."""
    found = LabelMapping(taxonomy).find(given)
    if found is None:
        nearest = taxonomy.nearest(given) if given.strip() else None
        hint = f"did you mean {nearest}?" if nearest else f"the types are {', '.join(taxonomy.names)}"
        raise UsageError(f"there is no type {given!r}; {hint}")
    return found


def read_retryable(given: str) -> bool | None:
    """Return whether a re-run helps; None where nothing is said. Raises UsageError for anything but yes and no."""
    plain = given.strip().lower()
    if plain and plain not in _YES + _NO:
        raise UsageError(f"retryable is yes or no, not {given!r}")
    return plain in _YES if plain else None
