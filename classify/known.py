"""Recall what an error was when it comes again, whatever times, ids and temporary names it carries this time."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

from ..core.failure import mask_context
from ..core.masking import mask_secrets
from ..core.types import Context, Failure, Prediction, Signals
from .classifier import Classifier
from .cleaning import clean_line
from .linear import LinearClassifier
from .normal_form import normalise_variables
from .retry_after import find_retry_after, names_a_date
from .signals import extract_signals

V = TypeVar("V")

MAX_ENTRIES = 8_192
MAX_BYTES = 32 << 20
MAX_CHARS = 4_000
"""A longer text is read anew each time."""
_MAX_LINES = 40
_ENTRY_BYTES, _PART_BYTES = 1_500, 200
"""What an entry takes beside its texts, and what each of its codes, types and lines takes, about."""


class Known(NamedTuple):
    """Hold one failure, its secrets masked, with what reading it and predicting from it gave."""

    failure: Failure
    signals: Signals
    prediction: Prediction


class _Reading(NamedTuple):
    """Hold what was made of one normal form."""

    signals: Signals
    prediction: Prediction
    spans: tuple[tuple[int, int], ...] | None
    """Where in the text the lines of the region stand; None where they are not stretches of it."""
    evidence: tuple[int, ...] | None
    """Which lines of the region, from 0, the evidence is; None where it is something else."""


class KnownErrors:
    """Answer for one classifier, which must give equal answers for equal signals; safe to share between threads.

    A short text is read in its normal form, and the answer gets the text's own lines back. So an answer is the same
    whether or not the form was met before. Nothing is kept of a text before its secrets are masked but a keyed hash.
    """

    def __init__(self, *, entries: int = MAX_ENTRIES, size: int = MAX_BYTES) -> None:
        """Keep at most so many entries, of about so many bytes in all."""
        self._forms: _Recent[_Reading] = _Recent(entries // 2, size // 2)
        self._texts: _Recent[tuple[str, Signals, Prediction]] = _Recent(entries // 2, size // 2)
        self._key = os.urandom(16)

    def answer(self, failure: Failure, classifier: Classifier) -> Known:
        """Return the masked failure with its signals and its prediction."""
        context = mask_context(failure.context)
        if not _is_short(failure):
            return _read_anew(replace(failure, text=mask_secrets(failure.text), context=context), classifier)
        data = failure.text.encode("utf-8", "surrogatepass")
        key = (hashlib.blake2b(data, digest_size=16, key=self._key).digest(), *_outside(failure))
        met = self._texts.get(key)
        if met is not None:
            text, signals, prediction = met
            return Known(_masked(failure, text, context), signals, prediction)
        known = self._answer_new(_masked(failure, mask_secrets(failure.text), context), classifier)
        if not names_a_date(known.signals.region.text):  # another wait each time
            value = (known.failure.text, known.signals, known.prediction)
            self._texts.put(key, value, _size_of(known.signals, known.prediction))
        return known

    def _answer_new(self, failure: Failure, classifier: Classifier) -> Known:
        """Answer for a masked text that did not come before in these very words."""
        form = normalise_variables(failure.text) if _has_form(failure.text, classifier) else failure.text
        if form == failure.text:
            return _read_anew(failure, classifier)
        key = (form, *_outside(failure))
        reading = self._forms.get(key)
        if reading is None:
            reading = _read_form(replace(failure, text=form), classifier)
            self._forms.put(key, reading, sys.getsizeof(form) + _size_of(reading.signals, reading.prediction))
        return _restore(reading, failure) or _read_anew(failure, classifier)


def _outside(failure: Failure) -> tuple[int | None, str | None]:
    """Return what is read of a failure beside its text."""
    return failure.exit_code, failure.exception_type


def _masked(failure: Failure, text: str, context: Context) -> Failure:
    if text == failure.text and context is failure.context:
        return failure
    return replace(failure, text=text, context=context)


def _is_short(failure: Failure) -> bool:
    return len(failure.text) <= MAX_CHARS and not failure.line_numbers


def _has_form(text: str, classifier: Classifier) -> bool:
    """Tell whether the region's lines will be stretches of the text, and the classifier reads them masked only."""
    return (
        isinstance(classifier, LinearClassifier)
        and "\r" not in text
        and "\x1b" not in text
        and text.count("\n") < _MAX_LINES
    )


def _read_anew(failure: Failure, classifier: Classifier) -> Known:
    signals = extract_signals(failure)
    return Known(failure, signals, classifier.predict_many([signals])[0])


def _read_form(failure: Failure, classifier: Classifier) -> _Reading:
    known = _read_anew(failure, classifier)
    spans = _find_spans(failure.text, known.signals.region.text)
    return _Reading(known.signals, known.prediction, spans, _find_lines(known))


def _find_spans(text: str, region: str) -> tuple[tuple[int, int], ...] | None:
    spans, start = [], 0
    for line in text.split("\n"):
        clean, end = clean_line(line).text, start + len(line.rstrip())
        if clean:
            spans.append((end - len(clean), end))
        start += len(line) + 1
    return tuple(spans) if _cut(text, spans) == region else None


def _cut(text: str, spans: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> str:
    return "\n".join([text[start:end] for start, end in spans])


def _find_lines(known: Known) -> tuple[int, ...] | None:
    """Return which lines of the region the evidence is: of equal ones, the first that the model read."""
    lines = known.signals.region.text.split("\n")
    places = {lines[place]: place for place in (*reversed(range(len(lines))), *reversed(known.signals.focus))}
    found = [places.get(line, -1) for line in known.prediction.evidence]
    return None if -1 in found else tuple(found)


def _restore(reading: _Reading, failure: Failure) -> Known | None:
    """Return the answer with the failure's own lines; None where something read is one of the values that differ."""
    signals, prediction = reading.signals, reading.prediction
    if reading.spans is None or reading.evidence is None:
        return None
    region = replace(signals.region, text=_cut(failure.text, reading.spans))
    if not _says_the_same(signals, region.text):
        return None
    lines = region.text.split("\n")
    wait = None if signals.retry_after is None else find_retry_after(region.text, now=failure.time)
    return Known(
        failure,
        replace(signals, region=region, retry_after=wait),
        replace(prediction, evidence=tuple([lines[place] for place in reading.evidence])),
    )


def _says_the_same(signals: Signals, text: str) -> bool:
    """Tell whether every code and every failing test stands in ``text`` as it stood in the region."""
    read = signals.region.text
    if any(hit.start >= 0 and read[hit.start : hit.end] != text[hit.start : hit.end] for hit in signals.codes):
        return False
    return all(name in text for name in signals.failing_tests)


def _size_of(signals: Signals, prediction: Prediction) -> int:
    """Return about how many bytes an entry takes."""
    texts = (signals.region.text, signals.masked_text, *signals.tags, *signals.failing_tests, *prediction.evidence)
    parts = len(signals.codes) + len(signals.focus) + len(prediction.ranked)
    return _ENTRY_BYTES + _PART_BYTES * parts + sum(map(sys.getsizeof, texts))


class _Recent(Generic[V]):
    """Keep the values used last, within a number of entries and of bytes."""

    def __init__(self, entries: int, size: int) -> None:
        self._entries, self._size, self._used = entries, size, 0
        self._values: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> V | None:
        """Return the value of the key; None where it is not kept."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, size: int) -> None:
        """Keep a value of so many bytes, and drop what was not used for longest until all is within bounds."""
        with self._lock:
            _, old = self._values.pop(key, (None, 0))
            self._values[key] = (value, size)
            self._used += size - old
            while self._values and (len(self._values) > self._entries or self._used > self._size):
                self._used -= self._values.popitem(last=False)[1][1]
