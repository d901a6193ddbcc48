"""A linear model as plain arrays: predicts without scikit-learn and without unpickling."""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import ModelError
from ..core.types import Signals
from .features import chars_of, tags_of, words_of

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

ANALYSERS: dict[str, Callable[[Signals], list[str]]] = {"words": words_of, "chars": chars_of, "tags": tags_of}


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one family of features: TF-IDF with sublinear counts, scaled to unit length, times a weight."""

    vocabulary: Mapping[str, int]
    """Feature -> column within the block."""
    idf: NDArray[np.float64]
    """Shape (features,)."""
    coefficients: NDArray[np.float64]
    """Shape (features, types)."""
    weight: float


@dataclass(frozen=True, slots=True)
class LeanLinear:
    """Predict with a multinomial logistic regression over TF-IDF blocks."""

    types: tuple[str, ...]
    blocks: Mapping[str, Block]
    """``words``, ``chars``, ``tags`` -> block."""
    intercept: NDArray[np.float64]
    """Shape (types,)."""

    def probabilities(self, signals: Signals) -> NDArray[np.float64]:
        """Return the probability of each type, shape (types,), summing to 1."""
        import numpy as np

        scores = self.intercept.copy()
        for name, block in self.blocks.items():
            scores += _contribution(block, ANALYSERS[name](signals))
        exponents = np.exp(scores - scores.max())
        result: NDArray[np.float64] = exponents / exponents.sum()
        return result

    def known_share(self, signals: Signals) -> float:
        """Return which share of the distinct words and pairs of a text the model has seen, 0 to 1."""
        words = set(words_of(signals))
        return len(words & self.blocks["words"].vocabulary.keys()) / len(words) if words else 0.0

    def support(self, signals: Signals, kind: str) -> float:
        """Return how strongly the words and characters of a piece of text speak for a type, above the other types."""
        import numpy as np

        total = np.zeros(len(self.types))
        for name in ("words", "chars"):
            total += _contribution(self.blocks[name], ANALYSERS[name](signals), scaled=False)
        return float(total[self.types.index(kind)] - total.mean())

    def save(self, folder: Path) -> None:
        """Write ``weights.npz`` and ``vocabulary.json`` into the folder."""
        import numpy as np

        arrays: dict[str, Any] = {"intercept": self.intercept.astype(np.float32)}
        names: dict[str, Any] = {"types": list(self.types), "blocks": {}}
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
                name: _load_block(arrays[f"{name}_idf"], arrays[f"{name}_coefficients"], part, len(types))
                for name, part in names["blocks"].items()
                if name in ANALYSERS
            }
            intercept = arrays["intercept"].astype(np.float64)
        if set(blocks) != set(ANALYSERS) or intercept.shape != (len(types),) or not 1 <= len(types) <= MAX_TYPES:
            raise ValueError("blocks, intercept and types do not fit together")
        if not np.isfinite(intercept).all():
            raise ValueError("a weight is not a finite number")
        return cls(types, blocks, intercept)


def _load_block(idf: NDArray[Any], coefficients: NDArray[Any], part: Mapping[str, Any], types: int) -> Block:
    import numpy as np

    features = part["features"]
    if idf.shape != (len(features),) or coefficients.shape != (len(features), types) or len(features) > MAX_FEATURES:
        raise ValueError("an array does not fit its vocabulary")
    weight = float(part["weight"])
    if not (math.isfinite(weight) and np.isfinite(idf).all() and np.isfinite(coefficients).all()):
        raise ValueError("a weight is not a finite number")
    vocabulary = {str(feature): column for column, feature in enumerate(features)}
    return Block(vocabulary, idf.astype(np.float64), coefficients.astype(np.float64), weight)


def _contribution(block: Block, features: Sequence[str], *, scaled: bool = True) -> NDArray[np.float64]:
    """Return what a block adds to each type's score, shape (types,)."""
    import numpy as np

    vocabulary = block.vocabulary
    counts = Counter(column for feature in features if (column := vocabulary.get(feature)) is not None)
    if not counts:
        return np.zeros(block.coefficients.shape[1])
    columns = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
    values = np.fromiter((1.0 + math.log(n) for n in counts.values()), dtype=np.float64, count=len(counts))
    values *= block.idf[columns]
    if scaled:
        values *= block.weight / math.sqrt(float(values @ values))
    result: NDArray[np.float64] = values @ block.coefficients[columns]
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
