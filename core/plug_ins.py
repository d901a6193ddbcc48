"""Parts of a kind, built in and third party, by their entry-point group."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from .errors import UsageError


def list_plug_ins(group: str) -> tuple[str, ...]:
    """Return the names of all that are installed."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def load_plug_in(group: str, kind: str, name: str) -> tuple[EntryPoint, Any]:
    """Return a part's entry point and what it names, imported only now; ``kind`` is its word in errors.

    Raises UsageError for an unknown name, for one that several packages bring, and for a plug-in that cannot be
    imported.
    """
    points = entry_points(group=group, name=name)
    if not points:
        raise UsageError(f"no {kind} is called {name!r}; installed: {', '.join(list_plug_ins(group))}")
    if len({point.value for point in points}) > 1:
        givers = " and ".join(sorted(point.value for point in points))
        raise UsageError(f"several packages bring the {kind} {name!r}: {givers}; uninstall all but one")
    point = next(iter(points))
    try:
        return point, point.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"the {kind} {name!r} ({point.value}) cannot be imported: {error}") from error
