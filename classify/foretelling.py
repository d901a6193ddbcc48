"""What a recipe says of texts that its model has learned, as if it had not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..core.errors import UsageError
from ..core.types import Prediction, Signals
from .bundled import SOURCES
from .memory import Memory, TextKeys, name_text, remember
from .noise import SOURCE as NOISE
from .registry import DEFAULT
from .training import Prepared, train_classifier


def list_own(prepared: Prepared) -> list[TextKeys | None]:
    """Return the keys of each example; None for those that come with errclass, which every recipe may learn."""
    return [
        None if example.source in SOURCES | {NOISE} else name_text(example.text, signals.fingerprint)
        for example, signals in zip(prepared.examples, prepared.signals, strict=True)
    ]


def foretell(
    prepared: Prepared, texts: Sequence[tuple[TextKeys, Signals]], *, name: str = DEFAULT
) -> list[tuple[TextKeys, Prediction]]:
    """Return the answers to ``texts`` of a classifier that is trained on all examples but those of their causes.

    Empty where the examples that are left teach nothing.
    """
    held = remember(keys for keys, _ in texts)
    try:
        classifier = train_classifier(prepared.take(list(_list_strangers(prepared, held))), name=name)
    except UsageError:  # one type alone, or no feature that two texts share
        return []
    answers = classifier.predict_many([signals for _, signals in texts])
    return [(keys, answer) for (keys, _), answer in zip(texts, answers, strict=True)]


def _list_strangers(prepared: Prepared, held: Memory) -> Iterable[int]:
    own = enumerate(list_own(prepared))
    return (row for row, keys in own if keys is None or not held.knows(keys))
