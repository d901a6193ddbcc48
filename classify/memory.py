"""What a model learned of its user's own texts, and what its recipe said of the newest of them before it learned them.

A text that a model learned says nothing about how well the model does. So a model remembers its texts, as hashes, and
for those that it was judged on what a model trained in the same way, without them, had answered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ..core.errors import ModelError
from ..core.types import Prediction, TypeProbability
from .overlap import plain_wording

MEMORY = "memory.json"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Name a text by what cannot be read back: hashes of its cause and of its wording."""

    cause: str
    """Of the fingerprint; where there is none, of the wording."""
    wording: str
    """Of the text without its names and numbers."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Hold the texts of a user's own that a model learned, and its recipe's answers to some of them."""

    learned: frozenset[str] = frozenset()
    """Both keys of every text learned; the texts that come with errclass are not among them."""
    foretold: Mapping[str, Prediction] = field(default_factory=dict)
    """Key of the cause -> answer of the same recipe without all texts that it is judged on."""

    def knows(self, keys: TextKeys) -> bool:
        """Tell whether a text of this cause or this wording was learned."""
        return keys.cause in self.learned or keys.wording in self.learned

    def to_dict(self) -> dict[str, Any]:
        """Return what ``from_dict`` takes, JSON-ready."""
        foretold = {
            key: {
                "abstained": prediction.abstained,
                "types": {entry.type: round(entry.probability, 6) for entry in prediction.ranked},
            }
            for key, prediction in sorted(self.foretold.items())
        }
        return {"learned": sorted(self.learned), "foretold": foretold}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a memory from its file's content."""
        return cls(frozenset(data["learned"]), {key: _prediction(value) for key, value in data["foretold"].items()})


def name_text(text: str, fingerprint: str | None) -> TextKeys:
    """Return the keys of a text, given its fingerprint."""
    wording = _hash("wording", plain_wording(text))
    return TextKeys(name_cause(fingerprint) if fingerprint else wording, wording)


def name_cause(fingerprint: str) -> str:
    """Return the key of the cause with this fingerprint."""
    return _hash("cause", fingerprint)


def remember(learned: Iterable[TextKeys], foretold: Sequence[tuple[TextKeys, Prediction]] = ()) -> Memory:
    """Return the memory of a model that learned these texts."""
    keys = frozenset(key for one in learned for key in (one.cause, one.wording))
    return Memory(keys, {one.cause: prediction for one, prediction in foretold})


def read_memory(folder: Path) -> Memory:
    """Return the memory in a model's folder; empty for a model that learned nothing of a user's own.

    Raises ModelError when it is damaged.
    """
    path = folder / MEMORY
    try:
        return Memory.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ModelError(f"{path}: damaged ({error!r}); train the model again") from error


def _prediction(value: Mapping[str, Any]) -> Prediction:
    ranked = tuple(TypeProbability(str(kind), float(chance)) for kind, chance in value["types"].items())
    if not ranked:
        raise ValueError("an answer without types")
    return Prediction(ranked, value["abstained"])


def _hash(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
