"""Find classifiers, built in and third party, by the same entry-point group."""

from __future__ import annotations

from importlib.metadata import entry_points

from ..core.errors import UsageError
from .classifier import Classifier

GROUP = "errclass.classifiers"
DEFAULT = "linear"


def list_classifiers() -> tuple[str, ...]:
    """Return the names of all installed classifiers."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def find_classifier(name: str) -> type[Classifier]:
    """Return the class of a classifier; it is imported only now.

    Raises UsageError for an unknown name and for a plug-in that cannot be imported.
    """
    points = entry_points(group=GROUP, name=name)
    if not points:
        raise UsageError(f"no classifier is called {name!r}; installed: {', '.join(list_classifiers())}")
    point = next(iter(points))
    try:
        found: type[Classifier] = point.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"the classifier {name!r} ({point.value}) cannot be imported: {error}") from error
    return found
