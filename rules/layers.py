"""Which folders a rule set is made of: the one it extends first, its own last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import PolicyError
from ..core.suggesting import show_value
from .place import Place
from .reading import POLICY_FILE, read_document

DEFAULT_FOLDER = Path(__file__).parent / "sets" / "default"
"""The rule set that ships with errclass."""
_DEFAULT, _NONE = "default", "none"


@dataclass(frozen=True, slots=True)
class Layer:
    """Name one folder of rules."""

    folder: Path
    restricted: bool = False
    """Whether it comes from somebody who may only add rules that say no."""


def list_layers(folders: Iterable[Path | Layer]) -> list[Layer]:
    """Return the layers of rule sets laid over each other in this order, each behind what it ``extends``.

    Restricted ones come last. A set extends ``default`` unless its ``policy.yaml`` says ``none`` or names another
    folder. Raises PolicyError for a set that extends itself, and for a set of its own (``none``) that is laid over
    another.
    """
    given = [as_layer(folder) for folder in folders]
    own = [layer for layer in given if not layer.restricted]
    layers: list[Layer] = []
    for link in [link for layer in own for link in _follow(layer.folder, ())] or [Layer(DEFAULT_FOLDER)]:
        _append(layers, link)
    for layer in given:
        if layer.restricted:
            _append(layers, layer)
    _check_base(layers)
    return layers


def _append(layers: list[Layer], layer: Layer) -> None:
    """Add a layer unless its folder is there."""
    if all(layer.folder.resolve() != known.folder.resolve() for known in layers):
        layers.append(layer)


def as_layer(folder: Path | Layer) -> Layer:
    """Return the layer of a folder."""
    return folder if isinstance(folder, Layer) else Layer(folder)


def _follow(folder: Path, above: tuple[Path, ...]) -> list[Layer]:
    """Return the folder behind all that it extends."""
    if folder.resolve() in above:
        raise PolicyError(f"{folder / POLICY_FILE}: extends: the sets extend each other in a circle; break it")
    base = _find_base(folder)
    return [*(_follow(base, (*above, folder.resolve())) if base else []), Layer(folder)]


def _find_base(folder: Path) -> Path | None:
    path = folder / POLICY_FILE
    if folder.resolve() == DEFAULT_FOLDER.resolve() or not path.exists():
        return None if folder.resolve() == DEFAULT_FOLDER.resolve() else DEFAULT_FOLDER
    document = read_document(path)
    named = document.content.get("extends", _DEFAULT)
    place = Place(document, ("extends",))
    if not isinstance(named, str):
        place.refuse(f"must be '{_DEFAULT}', '{_NONE}' or the path of a folder, not {show_value(named)}")
    if named in (_DEFAULT, _NONE):
        return DEFAULT_FOLDER if named == _DEFAULT else None
    base = folder / named
    if not base.is_dir():
        place.refuse(f"there is no folder {base}; give a path from this folder, '{_DEFAULT}' or '{_NONE}'")
    return base


def _check_base(layers: Sequence[Layer]) -> None:
    """Raise where a set that extends nothing is not the first."""
    for layer in layers[1:]:
        if layer.folder.resolve() == DEFAULT_FOLDER.resolve():
            first = layers[0].folder
            raise PolicyError(f"{first}: extends none, and another of the given sets extends default; choose one")
        if not layer.restricted and _find_base(layer.folder) is None:
            raise PolicyError(f"{layer.folder}: extends none and cannot be laid over {layers[0].folder}; give it alone")
