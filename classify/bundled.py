"""Load all labelled texts that come with errclass, whatever their origin."""

from __future__ import annotations

from ..core.taxonomy import Taxonomy
from ..core.types import Example
from .corpus import FOLDER, load_corpus

CAPTURES = FOLDER.parent / "captures"
SOURCES = frozenset({"corpus", "captured"})
"""The ``source`` of the examples that come with errclass."""


def load_bundled(taxonomy: Taxonomy) -> list[Example]:
    """Return the written and the captured texts, each text once.

    Raises UsageError for a file that breaks the format.
    """
    found: dict[str, Example] = {}
    for example in (*load_corpus(taxonomy), *load_corpus(taxonomy, CAPTURES)):
        found.setdefault(example.text, example)
    return list(found.values())
