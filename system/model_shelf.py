"""The user's trained models: where they lie, which one is in use."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..classify.artefact import CARD, MANIFEST, METRICS, check_files, read_manifest
from ..core.errors import ModelError, UsageError

DEFAULT_MODEL = Path(__file__).resolve().parent.parent / "models" / "default"
"""The model that ships with errclass."""
_POINTER = "promoted.json"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """Describe one model on the shelf, or the shipped one."""

    reference: str
    """``name/version``; ``shipped`` for the one that came with errclass."""
    folder: Path
    promoted: bool
    manifest: dict[str, Any]


class ModelShelf:
    """Manage the models below ``ERRCLASS_HOME/models``: ``<name>/<version>/``, and a pointer to the promoted one."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "models"

    def place(self, name: str, version: str) -> Path:
        """Return where a model of this name and version belongs."""
        return self.folder / name / version

    def promoted(self) -> Path | None:
        """Return the folder of the promoted model; None when there is none.

        Raises ModelError when the pointer is damaged or points nowhere.
        """
        pointer = self.folder / _POINTER
        if not pointer.exists():
            return None
        try:
            reference = json.loads(pointer.read_text(encoding="utf-8"))["model"]
            folder = self._resolve(str(reference))
        except (OSError, ValueError, KeyError, TypeError, UsageError) as error:
            raise ModelError(f"{pointer}: damaged, or its model is gone; run errclass models promote") from error
        return folder

    def promote(self, reference: str) -> Path:
        """Put a model into use, at once and for all processes, and return its folder.

        ``reference`` is ``name/version``, or a version alone where that is unique; ``shipped`` returns to the
        shipped model.
        """
        folder = DEFAULT_MODEL if reference == "shipped" else self._resolve(reference)
        check_files(folder, read_manifest(folder))  # a damaged model would fail every command from now on
        if reference == "shipped":
            (self.folder / _POINTER).unlink(missing_ok=True)
            return folder
        _write_atomically(self.folder / _POINTER, {"model": folder.relative_to(self.folder).as_posix()})
        return folder

    def find(self, reference: str) -> Path:
        """Return the folder of a model by reference, version or path.

        The shelf goes before the working tree, where anyone may put a folder of the same name. Raises UsageError when
        there is no such model.
        """
        if reference == "shipped":
            return DEFAULT_MODEL
        path = Path(reference)
        return path if (path / MANIFEST).is_file() and not self._matches(reference) else self._resolve(reference)

    def entries(self) -> list[ModelEntry]:
        """Return the shipped model and all models on the shelf, oldest first."""
        current = self.promoted() or DEFAULT_MODEL
        found = [("shipped", DEFAULT_MODEL)] if (DEFAULT_MODEL / MANIFEST).is_file() else []
        found += self._shelved().items()
        entries = [ModelEntry(name, folder, folder == current, read_manifest(folder)) for name, folder in found]
        return sorted(entries, key=lambda entry: str(entry.manifest.get("created")))

    def _shelved(self) -> dict[str, Path]:
        """Return the folders by reference, without the drafts of trainings that still run or were killed."""
        folders = (path.parent for path in self.folder.glob(f"*/*/{MANIFEST}") if not path.parent.name.startswith("."))
        return {folder.relative_to(self.folder).as_posix(): folder for folder in folders}

    def _matches(self, reference: str) -> list[str]:
        return [name for name in self._shelved() if name == reference or name.split("/")[1] == reference]

    def _resolve(self, reference: str) -> Path:
        known, matches = self._shelved(), self._matches(reference)
        if len(matches) != 1:
            problem = "names several models" if matches else "names no model"
            listed = ", ".join(sorted(known)) or "none yet; run errclass train"
            raise UsageError(f"{reference!r} {problem}; on the shelf: {listed}")
        return known[matches[0]]


def describe_model(folder: Path) -> dict[str, Any]:
    """Return ``folder, manifest, metrics, card`` of a model.

    Raises ModelError when any of its files is missing, changed or unreadable.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    try:
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        card = (folder / CARD).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: cannot be shown ({error}); train the model again") from error
    return {"folder": str(folder), "manifest": manifest, "metrics": metrics, "card": card}


def _write_atomically(path: Path, value: Any) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".promoted-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file)
    Path(draft).replace(path)
