"""Write down what a training took in, so that it can be repeated, and say what is no longer the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from ...classify.artefact import hash_examples, hash_file
from ...classify.registry import DEFAULT
from ...core.errors import ModelError, UsageError
from ...core.taxonomy import Taxonomy
from ...core.types import Example
from .label_mapping import read_label_map
from .training import Gathered, TrainOptions

KEY = "recipe"
"""Where the recipe stands in the manifest's ``training``."""


@dataclass(frozen=True, slots=True)
class Order:
    """Say what is to be trained, as the user asks for it."""

    paths: tuple[Path, ...] = ()
    text_column: str | None = None
    label_column: str | None = None
    use_corpus: bool = True
    use_store: bool = True
    map_file: Path | None = None
    classifier: str = DEFAULT
    taxonomy_file: Path | None = None
    """None for the usual types."""
    lean: bool = False
    until: datetime | None = None
    """Of the store, only what was recorded up to then; None for all of it."""
    expected: Mapping[str, Any] = field(default_factory=dict)
    """Recipe of the model that is to be trained again; empty for a new one."""

    def options(self) -> TrainOptions:
        """Return what the training itself takes; raises UsageError when the map of labels cannot be read."""
        mapping = read_label_map(self.map_file) if self.map_file else {}
        return TrainOptions(
            self.paths, self.text_column, self.label_column, self.use_corpus, mapping, self.classifier, self.until
        )

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any]) -> Self:
        """Return the order that a recipe came of."""
        store, taxonomy, mapping = recipe["store"], recipe["taxonomy"], recipe["map"]
        return cls(
            paths=tuple(Path(entry["path"]) for entry in recipe["paths"]),
            text_column=recipe["text_column"],
            label_column=recipe["label_column"],
            use_corpus=recipe["corpus"] is not None,
            use_store=store is not None,
            map_file=Path(mapping["path"]) if mapping else None,
            classifier=str(recipe["classifier"]),
            taxonomy_file=Path(taxonomy["path"]) if taxonomy["path"] else None,
            lean=bool(recipe["lean"]),
            until=datetime.fromisoformat(store["until"]) if store else None,
            expected=recipe,
        )


def order_again(manifest: Mapping[str, Any], folder: Path) -> Order:
    """Return the order that trains a model again; raise ModelError when its manifest does not say how."""
    training = manifest.get("training")
    recipe = training.get(KEY) if isinstance(training, dict) else None
    try:
        return Order.from_recipe(recipe or {})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{folder}: its manifest does not say how it was trained; train a new one from the same files"
        raise ModelError(message) from error


def describe_recipe(order: Order, gathered: Gathered, taxonomy: Taxonomy) -> dict[str, Any]:
    """Return the recipe, JSON-ready: options, and the hash of everything that was read.

    Nothing in a training is drawn at random: noise, folds and starting points follow from the texts, so there is no
    seed to keep.
    """
    return {
        "paths": [{"path": str(path.absolute()), "sha256": hash_path(path)} for path in order.paths],
        "text_column": order.text_column,
        "label_column": order.label_column,
        "map": _describe_file(order.map_file),
        "classifier": order.classifier,
        "lean": order.lean,
        "taxonomy": {
            "path": str(order.taxonomy_file.absolute()) if order.taxonomy_file else None,
            "sha256": _hash_json(taxonomy.to_dict()),
        },
        "corpus": _describe_examples([*gathered.bundled, *gathered.noisy]) if order.use_corpus else None,
        "store": {"until": order.until.isoformat() if order.until else None, **_describe_examples(gathered.stored)}
        if order.use_store
        else None,
        "seeds": [],
    }


def refuse_changes(expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Raise ModelError that names whatever is not as it was when the model was trained."""
    changes = list(_list_changes(expected, found))
    if changes:
        raise ModelError(f"the model cannot be trained again as it was: {'; '.join(changes)}")


def hash_path(path: Path) -> str:
    """Return the SHA-256 of a file, or of all files of a folder with their names; raise UsageError if unreadable."""
    try:
        if not path.is_dir():
            return hash_file(path)
        files = sorted(file for file in path.rglob("*") if file.is_file())
        return _hash_json([[file.relative_to(path).as_posix(), hash_file(file)] for file in files])
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error


def _list_changes(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for old, new in zip(expected["paths"], found["paths"], strict=True):
        if old["sha256"] != new["sha256"]:
            yield f"{new['path']} has changed since"
    if (expected["map"] or {}).get("sha256") != (found["map"] or {}).get("sha256"):
        yield f"the map {found['map']['path']} has changed since"
    if expected["taxonomy"]["sha256"] != found["taxonomy"]["sha256"]:
        yield f"the types in {found['taxonomy']['path'] or 'the usual taxonomy'} have changed since"
    if expected["corpus"] != found["corpus"]:
        yield f"the texts that come with errclass are others ({_compare_counts(expected['corpus'], found['corpus'])})"
    old, new = expected["store"], found["store"]
    if old and (old["examples"], old["sha256"]) != (new["examples"], new["sha256"]):
        yield f"the store's labelled texts up to {old['until']} are others ({_compare_counts(old, new)})"


def _compare_counts(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    return f"{old['examples']} then, {new['examples']} now"


def _describe_file(path: Path | None) -> dict[str, str] | None:
    return {"path": str(path.absolute()), "sha256": hash_path(path)} if path else None


def _describe_examples(examples: Sequence[Example]) -> dict[str, Any]:
    return {"examples": len(examples), "sha256": hash_examples(examples)}


def _hash_json(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
