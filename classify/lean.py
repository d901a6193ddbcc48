"""A linear model as plain arrays: predicts without scikit-learn and without unpickling."""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import ModelError
from ..core.types import Signals
from .features import chars_of_word, words_of_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ARRAYS, VOCABULARY = "weights.npz", "vocabulary.json"
MAX_FILE_BYTES = 64 << 20
MAX_FEATURES = 2_000_000
MAX_TYPES = 1_000

_DAMAGE = (
    OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error,
    RuntimeError,  # encrypted or unknown compression; JSON nested without end
)  # fmt: skip

FAMILIES = ("words", "chars", "tags")
_MAX_SCORE = 500.0
_MAX_KNOWN_WORDS, _MAX_KNOWN_CHARS = 50_000, 40


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one family of features: TF-IDF with sublinear counts, scaled to unit length, times a weight."""

    vocabulary: Mapping[str, int]
    """Feature -> column within the block."""
    idf: NDArray[np.float64]
    """Shape (features,)."""
    coefficients: NDArray[np.float64]
    """Shape (features, heads)."""
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold the known features of a text, as columns of their blocks; a feature that occurs twice stands twice."""

    words: tuple[list[int], ...]
    """One list per line of the masked text."""
    chars: tuple[list[int], ...]
    """One list per line of the masked text."""
    tags: list[int]
    known_share: float
    """Which share of the distinct words and pairs the model has seen, 0 to 1."""

    def all_words(self) -> list[int]:
        """Return the columns of all lines."""
        return list(chain.from_iterable(self.words))

    def all_chars(self) -> list[int]:
        """Return the columns of all lines."""
        return list(chain.from_iterable(self.chars))


@dataclass(frozen=True, slots=True)
class LeanLinear:
    """Predict with logistic regressions over TF-IDF blocks: a multinomial one of the type, a binary one of a re-run."""

    types: tuple[str, ...]
    blocks: Mapping[str, Block]
    """``words``, ``chars``, ``tags`` -> block."""
    intercept: NDArray[np.float64]
    """Shape (heads,): one per type, and one more where the model knows how likely a re-run succeeds."""
    _grams: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)
    """Word -> the columns of its character n-grams: most words of a text have been met before."""

    def read(self, signals: Signals) -> Reading:
        """Return the features of the signals that the model knows."""
        words, chars = [], []
        vocabulary = self.blocks["words"].vocabulary
        known: set[int] = set()
        foreign: set[str] = set()
        for line in signals.masked_text.split("\n"):
            found = []
            for word in words_of_line(line):
                column = vocabulary.get(word)
                if column is None:
                    foreign.add(word)
                else:
                    found.append(column)
            known.update(found)
            words.append(found)
            chars.append([column for word in line.lower().split() for column in self._columns_of(word)])
        total = len(known) + len(foreign)
        return Reading(
            tuple(words),
            tuple(chars),
            self._columns_of_tags(signals.tags),
            len(known) / total if total else 0.0,
        )

    def _columns_of(self, word: str) -> list[int]:
        columns = self._grams.get(word)
        if columns is None:
            vocabulary = self.blocks["chars"].vocabulary
            columns = [vocabulary[gram] for gram in chars_of_word(word) if gram in vocabulary]
            if len(self._grams) >= _MAX_KNOWN_WORDS:
                self._grams.clear()
            if len(word) <= _MAX_KNOWN_CHARS:
                self._grams[word] = columns
        return columns

    def score(self, reading: Reading) -> NDArray[np.float64]:
        """Return the score of each head, shape (heads,)."""
        scores: NDArray[np.float64] = self.intercept + _contribution(self.blocks["words"], reading.all_words())
        scores += _contribution(self.blocks["chars"], reading.all_chars())
        scores += _contribution(self.blocks["tags"], reading.tags)
        return scores

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each type, shape (types,), summing to 1."""
        import numpy as np

        exponents = np.exp(scores[: len(self.types)] - scores[: len(self.types)].max())
        result: NDArray[np.float64] = exponents / exponents.sum()
        return result

    def retryable(self, scores: NDArray[np.float64]) -> float | None:
        """Return the probability that an unchanged re-run plausibly succeeds; None where the model did not learn it."""
        if len(scores) == len(self.types):
            return None
        return 1.0 / (1.0 + math.exp(-max(-_MAX_SCORE, min(_MAX_SCORE, float(scores[-1])))))

    def score_tags(self, tags: Iterable[str]) -> NDArray[np.float64]:
        """Return what tags add to the score of each head, shape (heads,)."""
        return _contribution(self.blocks["tags"], self._columns_of_tags(tags))

    def _columns_of_tags(self, tags: Iterable[str]) -> list[int]:
        vocabulary = self.blocks["tags"].vocabulary
        return [vocabulary[tag] for tag in tags if tag in vocabulary]

    def save(self, folder: Path) -> None:
        """Write ``weights.npz`` and ``vocabulary.json`` into the folder."""
        import numpy as np

        arrays: dict[str, Any] = {"intercept": self.intercept.astype(np.float32)}
        rerun = len(self.intercept) > len(self.types)
        names: dict[str, Any] = {"types": list(self.types), "rerun": rerun, "blocks": {}}
        for name, block in self.blocks.items():
            arrays[f"{name}_idf"] = block.idf.astype(np.float32)
            arrays[f"{name}_coefficients"] = block.coefficients.astype(np.float16)
            features = sorted(block.vocabulary, key=block.vocabulary.__getitem__)
            names["blocks"][name] = {"weight": block.weight, "features": features}
        np.savez_compressed(folder / ARRAYS, **arrays)
        (folder / VOCABULARY).write_text(json.dumps(names, ensure_ascii=False, indent=None), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LeanLinear:
        """Read what ``save`` wrote.

        Raises ModelError for missing, oversized, damaged or inconsistent files; nothing is unpickled.
        """
        try:
            return cls._load(folder)
        except _DAMAGE as error:
            message = f"{folder}: the model's files are damaged or incomplete ({error}); train it again"
            raise ModelError(message) from error

    @classmethod
    def _load(cls, folder: Path) -> LeanLinear:
        import numpy as np

        names = json.loads(_read_bounded(folder / VOCABULARY))
        _check_archive(folder / ARRAYS)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            types = tuple(str(name) for name in names["types"])
            blocks = {
                name: _load_block(arrays[f"{name}_idf"], arrays[f"{name}_coefficients"], part, len(arrays["intercept"]))
                for name, part in names["blocks"].items()
                if name in FAMILIES
            }
            intercept = arrays["intercept"].astype(np.float64)
        heads = len(types) + bool(names.get("rerun"))
        if set(blocks) != set(FAMILIES) or intercept.shape != (heads,) or not 1 <= len(types) <= MAX_TYPES:
            raise ValueError("blocks, intercept and types do not fit together")
        if not np.isfinite(intercept).all():
            raise ValueError("a weight is not a finite number")
        return cls(types, blocks, intercept)


def _load_block(idf: NDArray[Any], coefficients: NDArray[Any], part: Mapping[str, Any], heads: int) -> Block:
    import numpy as np

    features = part["features"]
    if idf.shape != (len(features),) or coefficients.shape != (len(features), heads) or len(features) > MAX_FEATURES:
        raise ValueError("an array does not fit its vocabulary")
    weight = float(part["weight"])
    if not (math.isfinite(weight) and np.isfinite(idf).all() and np.isfinite(coefficients).all() and (idf > 0).all()):
        raise ValueError("a weight is not a finite number, or an idf not positive")
    vocabulary = {str(feature): column for column, feature in enumerate(features)}
    return Block(vocabulary, idf.astype(np.float64), coefficients.astype(np.float64), weight)


def _contribution(block: Block, columns: Iterable[int]) -> NDArray[np.float64]:
    """Return what a block adds to the score of each head, shape (heads,)."""
    import numpy as np

    counts = Counter(columns)
    if not counts:
        return np.zeros(block.coefficients.shape[1])
    distinct = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
    values = block.idf[distinct]
    if len(counts) < counts.total():
        values *= 1.0 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))
    values *= block.weight / math.sqrt(float(values @ values))
    result: NDArray[np.float64] = values @ block.coefficients[distinct]
    return result


def _read_bounded(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MiB")
    return path.read_text(encoding="utf-8")


def _check_archive(path: Path) -> None:
    """Refuse an archive whose content would not fit, before anything of it is unpacked."""
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > 4 * MAX_FILE_BYTES:
            raise ValueError(f"{path.name} unpacks to more than {4 * MAX_FILE_BYTES >> 20} MiB")
