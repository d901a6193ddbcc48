"""The texts that models are compared on: the newest that people labelled, or a file's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ...classify.memory import TextKeys, name_text
from ...classify.training import signals_of
from ...core.taxonomy import Taxonomy
from ...core.types import Signals
from ...outcomes import Store, load_labelled, newest_slice
from ..settings import PromotionSettings
from .labelled_rows import LabelledFile, read_labelled

STORE = "the newest labelled outcomes of the store"


@dataclass(frozen=True, slots=True)
class JudgedText:
    """Hold one text as a classifier reads it, with its right type."""

    type: str
    signals: Signals
    keys: TextKeys


@dataclass(frozen=True, slots=True)
class JudgedTexts:
    """Hold the texts to judge by and where they are from."""

    origin: str
    """A sentence's subject, or a path."""
    texts: tuple[JudgedText, ...] = ()
    first: datetime | None = None
    """When the oldest of them was first seen; None where the origin does not say."""
    last: datetime | None = None


def read_newest(store: Store, limits: PromotionSettings, taxonomy: Taxonomy) -> JudgedTexts:
    """Return the newest slice of the store's labelled causes; labels outside the taxonomy are left out."""
    known = [outcome for outcome in load_labelled(store) if outcome.type in taxonomy.names]
    chosen = newest_slice(known, share=limits.slice_share, least=limits.minimum_examples)
    if not chosen:
        return JudgedTexts(STORE)
    texts = _read((outcome.text, outcome.type) for outcome in chosen)
    return JudgedTexts(STORE, texts, chosen[0].time, chosen[-1].time)


def read_judged_file(file: LabelledFile, taxonomy: Taxonomy) -> JudgedTexts:
    """Return the labelled texts of a file.

    Raises UsageError when the file cannot be read, or shows fewer than two types.
    """
    rows = read_labelled(file, taxonomy)
    return JudgedTexts(str(file.path), _read(zip(rows.texts, rows.types, strict=True)))


def _read(pairs: Iterable[tuple[str, str]]) -> tuple[JudgedText, ...]:
    read = ((text, kind, signals_of(text)) for text, kind in pairs)
    return tuple(JudgedText(kind, signals, name_text(text, signals.fingerprint)) for text, kind, signals in read)
