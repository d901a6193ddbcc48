"""Train a classifier on labelled examples."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.errors import UsageError
from ..core.failure import failure_from_text, mask_failure
from ..core.types import Example, Signals
from .artefact import hash_examples
from .classifier import Classifier
from .noise import SOURCE as NOISE
from .registry import DEFAULT, find_classifier
from .signals import extract_signals
from .tags import forget_codes

Progress = Callable[[int, int], None]
"""Called with (done, total) while texts are read."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Hold examples beside their signals, in the same order."""

    examples: tuple[Example, ...]
    signals: tuple[Signals, ...]

    @property
    def groups(self) -> list[str]:
        """Where each example comes from: its tool, else its fingerprint, so that twins are never split apart."""
        return [
            example.tool or signals.tool or signals.fingerprint or example.source
            for example, signals in zip(self.examples, self.signals, strict=True)
        ]

    def take(self, rows: Sequence[int]) -> Prepared:
        """Return those of some rows, in the order given."""
        return Prepared(tuple(self.examples[row] for row in rows), tuple(self.signals[row] for row in rows))


def signals_of(text: str) -> Signals:
    """Return the signals of a bare text, its secrets masked."""
    return extract_signals(mask_failure(failure_from_text(text)))


def prepare_examples(examples: Sequence[Example], *, progress: Progress | None = None) -> Prepared:
    """Read the signals of all examples."""
    signals = []
    for done, example in enumerate(examples, 1):
        read = signals_of(example.text)
        # Noisy copies teach the words alone: on tools never seen that is right more often (docs/model-comparison.md).
        signals.append(forget_codes(read) if example.source == NOISE else read)
        if progress is not None:
            progress(done, len(examples))
    return Prepared(tuple(examples), tuple(signals))


def train_classifier(prepared: Prepared, *, name: str = DEFAULT) -> Classifier:
    """Train the classifier of that name.

    Raises UsageError when the examples show fewer than two types, for then there is nothing to tell apart.
    """
    types = Counter(example.type for example in prepared.examples)
    if len(types) < 2:
        only = f"only {next(iter(types))!r}" if types else "no labelled text at all"
        raise UsageError(f"nothing to learn: the training data shows {only}; add texts of at least one more type")
    classifier = find_classifier(name)()
    classifier.fit(
        prepared.signals,
        [example.type for example in prepared.examples],
        weights=[example.weight for example in prepared.examples],
        groups=prepared.groups,
        retryable=[example.retryable for example in prepared.examples],
    )
    classifier.version = _version(name, prepared.examples)
    return classifier


def describe_training(prepared: Prepared) -> dict[str, Any]:
    """Return what a manifest says of the training data: counts and fingerprint, none of the texts."""
    given = [example for example in prepared.examples if example.source != NOISE]
    return {
        "examples": len(given),
        "noisy_copies": len(prepared.examples) - len(given),
        "fingerprint": hash_examples(prepared.examples),
        "by_type": dict(sorted(Counter(example.type for example in given).items())),
        "by_source": dict(sorted(Counter(example.source for example in given).items())),
    }


def _version(name: str, examples: Sequence[Example]) -> str:
    """Name a trained state by what it was trained on: the same data gives the same version."""
    return f"{name}-{hashlib.sha256((name + hash_examples(examples)).encode()).hexdigest()[:12]}"
