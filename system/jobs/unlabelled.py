"""What the store teaches about causes that nobody labelled: what re-runs say, and exact codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ...classify.training import signals_of
from ...classify.weak_labels import weak_label
from ...core.taxonomy import Taxonomy
from ...core.types import Example
from ...outcomes import Store, UnlabelledCause, iter_unlabelled, load_evidence
from ...outcomes.weights import SOURCE_WEIGHTS

WEAK_CAUSES = 2000
"""Unlabelled causes, the newest, that are read for exact codes; reading one takes milliseconds, and weighs little."""


def gather_unlabelled(store: Store, taxonomy: Taxonomy, *, until: datetime | None = None) -> list[Example]:
    """Return at most one example for each fingerprint that nobody labelled.

    What its unchanged re-runs say (source ``outcome``, see ``outcomes.load_evidence``) comes before what its codes say:
    source ``weak``, with the weight of the codes times that of the source. ``until`` is that of ``load_training_set``.
    """
    transient = {name for name in taxonomy.names if taxonomy.is_retryable(name)}
    evidence = [one for one in load_evidence(store, transient, until=until) if one.example.type in taxonomy.names]
    weak = _weak_examples(iter_unlabelled(store, limit=WEAK_CAUSES, until=until), taxonomy)
    known = {one.fingerprint for one in evidence}
    return [one.example for one in evidence] + [example for cause, example in weak if cause not in known]


def _weak_examples(causes: Iterable[UnlabelledCause], taxonomy: Taxonomy) -> Iterator[tuple[str, Example]]:
    for cause in causes:
        guess = weak_label(signals_of(cause.text))
        if guess is not None and guess[0] in taxonomy.names:
            weight = guess[1] * SOURCE_WEIGHTS["weak"]
            yield cause.fingerprint, Example(cause.text, guess[0], weight=weight, tool=cause.tool, source="weak")
