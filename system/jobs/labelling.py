"""Say what one failure really was, look at what was said of it, and take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...core.taxonomy import Taxonomy
from ...outcomes import Store
from ...outcomes.opinions import Opinion, Reach, list_opinions, measure_reach, take_back
from ...outcomes.outcome_ids import find_outcome
from .answering import read_type


@dataclass(frozen=True, slots=True)
class Labelled:
    """Hold a label as it was stored."""

    outcome_id: str
    type: str
    label_id: str
    reach: Reach


def label_outcome(store: Store, given_id: str, given_type: str, taxonomy: Taxonomy, **said: Any) -> Labelled:
    """Label the outcome that is meant; ``said`` goes to ``Store.label``.

    Raises UsageError for a type that the taxonomy does not have, and for an id that means no outcome or several.
    """
    kind = read_type(given_type, taxonomy)
    outcome_id = find_outcome(store, given_id)
    label_id = store.label(outcome_id, kind, "human", **said)
    store.merge()
    return Labelled(outcome_id, kind, label_id, measure_reach(store, [label_id]))


def show_opinions(store: Store, given_id: str) -> tuple[str, list[Opinion]]:
    """Return the id that is meant and all opinions on its outcome, those taken back included."""
    outcome_id = find_outcome(store, given_id)
    return outcome_id, list_opinions(store, outcome_id)


def undo_opinion(
    store: Store, given_id: str, label_id: str, *, author: str | None
) -> tuple[str, Opinion, Opinion | None]:
    """Take back one opinion; return the outcome's id, the opinion as it was before, and the one that counts now.

    Raises UsageError when the label is none of that outcome's.
    """
    outcome_id = find_outcome(store, given_id)
    before = take_back(store, outcome_id, label_id, author=author)
    store.merge()
    counting = next((opinion for opinion in list_opinions(store, outcome_id) if opinion.counts), None)
    return outcome_id, before, counting
