"""Which error objects were handled already: a guard passes them on, and who logs them or hears of them last lets be."""

from __future__ import annotations

from contextlib import suppress

_MARK = "_errclass_handled"


def mark_handled(error: object) -> None:
    """Remember that it was handled, on the object itself: nothing else lives as long as it."""
    with suppress(Exception):  # one with slots, or a stranger's
        setattr(error, _MARK, True)


def is_handled(error: object) -> bool:
    """Tell whether it was."""
    return getattr(error, _MARK, False) is True
