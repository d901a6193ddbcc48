"""Find classifiers, built in and third party, by the same entry-point group."""

from __future__ import annotations

from ..core.plug_ins import list_plug_ins, load_plug_in
from .classifier import Classifier

GROUP = "errclass.classifiers"
DEFAULT = "linear"


def list_classifiers() -> tuple[str, ...]:
    """Return the names of all installed classifiers."""
    return list_plug_ins(GROUP)


def find_classifier(name: str) -> type[Classifier]:
    """Return the class of a classifier; it is imported only now.

    Raises UsageError for an unknown name and for a plug-in that cannot be imported.
    """
    found: type[Classifier]
    _, found = load_plug_in(GROUP, "classifier", name)
    return found
